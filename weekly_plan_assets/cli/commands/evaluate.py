"""`weekly-plan evaluate`: planners asked about past weeks, side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, SourceAthlete
from weekly_plan_assets.cli.commands.evaluate_planners import (
    PERSONA_WEEKS,
    STORED_WEEKS,
    Question,
    ask_planners,
)
from weekly_plan_assets.cli.commands.evaluate_sheet import (
    DEFAULT_SEED,
    SheetWish,
    make_sheet,
    read_scores,
    sheet_wish,
    show_again,
    show_evaluation,
)
from weekly_plan_assets.terminal.failures import FAILED

_Weeks = Annotated[
    int | None,
    typer.Option(
        "--weeks",
        metavar="N",
        min=1,
        max=520,
        help="Number of past weeks, counted back from the latest. "
        f"Default: {STORED_WEEKS}; {PERSONA_WEEKS} of each simulated athlete; 52 with --quality.",
    ),
]
_Models = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help="Planner to evaluate: rules, provider:name or an installed planner; may be repeated. "
        "Default: WEEKLY_PLAN_MODEL, beside rules for simulated athletes.",
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
_Everybody = Annotated[
    bool,
    typer.Option("--all", help="Evaluate every athlete of the roster, one after another."),
]
_AllPersonas = Annotated[
    bool,
    typer.Option("--personas", help="Plan weeks of all simulated athletes instead of yours."),
]
_Personas = Annotated[
    list[str] | None,
    typer.Option(
        "--persona",
        metavar="NAME",
        help="Simulated athlete to plan for, also with --quality; may be repeated.",
    ),
]


_Blind = Annotated[
    Path | None,
    typer.Option(
        "--blind",
        metavar="FILE",
        help="Write a sheet of the plans without their planners, to be scored.",
    ),
]
_Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        help=f"Number that draws the order of the plans on the sheet. Default: {DEFAULT_SEED}.",
    ),
]
_Scores = Annotated[
    Path | None,
    typer.Option("--scores", metavar="FILE", help="Read a filled sheet and sum its scores."),
]
_Judge = Annotated[
    str | None,
    typer.Option(
        "--judge",
        metavar="MODEL",
        help="Language model that scores the sheet, as provider:name.",
    ),
]
_Again = Annotated[
    str | None,
    typer.Option(
        "--again",
        metavar="ID",
        help="Show a stored evaluation without asking anybody: its evaluationId, the start of one, "
        "or latest. Takes --blind and --judge.",
    ),
]


def evaluate(  # noqa: PLR0913 - each is an option
    weeks: _Weeks = None,
    model: _Models = None,
    repeat: _Repeat = 1,
    athlete: SourceAthlete = None,
    *,
    everybody: _Everybody = False,
    personas: _AllPersonas = False,
    persona: _Personas = None,
    quality: _Quality = False,
    blind: _Blind = None,
    seed: _Seed = None,
    judge: _Judge = None,
    scores: _Scores = None,
    again: _Again = None,
    as_json: AsJson = False,
) -> None:
    """Let planners plan past weeks without hindsight, and compare their plans.

    Reads stored weeks without changing them, or with --personas those of simulated athletes, and
    stores every answer in `evaluation_answers` and the figures in `evaluations`. Ctrl-C stops early
    and keeps what is done. With --quality, the rules planner plans for simulated athletes and its
    plans are scored; the database is neither read nor written.

    With --blind, the plans of each week are written side by side under letters, without a word of
    who made them. Somebody fills in the scores, or the model of --judge does; --scores sums them
    and says who made what.

    With --all, every athlete of the roster has an evaluation of their own, and a table shows them.
    """
    keys = _known(persona or []) if personas or persona else None
    chosen = [quality, scores is not None, again is not None]
    asks = weeks is not None or model or repeat > 1 or athlete or keys is not None
    if (
        sum(chosen) > 1
        or (asks and (scores or again))
        or ((blind or judge) and (scores or quality))
    ):
        raise typer.BadParameter(
            "--quality, --scores and --again each stand alone; only --again takes --blind, --judge "
            "and --seed, and --quality takes --weeks and --persona"
        )
    if everybody:
        sheets = (blind, seed, judge, scores, again)
        if athlete or keys is not None or quality or any(one is not None for one in sheets):
            raise typer.BadParameter(
                "--all evaluates the stored weeks of every athlete of the roster, so it takes only "
                "--weeks, --model, --repeat and --json"
            )
        from weekly_plan_assets.cli.commands.evaluate_roster import evaluate_roster

        evaluate_roster(Question(weeks, model or [], repeat, None, None), as_json=as_json)
        return
    wish = sheet_wish(blind, seed, judge)
    if quality:
        from weekly_plan_assets.cli.commands.evaluate_quality import evaluate_quality

        evaluate_quality(weeks, model or [], keys or [], as_json=as_json)
    elif scores is not None:
        read_scores(scores, as_json=as_json)
    elif again is not None:
        show_again(again, wish, as_json=as_json)
    else:
        _evaluate(Question(weeks, model or [], repeat, athlete, keys), wish, as_json=as_json)


def _evaluate(question: Question, wish: SheetWish | None, *, as_json: bool) -> None:
    """Ask, and show what came of it, whether or not a sheet can be made."""
    asked = ask_planners(question)
    evaluation = asked.evaluation
    try:
        if wish is not None:
            evaluation = make_sheet(asked.database, evaluation, wish, simulated=asked.simulated)
    finally:
        show_evaluation(evaluation, simulated=asked.simulated, as_json=as_json)
    if any(figures.stopped for figures in evaluation.models):
        raise typer.Exit(FAILED)


def _known(keys: Sequence[str]) -> Sequence[str]:
    """The keys of simulated athletes, if there are such.

    Raises:
        typer.BadParameter: One is not known.
    """
    from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY

    unknown = [key for key in keys if key not in PERSONA_BY_KEY]
    if unknown:
        raise typer.BadParameter(
            f"there is no simulated athlete {unknown[0]}; allowed are {', '.join(PERSONA_BY_KEY)}"
        )
    return keys
