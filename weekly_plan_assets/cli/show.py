"""`weekly-plan show` and `weekly-plan runs`: what was planned, and how it went."""

from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId, ObservedWeek
from weekly_plan_assets.cli.athlete import lineage_of
from weekly_plan_assets.cli.console import err, print_json


def show(
    week: ObservedWeek = None,
    run_id: Annotated[
        str | None,
        typer.Option(help="The plan that this run published: its runId, or the beginning of it."),
    ] = None,
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show a published plan: by its observed week, by its runId, or the latest one."""
    from weekly_plan_assets.cli.render import render_plan
    from weekly_plan_assets.settings import load_settings

    if week is not None and run_id is not None:
        raise typer.BadParameter("give --week or --run-id, not both")
    settings = load_settings()
    lineage = lineage_of(settings, athlete, run=run_id)
    if run_id is not None:
        snapshot = lineage.snapshot(lineage.resolve(run_id))
    else:
        snapshot = lineage.latest_snapshot(None if week is None else week.next())
    if snapshot is None:
        asked = f"run {run_id}" if run_id else f"week {week}" if week else "any week"
        err.print(f"no plan was published for {asked}; `weekly-plan run` makes one", style="red")
        raise typer.Exit(1)
    if as_json:
        print_json(snapshot.model_dump())
    else:
        render_plan(snapshot, simulated=settings.is_sample)


def runs(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List planned weeks and how their runs ended, newest first."""
    from weekly_plan_assets.cli.render import render_runs
    from weekly_plan_assets.settings import load_settings

    events = lineage_of(load_settings(), athlete).events(limit)
    if as_json:
        print_json(events)
    else:
        render_runs(events)
