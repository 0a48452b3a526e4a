"""`weekly-plan compare`: two plans side by side."""

from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_and_id
from weekly_plan_assets.cli.weeks import needs_athlete, run_id_from
from weekly_plan_assets.terminal.console import print_json

_HELP = (
    "a runId, the start of one, latest (the most recent run), or the Monday of a week, observed "
    "or planned."
)
_FirstRun = Annotated[str, typer.Argument(metavar="FIRST", help=f"Side A: {_HELP}")]
_SecondRun = Annotated[str, typer.Argument(metavar="SECOND", help=f"Side B: {_HELP}")]


def compare(
    a: _FirstRun, b: _SecondRun, athlete: AthleteId = None, *, as_json: AsJson = False
) -> None:
    """Show two plans side by side (numbers, bounds, sessions, verdicts), with differences marked.

    The exit code is 0 whether or not they differ.
    """
    from weekly_plan_assets.cli.pages.render import SIMULATED
    from weekly_plan_assets.cli.pages.render_comparison import comparison_page
    from weekly_plan_assets.cli.pages.render_page import render_page
    from weekly_plan_assets.lineage.audit import comparing

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete, run=needs_athlete(a, b))
    first, second = (lineage.stored_run(run_id_from(lineage, one, settings)) for one in (a, b))
    compared = comparing.compare(first, second)
    say_whose(settings, athlete, [compared.a.athlete_id, compared.b.athlete_id])
    if as_json:
        print_json(compared.model_dump())
    else:
        notices = [SIMULATED] if settings.is_sample else []
        render_page(comparison_page(compared, *notices))
