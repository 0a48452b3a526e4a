"""The rule about reasons: the numbers they rest on are the stored ones.

Only evidence is checked; numbers inside a reason's text are not read.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from math import isclose

from weekly_plan_assets.domain.guardrails.rule import Guardrail, PlanContext, RuleOutcome, passes_if
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, mean_over
from weekly_plan_assets.domain.plan.weekly_plan import Evidence, WeeklyPlan

EXACT_SHARE = 1e-6
"""Numbers this close, relative to the larger one, are equal: what floats lose on their way."""

LEAST_DIGITS = 3
"""Significant digits that a rounded value must keep. Project convention: with three it is at most
0.5 % off, less than any threshold of training; with two, 5 % pass for the truth."""

MOST_DIGITS = 17
"""Digits that distinguish all floats."""

NUMBER_OF_METRIC = {
    info.alias or name: name
    for name, info in WeeklyMetrics.model_fields.items()
    if name not in {"athlete_id", "week_start", "week_end", "coverage"}
}
"""The field of each number of weekly_metrics, by its key in the stored document."""


def _reason_unverified(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    if context.metrics is None:
        return RuleOutcome.NOT_EVALUATED, "the metrics of the observed week are not known"
    cited = [evidence for reason in plan.justification for evidence in reason.evidence]
    if all(evidence.value is None for evidence in cited):
        return RuleOutcome.FAIL, "no reason cites a number; at least one must"
    wrong = [
        fault for evidence in cited for fault in _faults(evidence, context.metrics, context.history)
    ]
    return passes_if(
        not wrong, "; ".join(dict.fromkeys(wrong)) or f"{len(cited)} numbers cited, all as stored"
    )


def _faults(
    evidence: Evidence, metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]
) -> Iterator[str]:
    """What is wrong with the numbers of one metric, in sentences."""
    key = evidence.metric
    if key not in NUMBER_OF_METRIC:
        yield f"{key} is no number of weekly_metrics"
        return
    name = NUMBER_OF_METRIC[key]
    stored = getattr(metrics, name)
    if not _is_stored(evidence.value, stored):
        yield f"{key} is cited as {_shown(evidence.value)}, stored is {_shown(stored)}"
    mean = mean_over(history, name)
    if evidence.baseline is not None and not _is_stored(evidence.baseline, mean):
        yield (
            f"the baseline of {key} is cited as {_shown(evidence.baseline)}, "
            f"the mean of the history is {_shown(mean)}"
        )


def _is_stored(stated: float | None, stored: float | None) -> bool:
    """Whether the stored number is stated, exactly or rounded to three digits or more."""
    if stated is None or stored is None:
        return stated is None and stored is None
    return isclose(stated, stored, rel_tol=EXACT_SHARE) or _is_rounded(stated, stored)


def _is_rounded(stated: float, stored: float) -> bool:
    exact, shown = Decimal(repr(stored)), Decimal(repr(stated))
    return any(
        Context(prec=digits, rounding=rounding).plus(exact) == shown
        for digits in range(LEAST_DIGITS, MOST_DIGITS)
        for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    )


def _shown(value: float | None) -> str:
    return "null, not measured" if value is None else f"{value:.10g}"


REASON_RULES = (
    Guardrail(
        id="reason.unverified",
        version=1,
        statement=(
            "Every number that a reason cites is the stored one: the observed week's value of that "
            "metric, and as baseline its mean over the history. At least one reason cites one."
        ),
        threshold=(
            "equal to the stored number, or to it rounded to 3 significant digits or more; null "
            "where nothing was measured"
        ),
        source="weekly_metrics as frozen for the run",
        grade="definition",
        check=_reason_unverified,
    ),
)
