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

What every published plan meets, no matter which planner made it. Code judges each answer of a
planner by every rule, and the verdict (rule, version, severity, threshold, what was observed, and
pass, fail or not evaluated) is stored with the run. A broken rule of severity error rejects the
answer, and the planner gets the rule and the reason. A warning stops nothing; `weekly-plan explain`
shows it.

Before any rule an answer is read: what is not the JSON of a plan, holds more than 200,000 bytes or
breaks a limit that the [JSON Schema](schemas/weekly_plan.schema.json) states is rejected. Limits
hold for answers only; plans that were published before there were any stay readable. A rule that
cannot judge a plan, because a number in it breaks its arithmetic, rejects it too, whatever its
severity.

The rules about texts look at characters, at
[certain words](../weekly_plan_assets/domain/texts/words.txt), and at the times, distances, zones,
heart rates, efforts, loads and paces that a text names, in English and Spanish. They read no
meaning: what is said in other words passes.

A rule that names a need is not evaluated where too little was measured for its bound to mean
anything: that is neither pass nor fail. All other rules hold whatever was measured.

The grade says how strong the evidence is: a *trial*, a *cohort*, a *model* (a formula that others
use too), *practice* (a convention of coaches, no trial found), or a *definition* (true of every
plan by what its words mean).

This page is made of the rules by `python -m weekly_plan_assets.domain.guardrails.rules_page`.
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
