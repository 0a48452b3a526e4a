"""`weekly-plan db backup` and `db restore`: the whole database in a folder, and back."""

from pathlib import Path
from typing import Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.terminal.console import err, out, print_json

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the backup.")]


def backup(folder: Folder, *, as_json: AsJson = False) -> None:
    """Copy the database into a new folder; runs may continue meanwhile."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.backup import write_backup
    from weekly_plan_assets.storage.staged_restore import finish_restore

    # As it is: a backup is a way out for a database that this project cannot work with.
    database = open_database(load_settings(), bootstrapped=False)
    finish_restore(database)
    with err.status("copying"):
        made = write_backup(database, folder)
    if as_json:
        print_json({"folder": str(folder), **made.model_dump()})
    else:
        out.print(f"{counted(made.documents, 'document')} of {made.database} copied to {folder}")


def restore(
    folder: Folder,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the documents of a database that is not empty.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database with the documents and indexes of a backup."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
    from weekly_plan_assets.storage.restore import restore_backup

    settings = load_settings()
    if settings.mongo_url is None and EmbeddedServer(settings.embedded_dir).status().in_use:
        raise EmbeddedServerError(
            "another command uses the database; let it end, or stop `weekly-plan dev`, and restore "
            "then"
        )
    database = open_database(settings, bootstrapped=False)
    with err.status("restoring"):
        made = restore_backup(database, folder, replace=force)
    if as_json:
        print_json({"folder": str(folder), **made.model_dump()})
    else:
        what = f"{counted(made.documents, 'document')} of {made.database}"
        summary = f"{what}, {made.made_at:%Y-%m-%d %H:%M} UTC"
        out.print(f"{summary}, restored to {database.name}")
