"""The last weeks of a simulated athlete's history, for any planner to plan without hindsight.

The history stays as it was: what is done with a plan belongs to the closed loop in `loops`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from weekly_plan_assets.domain.done_workouts import done_workouts
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.persona_knowledge import Metrics, context_of, known_weeks
from weekly_plan_assets.evaluation.quality.planned_week import (
    HABIT_WEEKS,
    YEAR_WEEKS,
    PlannedWeek,
    adherence_of,
    with_plan,
)
from weekly_plan_assets.lineage.records.planning import KnownWeeks, freeze_inputs
from weekly_plan_assets.lineage.records.records import PlanAdherence, PlanningInputs
from weekly_plan_assets.planners.base import Planner, PlanningRequest
from weekly_plan_assets.sources.personas.life import Life, life_of
from weekly_plan_assets.sources.personas.persona import LAST_DAY, Persona

NOTHING_DONE = "the athlete had not trained in the weeks before"


@dataclass
class PersonaWeeks:
    """The last weeks of a simulated athlete, planned by one or more planners side by side.

    Each planner knows which workouts of its own earlier plans were done, and no other's.

    Attributes:
        persona: The athlete.
        count: How many weeks, up to the last week of the history; fewer where there are no more.
        full: Whether the athlete's file says what they do; see `context_of`.
    """

    persona: Persona
    count: int
    full: bool = False
    _planned: dict[str, list[PlannedWeek]] = field(default_factory=dict, init=False)
    _adherence: dict[str, list[PlanAdherence]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        until = LAST_DAY + timedelta(weeks=YEAR_WEEKS)
        self._life: Life = life_of(self.persona)
        self._metrics = Metrics.of(self._life)
        self._context = context_of(self.persona, full=self.full, races_until=until)
        last = TrainingWeek.containing(LAST_DAY)
        observed = [last.shift(-back) for back in range(self.count, 0, -1)]
        self._weeks = tuple(week for week in observed if self._has_trained(week))
        untrained = (week for week in observed if week not in self._weeks)
        self._left_out = dict.fromkeys(untrained, NOTHING_DONE)

    @property
    def athlete_id(self) -> str:
        """The key of the athlete."""
        return self.persona.key

    @property
    def weeks(self) -> Sequence[TrainingWeek]:
        """The weeks observed, oldest first."""
        return self._weeks

    @property
    def left_out(self) -> Mapping[TrainingWeek, str]:
        """The weeks before the athlete's training began."""
        return self._left_out

    def load(self, week: TrainingWeek) -> "PersonaWeek":
        """A week that has ended."""
        return PersonaWeek(self, week)

    def known_by(self, model_id: str, observed: TrainingWeek) -> KnownWeeks:
        """What a planner knows when a week has ended."""
        memory = done_workouts(self._adherence.get(model_id, [])[-HABIT_WEEKS:])
        return known_weeks(
            self._life, self._metrics.by_week, observed, self._context, workouts=memory
        )

    def take_in(self, model_id: str, request: PlanningRequest, plan: WeeklyPlan) -> None:
        """Keep a planner's plan, and what the athlete happened to do of it."""
        week = request.context.planned_week
        planned = with_plan(self._life, week, request, plan)
        self._planned.setdefault(model_id, []).append(planned)
        done = self._metrics.by_week.get(week)
        if done is not None:
            adherence = adherence_of(self.persona, week, plan, self._life, done)
            self._adherence.setdefault(model_id, []).append(adherence)

    def planned_by(self, model_id: str) -> Sequence[PlannedWeek]:
        """The plans of a planner, with the weeks around them."""
        return self._planned.get(model_id, [])

    def _has_trained(self, observed: TrainingWeek) -> bool:
        return bool(known_weeks(self._life, {}, observed, self._context).activities)


@dataclass(frozen=True, slots=True)
class PersonaWeek:
    """A week of a simulated athlete that has ended."""

    athlete: PersonaWeeks
    week: TrainingWeek

    def inputs_for(self, planner: Planner) -> PlanningInputs:
        """What the planner is asked with: frozen by the function of the asset."""
        known = self.athlete.known_by(planner.model_id, self.week)
        return freeze_inputs(f"evaluation:{self.week}", known, planner)

    def accept(self, inputs: PlanningInputs, plan: WeeklyPlan) -> None:
        """Take in a plan, so that its planner's later weeks know it."""
        self.athlete.take_in(inputs.model_id, inputs.request, plan)
