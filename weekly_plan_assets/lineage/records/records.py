"""The run-keyed documents: run_artifacts in its two halves, plan_snapshots and run_events.

With them plan_adherence. All documents of one runId together are a `StoredRun` of `stored_run`.
How documents are written is not known here.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field

from weekly_plan_assets.domain.adherence import PlannedAndDone, WeekAdherence
from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.metrics.fitness import FitnessState, after_days
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import (
    NextWeek,
    PlannedDay,
    PlanVersion,
    Reason,
    WeeklyPlan,
)
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent, known_notes
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.provenance import Provenance
from weekly_plan_assets.planners.base import PlanningRequest


class Status(StrEnum):
    """How far a planning execution got."""

    STARTED = "started"
    SUCCESS = "success"
    FAILURE = "failure"


class RunRecord(Document):
    """Which execution, whose, from which week and for which.

    `week_start` and `week_end` always name the planned week; `observed_week_start` is the
    partition, the week that the plan was made from.
    """

    run_id: str = Field(min_length=1)
    athlete_id: str
    observed_week_start: date
    week_start: date
    week_end: date

    @property
    def observed_week(self) -> TrainingWeek:
        """The week that the plan is made from."""
        return TrainingWeek(self.observed_week_start)

    @property
    def planned_week(self) -> TrainingWeek:
        """The week that the plan is for."""
        return TrainingWeek(self.week_start)

    @property
    def identity(self) -> dict[str, object]:
        """The fields of this class, for another record of the same execution."""
        return {name: getattr(self, name) for name in RunRecord.model_fields}


FALLBACK = ", fallback rules"
"""Follows the model in `modelId` where the rules planner answered for it."""


class PlanAdherence(RunRecord, WeekAdherence):
    """What was done of one plan, keyed by the runId of the plan. The plan itself never changes.

    Attributes:
        plan_created_at: When the plan was published.
        in_time: Whether that was early enough for the plan to be followed: a plan made for a past
            week in a backfill has an adherence too, but it says nothing about the athlete.
    """

    plan_created_at: datetime
    in_time: bool


class PlanningInputs(RunRecord):
    """The input half of run_artifacts: what the planner will see, frozen before it is asked.

    Attributes:
        athlete_file: As far as it could be known; None in documents from before it was kept.
        adherence: What was done of the plan for the observed week; None if none was made in
            time to be followed.
        workouts: The library's workouts of the plans of past weeks, and whether they were done.
        planned_of_late: Sessions of the plans of the last weeks that could be followed, and what
            became of each.
        provenance: None if nothing was run: in an evaluation, and before it was kept.
    """

    status: Status = Status.STARTED
    prompt_version: str
    model_id: str
    prompt: str
    metrics: WeeklyMetrics
    history: tuple[WeeklyMetrics, ...]
    history_weeks_asked: int = Field(ge=0)
    athlete: Athlete
    sport_settings: tuple[SportSettings, ...] = ()
    calendar: tuple[CalendarEvent, ...] = ()
    athlete_file: AthleteFile | None = None
    adherence: PlanAdherence | None = None
    workouts: tuple[DoneWorkout, ...] = ()
    planned_of_late: tuple[PlannedAndDone, ...] = ()
    envelope: LoadEnvelope
    registry_version: str | None = Field(
        default=None, description="The guardrails in force; null before that was kept."
    )
    activities: tuple[Activity, ...]
    wellness: tuple[WellnessDay, ...]
    input_hashes: dict[str, str] = Field(description="SHA-256 over canonical JSON, by input.")
    provenance: Provenance | None = None

    @property
    def context(self) -> PlanContext:
        """What a plan made from these inputs is judged against."""
        return PlanContext.after(self.metrics, self.history, self.athlete, self.envelope)

    @property
    def request(self) -> PlanningRequest:
        """What a planner may look at when it plans from these inputs."""
        return PlanningRequest(
            self.context,
            self.metrics,
            self.history,
            self.activities,
            count_sessions(self.activities),
            self.workouts,
            () if self.athlete_file is None else self.athlete_file.workouts,
            self.wellness,
            None if self.athlete_file is None else self.athlete_file.notes,
            known_notes(self.calendar, self.observed_week),
            self.planned_of_late,
        )


class PlanningOutcome(RunRecord):
    """The output half of run_artifacts: what came out, valid or not.

    Attributes:
        model_id: Who was asked, and `, fallback rules` behind it where the rules planned instead.
        attempt: The attempt that was accepted, or the last one.
        output_raw: That attempt's raw answer.
        output_validated: The plan; None when no attempt was valid.
        errors: Why the last attempt was rejected; empty when one was accepted.
        predicted: Fitness at the end of the planned week, if all of the plan is done; None without
            a plan, or where the fitness that it starts from is not known.
    """

    status: Literal[Status.SUCCESS, Status.FAILURE]
    model_id: str
    attempt: int = Field(ge=0)
    attempts: tuple[Attempt, ...]
    output_raw: str
    output_validated: WeeklyPlan | None
    errors: tuple[str, ...]
    error_count: int = Field(ge=0)
    predicted: FitnessState | None = None
    provenance: Provenance | None = None

    @classmethod
    def of(
        cls,
        inputs: PlanningInputs,
        attempts: tuple[Attempt, ...],
        provenance: Provenance | None = None,
    ) -> Self:
        """The outcome of asking with `inputs`: the last attempt decides."""
        last = attempts[-1]
        valid = not last.errors
        return cls(
            **inputs.identity,
            status=Status.SUCCESS if valid else Status.FAILURE,
            model_id=inputs.model_id.removesuffix(FALLBACK) + (FALLBACK if last.fallback else ""),
            attempt=last.attempt,
            attempts=attempts,
            output_raw=last.output_raw,
            output_validated=last.plan if valid else None,
            errors=last.errors,
            error_count=len(last.errors),
            predicted=_predicted(inputs.metrics, last.plan) if valid else None,
            provenance=provenance,
        )


class ActivityPlan(Document):
    """The published week: the plan without its reasons, which stand beside it."""

    next_week: NextWeek
    days: tuple[PlannedDay, ...]
    warnings: tuple[str, ...]


class PlanSnapshot(RunRecord):
    """A published plan."""

    attempt: int = Field(ge=0)
    schema_version: PlanVersion = Field(alias="schema_version")
    activity_plan: ActivityPlan
    justification: tuple[Reason, ...]
    predicted: FitnessState | None = None
    provenance: Provenance | None = None

    @classmethod
    def of(cls, outcome: PlanningOutcome, provenance: Provenance | None = None) -> Self:
        """The snapshot that publishes a valid outcome.

        Raises:
            ValueError: The outcome has no valid plan.
        """
        plan = outcome.output_validated
        if plan is None:
            raise ValueError(
                f"run {outcome.run_id} has no valid plan to publish: {'; '.join(outcome.errors)}"
            )
        return cls(
            **outcome.identity,
            attempt=outcome.attempt,
            schema_version=plan.schema_version,
            activity_plan=ActivityPlan(
                next_week=plan.next_week,
                days=plan.days,
                warnings=plan.warnings,
            ),
            justification=plan.justification,
            predicted=outcome.predicted,
            provenance=provenance,
        )


class RunEvent(RunRecord):
    """How one planned week ended: one document a runId, success or failure.

    Attributes:
        model_id: As in run_artifacts; None if the run broke before its inputs were kept.
        dagster_run_id: The last Dagster run that worked on this runId and ended.
        root_run_id: The first run of a chain of retries; the run itself where it is no retry.
        will_retry: Whether Dagster is about to try the run again.
        tokens: Read and written by all attempts of the planner; None if it counts none, and in
            documents from before they were summed.
        cost_usd: What the attempts whose price is known cost in US dollars, an estimate; None where
            none is known.
    """

    status: Literal[Status.SUCCESS, Status.FAILURE]
    attempt: int | None
    model_id: str | None
    errors: tuple[str, ...]
    error_count: int = Field(ge=0)
    dagster_run_id: str
    dagster_status: str
    job_name: str
    root_run_id: str
    retry_number: int = Field(ge=0)
    will_retry: bool
    started_at: datetime | None
    ended_at: datetime
    provenance: Provenance | None = None
    tokens: int | None = Field(default=None, ge=0)
    cost_usd: float | None = Field(default=None, ge=0)


def _predicted(metrics: WeeklyMetrics, plan: WeeklyPlan | None) -> FitnessState | None:
    if plan is None or metrics.ctl_end is None or metrics.atl_end is None:
        return None
    return after_days(metrics.ctl_end, metrics.atl_end, [day.planned_load for day in plan.days])
