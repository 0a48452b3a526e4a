"""`weekly-plan db migrate`: an existing database made fit, after a look at it."""

from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.terminal.console import err, out, print_json
from weekly_plan_assets.terminal.failures import FAILED

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.export.migration import CollectionReport, Migration


def migrate(
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply the changes. Default: a dry run.")
    ] = False,
    multi_athlete: Annotated[
        bool, typer.Option("--multi-athlete", help="Let the database hold several athletes.")
    ] = False,
    athlete: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Athlete to assign to weekly metrics that name none."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Convert text timestamps to dates, renew the indexes, and list unreadable documents.

    Without --apply, nothing is changed.
    """
    from weekly_plan_assets.lineage.export.migration import migrate as migrated
    from weekly_plan_assets.settings import load_settings
    from weekly_plan_assets.storage.staged_restore import finish_restore

    settings = load_settings()
    if settings.is_sample:
        err.print(
            "this is the database of the sample; for your own set INTERVALS_API_KEY or "
            "WEEKLY_PLAN_EXPORT_DIR as for `weekly-plan run`",
            style="yellow",
            soft_wrap=True,
        )
    database = open_database(settings, bootstrapped=False)
    finish_restore(database)
    found = migrated(database, apply=apply, several_athletes=multi_athlete, athlete_id=athlete)
    if as_json:
        print_json(found.model_dump())
    else:
        out.print(f"database {database.name}", soft_wrap=True)
        for report in found.collections:
            _show(report)
        _show_whole(found)
    if found.obstacles:
        raise typer.Exit(FAILED)


def _show(report: "CollectionReport") -> None:
    from weekly_plan_assets.lineage.export.migration import KEYS

    out.print(f"{report.collection}: {counted(report.documents, 'document')}")
    if report.texts:
        out.print(f"  {report.texts} with timestamps as text")
    if report.due:
        out.print(f"  {report.due} older than is kept: MongoDB deletes them once they have dates")
    for key in report.duplicates:
        out.print(f"  twice there: {KEYS[report.collection]} {key}", markup=False, soft_wrap=True)
    if report.unkeyed:
        out.print(f"  {report.unkeyed} without a {KEYS[report.collection]}")
    for one in report.unreadable:
        out.print(f"  cannot be read: {one.id}: {one.reason}", markup=False, soft_wrap=True)


def _show_whole(found: "Migration") -> None:
    if found.unnamed:
        out.print(f"{found.unnamed} weekly_metrics name no athlete; --athlete ID says whose")
    if found.several_athletes:
        out.print("it holds several athletes, or will")
    if found.switch_unfinished:
        left = "the unique index on weekStart alone, left by an interrupted --multi-athlete,"
        out.print(f"{left} {'is removed' if found.applied else 'goes with --apply'}")
    if found.superseded_indexes:
        done = "are replaced" if found.applied else "are replaced with --apply"
        names = ", ".join(found.superseded_indexes)
        out.print(f"unique indexes of an earlier version {done}: {names}", soft_wrap=True)
    out.print(_ended(found))


def _ended(found: "Migration") -> str:
    if found.obstacles:
        return "nothing was changed; delete or move what is not wanted, then try again"
    if not found.changes_something:
        return "nothing is to be changed"
    return "done" if found.applied else "nothing was changed; --apply does it"
