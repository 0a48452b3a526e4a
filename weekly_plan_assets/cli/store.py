"""The project's database, for commands that need no Dagster."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from weekly_plan_assets.settings import Settings

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

    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    return project_database(
        url, settings.embedded_dir, settings.database_name, bootstrapped=bootstrapped
    )


@contextmanager
def opening(settings: Settings) -> Iterator[None]:
    """Open the database beside what is done meanwhile: a server takes as long as imports do.

    What goes wrong is said by whoever opens it next; here nobody waits for the answer.
    """

    def open_early() -> None:
        with suppress(Exception):
            open_database(settings)

    thread = Thread(target=open_early, name="opening the database")
    thread.start()
    try:
        yield
    finally:
        thread.join()
