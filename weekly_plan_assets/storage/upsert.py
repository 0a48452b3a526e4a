"""Upserts that can be repeated and raced: the one way in which documents are written.

What a document means and which key it has is said by the caller.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from threading import Lock
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import UpsertError

DUPLICATE_KEY = 11000
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
    now = _now()
    return UpdateOne(
        dict(filter_),
        {"$set": {**fields, "updatedAt": now}, "$setOnInsert": {"createdAt": now}},
        upsert=True,
    )


def write_upserts(
    collection: Collection[BsonDocument], upserts: Iterable[UpdateOne]
) -> tuple[int, int]:
    """Write upserts in bulk: many of them over two connections, each made when its turn comes.

    Two upserts of one new key can race, and the loser is told of a duplicate key; repeated, it
    finds the winner's document and updates it.

    Returns:
        How many documents were inserted, and how many were already there.

    Raises:
        UpsertError: The server refused some of them for another reason, or again and again.
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
    """Upserts that several threads share, a batch at a time."""

    def __init__(self, upserts: Iterable[UpdateOne]) -> None:
        self.taken = 0
        self._coming = iter(upserts)
        self._lock = Lock()

    def take(self) -> list[UpdateOne]:
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


def _write_batch(collection: Collection[BsonDocument], batch: Sequence[UpdateOne]) -> int:
    inserted = 0
    pending = list(batch)
    for attempt in range(_RACE_RETRIES + 1):
        try:
            return inserted + collection.bulk_write(pending, ordered=False).upserted_count
        except BulkWriteError as error:
            failures: list[dict[str, Any]] = error.details["writeErrors"]
            lost_races = all(failure["code"] == DUPLICATE_KEY for failure in failures)
            if not (failures and lost_races) or attempt == _RACE_RETRIES:
                raise _refused(collection.name, error) from error
            inserted += error.details["nUpserted"]
            pending = [pending[failure["index"]] for failure in failures]
    raise AssertionError("unreachable: the last attempt returns or raises")


def _refused(collection: str, error: BulkWriteError) -> UpsertError:
    failures: list[dict[str, Any]] = error.details["writeErrors"]
    concerns: list[dict[str, Any]] = error.details["writeConcernErrors"]
    first = (failures or concerns)[0]["errmsg"]
    count = len(failures) or len(concerns)
    return UpsertError(f"{collection}: {count} documents were refused, the first because {first}")


def _now() -> datetime:
    return datetime.now(UTC)
