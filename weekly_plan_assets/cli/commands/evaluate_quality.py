"""`weekly-plan evaluate --quality`: the plan quality score, over simulated athletes."""

from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.terminal.console import err, out, print_json
from weekly_plan_assets.terminal.failures import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from weekly_plan_assets.evaluation.quality.score import (
        ItemScore,
        PlanQuality,
        Reading,
        Scoring,
    )


def evaluate_quality(
    weeks: int | None, models: "Sequence[str]", athletes: "Sequence[str]", *, as_json: bool
) -> None:
    """Score the rules planner, and show the score.

    Args:
        weeks: How many weeks each loop has; None: a year.
        models: Planners that were asked for; only `rules` can be scored.
        athletes: Keys of simulated athletes, which are known; empty: all.
        as_json: Whether to write JSON.
    """
    from weekly_plan_assets.evaluation.quality.planned_week import YEAR_WEEKS
    from weekly_plan_assets.evaluation.quality.score import Scoring
    from weekly_plan_assets.planners.rules import RulesPlanner
    from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY

    others = [model for model in models if model != RulesPlanner.model_id]
    if others:
        raise typer.BadParameter(
            f"--quality scores the rules planner only, not {others[0]}: a score takes thousands "
            "of plans; leave out --model"
        )
    personas = [PERSONA_BY_KEY[key] for key in athletes or PERSONA_BY_KEY]
    scoring = Scoring(personas, weeks or YEAR_WEEKS)
    if not _scored_to_the_end(scoring):
        err.print("interrupted; a part of a score is no score, so nothing is shown", style="yellow")
        raise typer.Exit(INTERRUPTED)
    score = scoring.score()
    if as_json:
        print_json(score.model_dump())
    else:
        _render(score)


def _scored_to_the_end(scoring: "Scoring") -> bool:
    """Make all plans, showing progress; False where a Ctrl-C ended it."""
    with err.status("simulating the athletes") as status:
        try:
            for number, what in enumerate(scoring.run(), start=1):
                status.update(f"{number} of {scoring.steps}: {what}")
        except KeyboardInterrupt:
            return False
    return True


def _render(score: "PlanQuality") -> None:
    from rich.table import Table

    from weekly_plan_assets.evaluation.quality.score_rows import (
        TITLES,
        athlete_rows,
        bound,
        score_tables,
    )

    out.print(
        f"{score.planner}, {len(score.athletes)} simulated athletes, {score.weeks} weeks a loop"
    )
    for of_loop in score_tables(score):
        table = Table("", "good", *of_loop.settings, "n", title=TITLES[of_loop.loop])
        for item in of_loop.items:
            readings = of_loop.readings(item)
            cells = [_cell(item, reading) for reading in readings]
            n = next((reading.n for reading in readings if reading), 0)
            table.add_row(f"{item.id} {item.what}", bound(item), *cells, str(n))
        out.print(table)
    head, *rows = athlete_rows(score)
    of_athletes = Table(*head, title="Each athlete's own values")
    for row in rows:
        of_athletes.add_row(*row)
    out.print(of_athletes)
    for key, why in score.not_computed.items():
        out.print(f"{key} is not computed: {why}", style="dim", markup=False)


def _cell(item: "ItemScore", reading: "Reading | None") -> "Text":
    """A value in the colour of its verdict."""
    from rich.text import Text

    from weekly_plan_assets.evaluation.quality.score_rows import NOT_MEASURED, value_text

    if reading is None or reading.value is None:
        return Text(NOT_MEASURED, "dim")
    return Text(value_text(item, reading.value), "green" if reading.met else "red")
