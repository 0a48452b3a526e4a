"""What a rule is, what it is judged against, and what it answers. The rules lie beside this."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope import LoadEnvelope
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What a plan is judged against: the week asked for, the athlete, the load envelope."""

    planned_week: TrainingWeek
    athlete: Athlete
    envelope: LoadEnvelope


class Outcome(StrEnum):
    """What a rule says of a plan."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"


class Verdict(Document):
    """One rule's answer for one plan. `observed` says what was found, in a sentence or a number."""

    rule_id: str
    outcome: Outcome
    observed: str
    statement: str


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A rule: `check` returns the outcome and what was observed.

    Attributes:
        version: Counts up whenever the check decides differently than before.
        grade: Strength of the evidence: definition, trial, cohort, model, or practice.
    """

    id: str
    version: int
    statement: str
    source: str
    grade: str
    check: Callable[[WeeklyPlan, PlanContext], tuple[Outcome, str]]


def passes_if(held: bool, observed: str) -> tuple[Outcome, str]:  # noqa: FBT001 - reads as a sentence
    """The answer of a check that can always decide."""
    return (Outcome.PASS if held else Outcome.FAIL), observed
