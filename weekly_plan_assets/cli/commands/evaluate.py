"""`weekly-plan evaluate`: planners asked about past weeks, side by side."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, SourceAthlete
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_for
from weekly_plan_assets.terminal.console import err, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weekly_plan_assets.evaluation.backtest import Backtest
    from weekly_plan_assets.evaluation.backtest_figures import Figures
    from weekly_plan_assets.evaluation.record import Evaluation
    from weekly_plan_assets.lineage.records.reading import Lineage
    from weekly_plan_assets.planners.base import Planner
    from weekly_plan_assets.settings import Settings

DEFAULT_WEEKS = 12

_Weeks = Annotated[
    int | None,
    typer.Option(
        "--weeks",
        metavar="N",
        min=1,
        max=520,
        help="Number of past weeks, counted back from the latest. "
        f"Default: {DEFAULT_WEEKS}; 52 with --quality.",
    ),
]
_Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help="Planner to evaluate: rules, provider:name or an installed planner; may be repeated. "
        "Default: WEEKLY_PLAN_MODEL.",
    ),
]
_Repeat = Annotated[
    int,
    typer.Option(
        "--repeat",
        metavar="N",
        min=1,
        max=100,
        help="Number of times each planner plans a week.",
    ),
]
_Quality = Annotated[
    bool,
    typer.Option(
        "--quality",
        help="Score the rules planner on simulated athletes instead; takes minutes.",
    ),
]
_Personas = Annotated[
    list[str] | None,
    typer.Option(
        "--persona",
        metavar="NAME",
        help="Simulated athlete to use with --quality; may be repeated. Default: all.",
    ),
]


def evaluate(
    weeks: _Weeks = None,
    model: _Models = None,
    repeat: _Repeat = 1,
    athlete: SourceAthlete = None,
    *,
    quality: _Quality = False,
    persona: _Personas = None,
    as_json: AsJson = False,
) -> None:
    """Let planners plan past weeks without hindsight, and compare their plans.

    Reads stored weeks without changing them and stores the figures in `evaluations`. Ctrl-C stops
    early and keeps the figures so far. With --quality, the rules planner plans for simulated
    athletes and its plans are scored; the database is neither read nor written.
    """
    if quality:
        from weekly_plan_assets.cli.commands.evaluate_quality import evaluate_quality

        evaluate_quality(weeks, model or [], persona or [], as_json=as_json)
    elif persona:
        raise typer.BadParameter("--persona goes with --quality only; leave it out, or add that")
    else:
        _evaluate_stored(weeks or DEFAULT_WEEKS, model, repeat, athlete, as_json=as_json)


def _evaluate_stored(
    weeks: int, model: list[str] | None, repeat: int, athlete: str | None, *, as_json: bool
) -> None:
    """Ask about the stored weeks."""
    import logging

    from weekly_plan_assets.evaluation.record import store_evaluation
    from weekly_plan_assets.evaluation.stored import NothingStoredError
    from weekly_plan_assets.planners.base import PlannerError

    # Rejected answers are what is measured here, and come out in the table.
    logging.getLogger("weekly_plan_assets.planners.attempts").setLevel(logging.CRITICAL)
    settings = settings_for(athlete)
    lineage = lineage_of(settings, athlete)
    database = lineage.database
    try:
        planners = _planners(model, settings)
        backtest = _backtest(settings, lineage, weeks, planners, repeat)
    except (NothingStoredError, PlannerError) as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None

    to_the_end = _asked_to_the_end(backtest)
    evaluation = backtest.evaluation()
    _report_gaps(evaluation)
    if not backtest.begun:
        err.print("nothing was answered, so nothing is kept", style="red")
        raise typer.Exit(FAILED if to_the_end else INTERRUPTED)
    store_evaluation(database, evaluation)
    if not to_the_end:
        err.print("interrupted; what is done is kept", style="yellow")
    if as_json:
        print_json(evaluation.model_dump())
    else:
        _render(evaluation, simulated=settings.is_sample)
    if any(figures.stopped for figures in evaluation.models):
        raise typer.Exit(FAILED)


def _backtest(
    settings: "Settings",
    lineage: "Lineage",
    weeks: int,
    planners: "Sequence[Planner]",
    repeats: int,
) -> "Backtest":
    """The latest whole weeks and who is asked about them.

    Raises:
        NothingStoredError: There is no such week.
        SourceError: The source, or the athlete's own file, cannot be read.
    """
    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.evaluation.backtest import Backtest
    from weekly_plan_assets.evaluation.stored import PastWeeks
    from weekly_plan_assets.planners.attempts import Budget
    from weekly_plan_assets.sources.athlete_context import ContextReader
    from weekly_plan_assets.sources.opening import open_source, own_file

    today = settings.today()
    source = open_source(settings, today)
    last = TrainingWeek.latest_whole(today)
    past = PastWeeks.latest(lineage.database, last, weeks, lineage.athlete_id)
    say_whose(settings, None, [past.athlete_id])
    file = own_file(settings)
    return Backtest(
        past=past,
        context_of=ContextReader(source, past.weeks, file).athlete_context,
        planners=planners,
        repeats=repeats,
        max_attempts=settings.max_attempts,
        budget=Budget(settings.model_budget_s, settings.model_budget_tokens),
    )


def _planners(models: "Sequence[str] | None", settings: "Settings") -> "list[Planner]":
    """Who is asked: the models of `--model`, or that of the settings.

    Raises:
        PlannerError: A model cannot be asked: library, provider or key are missing.
    """
    from weekly_plan_assets.planners.base import PlannerError

    if not models:
        return [_answering_planner(settings.model, settings)]
    try:
        return [_answering_planner(name, settings) for name in dict.fromkeys(models)]
    except PlannerError as error:
        # Planners name the setting, which nobody set here.
        raise PlannerError(str(error).replace("WEEKLY_PLAN_MODEL", "--model")) from error


def _answering_planner(model: str, settings: "Settings") -> "Planner":
    """The planner of that name, once it is known that it can be asked."""
    from weekly_plan_assets.planners.model.planner import ModelPlanner
    from weekly_plan_assets.planners.named import planner_named

    planner = planner_named(
        model, timeout_s=settings.model_timeout_s, max_tokens=settings.model_max_tokens
    )
    if isinstance(planner, ModelPlanner):
        planner.check()
    return planner


def _asked_to_the_end(backtest: "Backtest") -> bool:
    """Ask, telling how far it is; False where a Ctrl-C ended it."""
    with err.status("reading what is stored") as status:
        try:
            for number, (week, planner) in enumerate(backtest.run(), start=1):
                status.update(f"{number} of {backtest.askings}: {planner.model_id}, week of {week}")
        except KeyboardInterrupt:
            return False
    return True


def _render(evaluation: "Evaluation", *, simulated: bool) -> None:
    """Write the models side by side."""
    from weekly_plan_assets.cli.pages.page import PageTable
    from weekly_plan_assets.cli.pages.render import SIMULATED
    from weekly_plan_assets.cli.pages.render_page import render_table

    first, last = evaluation.weeks[0], evaluation.weeks[-1]
    out.print(f"{len(evaluation.weeks)} weeks observed, {first} to {last}")
    out.print(f"athlete {evaluation.athlete_id}", style="dim")
    if simulated:
        out.print(SIMULATED, style="yellow")
    columns = [_cells(model.figures) for model in evaluation.models]
    names = dict.fromkeys(name for column in columns for name in column)
    render_table(
        PageTable(
            ("Figure", *(model.model_id for model in evaluation.models)),
            [(name, *(column.get(name, "0") for column in columns)) for name in names],
            right=frozenset(range(1, len(columns) + 1)),
        )
    )
    out.print(f"evaluationId {evaluation.evaluation_id}", style="dim", soft_wrap=True)


def _report_gaps(evaluation: "Evaluation") -> None:
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
        err.print(
            f"left out, {len(mondays)} week(s) from {mondays[0]} to {mondays[-1]}: {reason}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


def _cells(figures: "Figures") -> dict[str, str]:
    """The column of one model, by the name of the row."""
    return {
        "asked": str(figures.asked),
        "valid at the first attempt": _share(figures.first_attempt_pass_rate),
        "valid in the end": _share(figures.valid_rate),
        "answers": str(figures.attempts),
        "tokens read, written": _pair(figures.input_tokens, figures.output_tokens),
        "US$, by list prices": "-" if figures.cost_usd is None else f"{figures.cost_usd:.4f}",
        "seconds an answer, mean, longest": _pair(figures.latency_mean_s, figures.latency_max_s, 3),
        "load of a week's plans, SD, range": _pair(figures.load_sd, figures.load_range, 1),
        "load against rules, mean, distance": _pair(
            figures.load_difference, figures.load_distance, 1
        ),
        "sessions in common with rules": _share(figures.sessions_in_common),
        **{f"broken: {rule.rule_id}": str(rule.attempts) for rule in figures.violations},
        **{f"warned of: {rule.rule_id}": str(rule.attempts) for rule in figures.warnings},
    }


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def _pair(first: float | None, second: float | None, decimals: int = 0) -> str:
    return ", ".join("-" if value is None else f"{value:.{decimals}f}" for value in (first, second))
