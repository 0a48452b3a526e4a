"""What is stored of several athletes when a week is planned, read at once.

What becomes of it belongs to `chunk_planning`; what a planner knows of an athlete, to `week_steps`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from pymongo.database import Database

from weekly_plan_assets.athletes.chunks import sessions_of_each
from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.athletes.week_steps import known_after
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.planning import KnownWeeks
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanSnapshot,
)
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.roster_queries import newest_of_weeks
from weekly_plan_assets.storage.rows_of_athletes import RowsOfAthletes
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS, WELLNESS


@dataclass(frozen=True, slots=True)
class StoredKnowledge:
    """What is stored of athletes up to a week.

    Attributes:
        week: The observed week.
        metrics: The observed week and the weeks of history before it.
        activities: Sessions of the weeks that say what the athlete is used to.
        wellness: Days of the weeks of the metrics.
        adherence: The newest of each of those weeks, by athlete and planned week.
        snapshots: The newest plan for the next week, by athlete and that week.
    """

    week: TrainingWeek
    metrics: RowsOfAthletes
    activities: RowsOfAthletes
    wellness: RowsOfAthletes
    adherence: Mapping[tuple[str, TrainingWeek], BsonDocument]
    snapshots: Mapping[tuple[str, TrainingWeek], BsonDocument]

    @classmethod
    def read(
        cls, database: Database[BsonDocument], athlete_ids: Collection[str], week: TrainingWeek
    ) -> "StoredKnowledge":
        """Read it.

        Raises:
            PyMongoError: The store does not answer.
        """
        recent, of_habit = _up_to(week, HISTORY_WEEKS), _up_to(week, HABIT_WEEKS - 1)
        newest = CollectionName.PLAN_ADHERENCE, athlete_ids, of_habit
        plans = CollectionName.PLAN_SNAPSHOTS, athlete_ids, [week.next()]
        return cls(
            week,
            RowsOfAthletes(database, WEEKLY_METRICS, athlete_ids, recent),
            RowsOfAthletes(database, ACTIVITIES, athlete_ids, of_habit),
            RowsOfAthletes(database, WELLNESS, athlete_ids, recent),
            newest_of_weeks(database, *newest),
            newest_of_weeks(database, *plans),
        )

    def known(self, athlete: OpenedAthlete) -> KnownWeeks:
        """What a planner knows of an athlete, but for the sessions, which are not counted yet.

        Raises:
            MissingWeekError: Something of the observed week was never stored.
            SourceError: What the source says beside it cannot be read.
        """
        id_, week = athlete.source.athlete_id, self.week
        adherence = (self.adherence.get((id_, one)) for one in _up_to(week, HABIT_WEEKS - 1))
        return known_after(
            athlete,
            week,
            metrics=as_models(self.metrics.load(id_, required=[week]), WeeklyMetrics),
            activities=as_models(self.activities.load(id_, required=[week]), Activity),
            wellness=as_models(self.wellness.load(id_, required=[week]), WellnessDay),
            adherence=[PlanAdherence.model_validate(one) for one in adherence if one is not None],
        )

    def standing(self, inputs: PlanningInputs) -> str | None:
        """The runId of a plan that the same code made from the same inputs, if one stands."""
        newest = self.snapshots.get((inputs.athlete_id, inputs.planned_week))
        if newest is None:
            return None
        snapshot = PlanSnapshot.model_validate(newest)
        made, due = snapshot.provenance, inputs.provenance
        if made is None or due is None:
            return None
        same = (
            made.input_hashes == due.input_hashes
            and made.registry_version == due.registry_version
            and made.code == due.code
            and made.planner == due.planner
        )
        return snapshot.run_id if same else None


def with_sessions(known: Mapping[str, KnownWeeks]) -> dict[str, KnownWeeks]:
    """What is known of several athletes, with their sessions counted."""
    counted = sessions_of_each({id_: weeks.activities for id_, weeks in known.items()})
    return {id_: replace(weeks, counted=counted[id_]) for id_, weeks in known.items()}


def _up_to(week: TrainingWeek, earlier_weeks: int) -> list[TrainingWeek]:
    return [week.shift(-back) for back in range(earlier_weeks, -1, -1)]
