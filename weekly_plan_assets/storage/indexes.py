"""How a database gets the index set, and what becomes of indexes that are in its way."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import Shapes, usable_shapes
from weekly_plan_assets.storage.errors import NotUniqueError
from weekly_plan_assets.storage.index_set import (
    INDEXES,
    ONE_ATHLETE,
    RETIRED,
    SEVERAL_ATHLETES,
    SUPERSEDED,
    Index,
)
from weekly_plan_assets.storage.retrying import retried, with_retries
from weekly_plan_assets.storage.rights import named_rights
from weekly_plan_assets.storage.upsert import DUPLICATE_KEY

log = logging.getLogger(__name__)

_LOST_RACES = frozenset({27, 85, 86, 276})
"""IndexNotFound, IndexOptionsConflict, IndexKeySpecsConflict, IndexBuildAborted: another process
dropped or made an index since this one looked."""
_INDEX_NOT_FOUND = 27
_RACE_RETRIES = 5
_LONGEST_KEY_SHOWN = 100


@dataclass(frozen=True, slots=True)
class IndexChange:
    """What was done for one index: `created`, `replaced`, `kept` or `removed`."""

    index: Index
    action: str


def ensure_indexes(database: Database[BsonDocument]) -> tuple[IndexChange, ...]:
    """Give `database` the index set. Safe to repeat, and safe when several processes do it at once.

    An index of the same key or the same name with other options is dropped and made again; those of
    `RETIRED` are dropped; those of `SUPERSEDED` and indexes that the set does not know are left
    alone. A database of several athletes stays one, and loses the index that allows only one.

    Raises:
        CollectionShapeError: A collection of this project is a view, is capped or the like.
        NotUniqueError: Documents have the same key where the set allows one.
        MissingRightError: An index is missing, and the user may not make it.
        PyMongoError: The server does not answer, or refuses.
    """
    shapes = usable_shapes(database)
    several = holds_several_athletes(database, shapes)
    indexes = [SEVERAL_ATHLETES if several and one == ONE_ATHLETE else one for one in INDEXES]
    changes: list[IndexChange] = []
    with named_rights(database, "Making the indexes"):
        for name, wanted in groupby(indexes, key=attrgetter("collection")):
            ensuring = _Ensuring(database[name], tuple(wanted), _collation(shapes, name))
            exists = shapes is None or name in shapes
            changes += ensuring.ensured(exists=exists)
            if exists:
                changes += _without_retired(database[name])
        if several and (removed := _without_the_index_of_one(database)):
            changes += removed
            log.warning(
                "weekly_metrics still had the unique index on weekStart alone, left by an "
                "interrupted `weekly-plan db migrate --multi-athlete`; it is removed"
            )
    return tuple(changes)


def superseded_indexes(database: Database[BsonDocument]) -> tuple[Index, ...]:
    """Those of `SUPERSEDED` that the database still has."""
    shapes = usable_shapes(database)
    return tuple(index for index in SUPERSEDED if _has(database, index, shapes))


def superseded_note(database: Database[BsonDocument]) -> str | None:
    """A sentence about what `superseded_indexes` finds, with what to run; None if it is nothing."""
    names = [f"{one.collection}.{one.name}" for one in superseded_indexes(database)]
    if not names:
        return None
    return (
        f"unique indexes of an earlier version are still there ({', '.join(names)}); everything "
        "works with them, but no collection can be sharded: `weekly-plan db migrate --apply` "
        "replaces them"
    )


def replace_superseded_indexes(database: Database[BsonDocument]) -> None:
    """Remove what `superseded_indexes` finds, once the indexes in their place are there.

    Safe to repeat. Interrupted, it leaves what it did not come to, and what is missing then is made
    by whatever opens the database next.

    Raises:
        NotUniqueError: Documents have the same key where the set allows one.
        MissingRightError: The user may not make or drop indexes.
    """
    ensure_indexes(database)
    with named_rights(database, "Replacing the indexes"):
        for index in superseded_indexes(database):
            with_retries(partial(_drop_index, database[index.collection], index.name))
    ensure_indexes(database)  # some have the name of one that is gone


def _has(database: Database[BsonDocument], index: Index, shapes: Shapes | None) -> bool:
    if shapes is not None and index.collection not in shapes:
        return False
    existing = _existing(database[index.collection])
    collation = _collation(shapes, index.collection)
    return any(_equal(index, name, found, collation) for name, found in existing.items())


def holds_several_athletes(database: Database[BsonDocument], shapes: Shapes | None = None) -> bool:
    """Whether the database takes more than one athlete.

    Args:
        database: The one to look at.
        shapes: Its collections, where they are known already.
    """
    shapes = usable_shapes(database) if shapes is None else shapes
    return _has(database, SEVERAL_ATHLETES, shapes)


def is_switch_unfinished(database: Database[BsonDocument]) -> bool:
    """Whether `take_several_athletes` was interrupted, so that the second athlete is refused."""
    if not holds_several_athletes(database):
        return False
    existing = _existing(database[ONE_ATHLETE.collection])
    return any(_is_unique_one(ONE_ATHLETE, name, found) for name, found in existing.items())


def take_several_athletes(database: Database[BsonDocument]) -> None:
    """Let the database hold more than one athlete, from now on. Safe to repeat.

    Raises:
        NotUniqueError: Two rows are of the same athlete and week; nothing is changed.
        MissingRightError: The user may not make or drop indexes.
    """
    shapes = usable_shapes(database)
    metrics = SEVERAL_ATHLETES.collection
    with named_rights(database, "Making the indexes"):
        ensuring = _Ensuring(database[metrics], (SEVERAL_ATHLETES,), _collation(shapes, metrics))
        ensuring.ensured(exists=True)
        _without_the_index_of_one(database)


def _without_the_index_of_one(database: Database[BsonDocument]) -> list[IndexChange]:
    """Drop the unique index that allows one row a week, as far as it is there."""
    return _without(database[ONE_ATHLETE.collection], ONE_ATHLETE)


def _without_retired(collection: Collection[BsonDocument]) -> list[IndexChange]:
    retired = (index for index in RETIRED if index.collection == collection.name)
    return [change for index in retired for change in _without(collection, index)]


@retried
def _without(collection: Collection[BsonDocument], index: Index) -> list[IndexChange]:
    """Drop a unique index, under whatever name it is there."""
    removed = []
    for name, found in collection.index_information().items():
        if _is_unique_one(index, name, found):
            _drop_index(collection, name)
            removed.append(IndexChange(index, "removed"))
    return removed


def _is_unique_one(index: Index, name: str, found: Mapping[str, Any]) -> bool:
    return _collides(index, name, found) and bool(found.get("unique"))


@retried
def _existing(collection: Collection[BsonDocument]) -> dict[str, Any]:
    return dict(collection.index_information())


def _collation(shapes: Shapes | None, name: str) -> Mapping[str, Any] | None:
    shape = None if shapes is None else shapes.get(name)
    return None if shape is None else shape.collation


def _drop_index(collection: Collection[BsonDocument], name: str) -> None:
    try:
        collection.drop_index(name)
    except OperationFailure as error:
        if error.code != _INDEX_NOT_FOUND:  # else another process has dropped it
            raise


@dataclass(slots=True)
class _Ensuring:
    """The indexes of one collection on their way.

    Attributes:
        collation: The collection's own, which its indexes inherit.
        actions: What was done for an index; one that was right has no entry.
    """

    collection: Collection[BsonDocument]
    wanted: tuple[Index, ...]
    collation: Mapping[str, Any] | None
    actions: dict[Index, str] = field(default_factory=dict)

    def ensured(self, *, exists: bool) -> list[IndexChange]:
        """Make what is missing; a collection that does not exist has nothing to look at."""
        for races_lost in range(_RACE_RETRIES + 1):
            try:
                with_retries(partial(self._attempt, exists=exists or races_lost > 0))
                break
            except OperationFailure as error:
                if error.code == DUPLICATE_KEY:
                    raise _not_unique(self.collection, error) from error
                if error.code not in _LOST_RACES or races_lost == _RACE_RETRIES:
                    raise
        return [IndexChange(index, self.actions.get(index, "kept")) for index in self.wanted]

    def _attempt(self, *, exists: bool) -> None:
        existing = dict(self.collection.index_information()) if exists else {}
        missing = []
        for index in self.wanted:
            rivals = [name for name, found in existing.items() if _collides(index, name, found)]
            if any(self._serves(index, name, existing[name]) for name in rivals):
                continue
            for name in rivals:
                self.actions[index] = "replaced"
                _drop_index(self.collection, name)
                del existing[name]  # it may be in the way of another one too
            self.actions.setdefault(index, "created")
            missing.append(index)
        if missing:
            models = [IndexModel(list(i.fields), name=i.name, **i.options) for i in missing]
            self.collection.create_indexes(models)

    def _serves(self, index: Index, name: str, found: Mapping[str, Any]) -> bool:
        """Whether it is this index, or a superseded one of the same key, which does as well."""
        unique = replace(index, unique=True)
        fitting = (index, unique) if unique in SUPERSEDED else (index,)
        return any(_equal(one, name, found, self.collation) for one in fitting)


def _not_unique(collection: Collection[BsonDocument], error: OperationFailure) -> NotUniqueError:
    key: Mapping[str, Any] = (error.details or {}).get("keyValue") or {}
    shown = " and ".join(
        f"without {name}" if value is None else f"with {name} {value!r}"[:_LONGEST_KEY_SHOWN]
        for name, value in key.items()
    )
    return NotUniqueError(
        f"{collection.name} in the database {collection.database.name} holds several documents "
        f"{shown or 'with the same key'}, but this project keeps one for each "
        f"{' and '.join(key) or 'key'}; delete or move those that are not its own, or set "
        "MONGO_DATABASE to another database"
    )


def _collides(index: Index, name: str, found: Mapping[str, Any]) -> bool:
    return name == index.name or _key(found) == index.fields


def _equal(
    index: Index, name: str, found: Mapping[str, Any], collation: Mapping[str, Any] | None
) -> bool:
    same_options = (
        bool(found.get("unique", False)) is index.unique
        and found.get("expireAfterSeconds") == index.expire_after_s
        and not {"sparse", "partialFilterExpression"} & found.keys()
        and found.get("collation") == collation
    )
    return name == index.name and _key(found) == index.fields and same_options


def _key(found: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    pairs: Sequence[tuple[str, Any]] = found["key"]
    # Directions come back as float from some clients; text and hashed indexes carry a word.
    return tuple(
        (field, direction if isinstance(direction, str) else int(direction))  # type: ignore[misc]
        for field, direction in pairs
    )
