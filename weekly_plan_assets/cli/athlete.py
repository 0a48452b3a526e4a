"""Whose documents a command reads, where the database holds several athletes."""

from typing import TYPE_CHECKING

from weekly_plan_assets.cli.store import open_database

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.reading import Lineage
    from weekly_plan_assets.settings import Settings


def lineage_of(settings: "Settings", athlete: str | None, *, run: str | None = None) -> "Lineage":
    """The lineage that a command reads.

    Args:
        settings: The settings in force.
        athlete: What `--athlete` says; None where it is not given.
        run: The run that is asked for, as `Lineage.resolve` takes it. A runId is nobody else's, so
            only `latest` needs an athlete.

    Raises:
        StoreError: It must be said whose, or that athlete has nothing here; names who has.
    """
    from weekly_plan_assets.lineage.reading import LATEST, Lineage
    from weekly_plan_assets.storage.errors import StoreError

    database = open_database(settings)
    known = Lineage(database).athletes()
    if athlete is None:
        if len(known) > 1 and run in {None, LATEST}:
            raise StoreError(
                f"the database {database.name} holds the athletes {', '.join(known)}; say whose "
                "documents with --athlete ID"
            )
        return Lineage(database)
    if known and athlete not in known:
        raise StoreError(
            f"the database {database.name} holds nothing of athlete {athlete!r}; it holds "
            f"{', '.join(known)}"
        )
    return Lineage(database, athlete)
