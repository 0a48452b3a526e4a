"""Build the planning inputs: from metrics and raw rows to the frozen record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from weekly_plan_assets.domain.adherence import PlannedAndDone
from weekly_plan_assets.domain.athlete.profile import AthleteContext, profile_of
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.envelope.envelope import load_envelope
from weekly_plan_assets.domain.envelope.unfinished_week import (
    days_to_come,
    is_unfinished,
    rest_of_week,
)
from weekly_plan_assets.domain.guardrails import PlanContext, registry_version
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.readiness import readiness_of
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import known_notes
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession, count_sessions
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.code_version import code_version
from weekly_plan_assets.lineage.records.provenance import (
    PlannerSettings,
    Provenance,
    RunOrigin,
)
from weekly_plan_assets.lineage.records.records import PlanAdherence, PlanningInputs
from weekly_plan_assets.planners.base import Planner, PlanningRequest
from weekly_plan_assets.storage.codec import BsonDocument, content_hash, encode

HASHED_INPUTS = (
    *("metrics", "history", "activities", "wellness"),
    *("athlete", "athleteFile", "sportSettings", "calendar"),
    *("adherence", "workouts", "plannedOfLate", "envelope", "prompt"),
)
"""Fields of the stored inputs that have a hash of their own."""

NO_CONTEXT = AthleteContext()
"""Of an athlete who is known by their recorded training alone."""


@dataclass(frozen=True, slots=True)
class ExecutionInfo:
    """In which run planning inputs are made, since when, and with which settings of the planner."""

    origin: RunOrigin
    started_at: datetime
    planner_settings: Mapping[str, bool | int | float | str | None]

    def provenance(self, planner: Planner, input_hashes: Mapping[str, str]) -> Provenance:
        """The record of the inputs, open until the planner has answered."""
        return Provenance.of(
            input_hashes=dict(input_hashes),
            registry_version=registry_version(),
            code=code_version(),
            origin=self.origin,
            planner=PlannerSettings(
                model_id=planner.model_id,
                prompt_version=planner.prompt_version,
                settings=dict(self.planner_settings),
            ),
            started_at=self.started_at,
            ended_at=None,
        )


@dataclass(frozen=True, slots=True)
class KnownWeeks:
    """What is known of an athlete when a plan is asked for.

    Attributes:
        metrics: The observed week last, before it the weeks of history that are stored.
        activities: Raw sessions of the `HABIT_WEEKS` weeks up to the observed one.
        wellness: Raw days of those weeks.
        context: What else is known about the athlete; what could not be known yet is left out.
        adherence: What was done of the plan for the observed week, if one was made in time.
        workouts: The library's workouts of the plans of past weeks, and whether they were done.
        planned_of_late: Sessions of the plans of the last weeks that could be followed.
        counted: Those of the activities that count; None where they are still to be counted.
    """

    athlete_id: str
    metrics: Sequence[WeeklyMetrics]
    activities: Sequence[Activity]
    wellness: Sequence[WellnessDay]
    context: AthleteContext = NO_CONTEXT
    adherence: PlanAdherence | None = None
    workouts: tuple[DoneWorkout, ...] = ()
    planned_of_late: tuple[PlannedAndDone, ...] = ()
    counted: tuple[CountedSession, ...] | None = None

    @property
    def sessions(self) -> tuple[CountedSession, ...]:
        """Those of the activities that count."""
        return count_sessions(self.activities) if self.counted is None else self.counted


@dataclass(frozen=True, slots=True)
class FrozenInputs:
    """What a planner is about to see.

    Attributes:
        inputs: The record.
        document: The record as it is stored.
        request: What is asked; the same comes of the record.
    """

    inputs: PlanningInputs
    document: BsonDocument
    request: PlanningRequest


def planning_request(weeks: KnownWeeks) -> PlanningRequest:
    """What a planner is asked with, from what is known; nothing dated later is looked at."""
    *history, observed = weeks.metrics
    week = TrainingWeek(observed.week_start)
    known = weeks.context.known_after(week)
    sessions = weeks.sessions
    athlete = profile_of(
        weeks.athlete_id,
        weeks.activities,
        known,
        week.next(),
        sessions,
        habit_until=week.shift(-1) if is_unfinished(observed) else week,
    )
    to_come = days_to_come(observed, sessions)
    # Of a plan that still goes on nobody can say how much of it is done.
    over = None if is_unfinished(observed) else weeks.adherence
    planned_load = None if over is None else over.load_planned
    rest = rest_of_week(observed, sessions, athlete, weeks.planned_of_late)
    readiness = readiness_of(observed, history, sessions, weeks.wellness, planned_load=planned_load)
    envelope = load_envelope(observed, history, athlete, readiness, sessions, rest)
    context = PlanContext.after(observed, history, athlete, envelope)
    return PlanningRequest(
        context,
        observed,
        tuple(history),
        tuple(weeks.activities),
        sessions,
        tuple(one for one in weeks.workouts if one.is_done or one.day not in to_come),
        known.file.workouts,
        tuple(weeks.wellness),
        known.file.notes,
        known_notes(known.calendar, week),
        weeks.planned_of_late,
    )


def freeze_inputs(
    run_id: str, weeks: KnownWeeks, planner: Planner, execution_info: ExecutionInfo | None = None
) -> PlanningInputs:
    """The record of what a planner is about to see.

    Args:
        run_id: The planning execution.
        weeks: What is known.
        planner: Who will be asked.
        execution_info: In which run it is made; None if it is kept in none.
    """
    return frozen_inputs(run_id, weeks, planner, execution_info).inputs


def frozen_inputs(
    run_id: str, weeks: KnownWeeks, planner: Planner, execution_info: ExecutionInfo | None = None
) -> FrozenInputs:
    """The same, with the document that is to be stored and what is to be asked."""
    *history, observed = weeks.metrics
    week = TrainingWeek(observed.week_start)
    known = weeks.context.known_after(week)
    request = planning_request(weeks)
    unsealed = PlanningInputs(
        run_id=run_id,
        athlete_id=weeks.athlete_id,
        observed_week_start=week.start,
        week_start=week.next().start,
        week_end=week.next().end,
        prompt_version=planner.prompt_version,
        model_id=planner.model_id,
        prompt=planner.render_prompt(request),
        metrics=observed,
        history=tuple(history),
        history_weeks_asked=HISTORY_WEEKS,
        athlete=request.context.athlete,
        sport_settings=known.sport_settings,
        calendar=known.calendar,
        athlete_file=known.file,
        adherence=weeks.adherence,
        workouts=request.workouts,
        planned_of_late=weeks.planned_of_late,
        envelope=request.context.envelope,
        registry_version=registry_version(),
        activities=tuple(weeks.activities),
        wellness=tuple(weeks.wellness),
        input_hashes={},
    )
    # Hashed as it is stored, so that it is encoded once.
    document = encode(unsealed)
    input_hashes = {name: content_hash(document[name]) for name in HASHED_INPUTS}
    provenance = execution_info and execution_info.provenance(planner, input_hashes)
    sealed = {"input_hashes": input_hashes, "provenance": provenance}
    document |= {"inputHashes": input_hashes, "provenance": encode(provenance)}
    return FrozenInputs(unsealed.model_copy(update=sealed), document, request)
