"""`weekly-plan show` and `weekly-plan runs`: what was planned, and how it went."""

from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, EitherWeek
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose
from weekly_plan_assets.cli.weeks import plan_of
from weekly_plan_assets.terminal.console import err, print_json
from weekly_plan_assets.terminal.failures import FAILED, say


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
) -> None:
    """Show a published plan, by default that of the latest planned week."""
    from weekly_plan_assets.cli.pages.render import render_plan
    from weekly_plan_assets.settings import load_settings

    if week is not None and run_id is not None:
        raise typer.BadParameter("give --week or --run-id, not both")
    settings = load_settings()
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
    else:
        render_plan(snapshot, simulated=settings.is_sample)


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
    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
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
