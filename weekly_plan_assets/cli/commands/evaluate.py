"""`weekly-plan evaluate`: planners asked about past weeks, side by side."""

from collections.abc import Sequence
from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, SourceAthlete
from weekly_plan_assets.cli.commands.evaluate_planners import (
    PERSONA_WEEKS,
    STORED_WEEKS,
    Question,
    ask_planners,
)
from weekly_plan_assets.terminal.console import print_json
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


def evaluate(  # noqa: PLR0913 - each is an option
    weeks: _Weeks = None,
    model: _Models = None,
    repeat: _Repeat = 1,
    athlete: SourceAthlete = None,
    *,
    personas: _AllPersonas = False,
    persona: _Personas = None,
    quality: _Quality = False,
    as_json: AsJson = False,
) -> None:
    """Let planners plan past weeks without hindsight, and compare their plans.

    Reads stored weeks without changing them, or with --personas those of simulated athletes, and
    stores every answer in `evaluation_answers` and the figures in `evaluations`. Ctrl-C stops early
    and keeps what is done. With --quality, the rules planner plans for simulated athletes and its
    plans are scored; the database is neither read nor written.
    """
    _require_known(persona or [])
    if quality:
        from weekly_plan_assets.cli.commands.evaluate_quality import evaluate_quality

        evaluate_quality(weeks, model or [], persona or [], as_json=as_json)
        return
    keys = persona or [] if personas or persona else None
    _evaluate(Question(weeks, model or [], repeat, athlete, keys), as_json=as_json)


def _evaluate(question: Question, *, as_json: bool) -> None:
    """Ask, and show what came of it."""
    from weekly_plan_assets.cli.pages.render_evaluation import render_evaluation

    asked = ask_planners(question)
    if as_json:
        print_json(asked.evaluation.model_dump())
    else:
        render_evaluation(asked.evaluation, simulated=asked.simulated)
    if any(figures.stopped for figures in asked.evaluation.models):
        raise typer.Exit(FAILED)


def _require_known(keys: Sequence[str]) -> None:
    from weekly_plan_assets.evaluation.personas.persona_table import PERSONA_BY_KEY

    unknown = [key for key in keys if key not in PERSONA_BY_KEY]
    if unknown:
        raise typer.BadParameter(
            f"there is no simulated athlete {unknown[0]}; allowed are {', '.join(PERSONA_BY_KEY)}"
        )
