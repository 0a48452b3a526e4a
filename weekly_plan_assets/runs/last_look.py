"""Up to when Dagster's history was compared with the store, so that no look repeats another.

Kept in Dagster's own storage, for each database that shares the history.
"""

from datetime import datetime, timedelta
from typing import Self

from dagster import DagsterInstance
from pydantic import ValidationError
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.runs.reconciling import LOOKED_BACK
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.run_queries import holds_event, newest_event

_KEY = "weekly_plan_assets/reconciliation/last_look/"

_OVERLAP = timedelta(hours=1)
"""By so much the clocks of machines that share a history may differ."""


class LastLook(Document):
    """What the last comparison left to the next one.

    Attributes:
        until: Runs that ended before then were compared; None if there was no comparison.
        unsettled: Dagster runs whose event the store refused.
        witness: The runId of an event that the store held. A store that holds it no more was
            restored from an older backup, or emptied, and may lack others.
    """

    until: datetime | None = None
    unsettled: tuple[str, ...] = ()
    witness: str | None = None

    @classmethod
    def at(cls, instance: DagsterInstance, database: Database[BsonDocument]) -> Self:
        """The last comparison with a database; an empty one where everything is to be compared."""
        key = _KEY + database.name
        text = instance.daemon_cursor_storage.get_cursor_values({key}).get(key, "{}")
        try:
            look = cls.model_validate_json(text)
        except ValidationError:  # of another version
            return cls()
        if look.witness is not None and not holds_event(database, look.witness):
            return cls(unsettled=look.unsettled)
        return look

    def since(self, until: datetime) -> datetime:
        """From when on ended runs are to be compared, in a comparison up to `until`."""
        earliest = until - LOOKED_BACK
        if self.until is None or self.until > until:  # of a clock that was ahead
            return earliest
        return max(earliest, self.until - _OVERLAP)


def remember_look(
    instance: DagsterInstance,
    database: Database[BsonDocument],
    until: datetime,
    unsettled: tuple[str, ...],
) -> None:
    """Remember a comparison that has come to its end."""
    look = LastLook(until=until, unsettled=unsettled, witness=newest_event(database))
    instance.daemon_cursor_storage.set_cursor_values({_KEY + database.name: look.model_dump_json()})
