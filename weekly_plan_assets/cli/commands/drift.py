"""`weekly-plan drift`: runs whose numbers have changed since, and plans changed by hand."""

from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.arguments import AsJson, AthleteId
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_and_id
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

    Plans that you changed on your calendar follow. The exit code is 1 if any run is listed because
    of its data.
    """
    from weekly_plan_assets.cli.pages.render_delivery import reading_in_words
    from weekly_plan_assets.lineage.audit.changed_by_hand import plans_changed_by_hand
    from weekly_plan_assets.lineage.audit.drift import Scope, drifted_runs

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete)
    drifted = drifted_runs(lineage.database, Scope(athlete_id=lineage.athlete_id))
    by_hand = plans_changed_by_hand(lineage.database, lineage.athlete_id)
    owners = [*(run.athlete_id for run in drifted), *(one.athlete_id for one in by_hand)]
    say_whose(settings, athlete, owners)
    if as_json:
        print_json({"runs": drifted, "changedByHand": by_hand})
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
    for changed in () if as_json else by_hand:
        out.print(
            f"{changed.run_id}: plan for {changed.week_start}, changed by hand on {changed.target}",
            soft_wrap=True,
        )
        for entry in changed.entries:
            out.print(f"    {reading_in_words(entry)}", markup=False, soft_wrap=True)
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
