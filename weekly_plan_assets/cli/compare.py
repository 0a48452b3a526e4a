"""`weekly-plan compare`: two plans side by side."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, one_week
from weekly_plan_assets.cli.athlete import lineage_of
from weekly_plan_assets.cli.console import err, print_json
from weekly_plan_assets.cli.errors import FAILED

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.reading import AnyRun, Lineage

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HELP = "A runId or the beginning of one, latest, or an observed week by its Monday."
_RunOrWeek = Annotated[str, typer.Argument(metavar="RUN_ID|MONDAY", help=_HELP)]


def compare(
    a: _RunOrWeek, b: _RunOrWeek, athlete: AthleteId = None, *, as_json: AsJson = False
) -> None:
    """Show two plans side by side: numbers, bounds, sessions and verdicts, differences marked.

    The exit code is 0 whether or not they differ.
    """
    from weekly_plan_assets.cli.render import SIMULATED
    from weekly_plan_assets.cli.render_comparison import comparison_page
    from weekly_plan_assets.cli.render_page import render_page
    from weekly_plan_assets.lineage import comparing
    from weekly_plan_assets.lineage.reading import LATEST
    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
    of_anybody = any(one == LATEST or _DAY.fullmatch(one) for one in (a, b))
    lineage = lineage_of(settings, athlete, run=None if of_anybody else a)
    compared = comparing.compare(_run(lineage, a), _run(lineage, b))
    if as_json:
        print_json(compared.model_dump())
    else:
        notices = [SIMULATED] if settings.is_sample else []
        render_page(comparison_page(compared, *notices))


def _run(lineage: "Lineage", run_or_week: str) -> "AnyRun":
    """The run that is named, or that published the plan made from the week that is."""
    if not _DAY.fullmatch(run_or_week):
        return lineage.stored_run(run_or_week)
    week = one_week(run_or_week)
    snapshot = lineage.latest_snapshot(week.next())
    if snapshot is None:
        err.print(
            f"no plan was published from the week of {week}; `weekly-plan runs` lists them",
            style="red",
        )
        raise typer.Exit(FAILED)
    return lineage.stored_run(snapshot.run_id)
