"""`weekly-plan export`: all documents of one run, in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AthleteId, RunOrWeek
from weekly_plan_assets.cli.commands.athlete import lineage_of, say_whose, settings_and_id
from weekly_plan_assets.cli.weeks import needs_athlete, run_id_from
from weekly_plan_assets.terminal.console import err, out


def export(
    run: RunOrWeek,
    to: Annotated[
        Path,
        typer.Option("--to", metavar="DIR", help="Folder in which to create the run's own folder."),
    ],
    athlete: AthleteId = None,
) -> None:
    """Write all documents of a run, as they are stored, into a folder named after it.

    `weekly-plan replay` reads such a folder without a database.
    """
    from weekly_plan_assets.lineage.audit.bundle import write_bundle

    settings, athlete = settings_and_id(athlete)
    lineage = lineage_of(settings, athlete, run=needs_athlete(run))
    run_id = run_id_from(lineage, run, settings)
    whose = lineage.athlete_of(run_id)
    say_whose(settings, athlete, [whose])
    folder = write_bundle(lineage.database, run_id, to)
    err.print(f"run {run_id} of athlete {whose or 'unknown'}", style="dim", soft_wrap=True)
    out.print(str(folder), markup=False, soft_wrap=True)
