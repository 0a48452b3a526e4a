"""Asking planners about past weeks, week by week, so that an early end still compares them.

What is measured of the answers belongs to `backtest_figures`, what is kept to `record`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

from weekly_plan_assets.domain.guardrails import registry_version
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.backtest_figures import Asking
from weekly_plan_assets.evaluation.kept_answers import EvaluationAnswer
from weekly_plan_assets.evaluation.record import Evaluation, ModelFigures, WeekLeftOut
from weekly_plan_assets.evaluation.week_facts import WeekFacts
from weekly_plan_assets.lineage.records.records import PlanningInputs
from weekly_plan_assets.planners.attempts import UNBOUNDED, Budget, ask
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.errors import MissingWeekError

PLANNER_FAILED = "planner.failed:"
"""Begins the error of an attempt to which there was no answer, and soon will be none."""


class EndedWeek(Protocol):
    """A week that has ended, and what is known then."""

    def inputs_for(self, planner: Planner) -> PlanningInputs:
        """What the planner is asked with."""
        ...

    def accept(self, inputs: PlanningInputs, plan: WeeklyPlan) -> None:
        """Take in the plan that was made from these inputs, if later weeks are to know it."""
        ...


class AthleteWeeks(Protocol):
    """Past weeks of one athlete about which planners are asked, the oldest first."""

    @property
    def athlete_id(self) -> str:
        """Whose weeks they are."""
        ...

    @property
    def weeks(self) -> Sequence[TrainingWeek]:
        """The weeks observed."""
        ...

    @property
    def left_out(self) -> Mapping[TrainingWeek, str]:
        """Weeks about which nobody is asked, and why."""
        ...

    def load(self, week: TrainingWeek) -> EndedWeek:
        """One of the weeks.

        Raises:
            MissingWeekError: It cannot be read.
        """
        ...


@dataclass
class Backtest:
    """Planners asked about past weeks.

    Attributes:
        athletes: About whose weeks.
        planners: Who is asked, each with a `model_id` of its own.
        repeats: How often each is asked about each week.
        max_attempts: How many answers it has for it.
        budget: What those answers may take together.
        keep: Takes every asking as soon as it is over.
    """

    athletes: Sequence[AthleteWeeks]
    planners: Sequence[Planner]
    repeats: int = 1
    max_attempts: int = 3
    budget: Budget = UNBOUNDED
    keep: Callable[[EvaluationAnswer], None] = lambda _: None
    _askings: dict[str, list[Asking]] = field(default_factory=dict, init=False)
    _stopped: dict[str, str] = field(default_factory=dict, init=False)
    _left_out: list[WeekLeftOut] = field(default_factory=list, init=False)
    _asked_weeks: set[TrainingWeek] = field(default_factory=set, init=False)
    _complete: bool = field(default=False, init=False)
    _evaluation_id: str = field(default_factory=lambda: str(uuid4()), init=False)
    _started_at: datetime = field(default_factory=lambda: datetime.now(UTC), init=False)

    def __post_init__(self) -> None:
        for athlete in self.athletes:
            for week, reason in athlete.left_out.items():
                self._leave_out(athlete, week, reason)

    @property
    def askings(self) -> int:
        """How many there are if nothing breaks."""
        weeks = sum(len(athlete.weeks) for athlete in self.athletes)
        return weeks * len(self.planners) * self.repeats

    @property
    def begun(self) -> bool:
        """Whether any asking is done."""
        return bool(self._askings)

    def run(self) -> Iterator[tuple[str, TrainingWeek, Planner]]:
        """Ask everybody about one week after the other; each is reported before it is asked.

        A planner that breaks is not asked again, and the asking in which it broke is not counted.
        """
        for athlete in self.athletes:
            for week in athlete.weeks:
                if len(self._stopped) == len(self.planners):
                    return
                yield from self._ask_about(athlete, week)
        self._complete = not self._stopped

    def evaluation(self) -> Evaluation:
        """The evaluation as far as it has got."""
        whose = [athlete.athlete_id for athlete in self.athletes]
        return Evaluation(
            evaluation_id=self._evaluation_id,
            athlete_id=whose[0] if len(whose) == 1 else None,
            started_at=self._started_at,
            ended_at=datetime.now(UTC),
            registry_version=registry_version(),
            repeats=self.repeats,
            max_attempts=self.max_attempts,
            complete=self._complete,
            weeks=tuple(sorted(week.start for week in self._asked_weeks)),
            left_out=tuple(sorted(self._left_out, key=lambda one: one.observed_week_start)),
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

    def _ask_about(
        self, athlete: AthleteWeeks, week: TrainingWeek
    ) -> Iterator[tuple[str, TrainingWeek, Planner]]:
        try:
            ended = athlete.load(week)
        except MissingWeekError as error:
            self._leave_out(athlete, week, str(error))
            return
        reference = _deterministic_plan(ended)
        self._asked_weeks.add(week)
        for planner in self.planners:
            inputs = ended.inputs_for(planner)
            for repeat in range(self.repeats):
                if planner.model_id not in self._stopped:
                    yield athlete.athlete_id, week, planner
                    plan = self._ask(planner, inputs, repeat, reference)
                    if plan is not None and repeat == 0:
                        ended.accept(inputs, plan)

    def _ask(
        self, planner: Planner, inputs: PlanningInputs, repeat: int, reference: WeeklyPlan | None
    ) -> WeeklyPlan | None:
        """The plan that was accepted; None if none was."""
        request = inputs.request
        attempts = ask(planner, request, inputs.prompt, self.max_attempts, budget=self.budget)
        asking = Asking(inputs.athlete_id, inputs.observed_week, attempts, reference)
        facts = WeekFacts.of(inputs, request.sessions)
        self.keep(self._kept(inputs, repeat, asking, facts))
        broken = [error for error in attempts[-1].errors if error.startswith(PLANNER_FAILED)]
        if broken:
            self._stopped[planner.model_id] = broken[0].removeprefix(PLANNER_FAILED).strip()
        else:
            self._askings.setdefault(planner.model_id, []).append(asking)
        return asking.plan

    def _kept(
        self, inputs: PlanningInputs, repeat: int, asking: Asking, facts: WeekFacts
    ) -> EvaluationAnswer:
        return EvaluationAnswer(
            evaluation_id=self._evaluation_id,
            athlete_id=inputs.athlete_id,
            observed_week_start=inputs.observed_week_start,
            week_start=inputs.week_start,
            model_id=inputs.model_id,
            prompt_version=inputs.prompt_version,
            repeat=repeat,
            prompt=inputs.prompt,
            input_hashes=inputs.input_hashes,
            facts=facts,
            attempts=asking.attempts,
            plan=asking.plan,
        )

    def _leave_out(self, athlete: AthleteWeeks, week: TrainingWeek, reason: str) -> None:
        self._left_out.append(
            WeekLeftOut(
                athlete_id=athlete.athlete_id, observed_week_start=week.start, reason=reason
            )
        )


def _deterministic_plan(ended: EndedWeek) -> WeeklyPlan | None:
    """What the rules planner makes of the week, judged or not."""
    inputs = ended.inputs_for(RulesPlanner())
    (attempt,) = ask(RulesPlanner(), inputs.request, inputs.prompt, max_attempts=1)
    return attempt.plan
