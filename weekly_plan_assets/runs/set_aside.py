"""Run events that could not be written though the store answers: none is lost, none in the way.

They are noted in Dagster's own storage, where the sensor, which alone writes them, and `doctor`,
which shows them, find them again after a restart. A store that does not answer is no reason to set
anything aside: that is the same for all events, and passes.
"""

from collections.abc import Iterator

from dagster import DagsterInstance
from pydantic import TypeAdapter, ValidationError

from weekly_plan_assets.domain.document import Document

_KEY = "weekly_plan_assets/run_events_sensor/set_aside"
_LONGEST_REASON = 300


class SetAside(Document):
    """Why the event of a run could not be written, and how often that was tried."""

    reason: str
    tries: int = 1


class SetAsideEvents:
    """The events that are set aside, by the ids of Dagster's runs."""

    _ENTRIES = TypeAdapter(dict[str, SetAside])

    def __init__(self, instance: DagsterInstance) -> None:
        self._storage = instance.daemon_cursor_storage
        text = self._storage.get_cursor_values({_KEY}).get(_KEY, "{}")
        try:
            self._entries = self._ENTRIES.validate_json(text)
        except ValidationError:  # of another version; the check looks for what is missing
            self._entries = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[tuple[str, SetAside]]:
        """Runs with what is known of them; those that were tried least come first."""
        yield from sorted(self._entries.items(), key=lambda entry: entry[1].tries)

    def add(self, dagster_run_id: str, error: Exception) -> None:
        """Set the event of a run aside, or note that another try failed."""
        known = self._entries.get(dagster_run_id)
        tries = 1 if known is None else known.tries + 1
        self._entries[dagster_run_id] = SetAside(reason=reason_of(error), tries=tries)
        self._save()

    def remove(self, dagster_run_id: str) -> None:
        """Forget a run, whose event is written."""
        if self._entries.pop(dagster_run_id, None) is not None:
            self._save()

    def _save(self) -> None:
        text = self._ENTRIES.dump_json(self._entries).decode()
        self._storage.set_cursor_values({_KEY: text})


def reason_of(error: Exception) -> str:
    """An error in one short line."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."
