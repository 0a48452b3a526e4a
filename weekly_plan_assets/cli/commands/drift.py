"""`weekly-plan drift`: runs that rest on numbers which the store no longer holds."""

from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose
from weekly_plan_assets.terminal.console import out, print_json
from weekly_plan_assets.terminal.failures import FAILED

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.audit.drift import ChangedRow, DriftedRun, MovedMetric


def drift(
    athlete: AthleteId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List runs whose data has changed in the database since, and what changed.

    The exit code is 1 if any run is listed.
    """
    from weekly_plan_assets.lineage.audit.drift import Scope, drifted_runs
    from weekly_plan_assets.settings import load_settings

    settings = load_settings()
    lineage = lineage_of(settings, athlete)
    drifted = drifted_runs(lineage.database, Scope(athlete_id=lineage.athlete_id))
    say_whose(settings, athlete, {run.athlete_id for run in drifted})
    if as_json:
        print_json(drifted)
    elif not drifted:
        whose = lineage.athlete_id or ", ".join(lineage.athletes()) or "nobody yet"
        out.print(f"every run rests on what the store holds (athlete {whose})", soft_wrap=True)
    else:
        for run in drifted:
            plan = "its plan is published" if run.published else "no plan is published"
            out.print(
                f"{run.run_id}: athlete {run.athlete_id}, plan for {run.week_start} from "
                f"{run.observed_week_start}, {plan}",
                soft_wrap=True,
            )
            render_drift(run)
    if drifted:
        raise typer.Exit(FAILED)


def render_drift(run: "DriftedRun") -> None:
    """Write what moved in the weeks that a run used."""
    for week in run.weeks:
        out.print(f"  week {week.week_start}: the store holds other values now")
        for moved in week.metrics:
            out.print(f"    {_moved(moved)}", markup=False, soft_wrap=True)
        for row in week.rows:
            out.print(f"    {_changed(row)}", markup=False, soft_wrap=True)


def _moved(moved: "MovedMetric") -> str:
    by = "" if moved.by is None else f" ({moved.by:+g})"
    return f"{moved.metric}: used {_shown(moved.used)}, now {_shown(moved.now)}{by}"


def _shown(value: object) -> str:
    return "not measured" if value is None else str(value)


def _changed(row: "ChangedRow") -> str:
    keys = f": {', '.join(row.keys)}" if row.keys else ""
    return f"{row.collection} {row.id} {row.change.value}{keys}"
