"""What a rule is, what it is judged against, and what it answers. The rules lie beside this."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.commitments import kept_sessions
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.metrics.coverage import Coverage
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession, WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What a plan is judged against: the week asked for, the athlete, the load envelope.

    Attributes:
        coverage: Coverage of the weeks behind the envelope; a week whose row was stored before
            coverage was kept is left out.
        metrics: The observed week, which reasons may cite; None if nobody knows it.
        history: Earlier weeks, oldest first, whose means are the baselines of reasons.
    """

    planned_week: TrainingWeek
    athlete: Athlete
    envelope: LoadEnvelope
    coverage: Mapping[TrainingWeek, Coverage] = field(default_factory=dict)
    metrics: WeeklyMetrics | None = None
    history: tuple[WeeklyMetrics, ...] = ()

    @classmethod
    def after(
        cls,
        observed: WeeklyMetrics,
        history: Sequence[WeeklyMetrics],
        athlete: Athlete,
        envelope: LoadEnvelope,
    ) -> Self:
        """The context of the week after `observed`; `history` are the weeks before it."""
        return cls(
            planned_week=TrainingWeek(observed.week_start).next(),
            athlete=athlete,
            envelope=envelope,
            coverage={
                TrainingWeek(row.week_start): row.coverage
                for row in (*history, observed)
                if row.coverage is not None
            },
            metrics=observed,
            history=tuple(history),
        )


class RuleOutcome(StrEnum):
    """What a rule says of a plan."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"


class Severity(StrEnum):
    """Whether a broken rule stops a plan, or is only shown."""

    ERROR = "error"
    WARNING = "warning"


class Verdict(Document):
    """One rule's answer for one plan. `observed` says what was found, in a sentence or a number."""

    rule_id: str
    version: int = 1
    severity: Severity = Severity.ERROR
    threshold: str = ""
    outcome: RuleOutcome
    observed: str
    statement: str


@dataclass(frozen=True, slots=True)
class CoverageNeed:
    """What must have been measured before a rule can judge.

    Bounds made from a part of the training are too low for all of it: a plan that breaks them may
    be right, and one that keeps them proves nothing. The planner still gets them, and rules without
    needs (hard sessions, rest, spacing) hold whatever was measured.

    Attributes:
        metric: Field name of the weekly_metrics row, as in its coverage block.
        least_share: Part of its activities, over all those weeks together, that must be measured.
        weeks: So many weeks before the planned one are looked at. After a break it is all that are
            known, because the envelope then rests on the weeks before the break.
    """

    metric: str
    least_share: float
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail:
    """A rule: `check` returns the outcome and what was observed.

    Attributes:
        version: Counts up whenever the rule decides differently than before.
        threshold: What is compared with, in words and units.
        source: The citation.
        grade: Strength of the evidence: definition, trial, cohort, model, or practice.
        severity: A warning is shown with the plan and stops nothing.
        needs: Where one of them is not met, the rule is not evaluated, whatever the plan.
    """

    id: str
    version: int
    statement: str
    threshold: str
    source: str
    grade: str
    check: Callable[[WeeklyPlan, PlanContext], tuple[RuleOutcome, str]]
    severity: Severity = Severity.ERROR
    needs: tuple[CoverageNeed, ...] = ()


def passes_if(held: bool, observed: str) -> tuple[RuleOutcome, str]:  # noqa: FBT001 - reads as a sentence
    """The answer of a check that can always decide."""
    return (RuleOutcome.PASS if held else RuleOutcome.FAIL), observed


def sessions_by_day(plan: WeeklyPlan) -> list[tuple[PlannedDay, PlannedSession]]:
    """Every session of the week with its day, in order."""
    return [(day, session) for day in plan.days for session in day.sessions]


def free_sessions(
    plan: WeeklyPlan, context: PlanContext
) -> list[tuple[PlannedDay, PlannedSession]]:
    """The sessions that are neither races nor anchored, with their days."""
    kept = Counter(
        (one.date, one.sport, one.kind)
        for one in kept_sessions(context.athlete, context.envelope, context.planned_week)
    )
    free = []
    for day, session in sessions_by_day(plan):
        key = (day.date, session.sport, session.kind)
        if session.is_race:
            continue
        if kept[key]:
            kept[key] -= 1
        else:
            free.append((day, session))
    return free


def place(day: PlannedDay, session: PlannedSession) -> str:
    """How a verdict names a session: date, sport and kind."""
    return f"{day.date} {session.sport.value} {session.kind.value}"
