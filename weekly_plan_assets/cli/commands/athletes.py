"""`weekly-plan athletes`: who is in the roster, and changes to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.commands.athlete import choose_nobody
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.terminal.console import out, print_json
from weekly_plan_assets.terminal.failures import FAILED, say_failed

if TYPE_CHECKING:
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.settings.roster import Roster, RosterAthlete

app = typer.Typer(help="List, add and remove the athletes of a roster.", no_args_is_help=True)

_SIMULATED_ID = "simulated-{:03}"
_MOST_SIMULATED = 100_000


@app.command(short_help="Add an athlete, or some simulated ones.")
def add(  # noqa: PLR0913 - each is an option
    athlete_id: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help="Id of the athlete; for Intervals.icu that of the account."
        ),
    ] = None,
    *,
    simulated: Annotated[
        int | None,
        typer.Option(
            "--simulated",
            metavar="COUNT",
            min=1,
            max=_MOST_SIMULATED,
            help="Add so many simulated athletes, to try what a roster is like.",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What people call the athlete.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Time zone, such as Europe/Madrid.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Source: intervals, folder or simulated.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="VARIABLE",
            help="Name of the environment variable that holds the athlete's API key.",
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="VARIABLE",
            help="Name of the environment variable that holds the athlete's OAuth access token.",
        ),
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder with the athlete's files.")] = None,
    athlete_file: Annotated[
        Path | None, typer.Option("--file", help="YAML file about the athlete.")
    ] = None,
    deliver: Annotated[
        str | None, typer.Option(help="Where plans are delivered: intervals, files or both.")
    ] = None,
    deliver_dir: Annotated[
        Path | None, typer.Option("--deliver-dir", help="Folder for delivered files.")
    ] = None,
) -> None:
    """Add an athlete to the roster, which is made where there is none.

    The roster is the file that WEEKLY_PLAN_ROSTER names. The key or token of an account is never
    written into it, only the name of the variable that holds it.
    """
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.settings.roster_file import add_to_roster

    if (athlete_id is None) == (simulated is None):
        raise typer.BadParameter("give either an id or --simulated")
    of_one = (name, source, key, token, folder, athlete_file, deliver, deliver_dir)
    if simulated is not None and any(one is not None for one in of_one):
        raise typer.BadParameter("--simulated takes no other option than --timezone")
    choose_nobody()
    path = _roster_path()
    if simulated is not None:
        added = _simulated(path, simulated, timezone)
    else:
        given = {
            "id": athlete_id,
            "name": name,
            "timezone": timezone,
            "source": source or ("intervals" if key or token else "folder"),
            "key": key,
            "token": token,
            "folder": _absolute(folder),
            "athlete_file": _absolute(athlete_file),
            "deliver": deliver,
            "deliver_dir": _absolute(deliver_dir),
        }
        added = [_athlete({field: value for field, value in given.items() if value is not None})]
    add_to_roster(path, added)
    who = added[0].called if len(added) == 1 else f"{len(added)} simulated athletes"
    out.print(f"added {who} to {path}", markup=False, soft_wrap=True)
    _put_in_force(path)
    if load_settings().roster is not None:
        out.print("next: `weekly-plan run --all` plans for everybody in the roster")


@app.command("list", short_help="List the athletes of the roster.")
def list_athletes(*, as_json: AsJson = False) -> None:
    """List the athletes of the roster, with their source and where their plans go."""
    from rich.table import Table

    from weekly_plan_assets.settings.roster import zone_of

    settings, roster = _settings_and_roster()
    if as_json:
        print_json([one.model_dump(mode="json", exclude_none=True) for one in roster.athletes])
        return
    table = Table("id", "name", "zone", "source", "delivers to", box=None, pad_edge=False)
    for one in roster.athletes:
        table.add_row(one.id, one.name or "", zone_of(settings, one), one.source, one.deliver or "")
    out.print(table)


@app.command(short_help="Show one athlete: settings, and what is stored.")
def show(
    athlete: Annotated[str, typer.Argument(metavar="ID|NAME", help="An athlete of the roster.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show what the roster says of an athlete, and how much is stored of them."""
    from weekly_plan_assets.settings.roster import zone_of
    from weekly_plan_assets.storage.athlete_documents import counts_of, queries_of

    settings, roster = _settings_and_roster()
    one = roster.require(athlete)
    database = open_database(settings)
    counts = counts_of(database, queries_of(database, one.id, is_alone=False))
    said = one.model_dump(mode="json", exclude_none=True) | {"timezone": zone_of(settings, one)}
    if as_json:
        print_json({"roster": said, "documents": counts})
        return
    for field, value in said.items():
        out.print(f"{field:<13} {value}", markup=False, soft_wrap=True)
    for collection, count in counts.items():
        out.print(f"{count:>8}  {collection}")


