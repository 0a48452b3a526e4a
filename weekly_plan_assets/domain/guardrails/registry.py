"""All rules in the order in which they are judged, and the judging.

Rules of this project stand in `GUARDRAILS`; those that installed packages add come after them.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256

from weekly_plan_assets.domain.extensions import (
    ExtensionError,
    Seam,
    added_names,
    added_part,
    described,
)
from weekly_plan_assets.domain.guardrails.amounts import AMOUNT_RULES
from weekly_plan_assets.domain.guardrails.commitment_rules import COMMITMENT_RULES
from weekly_plan_assets.domain.guardrails.coverage_needs import unmet_needs
from weekly_plan_assets.domain.guardrails.habit_rules import HABIT_RULES
from weekly_plan_assets.domain.guardrails.load import LOAD_RULES
from weekly_plan_assets.domain.guardrails.reasons import REASON_RULES
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    Severity,
    Verdict,
)
from weekly_plan_assets.domain.guardrails.schedule import SCHEDULE_RULES
from weekly_plan_assets.domain.guardrails.session_rules import SESSION_RULES
from weekly_plan_assets.domain.guardrails.target_rules import TARGET_RULES
from weekly_plan_assets.domain.guardrails.texts import TEXT_RULES
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan

GUARDRAILS: tuple[Guardrail, ...] = (
    *SCHEDULE_RULES,
    *COMMITMENT_RULES,
    *SESSION_RULES,
    *TARGET_RULES,
    *AMOUNT_RULES,
    *HABIT_RULES,
    *LOAD_RULES,
    *REASON_RULES,
    *TEXT_RULES,
)

VERSION_DIGITS = 12

LONGEST_OBSERVED = 2_000
"""Characters of what a rule found: a plan may be wrong in hundreds of places."""

log = logging.getLogger(__name__)


@cache
def guardrails_in_force() -> tuple[Guardrail, ...]:
    """Every rule that a plan is judged by.

    Raises:
        ExtensionError: A rule that another package adds cannot be loaded or is not one.
    """
    return (*GUARDRAILS, *(_added(name) for name in added_names(Seam.GUARDRAIL)))


def _added(name: str) -> Guardrail:
    rule = added_part(Seam.GUARDRAIL, name)
    described_rule = f"the {described(Seam.GUARDRAIL, name)}"
    if not isinstance(rule, Guardrail):
        raise ExtensionError(f"{described_rule} is a {type(rule).__name__}, not a Guardrail")
    if rule.id != name:
        raise ExtensionError(f"{described_rule} has the id {rule.id!r}; make them the same")
    if name in {own.id for own in GUARDRAILS}:
        raise ExtensionError(f"{described_rule} has the id of a rule of weekly-plan-assets")
    return rule


def registry_version(rules: Sequence[Guardrail] | None = None) -> str:
    """Which rules with which versions there are: 12 hexadecimal digits, whatever their order.

    Stored with a run, it shows later whether the same plan would be judged by the same rules.
    """
    known = guardrails_in_force() if rules is None else rules
    listed = json.dumps(sorted((rule.id, rule.version) for rule in known), separators=(",", ":"))
    return sha256(listed.encode()).hexdigest()[:VERSION_DIGITS]


def judge_plan(
    plan: WeeklyPlan, context: PlanContext, rules: Sequence[Guardrail] | None = None
) -> tuple[Verdict, ...]:
    """The verdict of every rule on the plan, in the order of the rules.

    A rule whose needs are not met does not look at the plan: its verdict is `not_evaluated`. A plan
    that a rule cannot judge breaks it, and is rejected for it whatever the rule's severity.

    Args:
        plan: What a planner answered.
        context: The week, the athlete and the envelope that it is judged against.
        rules: Those to judge by; None: all that are in force.
    """
    known = guardrails_in_force() if rules is None else rules
    return tuple(_verdict(rule, plan, context) for rule in known)


def _verdict(rule: Guardrail, plan: WeeklyPlan, context: PlanContext) -> Verdict:
    severity = rule.severity
    if unmet := "; ".join(unmet_needs(rule, context)):
        outcome, observed = RuleOutcome.NOT_EVALUATED, unmet
    else:
        try:
            outcome, observed = rule.check(plan, context)
        except Exception as error:  # what cannot be judged must not be published
            log.warning("rule %s could not judge a plan: %s", rule.id, type(error).__name__)
            log.debug("where judging it failed", exc_info=True)
            outcome, severity = RuleOutcome.FAIL, Severity.ERROR
            observed = f"could not be judged: {type(error).__name__}"
    if len(observed) > LONGEST_OBSERVED:
        observed = f"{observed[: LONGEST_OBSERVED - 1]}…"
    return Verdict(
        rule_id=rule.id,
        version=rule.version,
        severity=severity,
        threshold=rule.threshold,
        outcome=outcome,
        observed=observed,
        statement=rule.statement,
    )


def violations(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts for which a plan is rejected, in the order given."""
    return _broken(verdicts, Severity.ERROR)


def warnings_of(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that are shown with a plan and do not stop it, in the order given."""
    return _broken(verdicts, Severity.WARNING)


def _broken(verdicts: Iterable[Verdict], severity: Severity) -> tuple[Verdict, ...]:
    return tuple(
        verdict
        for verdict in verdicts
        if verdict.outcome is RuleOutcome.FAIL and verdict.severity is severity
    )
