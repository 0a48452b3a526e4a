"""The past weeks that planners are asked about: what the store holds of them, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.records.planning import NO_CONTEXT, KnownWeeks, freeze_inputs
from weekly_plan_assets.lineage.records.records import PlanningInputs
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.week_models import WeekModels, stored_athlete, weeks_with_metrics
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS, WELLNESS

NO_METRICS = "it has no metrics"


class NothingStoredError(WeeklyPlanError, RuntimeError):
    """There is no past week to ask about; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """An observed week, and what is known when it has ended."""

    week: TrainingWeek
    known: KnownWeeks

    def inputs_for(self, planner: Planner) -> PlanningInputs:
        """What the planner would have been asked with: frozen by the function of the asset."""
        return freeze_inputs(f"evaluation:{self.week}", self.known, planner)

    def accept(self, inputs: PlanningInputs, plan: WeeklyPlan) -> None:
        """Do nothing: the weeks of the store know only plans that were published."""


@dataclass(frozen=True, slots=True)
class PastWeeks:
    """The latest past weeks with metrics.

    Attributes:
        weeks: Oldest first.
        missing: Later weeks that have passed too, but have no metrics.
        context_of: What else was known about the athlete when a week had ended.
    """

    models: WeekModels
    weeks: tuple[TrainingWeek, ...]
    missing: tuple[TrainingWeek, ...]
    context_of: Callable[[TrainingWeek], AthleteContext] = lambda _: NO_CONTEXT

    @classmethod
    def latest(
        cls,
        database: Database[BsonDocument],
        last: TrainingWeek,
        count: int,
        athlete_id: str | None = None,
    ) -> Self:
        """The `count` latest weeks with metrics up to `last`, fewer where there are not so many.

        Args:
            database: Where they are stored.
            last: The latest week that may be among them.
            count: How many.
            athlete_id: Whose; None if the database holds one athlete.

        Raises:
            NothingStoredError: There is none.
        """
        athlete_id = athlete_id or stored_athlete(database)
        known = [week for week in weeks_with_metrics(database, athlete_id) if week <= last]
        if athlete_id is None or not known:
            whose = "" if athlete_id is None else f" of athlete {athlete_id}"
            raise NothingStoredError(
                f"database {database.name} has no metrics{whose} of any week up to {last}; "
                "`weekly-plan run` makes them"
            )
        weeks = known[-count:]
        missing = [week for week in weeks_between(weeks[0], last) if week not in weeks]
        return cls(WeekModels(database, athlete_id), tuple(weeks), tuple(missing))

    @property
    def athlete_id(self) -> str:
        """Whose weeks they are."""
        return self.models.athlete_id

    @property
    def left_out(self) -> Mapping[TrainingWeek, str]:
        """Weeks about which nobody is asked, and why."""
        return dict.fromkeys(self.missing, NO_METRICS)

    def load(self, week: TrainingWeek) -> StoredWeek:
        """The week with as many weeks of history as the planning_inputs asset takes.

        Raises:
            MissingWeekError: A part of the week was never stored, or is stored half-way.
        """
        weeks = [week.shift(-back) for back in range(HISTORY_WEEKS, -1, -1)]
        with_habit = list(weeks_between(week.shift(1 - HABIT_WEEKS), week))
        known = KnownWeeks(
            athlete_id=self.athlete_id,
            metrics=self.models.load(WEEKLY_METRICS, WeeklyMetrics, weeks),
            activities=self.models.load(ACTIVITIES, Activity, with_habit),
            wellness=self.models.load(WELLNESS, WellnessDay, weeks),
            context=self.context_of(week),
        )
        return StoredWeek(week, known)
