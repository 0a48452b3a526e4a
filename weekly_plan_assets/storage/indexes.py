"""The index set: what it is, and how a database gets it.

`scripts/bootstrap_run_events_indexes.js` makes the same set, name for name, from mongosh; a test
compares the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from weekly_plan_assets.storage.codec import BsonDocument

SECONDS_PER_DAY = 86_400

_LOST_RACES = frozenset({27, 85, 86, 276})
"""IndexNotFound, IndexOptionsConflict, IndexKeySpecsConflict, IndexBuildAborted: another process
dropped or made an index since this one looked."""
_RACE_RETRIES = 5


@dataclass(frozen=True, slots=True)
class Index:
    """One index of one collection.

    Attributes:
        fields: Field names with 1 for ascending, -1 for descending.
        expire_after_s: Makes it a TTL index, in seconds after the BSON date in its one field.
    """

    collection: str
    fields: tuple[tuple[str, int], ...]
    unique: bool = False
    expire_after_s: int | None = None

    @property
    def name(self) -> str:
        """MongoDB's own name for such a key, the same from every client."""
        return "_".join(f"{field}_{direction}" for field, direction in self.fields)

    @property
    def options(self) -> dict[str, Any]:
        """The options as `createIndexes` takes them."""
        options: dict[str, Any] = {}
        if self.unique:
            options["unique"] = True
        if self.expire_after_s is not None:
            options["expireAfterSeconds"] = self.expire_after_s
        return options


def _up(*fields: str) -> tuple[tuple[str, int], ...]:
    return tuple((field, ASCENDING) for field in fields)


_NEWEST_FIRST = (("createdAt", DESCENDING),)

ONE_ATHLETE = Index("weekly_metrics", _up("weekStart"), unique=True)
SEVERAL_ATHLETES = Index("weekly_metrics", _up("athleteId", "weekStart"), unique=True)
"""A database has one of the two, and so says whether it takes a second athlete."""

INDEXES: tuple[Index, ...] = (
    Index("run_events", _up("runId"), unique=True),
    Index("run_events", (("status", ASCENDING), *_NEWEST_FIRST)),
    Index("run_events", _up("createdAt"), expire_after_s=90 * SECONDS_PER_DAY),
    ONE_ATHLETE,
    Index("weekly_metrics", _NEWEST_FIRST),
    Index("plan_snapshots", _up("runId"), unique=True),
    Index("plan_snapshots", _up("weekStart")),
    Index("plan_snapshots", _up("createdAt"), expire_after_s=365 * SECONDS_PER_DAY),
    Index("run_artifacts", _up("runId"), unique=True),
    Index("run_artifacts", _NEWEST_FIRST),
    Index("run_artifacts", (*_up("observedWeekStart"), *_NEWEST_FIRST)),
    Index("plan_adherence", _up("runId"), unique=True),
    Index("plan_adherence", _up("weekStart")),
    Index("activities", _up("athleteId", "id"), unique=True),
    Index("activities", _up("athleteId", "weekStart")),
    Index("wellness", _up("athleteId", "id"), unique=True),
    Index("wellness", _up("athleteId", "weekStart")),
    Index("stored_weeks", _up("collection", "athleteId", "weekStart"), unique=True),
)


@dataclass(frozen=True, slots=True)
class IndexChange:
    """What was done for one index: `created`, `replaced` or `kept`."""

    index: Index
    action: str


def ensure_indexes(database: Database[BsonDocument]) -> tuple[IndexChange, ...]:
    """Give `database` the index set. Safe to repeat, and safe when several processes do it at once.

    An index of the same key or the same name with other options is dropped and made again; indexes
    that the set does not know are left alone. A database of several athletes stays one.
    """
    several = holds_several_athletes(database)
    indexes = (SEVERAL_ATHLETES if several and one == ONE_ATHLETE else one for one in INDEXES)
    return tuple(IndexChange(index, _ensure(database, index)) for index in indexes)


def holds_several_athletes(database: Database[BsonDocument]) -> bool:
    """Whether the database takes more than one athlete."""
    existing = database[SEVERAL_ATHLETES.collection].index_information()
    return any(_equal(SEVERAL_ATHLETES, name, found) for name, found in existing.items())


def take_several_athletes(database: Database[BsonDocument]) -> None:
    """Let the database hold more than one athlete, from now on. Safe to repeat.

    Raises:
        OperationFailure: Two rows are of the same athlete and week; nothing is changed.
    """
    _ensure(database, SEVERAL_ATHLETES)
    metrics = database[ONE_ATHLETE.collection]
    for name, found in metrics.index_information().items():
        if _collides(ONE_ATHLETE, name, found):
            metrics.drop_index(name)


def _ensure(database: Database[BsonDocument], index: Index) -> str:
    for _ in range(_RACE_RETRIES):
        try:
            return _ensure_once(database[index.collection], index)
        except OperationFailure as error:
            if error.code not in _LOST_RACES:
                raise
    return _ensure_once(database[index.collection], index)


def _ensure_once(collection: Collection[BsonDocument], index: Index) -> str:
    # Read for each index: one that was in the way of two is gone when the second is looked at.
    existing = collection.index_information()
    rivals = [name for name, found in existing.items() if _collides(index, name, found)]
    if any(_equal(index, name, existing[name]) for name in rivals):
        return "kept"
    for name in rivals:
        collection.drop_index(name)
    collection.create_index(list(index.fields), name=index.name, **index.options)
    return "replaced" if rivals else "created"


def _collides(index: Index, name: str, found: Mapping[str, Any]) -> bool:
    return name == index.name or _key(found) == index.fields


def _equal(index: Index, name: str, found: Mapping[str, Any]) -> bool:
    same_options = (
        bool(found.get("unique", False)) is index.unique
        and found.get("expireAfterSeconds") == index.expire_after_s
        and not {"sparse", "partialFilterExpression", "collation"} & found.keys()
    )
    return name == index.name and _key(found) == index.fields and same_options


def _key(found: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    pairs: Sequence[tuple[str, Any]] = found["key"]
    # Directions come back as float from some clients; text and hashed indexes carry a word.
    return tuple(
        (field, direction if isinstance(direction, str) else int(direction))  # type: ignore[misc]
        for field, direction in pairs
    )
