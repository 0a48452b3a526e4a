"""The page docs/guardrails.md, made of the rules by `python -m` of this module.

A test compares the page with the rules.
"""

from collections.abc import Iterator
from pathlib import Path

from weekly_plan_assets.domain.guardrails.registry import GUARDRAILS
from weekly_plan_assets.domain.guardrails.rule import Guardrail

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guardrails.md"

INTRODUCTION = """\
# Guardrails

What every published plan meets, whoever planned it. Code judges each answer of a planner by every
rule, and the verdict (rule, version, severity, threshold, what was observed, and pass, fail or not
evaluated) is stored with the run. A broken rule of severity error rejects the answer, and the
planner is told which rule and why. A warning is told with the plan.

A rule that names a need is not evaluated where too little was measured for its bound to mean
anything: that is neither pass nor fail. All other rules hold whatever was measured.

The grade says how strong the evidence is: a *trial*, a *cohort*, a *model* (a formula that others
use too), *practice* (a convention of coaches, no trial found), or a *definition* (true of every
plan by what its words mean).

This page is made of the rules by `python -m weekly_plan_assets.domain.guardrails.page`.
"""

HEAD = ("Rule", "Version", "What holds", "Threshold", "Severity", "Grade", "Source", "Needs")


def page_text() -> str:
    """The page as it should be."""
    rows = [HEAD, ("---",) * len(HEAD), *(_row(rule) for rule in GUARDRAILS)]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in rows)
    return f"{INTRODUCTION}\n{table}"


def _row(rule: Guardrail) -> tuple[str, ...]:
    return (
        f"`{rule.id}`",
        str(rule.version),
        rule.statement,
        rule.threshold,
        rule.severity.value,
        rule.grade,
        rule.source,
        "; ".join(_needs(rule)),
    )


def _needs(rule: Guardrail) -> Iterator[str]:
    for need in rule.needs:
        yield f"`{need.metric}` of {need.least_share:.0%} of the activities of {need.weeks} weeks"


def write_page() -> None:
    """Write the page."""
    PAGE.write_text(page_text())


if __name__ == "__main__":
    write_page()
