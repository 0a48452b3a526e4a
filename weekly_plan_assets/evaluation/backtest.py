"""Asking planners about past weeks, week by week, so that an early end still compares them.

What is measured of the answers belongs to `backtest_figures`, what is kept to `record`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.guardrails import registry_version
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.backtest_figures import Asking
from weekly_plan_assets.evaluation.record import Evaluation, ModelFigures, WeekLeftOut
from weekly_plan_assets.evaluation.stored import PastWeeks, StoredWeek
from weekly_plan_assets.lineage.records.planning import NO_CONTEXT
from weekly_plan_assets.lineage.records.records import PlanningInputs
from weekly_plan_assets.planners.attempts import UNBOUNDED, Budget, ask
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.errors import MissingWeekError

NO_METRICS = "it has no metrics"

PLANNER_FAILED = "planner.failed:"
"""Begins the error of an attempt to which there was no answer, and soon will be none."""


@dataclass
class Backtest:
    """Planners asked about past weeks.

    Attributes:
        planners: Who is asked, each with a `model_id` of its own.
        repeats: How often each is asked about each week.
        max_attempts: How many answers it has for it.
        budget: What those answers may take together.
        context_of: What else was known about the athlete when a week had ended.
    """

    past: PastWeeks
    planners: Sequence[Planner]
    repeats: int = 1
    max_attempts: int = 3
    budget: Budget = UNBOUNDED
    context_of: Callable[[TrainingWeek], AthleteContext] = lambda _: NO_CONTEXT
    _askings: dict[str, list[Asking]] = field(default_factory=dict, init=False)
    _stopped: dict[str, str] = field(default_factory=dict, init=False)
    _unreadable: dict[TrainingWeek, str] = field(default_factory=dict, init=False)
    _asked_weeks: list[TrainingWeek] = field(default_factory=list, init=False)
    _complete: bool = field(default=False, init=False)
    _evaluation_id: str = field(default_factory=lambda: str(uuid4()), init=False)
    _started_at: datetime = field(default_factory=lambda: datetime.now(UTC), init=False)

    @property
    def askings(self) -> int:
        """How many there are if nothing breaks."""
        return len(self.past.weeks) * len(self.planners) * self.repeats

    @property
    def begun(self) -> bool:
        """Whether any asking is done."""
        return bool(self._askings)

    def run(self) -> Iterator[tuple[TrainingWeek, Planner]]:
        """Ask everybody about one week after the other; each is reported before it is asked.

        A planner that breaks is not asked again, and the asking in which it broke is not counted.
        """
        for week in self.past.weeks:
            if len(self._stopped) == len(self.planners):
                return
            try:
                stored = self.past.load(week, self.context_of(week))
            except MissingWeekError as error:
                self._unreadable[week] = str(error)
                continue
            reference = _deterministic_plan(stored)
            self._asked_weeks.append(week)
            for planner in self.planners:
                inputs = stored.inputs_for(planner)
                for _ in range(self.repeats):
                    if planner.model_id not in self._stopped:
                        yield week, planner
                        self._ask(planner, inputs, reference)
        self._complete = not self._stopped

    def evaluation(self) -> Evaluation:
        """The evaluation as far as it has got."""
        left_out = dict.fromkeys(self.past.missing, NO_METRICS) | self._unreadable
        return Evaluation(
            evaluation_id=self._evaluation_id,
            athlete_id=self.past.athlete_id,
            started_at=self._started_at,
            ended_at=datetime.now(UTC),
            registry_version=registry_version(),
            repeats=self.repeats,
            max_attempts=self.max_attempts,
            complete=self._complete,
            weeks=tuple(week.start for week in self._asked_weeks),
            left_out=tuple(
                WeekLeftOut(observed_week_start=week.start, reason=reason)
                for week, reason in sorted(left_out.items())
            ),
            models=tuple(
                ModelFigures.of(
                    planner.model_id,
                    planner.prompt_version,
                    self._askings.get(planner.model_id, []),
                    self._stopped.get(planner.model_id),
                )
                for planner in self.planners
            ),
        )

    def _ask(self, planner: Planner, inputs: PlanningInputs, reference: WeeklyPlan | None) -> None:
        attempts = ask(
            planner, inputs.request, inputs.prompt, self.max_attempts, budget=self.budget
        )
        broken = [error for error in attempts[-1].errors if error.startswith(PLANNER_FAILED)]
        if broken:
            self._stopped[planner.model_id] = broken[0].removeprefix(PLANNER_FAILED).strip()
        else:
            asking = Asking(inputs.observed_week, attempts, reference)
            self._askings.setdefault(planner.model_id, []).append(asking)


def _deterministic_plan(stored: StoredWeek) -> WeeklyPlan | None:
    """What the rules planner makes of the week, judged or not."""
    inputs = stored.inputs_for(RulesPlanner())
    (attempt,) = ask(RulesPlanner(), inputs.request, inputs.prompt, max_attempts=1)
    return attempt.plan
