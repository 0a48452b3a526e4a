"""What every planner is: something that answers a planning request with text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from weekly_plan_assets.domain.adherence import PlannedAndDone
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.workout_family import Family
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarNote
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.errors import WeeklyPlanError


class PlannerError(WeeklyPlanError, RuntimeError):
    """A planner cannot be asked, or gives no answer; one sentence with the way out, and no key."""


@dataclass(frozen=True, slots=True)
class PlanningRequest:
    """Everything a planner may look at.

    Attributes:
        context: The week asked for, the athlete, and the load envelope.
        metrics: The observed week.
        history: Earlier weeks, oldest first.
        activities: The sessions of those weeks, and of weeks before them that show a habit.
        sessions: Those of `activities` that count.
        workouts: The library's workouts of the plans of past weeks, and whether they were done.
        own_families: Families of workouts that the athlete wrote down.
        wellness: Raw days of the observed week and of some weeks before.
        notes: What the athlete wrote down for who plans; None for nothing.
        calendar_notes: What they wrote into their calendar about the observed week and the next.
        planned_of_late: Sessions of the plans of the last weeks, and what became of them.
    """

    context: PlanContext
    metrics: WeeklyMetrics
    history: tuple[WeeklyMetrics, ...]
    activities: tuple[Activity, ...] = ()
    sessions: tuple[CountedSession, ...] = ()
    workouts: tuple[DoneWorkout, ...] = ()
    own_families: tuple[Family, ...] = ()
    wellness: tuple[WellnessDay, ...] = ()
    notes: str | None = None
    calendar_notes: tuple[CalendarNote, ...] = ()
    planned_of_late: tuple[PlannedAndDone, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a planner said, as it said it. A planner that counts no tokens has None.

    Attributes:
        output_raw: The text, untouched; empty where there was none.
        input_tokens: What was read, the earlier answers included.
        output_tokens: What was written, thinking included.
        cached_tokens: Those of `input_tokens` that the provider had in its cache; None where there
            were none, or it does not say.
        cost_usd: What it cost in US dollars by the price list; None where that is not known.
        continued: Whether the provider still held the conversation, so that of it only what was
            wrong with the last answer was sent.
        finish_reason: Why it ended: `stop`, `length` (cut off), `content_filter` (refused), or
            what else the planner says.
        model: Who really answered, where the planner says so: a name may stand for many versions.
    """

    output_raw: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    continued: bool = False
    finish_reason: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An earlier answer and why it was not accepted."""

    output_raw: str
    errors: tuple[str, ...]


class Planner(Protocol):
    """Answers with the JSON text of a `WeeklyPlan`; whether it is valid is judged later."""

    @property
    def model_id(self) -> str:
        """Who answers; stored with the run as `modelId`."""
        ...

    @property
    def prompt_version(self) -> str:
        """Which wording they are asked with; stored with the run as `promptVersion`."""
        ...

    def render_prompt(self, request: PlanningRequest) -> str:
        """The text that the planner is asked with; stored with the run before it is asked."""
        ...

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> Answer:
        """The planner's answer to `prompt`, given the earlier answers that were rejected.

        Raises:
            PlannerError: There is none, and asking at once again would not help.
        """
        ...
