"""The run-keyed documents: run_artifacts in its two halves, plan_snapshots and run_events.

`week_start` and `week_end` always name the planned week; `observed_week_start` is the partition,
the week that the plan was made from. How documents are written is not known here.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.calendar import CalendarEvent
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import PlanContext, warnings_of
from weekly_plan_assets.domain.sport_settings import SportSettings
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import NextWeek, PlannedDay, Reason, WeeklyPlan
from weekly_plan_assets.domain.wellness import WellnessDay

FALLBACK = ", fallback rules"
"""Follows the model in `modelId` where the rules planner answered for it."""


class Status(StrEnum):
    """How far a planning execution got."""

    STARTED = "started"
    SUCCESS = "success"
    FAILURE = "failure"


class RunRecord(Document):
    """What every run-keyed document says: which execution, whose, and for which week."""

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


class PlanningInputs(RunRecord):
    """The input half of run_artifacts: what the planner will see, frozen before it is asked."""

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
    envelope: LoadEnvelope
    registry_version: str | None = Field(
        default=None, description="The guardrails in force; null before that was kept."
    )
    activities: tuple[Activity, ...]
    wellness: tuple[WellnessDay, ...]
    input_hashes: dict[str, str] = Field(description="SHA-256 over canonical JSON, by input.")

    @property
    def context(self) -> PlanContext:
        """What a plan made from these inputs is judged against."""
        return PlanContext.after(self.metrics, self.history, self.athlete, self.envelope)


class PlanningOutcome(RunRecord):
    """The output half of run_artifacts: what came out, valid or not.

    Attributes:
        model_id: Who was asked, and `, fallback rules` behind it where the rules planned instead.
        attempt: The attempt that was accepted, or the last one.
        output_raw: That attempt's raw answer.
        output_validated: The plan; None when no attempt was valid.
        errors: Why the last attempt was rejected; empty when one was accepted.
    """

    status: Literal[Status.SUCCESS, Status.FAILURE]
    model_id: str
    attempt: int = Field(ge=0)
    attempts: tuple[Attempt, ...]
    output_raw: str
    output_validated: WeeklyPlan | None
    errors: tuple[str, ...]
    error_count: int = Field(ge=0)

    @classmethod
    def of(cls, inputs: PlanningInputs, attempts: tuple[Attempt, ...]) -> Self:
        """The outcome of asking with `inputs`: the last attempt decides."""
        last = attempts[-1]
        valid = not last.errors
        return cls(
            **_identity(inputs),
            status=Status.SUCCESS if valid else Status.FAILURE,
            model_id=inputs.model_id.removesuffix(FALLBACK) + (FALLBACK if last.fallback else ""),
            attempt=last.attempt,
            attempts=attempts,
            output_raw=last.output_raw,
            output_validated=last.plan if valid else None,
            errors=last.errors,
            error_count=len(last.errors),
        )


class ActivityPlan(Document):
    """The published week: the plan without its reasons, which stand beside it."""

    next_week: NextWeek
    days: tuple[PlannedDay, ...]
    warnings: tuple[str, ...]


class PlanSnapshot(RunRecord):
    """A published plan."""

    attempt: int = Field(ge=0)
    schema_version: Literal["2.0"] = Field(alias="schema_version")
    activity_plan: ActivityPlan
    justification: tuple[Reason, ...]

    @classmethod
    def of(cls, outcome: PlanningOutcome) -> Self:
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
            **_identity(outcome),
            attempt=outcome.attempt,
            schema_version=plan.schema_version,
            activity_plan=ActivityPlan(
                next_week=plan.next_week,
                days=plan.days,
                warnings=(*plan.warnings, *_told_by_rules(outcome.attempts[-1])),
            ),
            justification=plan.justification,
        )


class RunEvent(RunRecord):
    """How one planned week ended: one document a runId, success or failure.

    Attributes:
        model_id: As in run_artifacts; None where the run broke before its inputs were kept.
        dagster_run_id: The Dagster run that ended last for this runId.
        root_run_id: The first run of a chain of retries; the run itself where it is no retry.
        will_retry: Whether Dagster is about to try the run again.
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


def _told_by_rules(accepted: Attempt) -> tuple[str, ...]:
    """What the rules that stop no plan found, for the athlete to read."""
    broken = warnings_of(accepted.verdicts)
    return tuple(f"{verdict.statement} Here {verdict.observed}." for verdict in broken)


def _identity(record: RunRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in RunRecord.model_fields}
