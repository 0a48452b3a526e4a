"""The project's database, for commands that need no Dagster."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from weekly_plan_assets.settings import Settings

OPENING = "opening the database"
"""The name of the thread that does it beside the imports."""

if TYPE_CHECKING:
    from pymongo.database import Database

    from weekly_plan_assets.storage.codec import BsonDocument


def open_database(settings: Settings, *, bootstrapped: bool = True) -> "Database[BsonDocument]":
    """The database in force; starts the embedded server where no URL is set.

    Args:
        settings: The settings in force.
        bootstrapped: Whether its indexes are ensured first.
    """
    from weekly_plan_assets.storage.connection import project_database

    return project_database(
        _url(settings), settings.embedded_dir, settings.database_name, bootstrapped=bootstrapped
    )


@contextmanager
def opening(settings: Settings) -> Iterator[None]:
    """Open the database beside what is done meanwhile: a server takes as long as imports do.

    The next caller that opens it reports what goes wrong; nobody waits for the answer here.
    """
    # All that the thread needs is imported before it begins: two threads that import, and a Ctrl-C
    # between them, can lock one another out for ever.
    import portalocker  # noqa: F401

    from weekly_plan_assets.storage.connection import project_database

    def open_early() -> None:
        with suppress(Exception):
            project_database(_url(settings), settings.embedded_dir, settings.database_name)

    thread = Thread(target=open_early, name=OPENING)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _url(settings: Settings) -> str | None:
    return settings.mongo_url.get_secret_value() if settings.mongo_url else None
