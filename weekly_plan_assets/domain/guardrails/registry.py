"""All rules in the order in which they are judged, and the judging."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256

from weekly_plan_assets.domain.guardrails.commitments import COMMITMENT_RULES
from weekly_plan_assets.domain.guardrails.coverage_needs import unmet_needs
from weekly_plan_assets.domain.guardrails.load import LOAD_RULES
from weekly_plan_assets.domain.guardrails.reasons import REASON_RULES
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    Outcome,
    PlanContext,
    Severity,
    Verdict,
)
from weekly_plan_assets.domain.guardrails.schedule import SCHEDULE_RULES
from weekly_plan_assets.domain.guardrails.sessions import SESSION_RULES
from weekly_plan_assets.domain.weekly_plan import WeeklyPlan

GUARDRAILS: tuple[Guardrail, ...] = (
    *SCHEDULE_RULES,
    *COMMITMENT_RULES,
    *SESSION_RULES,
    *LOAD_RULES,
    *REASON_RULES,
)

VERSION_DIGITS = 12


def registry_version(rules: Sequence[Guardrail] = GUARDRAILS) -> str:
    """Which rules with which versions there are: 12 hexadecimal digits, whatever their order.

    Stored with a run, it tells later whether the same plan would be judged by the same rules.
    """
    told = json.dumps(sorted((rule.id, rule.version) for rule in rules), separators=(",", ":"))
    return sha256(told.encode()).hexdigest()[:VERSION_DIGITS]


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
    """The verdicts for which a plan is rejected, in the order given."""
    return _broken(verdicts, Severity.ERROR)


def warnings_of(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that are told with a plan and do not stop it, in the order given."""
    return _broken(verdicts, Severity.WARNING)


def _broken(verdicts: Iterable[Verdict], severity: Severity) -> tuple[Verdict, ...]:
    return tuple(
        verdict
        for verdict in verdicts
        if verdict.outcome is Outcome.FAIL and verdict.severity is severity
    )