@app.command(short_help="Remove an athlete, and all that is stored of them.")
def remove(
    athlete: Annotated[str, typer.Argument(metavar="ID|NAME", help="An athlete of the roster.")],
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Take them out of the roster alone; keep what is stored.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """Take an athlete out of the roster, and delete everything stored about them.

    What is stored is listed and asked about first, as by `weekly-plan forget`. The athlete's own
    files, and what was delivered, stay where they are.
    """
    from weekly_plan_assets.cli.commands.forget import forget
    from weekly_plan_assets.settings.roster_file import remove_from_roster, require_removable

    _, roster = _settings_and_roster()
    one = roster.require(athlete)
    require_removable(_roster_path(), one.id)
    if not keep:
        forget(one.id, yes=yes)
    remove_from_roster(_roster_path(), one.id)
    out.print(f"{one.called} is no longer in the roster", markup=False, soft_wrap=True)


def _settings_and_roster() -> "tuple[Settings, Roster]":
    """The shared settings and the roster, however many athletes it has."""
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.settings.roster_file import read_roster

    choose_nobody()
    settings = load_settings()
    path = _roster_path()
    if not path.exists():
        say_failed(
            "there is no roster: these settings are for one athlete; `weekly-plan athletes add` "
            "makes one"
        )
        raise typer.Exit(FAILED)
    return settings, read_roster(path)


def _roster_path() -> Path:
    """The file of WEEKLY_PLAN_ROSTER, else `roster.yaml` beside the `.env` that commands read."""
    import os

    from weekly_plan_assets.settings.env_file import load_environment

    load_environment()
    named = os.environ.get(_ROSTER)
    return Path(named).absolute() if named else _env_file().with_name("roster.yaml")


def _env_file() -> Path:
    """The file with settings that commands read, or would read if it were there."""
    import os

    from weekly_plan_assets.settings.env_file import ENV_FILE, default_file, found_file

    named = os.environ.get(ENV_FILE)
    return Path(named) if named else found_file() or default_file()


_ROSTER = "WEEKLY_PLAN_ROSTER"


def _put_in_force(path: Path) -> None:
    """Name the roster in the file with settings, unless a variable names it already."""
    import os

    from weekly_plan_assets.operations.first_settings import merged, write_private

    if os.environ.get(_ROSTER):
        return
    env = _env_file()
    present = env.read_text(encoding="utf-8") if env.exists() else ""
    write_private(env, merged(present, {_ROSTER: path.name}), keep_previous=False)
    os.environ[_ROSTER] = str(path)
    out.print(f"set {_ROSTER} in {env}", soft_wrap=True)


def _simulated(path: Path, count: int, timezone: str | None) -> "list[RosterAthlete]":
    """So many simulated athletes, numbered on from those that the roster has."""
    from weekly_plan_assets.settings.roster_file import read_roster

    known = {one.id for one in read_roster(path).athletes} if path.exists() else set()
    ids = (_SIMULATED_ID.format(number) for number in range(1, len(known) + count + 1))
    free = [one for one in ids if one not in known][:count]
    zone = {} if timezone is None else {"timezone": timezone}
    return [_athlete({"id": one, "source": "simulated", **zone}) for one in free]


def _athlete(given: "dict[str, Any]") -> "RosterAthlete":
    from pydantic import ValidationError

    from weekly_plan_assets.settings.roster import RosterAthlete
    from weekly_plan_assets.settings.roster_file import refusal_of

    try:
        return RosterAthlete.model_validate(given)
    except ValidationError as error:
        raise typer.BadParameter(refusal_of(error)) from None


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.expanduser().absolute()
