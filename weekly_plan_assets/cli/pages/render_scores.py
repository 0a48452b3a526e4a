"""How the sums of filled sheets look in a terminal."""

from weekly_plan_assets.cli.pages.page import PageTable
from weekly_plan_assets.cli.pages.render_evaluation import share
from weekly_plan_assets.cli.pages.render_page import render_table, render_text
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.evaluation.filled_sheet import CRITERIA
from weekly_plan_assets.evaluation.score_sums import PairSums, PlannerSums, ScoreSums
from weekly_plan_assets.terminal.console import out


def render_sums(sums: ScoreSums) -> None:
    """Write the scores by planner, and each pair of planners."""
    weeks = f"{counted(sums.weeks, 'week')} scored by {sums.scored_by}"
    out.print(f"Blind sheet {sums.sheet_id}, {weeks}", style="bold", markup=False, soft_wrap=True)
    if sums.not_scored:
        render_text((f"not scored: week {', '.join(map(str, sums.not_scored))}", "yellow"))
    if sums.none_signed:
        render_text(f"no plan signed: {sums.none_signed}")
    head = ("Planner", "scored", "no plan", *CRITERIA, "mean", "signed")
    rows = [_planner(one) for one in sums.planners]
    render_table(PageTable(head, rows, right=frozenset(range(1, len(head)))))
    out.print()
    for pair in sums.pairs:
        render_text(_pair(pair))
    for remark in sums.remarks:
        render_text(remark, first="- ", others="  ")


def _planner(one: PlannerSums) -> tuple[str, ...]:
    scores = (_mean(getattr(one, name)) for name in (*CRITERIA, "mean"))
    signed = f"{one.signed} ({share(one.signed / one.scored)})" if one.scored else "-"
    return (one.model_id, str(one.scored), str(one.without_plan), *scores, signed)


def _pair(pair: PairSums) -> str:
    said = (
        f"{pair.one} against {pair.other} in {counted(pair.weeks, 'week')}: {pair.wins} won, "
        f"{pair.losses} lost, {pair.ties} tied"
    )
    if pair.chance is not None:
        said += (
            f"; of two that are as good as each other, one would win so often by chance in "
            f"{share(pair.chance)} of cases (sign test)"
        )
    if pair.only_one or pair.only_other:
        said += (
            f"; not scored, because only one had a valid plan: {pair.one} {pair.only_one}, "
            f"{pair.other} {pair.only_other}"
        )
    return f"{said}."


def _mean(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
