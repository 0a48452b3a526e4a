"""How the evaluations of a roster look in a terminal: a line for each athlete and planner."""

from collections.abc import Iterator, Mapping, Sequence

from weekly_plan_assets.cli.pages.page import PageTable
from weekly_plan_assets.cli.pages.render_evaluation import share
from weekly_plan_assets.cli.pages.render_page import render_table, render_text
from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.evaluation.backtest_figures import Figures
from weekly_plan_assets.evaluation.record import Evaluation, ModelFigures
from weekly_plan_assets.terminal.console import out

_HEAD = (
    *("Athlete", "Planner", "Weeks", "Asked", "Valid at first", "Valid in the end", "Answers"),
    *("Load against rules", "US dollars", "evaluationId"),
)
_ID_SHOWN = 8
"""Characters of an evaluationId by which `--again` finds it."""


def render_roster_evaluation(
    evaluations: Mapping[str, Evaluation], called: Mapping[str, str], *, simulated: bool
) -> None:
    """Write a line for each athlete and planner, and one a planner for all of them.

    Args:
        evaluations: What was found, by athlete.
        called: The names of the athletes, by id.
        simulated: Whether the athletes are simulated ones.
    """
    out.print(f"{counted(len(evaluations), 'athlete')} evaluated")
    if simulated:
        render_text(("simulated athletes: not real persons' data", "yellow"))
    rows = [
        (one_line(called[athlete_id]), *_model_cells(evaluation, model))
        for athlete_id, evaluation in evaluations.items()
        for model in evaluation.models
    ]
    if len(evaluations) > 1:
        rows += _totals(list(evaluations.values()))
    render_table(PageTable(_HEAD, rows, right=frozenset(range(2, len(_HEAD)))))
    out.print("`weekly-plan evaluate --again ID` shows one of them", style="dim", soft_wrap=True)


def _model_cells(evaluation: Evaluation, model: ModelFigures) -> tuple[str, ...]:
    figures = model.figures
    left_out = f" ({len(evaluation.left_out)} left out)" if evaluation.left_out else ""
    against = figures.load_difference
    return (
        model.model_id,
        f"{len(evaluation.weeks)}{left_out}",
        str(figures.asked),
        share(figures.first_attempt_pass_rate),
        share(figures.valid_rate),
        str(figures.attempts),
        "-" if against is None else f"{against:+.1f}",
        _dollars([figures]),
        evaluation.evaluation_id[:_ID_SHOWN],
    )


def _totals(evaluations: Sequence[Evaluation]) -> Iterator[tuple[str, ...]]:
    """For each planner what can be added up; a mean difference of loads cannot."""
    planners = dict.fromkeys(model.model_id for one in evaluations for model in one.models)
    for planner in planners:
        theirs = [
            (len(one.weeks), model.figures)
            for one in evaluations
            for model in one.models
            if model.model_id == planner
        ]
        figures = [one for _, one in theirs]
        asked = sum(one.asked for one in figures)
        at_first = sum(one.asked * (one.first_attempt_pass_rate or 0) for one in figures)
        in_the_end = sum(one.asked * (one.valid_rate or 0) for one in figures)
        yield (
            "all",
            planner,
            str(sum(weeks for weeks, _ in theirs)),
            str(asked),
            share(at_first / asked if asked else None),
            share(in_the_end / asked if asked else None),
            str(sum(one.attempts for one in figures)),
            "",
            _dollars(figures),
            "",
        )


def _dollars(figures: Sequence[Figures]) -> str:
    known = [one.cost_usd for one in figures if one.cost_usd is not None]
    return f"{sum(known):.4f}" if known else "-"
