"""What is measured of planners: figures over the answers that they gave.

Pure: who is asked, with what, and where the figures are kept lie beside this.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from statistics import fmean, stdev
from typing import Self, TypeVar

from pydantic import Field

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.guardrails import RuleOutcome, Severity
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport, WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.planners.answers import IN_FIGURES

Amount = TypeVar("Amount", int, float)

SPREAD_NEEDS = 2
"""Plans of one week without which there is no spread."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A planner asked about one week, until a plan was valid or the attempts ran out.

    Attributes:
        athlete_id: Whose week.
        week: The week observed.
        attempts: Every answer, in order; the last one decides.
        reference: The deterministic plan from the same inputs; None if it has none.
    """

    athlete_id: str
    week: TrainingWeek
    attempts: tuple[Attempt, ...]
    reference: WeeklyPlan | None

    @property
    def plan(self) -> WeeklyPlan | None:
        """The plan that was accepted; None if none was."""
        last = self.attempts[-1]
        return None if last.errors else last.plan


class RuleCount(Document):
    """In how many attempts a rule was broken."""

    rule_id: str
    attempts: int = Field(ge=0)


class Figures(Document):
    """Figures over one or more askings. None: there was nothing to measure it on.

    Attributes:
        asked: How often the planner was asked for a week.
        first_attempt_pass_rate: Share of them in which the first answer was valid.
        valid_rate: Share of them in which an answer was valid in the end.
        attempts: Answers, the rejected ones included.
        violations: What rejected them, by the rule that the error begins with.
        warnings: Rules of severity warning that they broke.
        input_tokens: Read by the planner, in all; None if no answer counted them.
        output_tokens: Written by the planner, in all.
        cost_usd: What the answers whose price is known cost in US dollars, an estimate.
        latency_mean_s: Mean time to one answer, in seconds.
        load_sd: Sample standard deviation of the load of the accepted plans of one week, mean of
            the weeks with at least two of them.
        load_range: Largest less smallest load, likewise.
        load_difference: Accepted load less that of the deterministic plan, mean.
        load_distance: The same without its sign.
        sessions_in_common: Share of sessions that both plans have on the same day in the same
            sport and of the same kind: twice their number over the sessions of both (Dice), mean.
    """

    asked: int = Field(ge=0)
    first_attempt_pass_rate: float | None
    valid_rate: float | None
    attempts: int = Field(ge=0)
    violations: tuple[RuleCount, ...]
    warnings: tuple[RuleCount, ...]
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None = None
    latency_mean_s: float | None
    latency_max_s: float | None
    load_sd: float | None
    load_range: float | None
    load_difference: float | None
    load_distance: float | None
    sessions_in_common: float | None

    @classmethod
    def of(cls, askings: Sequence[Asking]) -> Self:
        """The figures of these askings, of one week or of many."""
        attempts = [attempt for asking in askings for attempt in asking.attempts]
        latencies_s = [attempt.duration_s for attempt in attempts]
        spreads = [loads for loads in _loads_by_week(askings) if len(loads) >= SPREAD_NEEDS]
        pairs = [
            (asking.plan, asking.reference)
            for asking in askings
            if asking.plan is not None and asking.reference is not None
        ]
        differences = [planned_load(plan) - planned_load(reference) for plan, reference in pairs]
        return cls(
            asked=len(askings),
            first_attempt_pass_rate=_mean([not asking.attempts[0].errors for asking in askings]),
            valid_rate=_mean([asking.plan is not None for asking in askings]),
            attempts=len(attempts),
            violations=_counted(map(_rules_in_errors, attempts)),
            warnings=_counted(map(_rules_warned_of, attempts)),
            input_tokens=_total(attempt.input_tokens for attempt in attempts),
            output_tokens=_total(attempt.output_tokens for attempt in attempts),
            cost_usd=_total(attempt.cost_usd for attempt in attempts),
            latency_mean_s=_mean(latencies_s),
            latency_max_s=max(latencies_s, default=None),
            load_sd=_mean([stdev(loads) for loads in spreads]),
            load_range=_mean([max(loads) - min(loads) for loads in spreads]),
            load_difference=_mean(differences),
            load_distance=_mean([abs(difference) for difference in differences]),
            sessions_in_common=_mean([_in_common(*pair) for pair in pairs]),
        )


def planned_load(plan: WeeklyPlan) -> float:
    """The load of a plan's sessions, whatever the plan states."""
    return fsum(session.planned_load for session in plan.sessions)


def _in_common(plan: WeeklyPlan, reference: WeeklyPlan) -> float:
    mine, theirs = _sessions(plan), _sessions(reference)
    both = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / both if both else 1.0


def _sessions(plan: WeeklyPlan) -> Counter[tuple[date, Sport, SessionKind]]:
    return Counter(
        (day.date, session.sport, session.kind) for day in plan.days for session in day.sessions
    )


def _loads_by_week(askings: Sequence[Asking]) -> Iterable[list[float]]:
    by_week: dict[tuple[str, TrainingWeek], list[float]] = {}
    for asking in askings:
        if asking.plan is not None:
            by_week.setdefault((asking.athlete_id, asking.week), []).append(
                planned_load(asking.plan)
            )
    return by_week.values()


def _rules_in_errors(attempt: Attempt) -> set[str]:
    """Every error begins with its rule: `load.envelope: …`, `shape: …`, `answer.truncated: …`."""
    return {error.partition(":")[0] for error in attempt.errors} - {IN_FIGURES}


def _rules_warned_of(attempt: Attempt) -> set[str]:
    return {
        verdict.rule_id
        for verdict in attempt.verdicts
        if verdict.outcome is RuleOutcome.FAIL and verdict.severity is Severity.WARNING
    }


def _counted(rules_of_attempts: Iterable[set[str]]) -> tuple[RuleCount, ...]:
    """The rules, most often broken first, then by name."""
    counts = Counter(rule for rules in rules_of_attempts for rule in rules)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(RuleCount(rule_id=rule, attempts=count) for rule, count in ordered)


def _total(counts: Iterable[Amount | None]) -> Amount | None:
    known = [count for count in counts if count is not None]
    return sum(known[1:], known[0]) if known else None


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
