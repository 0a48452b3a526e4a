"""How the server answered: each operation of a database with the plan that it was run by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument

NEAR = 5
"""So many documents more than are returned may be read: those of a week, not of the history."""

_PROFILE = "system.profile"
_OFF, _ALL = 0, 2
_ABOUT_INDEXES = {"create", "createIndexes", "listIndexes", "profile"}


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """One operation as the server ran it.

    Attributes:
        what: The kind of operation, and the fields that it looked for.
        plan: The server's own summary, `IXSCAN { runId: 1 }` say.
        keys_examined: Index entries read.
        docs_examined: Documents read.
        found: Documents returned, updated or removed.
    """

    collection: str
    what: str
    plan: str
    keys_examined: int
    docs_examined: int
    found: int

    @property
    def scans(self) -> bool:
        """Whether it read what it was not about: a whole collection, or much of an index."""
        return "COLLSCAN" in self.plan or self.docs_examined > self.found + NEAR


@contextmanager
def profiled(database: Database[BsonDocument]) -> Iterator[list[QueryPlan]]:
    """The operations inside the `with`, filled in at its end."""
    plans: list[QueryPlan] = []
    database.command("profile", _ALL)
    try:
        yield plans
    finally:
        database.command("profile", _OFF)
    plans += [_plan(entry) for entry in database[_PROFILE].find().sort("ts") if _has_plan(entry)]
    database[_PROFILE].drop()


def _has_plan(entry: BsonDocument) -> bool:
    return "planSummary" in entry and not _ABOUT_INDEXES & entry["command"].keys()


def _plan(entry: BsonDocument) -> QueryPlan:
    command: dict[str, Any] = entry["command"]
    condition = command.get("q", command.get("filter", command.get("query", {})))
    counts = (entry.get(name) for name in ("nreturned", "nMatched", "ndeleted"))
    return QueryPlan(
        collection=entry["ns"].partition(".")[2],
        what=f"{entry['op']} {', '.join(condition)}",
        plan=entry["planSummary"],
        keys_examined=entry.get("keysExamined", 0),
        docs_examined=entry.get("docsExamined", 0),
        found=next((count for count in counts if count is not None), 0),
    )
