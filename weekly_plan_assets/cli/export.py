"""`weekly-plan export`: all documents of one run, in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from weekly_plan_assets.cli.athlete import lineage_of
from weekly_plan_assets.cli.console import err, out
from weekly_plan_assets.cli.errors import FAILED


def export(
    run_id: Annotated[
        str, typer.Argument(metavar="RUN_ID", help="A runId, its beginning, or latest.")
    ],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Where the run's own folder is made.")
    ],
) -> None:
    """Write all documents of a run, as they are stored, into a folder named after it.

    `weekly-plan replay` reads such a folder without any database.
    """
    from weekly_plan_assets.lineage.bundle import BundleError, write_bundle
    from weekly_plan_assets.settings import load_settings

    lineage = lineage_of(load_settings(), None, run=run_id)
    try:
        folder = write_bundle(lineage.database, lineage.resolve(run_id), to)
    except (BundleError, OSError) as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from None
    out.print(str(folder), markup=False, soft_wrap=True)
