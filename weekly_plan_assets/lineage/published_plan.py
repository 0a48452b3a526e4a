"""A published plan, looked at after its week: which one was there to be followed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pymongo import DESCENDING
from pymongo.database import Database

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.adherence import week_adherence
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.lineage.plan_adherence import PlanAdherence
from weekly_plan_assets.lineage.records import PlanSnapshot
from weekly_plan_assets.storage.codec import BsonDocument


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """The plan for a week that counts, where several were published.

    Attributes:
        created_at: When it was published.
        in_time: Whether that was early enough for it to be followed.
    """

    snapshot: PlanSnapshot
    created_at: datetime
    in_time: bool

    @classmethod
    def for_week(
        cls,
        database: Database[BsonDocument],
        athlete_id: str,
        week: TrainingWeek,
        deadline: datetime,
    ) -> Self | None:
        """The newest plan published by `deadline`; the newest of all where none was; or None."""
        plans = database["plan_snapshots"]
        query = {"weekStart": week.key, "athleteId": athlete_id, "schema_version": "2.0"}
        for condition in ({"createdAt": {"$lte": deadline}}, {}):
            found = plans.find_one(
                {**query, **condition}, {"_id": 0}, sort=[("createdAt", DESCENDING)]
            )
            if found is not None:
                created_at = found["createdAt"]
                return cls(PlanSnapshot.model_validate(found), created_at, created_at <= deadline)
        return None

    def adherence(self, activities: list[Activity], metrics: WeeklyMetrics) -> PlanAdherence:
        """What was done of it.

        Args:
            activities: Raw sessions of the planned week; others are not looked at.
            metrics: The planned week.
        """
        done = week_adherence(
            self.snapshot.activity_plan.days, activities, metrics, self.snapshot.predicted
        )
        return PlanAdherence(
            **self.snapshot.identity,
            **dict(done),
            plan_created_at=self.created_at,
            in_time=self.in_time,
        )
