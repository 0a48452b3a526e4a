"""Writes that can be repeated and raced: the one way in which documents are stored.

What a document means and which key it has is said by the caller.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import Any, TypeAlias

from pymongo import InsertOne, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import InterruptedWriteError, UpsertError
from weekly_plan_assets.storage.retrying import RETRY_BUDGET_S, TEMPORARY_CODES, with_retries

DUPLICATE_KEY = 11000
DOCUMENT_INVALID = 121
_REPEATED_CODES = TEMPORARY_CODES | {DUPLICATE_KEY}
_RACE_RETRIES = 3
_BATCH_ROWS = 5_000
_WRITERS = 2
"""While the server is busy with the batch of one of them, the other makes its next one."""


def replacing_upsert(filter_: Mapping[str, Any], document: BsonDocument) -> UpdateOne:
    """Make the stored document equal `document`, keeping the time of its first write.

    One atomic pipeline: what the stored document had beyond `document` goes, `createdAt` stays as
    it was first set, `updatedAt` is now.
    """
    now = _now()
    stamps = {"_id": "$_id", "createdAt": {"$ifNull": ["$createdAt", now]}, "updatedAt": now}
    pipeline = [{"$replaceWith": {"$mergeObjects": [{"$literal": document}, stamps]}}]
    return UpdateOne(dict(filter_), pipeline, upsert=True)


def merging_upsert(filter_: Mapping[str, Any], fields: BsonDocument) -> UpdateOne:
    """Set `fields` on the stored document and leave its other fields as they are."""
    update = merging_update(fields)
    created = {"createdAt": update["$set"]["updatedAt"]}
    return UpdateOne(dict(filter_), {**update, "$setOnInsert": created}, upsert=True)


def merging_update(fields: BsonDocument) -> BsonDocument:
    """The update of a document that is there, by which `fields` are set on it."""
    return {"$set": {**fields, "updatedAt": _now()}}


def inserting_upsert(filter_: Mapping[str, Any], fields: BsonDocument) -> UpdateOne:
    """Store `fields` as a new document, and leave a stored one as it is."""
    now = _now()
    stamped = {**fields, "updatedAt": now, "createdAt": now}
    return UpdateOne(dict(filter_), {"$setOnInsert": stamped}, upsert=True)


class NewDocument(InsertOne[BsonDocument]):
    """Store `document` where nothing was stored under `filter_` a moment ago: an insert is cheaper.

    The key needs a unique index. By it the server refuses what has been stored meanwhile, by
    another run or by an attempt whose answer was lost; `as_upsert` is written then.
    """

    __slots__ = ("_document", "_filter")

    def __init__(self, filter_: Mapping[str, Any], document: BsonDocument) -> None:
        now = _now()
        super().__init__({**document, "createdAt": now, "updatedAt": now})
        self._filter = filter_
        self._document = document

    def as_upsert(self) -> UpdateOne:
        """The same for a key under which something may be stored."""
        return replacing_upsert(self._filter, self._document)


Write: TypeAlias = UpdateOne | NewDocument


def write_upserts(
    collection: Collection[BsonDocument], upserts: Iterable[Write]
) -> tuple[int, int]:
    """Write upserts in bulk: many of them over two connections, each made when its turn comes.

    Two upserts of one new key can race, and the loser gets a duplicate key error; repeated, it
    finds the winner's document and updates it. An insert that loses is repeated as an upsert. What
    MongoDB interrupts is repeated too, for as long as `retrying` says.

    Returns:
        How many documents were inserted, and how many were already there. After a lost connection
        a document that the lost attempt had inserted counts as already there.

    Raises:
        UpsertError: The server refused some of them for another reason, or again and again.
        InterruptedWriteError: It interrupted them for too long.
        PyMongoError: It does not answer.
    """
    batches = _Batches(upserts)
    first = batches.take()
    inserted = _write_batch(collection, first) if first else 0
    if len(first) == _BATCH_ROWS:
        with ThreadPoolExecutor(_WRITERS) as pool:
            writers = [pool.submit(_write_rest, collection, batches) for _ in range(_WRITERS)]
            try:
                inserted += sum(writer.result() for writer in writers)
            finally:
                batches.take_no_more()  # of use where one writer failed, or Ctrl-C was pressed
    return inserted, batches.taken - inserted


class _Batches:
    """Writes that several threads share, a batch at a time."""

    def __init__(self, upserts: Iterable[Write]) -> None:
        self.taken = 0
        self._coming = iter(upserts)
        self._lock = Lock()

    def take(self) -> list[Write]:
        with self._lock:
            batch = list(islice(self._coming, _BATCH_ROWS))
            self.taken += len(batch)
        return batch

    def take_no_more(self) -> None:
        with self._lock:
            self._coming = iter(())


def _write_rest(collection: Collection[BsonDocument], batches: _Batches) -> int:
    inserted = 0
    while batch := batches.take():
        inserted += _write_batch(collection, batch)
    return inserted


def _write_batch(collection: Collection[BsonDocument], batch: Sequence[Write]) -> int:
    writing = _BatchWriting(collection, batch)
    with_retries(writing.attempt)
    return len(writing.inserted)


class _BatchWriting:
    """One batch on its way: what is still to be written, and what made a new document.

    Attributes:
        inserted: Positions of the writes that inserted, each counted once.
    """

    def __init__(self, collection: Collection[BsonDocument], batch: Sequence[Write]) -> None:
        self.inserted: set[int] = set()
        self._collection = collection
        self._batch = list(batch)
        self._pending: list[int] = list(range(len(batch)))

    def attempt(self) -> None:
        """Write what is pending, again after lost races.

        Raises:
            InterruptedWriteError: Some of it was interrupted for a temporary reason.
            UpsertError: Some of it was refused for another reason, or again and again.
        """
        for races_lost in range(_RACE_RETRIES + 1):
            try:
                result = self._collection.bulk_write(
                    [self._batch[position] for position in self._pending], ordered=False
                )
            except BulkWriteError as error:
                self._take_in(error)
                if races_lost == _RACE_RETRIES:
                    raise _refused(self._collection, error) from error
            else:
                self._count_inserted(result.upserted_ids or {})
                return

    def _take_in(self, error: BulkWriteError) -> None:
        failures: list[dict[str, Any]] = error.details["writeErrors"]
        unconfirmed: list[dict[str, Any]] = error.details["writeConcernErrors"]
        failed = frozenset(one["index"] for one in failures)
        self._count_inserted([one["index"] for one in error.details["upserted"]], failed)
        codes = {one["code"] for one in (*failures, *unconfirmed)}
        if codes - _REPEATED_CODES:
            raise _refused(self._collection, error) from error
        self._upsert_what_was_stored_meanwhile(failures)
        if not unconfirmed:  # else a new primary may lack all of it
            self._pending = [self._pending[index] for index in sorted(failed)]
        if codes & TEMPORARY_CODES:
            raise _interrupted(self._collection.name, error) from error

    def _count_inserted(
        self, upserted: Iterable[int], failed: frozenset[int] = frozenset()
    ) -> None:
        """Note what inserted: these pending upserts, and all pending inserts but `failed`."""
        self.inserted.update(self._pending[index] for index in upserted)
        self.inserted.update(
            position
            for index, position in enumerate(self._pending)
            if isinstance(self._batch[position], NewDocument) and index not in failed
        )

    def _upsert_what_was_stored_meanwhile(self, failures: Iterable[Mapping[str, Any]]) -> None:
        for failure in failures:
            position = self._pending[failure["index"]]
            write = self._batch[position]
            if failure["code"] == DUPLICATE_KEY and isinstance(write, NewDocument):
                self._batch[position] = write.as_upsert()


def _refused(collection: Collection[BsonDocument], error: BulkWriteError) -> UpsertError:
    failures: list[dict[str, Any]] = error.details["writeErrors"]
    count = len(failures) or len(error.details["writeConcernErrors"])
    refused = f"{collection.name}: {count} {'document was' if count == 1 else 'documents were'}"
    first = _first(error)
    if first["code"] == DOCUMENT_INVALID:
        return UpsertError(
            f"{refused} refused by the validator of that collection in the database "
            f"{collection.database.name} ({first['errmsg']}); take the validator away with "
            "`weekly-plan db bootstrap --no-validate`, or correct it"
        )
    if first["code"] == DUPLICATE_KEY:
        return UpsertError(
            f"{refused} refused by a unique index of the database {collection.database.name}, the "
            f"first because {first['errmsg']}; drop that index where it is not one of this project "
            "(`weekly-plan db bootstrap` lists those that are)"
        )
    return UpsertError(f"{refused} refused, the first because {first['errmsg']}")


def _interrupted(collection: str, error: BulkWriteError) -> InterruptedWriteError:
    return InterruptedWriteError(
        f"{collection}: MongoDB has interrupted the same writes for {RETRY_BUDGET_S:.0f} s "
        f"({_first(error)['errmsg']}); run the command again once the replica set has a primary"
    )


def _first(error: BulkWriteError) -> dict[str, Any]:
    """The first failure; rather one that no repetition mends."""
    failures: list[dict[str, Any]] = [
        *error.details["writeErrors"],
        *error.details["writeConcernErrors"],
    ]
    return min(failures, key=lambda one: one["code"] in _REPEATED_CODES)


def _now() -> datetime:
    return datetime.now(UTC)
