"""`weekly-plan forget`: everything of an athlete is shown, and deleted after asking."""

from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.terminal.console import err, loading, out, print_json
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say_failed

if TYPE_CHECKING:
    from pathlib import Path

    from pymongo.database import Database

    from weekly_plan_assets.runs.forgetting import Belongings
    from weekly_plan_assets.storage.codec import BsonDocument

_NOT_TOUCHED = (
    "Not deleted: backups (`db backup`), exported runs, OpenLineage events, logs "
    "(`weekly-plan logs`), your own training files, .env and athlete file, and what was delivered "
    "to a calendar or a folder (`weekly-plan deliver --take-back`, run before, removes it)."
)

_SHARED_HISTORY = (
    "Dagster's history is not in the state folder, so nobody can see here who else uses it: stop "
    "the UI, the daemon and the workers on all machines first."
)


def forget(
    athlete: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Athlete to delete; needed only if the database holds several."
        ),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete everything stored about an athlete, after listing it and asking.

    This covers documents, Dagster's runs and the data read from training files. It cannot be
    undone. If it is interrupted, run it again: it continues where it stopped.
    """
    from weekly_plan_assets.settings import dagster_home, load_settings

    settings = load_settings()
    database = open_database(settings)
    with loading():
        from weekly_plan_assets.runs.forgetting import belongings_of
        from weekly_plan_assets.runs.forgetting import forget as forget_all
        from weekly_plan_assets.runs.history.history import is_in_force
        from weekly_plan_assets.runs.instance import open_instance
        from weekly_plan_assets.storage.athlete_documents import athletes_of

    named = settings.roster.named(athlete) if settings.roster and athlete else None
    whose = (named.id if named else athlete) or _only_one(athletes_of(database), database)
    history = settings.dagster_state_dir
    owns_history = is_in_force(dagster_home())
    with open_instance() as instance:
        found = belongings_of(
            database,
            instance,
            whose,
            imports_dir=settings.imports_dir,
            owns_history=owns_history,
        )
        if not as_json:
            _show(found, database.name)
        if not found.is_empty:
            _require_unused(history)
            if not owns_history:
                err.print(_SHARED_HISTORY, style="yellow", soft_wrap=True)
            if not yes and not _agreed():
                err.print("nothing was deleted", style="yellow")
                raise typer.Exit(FAILED)
            try:
                with err.status("deleting") as status:
                    for step in forget_all(database, instance, found, history):
                        status.update(f"deleting {step}")
            except KeyboardInterrupt:
                err.print("interrupted; the same command goes on where it was", style="yellow")
                raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(
            {
                "athleteId": whose,
                "database": database.name,
                "documents": dict(found.documents),
                "dagsterRuns": len(found.dagster_runs),
                "importCaches": len(found.caches),
            }
        )
    elif not found.is_empty:
        out.print(f"everything of athlete {whose} is deleted", soft_wrap=True)


def _only_one(athletes: list[str], database: "Database[BsonDocument]") -> str:
    if len(athletes) == 1:
        return athletes[0]
    if not athletes:
        out.print(f"the database {database.name} holds no athlete's data", soft_wrap=True)
        raise typer.Exit(0)
    say_failed(
        f"the database {database.name} holds the athletes {', '.join(athletes)}; "
        "name one with --athlete ID"
    )
    raise typer.Exit(FAILED)


def _show(found: "Belongings", database: str) -> None:
    if found.is_empty:
        also = f"; it holds {', '.join(found.others)}" if found.others else ""
        out.print(
            f"the database {database} holds nothing of athlete {found.athlete_id}{also}",
            soft_wrap=True,
        )
        return
    out.print(f"Stored of athlete {found.athlete_id} in the database {database}:", soft_wrap=True)
    for name, count in found.documents.items():
        out.print(f"{count:>8}  {name}")
    out.print(f"{len(found.dagster_runs):>8}  runs in Dagster's history, with their logs")
    if found.caches:
        out.print(f"{len(found.caches):>8}  caches of training files that were read")
    if found.others:
        out.print(f"The data of {', '.join(found.others)} stay.", soft_wrap=True)
    if found.other_runs:
        out.print(
            f"{found.other_runs} other runs in Dagster's history stay.",
            soft_wrap=True,
        )
    if found.shared_runs:
        out.print(
            f"{found.shared_runs} of them planned for others too, and may name {found.athlete_id} "
            "among those for whom a plan failed.",
            soft_wrap=True,
        )
    if found.tagged_runs:
        out.print(
            f"{counted(len(found.tagged_runs), 'run')} for several athletes will no longer name "
            f"{found.athlete_id} in the tags.",
            soft_wrap=True,
        )
    out.print(_NOT_TOUCHED)


def _require_unused(history: "Path") -> None:
    """Refuse while another process may write what is being deleted."""
    from weekly_plan_assets.runs.history.history_faults import processes_named, users_of

    users = users_of(history)
    if users:
        say_failed(
            f"Dagster's history is used by {processes_named(users)}; stop that first "
            "(`weekly-plan dev`, for example), then run this again"
        )
        raise typer.Exit(FAILED)


def _agreed() -> bool:
    try:
        answer = err.input("Type forget to delete all of it: ", markup=False)
    except (EOFError, KeyboardInterrupt):
        err.print()
        return False
    return answer.strip().lower() == "forget"
