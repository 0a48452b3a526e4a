"""A published plan, looked at after its week: which one was there to be followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pymongo.database import Database

from weekly_plan_assets.domain.adherence import NOT_DELIVERED, week_adherence
from weekly_plan_assets.domain.delivery.calendar_fact import CalendarFact
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import STORED_VERSIONS
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.records import PlanAdherence, PlanSnapshot
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried


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
    @retried
    def for_weeks(
        cls,
        database: Database[BsonDocument],
        athlete_id: str,
        deadlines: Mapping[TrainingWeek, datetime],
    ) -> dict[TrainingWeek, Self]:
        """For each week the newest plan published by its deadline, else the newest of all.

        Args:
            database: Where plan_snapshots is.
            athlete_id: Whose plans.
            deadlines: The planned weeks, and until when a plan for them could be followed.

        Returns:
            The weeks for which a plan was published at all.
        """
        plans = database[CollectionName.PLAN_SNAPSHOTS]
        query = {
            "weekStart": {"$in": [week.key for week in deadlines]},
            "athleteId": athlete_id,
            "schema_version": {"$in": list(STORED_VERSIONS)},
        }
        counts: dict[str, BsonDocument] = {}
        for row in plans.find(query, {"runId": 1, "weekStart": 1, "createdAt": 1}):
            week = row["weekStart"]
            deadline = deadlines[TrainingWeek.parse(week)]
            known = counts.get(week)
            if known is None or _rank(row, deadline) > _rank(known, deadline):
                counts[week] = row
        run_ids = [row["runId"] for row in counts.values()]
        chosen = {"athleteId": athlete_id, "runId": {"$in": run_ids}}
        found = {}
        for snapshot in plans.find(chosen, {"_id": 0}):
            week = TrainingWeek.parse(snapshot["weekStart"])
            published = snapshot["createdAt"]
            found[week] = cls(
                PlanSnapshot.model_validate(snapshot), published, published <= deadlines[week]
            )
        return found

    def adherence(
        self,
        sessions: Sequence[CountedSession],
        metrics: WeeklyMetrics,
        on_calendar: Mapping[str, CalendarFact] = NOT_DELIVERED,
    ) -> PlanAdherence:
        """What was done of it.

        Args:
            sessions: Those of the planned week; others are not looked at.
            metrics: The planned week.
            on_calendar: What the calendar says of what was delivered, by session id.
        """
        done = week_adherence(
            self.snapshot.activity_plan.days,
            sessions,
            metrics,
            self.snapshot.predicted,
            on_calendar,
        )
        return PlanAdherence(
            **self.snapshot.identity,
            **dict(done),
            plan_created_at=self.created_at,
            in_time=self.in_time,
        )


def _rank(row: BsonDocument, deadline: datetime) -> tuple[bool, datetime]:
    return row["createdAt"] <= deadline, row["createdAt"]
