"""`weekly-plan db`: the embedded server and the index set."""

from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.commands.backup import backup, restore
from weekly_plan_assets.cli.commands.migrate import migrate
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.terminal.console import err, out, print_json

if TYPE_CHECKING:
    from pymongo.database import Database

    from weekly_plan_assets.storage.codec import BsonDocument

app = typer.Typer(
    help="Start, stop, back up, restore and migrate the database.", no_args_is_help=True
)


@app.command(short_help="Start the embedded server and leave it running.")
def start() -> None:
    """Start the embedded server and leave it running."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.embedded import EmbeddedServer

    settings = load_settings()
    if settings.mongo_url is not None:
        err.print("MONGO_URL is set, so the embedded server is not used; nothing was started")
        raise typer.Exit(1)
    server = EmbeddedServer(settings.embedded_dir)
    server.start()
    out.print(f"running: {server.status().url}", soft_wrap=True)


@app.command()
def stop(
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Stop the server even if other processes are using it.")
    ] = False,
) -> None:
    """Stop the embedded server."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.embedded import EmbeddedServer

    server = EmbeddedServer(load_settings().embedded_dir)
    was_running = server.status().running
    server.stop(force=force)
    out.print("stopped" if was_running else "it was not running")


@app.command(short_help="Show whether the embedded server is running.")
def status(*, as_json: AsJson = False) -> None:
    """Show whether the embedded server is running, and its URL.

    The exit code is 1 if it is not running.
    """
    from dataclasses import asdict

    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.embedded import EmbeddedServer

    state = EmbeddedServer(load_settings().embedded_dir).status()
    facts = {**asdict(state), "folder": str(state.folder)}
    if as_json:
        print_json(facts)
    else:
        for name, value in facts.items():
            out.print(f"{name}: {'-' if value is None else value}", soft_wrap=True)
    raise typer.Exit(0 if state.running else 1)


@app.command(short_help="Create or replace the indexes.")
def bootstrap(
    *,
    validate: Annotated[
        bool | None,
        typer.Option(help="Make the server reject malformed documents, or accept them again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create the indexes of the database, and show which were created, replaced or kept."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.indexes import ensure_indexes, superseded_note
    from weekly_plan_assets.storage.staged_restore import finish_restore

    database = open_database(load_settings(), bootstrapped=False)
    finish_restore(database)
    changes = ensure_indexes(database)
    earlier = superseded_note(database)
    if validate is not None:
        _validate(database, on=validate)
    if earlier is not None:
        err.print(earlier, style="yellow", soft_wrap=True)
    if as_json:
        print_json(
            [
                {"action": c.action, "collection": c.index.collection, "index": c.index.name}
                for c in changes
            ]
        )
        return
    out.print(f"database {database.name}")
    for change in changes:
        out.print(f"{change.action} {change.index.collection}.{change.index.name}")


app.command(short_help="Adapt an existing database; a dry run by default.")(migrate)
app.command(short_help="Copy the database into a new folder.")(backup)
app.command(short_help="Fill an empty database from a backup.")(restore)


def _validate(database: "Database[BsonDocument]", *, on: bool) -> None:
    from weekly_plan_assets.lineage.export.json_schemas import collection_schemas
    from weekly_plan_assets.storage.validators import apply_validators, remove_validators

    if on:
        apply_validators(database, collection_schemas())
    else:
        remove_validators(database, collection_schemas())
