"""All rules in the order in which they are judged, and the judging."""

from collections.abc import Iterable, Sequence

from weekly_plan_assets.domain.guardrails.coverage_needs import unmet_needs
from weekly_plan_assets.domain.guardrails.load import LOAD_RULES
from weekly_plan_assets.domain.guardrails.rule import Guardrail, Outcome, PlanContext, Verdict
from weekly_plan_assets.domain.guardrails.schedule import SCHEDULE_RULES
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan

GUARDRAILS: tuple[Guardrail, ...] = (*SCHEDULE_RULES, *LOAD_RULES)


def judge(
    plan: WeeklyPlan, context: PlanContext, rules: Sequence[Guardrail] = GUARDRAILS
) -> tuple[Verdict, ...]:
    """The verdict of every rule on the plan, in the order of the rules.

    A rule whose needs are not met does not look at the plan: its verdict is `not_evaluated`.
    """
    verdicts = []
    for rule in rules:
        if unmet := "; ".join(unmet_needs(rule, context)):
            outcome, observed = Outcome.NOT_EVALUATED, unmet
        else:
            outcome, observed = rule.check(plan, context)
        verdicts.append(
            Verdict(
                rule_id=rule.id,
                version=rule.version,
                severity=rule.severity,
                threshold=rule.threshold,
                outcome=outcome,
                observed=observed,
                statement=rule.statement,
            )
        )
    return tuple(verdicts)


def violations(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts of the rules that the plan breaks, in the order given."""
    return tuple(verdict for verdict in verdicts if verdict.outcome is Outcome.FAIL)
