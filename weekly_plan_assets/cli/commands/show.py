"""`weekly-plan show` and `weekly-plan runs`: what was planned, and how it went."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, EitherWeek
from weekly_plan_assets.cli.commands.athlete import (
    lineage_of,
    name_in_roster,
    say_whose,
    settings_and_id,
)
from weekly_plan_assets.cli.weeks import plan_of
from weekly_plan_assets.terminal.console import err, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, say

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.records.reading import AnySnapshot, Lineage


def show(
    week: EitherWeek = None,
    run_id: Annotated[
        str | None,
        typer.Option(
            metavar="RUN_ID",
            help="Run whose plan to show: its runId, or the start of it.",
        ),
    ] = None,
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Print it as a page of HTML, to open or to send.")
    ] = False,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the page of HTML to this file instead."),
    ] = None,
) -> None:
    """Show a published plan, by default that of the latest planned week."""
    from weekly_plan_assets.cli.pages.render import render_plan

    if week is not None and run_id is not None:
        raise typer.BadParameter("give --week or --run-id, not both")
    if as_json and (as_html or to is not None):
        raise typer.BadParameter("give --json or --html, not both")
    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete, run=run_id)
    if run_id is not None:
        resolved = lineage.resolve(run_id)
        snapshot = lineage.snapshot(resolved)
        if snapshot is None:
            say(f"run {resolved} published no plan; `weekly-plan explain {run_id}` says why")
            raise typer.Exit(FAILED)
    else:
        snapshot = plan_of(lineage, week, settings)
    say_whose(settings, athlete, [snapshot.athlete_id])
    if as_json:
        print_json(snapshot.model_dump())
    elif as_html or to is not None:
        _show_page(lineage, snapshot, to, is_simulated=settings.is_sample)
    else:
        name = name_in_roster(snapshot.athlete_id)
        render_plan(snapshot, simulated=settings.is_sample, name=name)


def _show_page(
    lineage: "Lineage", snapshot: "AnySnapshot", to: Path | None, *, is_simulated: bool
) -> None:
    """Print the plan as a page of HTML, or write it to a file."""
    from weekly_plan_assets.common.whole_file import write_whole
    from weekly_plan_assets.lineage.records.records import PlanSnapshot
    from weekly_plan_assets.week_page.stored_page import page_of_plan

    if not isinstance(snapshot, PlanSnapshot):
        say(f"the plan of run {snapshot.run_id} is of version 1.0, of which there is no page")
        raise typer.Exit(FAILED)
    name = name_in_roster(snapshot.athlete_id)
    page = page_of_plan(lineage, snapshot, is_simulated=is_simulated, name=name)
    if to is None:
        sys.stdout.write(page)
        return
    try:
        write_whole(to, page)
    except OSError as error:
        say(f"{to} cannot be written ({error.strerror}); check its folder, or give another file")
        raise typer.Exit(FAILED) from error
    out.print(str(to), markup=False, soft_wrap=True)


def runs(
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="Number of weeks to list.")
    ] = 20,
    week: EitherWeek = None,
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List planned weeks and how their runs ended, newest first."""
    from weekly_plan_assets.cli.pages.render import render_runs

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete)
    events = lineage.events(limit, week)
    if not events:
        of_week = "" if week is None else f" from or for the week of {week}"
        whose = ", which is the sample's" if settings.is_sample else ""
        err.print(
            f"no runs{of_week} in the database {lineage.database.name}{whose}; `weekly-plan run` "
            "makes one",
            style="yellow",
            soft_wrap=True,
        )
    say_whose(settings, athlete, {event.athlete_id for event in events})
    if as_json:
        print_json(events)
    else:
        render_runs(events)
