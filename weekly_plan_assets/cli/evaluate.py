"""`weekly-plan evaluate`: planners asked about past weeks, side by side."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.console import err, out, print_json
from weekly_plan_assets.cli.errors import FAILED, INTERRUPTED
from weekly_plan_assets.cli.store import open_database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pymongo.database import Database

    from weekly_plan_assets.evaluation.backtest import Backtest
    from weekly_plan_assets.evaluation.figures import Figures
    from weekly_plan_assets.evaluation.record import Evaluation
    from weekly_plan_assets.planners.base import Planner
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.storage.codec import BsonDocument

_Weeks = Annotated[
    int, typer.Option("--weeks", min=1, max=520, help="How many past weeks, the latest ones.")
]
_Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="A planner: rules, or provider:name; may be given again. Default: WEEKLY_PLAN_MODEL.",
    ),
]
_Repeat = Annotated[
    int, typer.Option("--repeat", min=1, max=100, help="How often each is asked about a week.")
]


def evaluate(
    weeks: _Weeks = 12, model: _Models = None, repeat: _Repeat = 1, *, as_json: AsJson = False
) -> None:
    """Ask planners about past weeks, without hindsight, and compare their answers.

    Reads what is stored, and changes none of it; the figures are kept in `evaluations`. Ctrl-C ends
    it early and keeps what is done.
    """
    import logging

    from weekly_plan_assets.evaluation.record import store_evaluation
    from weekly_plan_assets.evaluation.stored import NothingStoredError
    from weekly_plan_assets.planners.base import PlannerError
    from weekly_plan_assets.settings import load_settings

    # Rejected answers are what is measured here, and come out in the table.
    logging.getLogger("weekly_plan_assets.planners.attempts").setLevel(logging.CRITICAL)
    settings = load_settings()
    database = open_database(settings)
    try:
        backtest = _backtest(settings, database, weeks, model or [settings.model], repeat)
    except (NothingStoredError, PlannerError) as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(FAILED) from None

    to_the_end = _asked_to_the_end(backtest)
    evaluation = backtest.evaluation()
    _tell_of_gaps(evaluation)
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
    database: "Database[BsonDocument]",
    weeks: int,
    models: "Sequence[str]",
    repeats: int,
) -> "Backtest":
    """The latest whole weeks and who is asked about them.

    Raises:
        NothingStoredError: There is no such week.
        PlannerError: A model cannot be asked: library, provider or key are missing.
        SourceError: The source, or the athlete's own file, cannot be read.
    """
    from weekly_plan_assets.domain.athlete_file import AthleteFile
    from weekly_plan_assets.domain.week import TrainingWeek
    from weekly_plan_assets.evaluation.backtest import Backtest
    from weekly_plan_assets.evaluation.stored import PastWeeks
    from weekly_plan_assets.planners.attempts import Budget
    from weekly_plan_assets.sources.athlete_file import read_athlete_file
    from weekly_plan_assets.sources.opening import SourceChoice, open_source
    from weekly_plan_assets.sources.telling import Telling

    today = settings.today()
    past = PastWeeks.latest(database, TrainingWeek.latest_whole(today), weeks)
    source = open_source(SourceChoice.of(settings), today)
    file = read_athlete_file(settings.athlete_file) if settings.athlete_file else AthleteFile()
    return Backtest(
        past=past,
        told_of=Telling(source, past.weeks, file).told,
        planners=[_planner(name, settings) for name in dict.fromkeys(models)],
        repeats=repeats,
        max_attempts=settings.max_attempts,
        budget=Budget(settings.model_budget_s, settings.model_budget_tokens),
    )


def _planner(model: str, settings: "Settings") -> "Planner":
    """The planner of that name, once it is known that it can be asked."""
    from weekly_plan_assets.planners.model.planner import ModelPlanner
    from weekly_plan_assets.planners.rules import RulesPlanner

    if model == RulesPlanner.model_id:
        return RulesPlanner()
    planner = ModelPlanner(
        model, timeout_s=settings.model_timeout_s, max_tokens=settings.model_max_tokens
    )
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
    from rich.markup import escape
    from rich.table import Table

    from weekly_plan_assets.cli.render import SIMULATED

    first, last = evaluation.weeks[0], evaluation.weeks[-1]
    out.print(f"{len(evaluation.weeks)} weeks observed, {first} to {last}")
    if simulated:
        out.print(SIMULATED, style="yellow")
    table = Table("", *(escape(model.model_id) for model in evaluation.models))
    columns = [_cells(model.figures) for model in evaluation.models]
    for name in dict.fromkeys(name for column in columns for name in column):
        table.add_row(name, *(column.get(name, "0") for column in columns))
    out.print(table)
    out.print(f"evaluationId {evaluation.evaluation_id}", style="dim", soft_wrap=True)


def _tell_of_gaps(evaluation: "Evaluation") -> None:
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
