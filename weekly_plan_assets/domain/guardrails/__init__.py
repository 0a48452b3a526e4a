"""Guardrails: the rules that every published plan meets, as data, with the checks that decide.

A rule says what must hold, why, and how strong the evidence is; its check returns what was
observed. What happens to a plan that breaks one is decided by the caller.
"""

from weekly_plan_assets.domain.guardrails.registry import (
    GUARDRAILS,
    guardrails_in_force,
    judge_plan,
    registry_version,
    violations,
    warnings_of,
)
from weekly_plan_assets.domain.guardrails.rule import (
    CoverageNeed,
    Guardrail,
    PlanContext,
    RuleOutcome,
    Severity,
    Verdict,
)

__all__ = [
    "GUARDRAILS",
    "CoverageNeed",
    "Guardrail",
    "PlanContext",
    "RuleOutcome",
    "Severity",
    "Verdict",
    "guardrails_in_force",
    "judge_plan",
    "registry_version",
    "violations",
    "warnings_of",
]
