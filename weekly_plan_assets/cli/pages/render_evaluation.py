"""How an evaluation looks in a terminal: planners side by side, and what was left out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from weekly_plan_assets.cli.pages.page import Cell, PageTable
from weekly_plan_assets.cli.pages.render import SIMULATED
from weekly_plan_assets.cli.pages.render_page import render_table
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.evaluation.backtest_figures import Figures
from weekly_plan_assets.evaluation.quality.score import ItemScore, Reading
from weekly_plan_assets.evaluation.quality.score_rows import NOT_MEASURED, bound, value_text
from weekly_plan_assets.evaluation.record import Evaluation
from weekly_plan_assets.terminal.console import err, out


def render_evaluation(evaluation: Evaluation, *, simulated: bool) -> None:
    """Write the planners side by side.

    Args:
        evaluation: What was found.
        simulated: Whether the weeks are those of a simulated athlete of the store.
    """
    first, last = evaluation.weeks[0], evaluation.weeks[-1]
    out.print(f"{counted(len(evaluation.weeks), 'week')} observed, {first} to {last}")
    if evaluation.personas:
        count = len(evaluation.personas)
        whose = f"{count} simulated athletes" if count > 1 else "simulated athlete"
        out.print(f"{whose}: {', '.join(evaluation.personas)}", style="yellow", soft_wrap=True)
    else:
        out.print(f"athlete {evaluation.athlete_id}", style="dim")
    if simulated and not evaluation.personas:
        out.print(SIMULATED, style="yellow")
    columns = [_cells(model.figures) for model in evaluation.models]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [(name, *(column.get(name, "0") for column in columns)) for name in names]
    _render_columns("Figure", evaluation, rows)
    if evaluation.quality:
        out.print()
        out.print("Quality of the valid plans, with the number of weeks or sessions", style="bold")
        _render_columns("Item", evaluation, list(_quality_rows(evaluation)))
    out.print(f"evaluationId {evaluation.evaluation_id}", style="dim", soft_wrap=True)


def say_gaps(evaluation: Evaluation) -> None:
    """Say on stderr which weeks and models are not, or not wholly, part of it, and why."""
    for model in evaluation.models:
        if model.stopped:
            err.print(
                f"{model.model_id} was not asked further: {model.stopped}",
                style="red",
                markup=False,
            )
    for reason, weeks in groupby(evaluation.left_out, key=lambda week: week.reason):
        mondays = [str(week.observed_week_start) for week in weeks]
        left_out = counted(len(mondays), "week")
        err.print(
            f"left out, {left_out} from {mondays[0]} to {mondays[-1]}: {reason}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


def _render_columns(title: str, evaluation: Evaluation, rows: Sequence[Sequence[Cell]]) -> None:
    """A table with one column a planner."""
    head = (title, *(model.model_id for model in evaluation.models))
    render_table(PageTable(head, rows, right=frozenset(range(1, len(head)))))


def _quality_rows(evaluation: Evaluation) -> Iterator[tuple[Cell, ...]]:
    for item in evaluation.quality:
        by_planner = {reading.setting: reading for reading in item.readings}
        cells = (_quality(item, by_planner.get(model.model_id)) for model in evaluation.models)
        yield (f"{item.id} {item.what} (good: {bound(item)})", *cells)


def _quality(item: ItemScore, reading: Reading | None) -> Cell:
    """A value with its number, in the colour of its verdict."""
    if reading is None or reading.value is None or not reading.n:
        return NOT_MEASURED
    text = f"{value_text(item, reading.value)} ({reading.n})"
    return text, "green" if reading.met else "red"


def _cells(figures: Figures) -> dict[str, str]:
    """The column of one model, by the name of the row."""
    asked = figures.asked
    valid = None if figures.valid_rate is None else round(asked * figures.valid_rate)
    return {
        "asked": str(asked),
        "valid at the first attempt": share(figures.first_attempt_pass_rate),
        "valid in the end": share(figures.valid_rate),
        "weeks without a valid plan": "-" if valid is None else str(asked - valid),
        "answers": str(figures.attempts),
        "answers a week, mean": f"{figures.attempts / asked:.2f}" if asked else "-",
        "tokens read, written": _pair(figures.input_tokens, figures.output_tokens),
        "cost in US dollars, list price": _cost(figures.cost_usd),
        "seconds an answer, mean, longest": _pair(figures.latency_mean_s, figures.latency_max_s, 3),
        "load of a week's plans, SD, range": _pair(figures.load_sd, figures.load_range, 1),
        "load against rules, mean, distance": _pair(
            figures.load_difference, figures.load_distance, 1
        ),
        "sessions in common with rules": share(figures.sessions_in_common),
        **{f"broken: {rule.rule_id}": str(rule.attempts) for rule in figures.violations},
        **{f"warned of: {rule.rule_id}": str(rule.attempts) for rule in figures.warnings},
    }


def share(value: float | None) -> str:
    """A share in percent; a dash for none."""
    return "-" if value is None else f"{100 * value:.0f} %"


def _cost(usd: float | None) -> str:
    return "-" if usd is None else f"{usd:.4f}"


def _pair(first: float | None, second: float | None, decimals: int = 0) -> str:
    return ", ".join("-" if value is None else f"{value:.{decimals}f}" for value in (first, second))
