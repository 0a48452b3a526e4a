"""Streams over all that is stored, in the order of its keys, for readers that look at everything.

Never more than one run or one week of one athlete is held at a time. What the documents must say is
in `lineage`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from typing import Any, TypeAlias

from pymongo.collation import Collation
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.index_set import ONE_ATHLETE, SEVERAL_ATHLETES
from weekly_plan_assets.storage.indexes import holds_several_athletes
from weekly_plan_assets.storage.week_rows import (
    ACTIVITIES,
    LEDGER,
    WEEKLY_METRICS,
    WELLNESS,
    RowKind,
)

RUN_COLLECTIONS = (
    CollectionName.RUN_EVENTS,
    CollectionName.RUN_ARTIFACTS,
    CollectionName.PLAN_SNAPSHOTS,
    CollectionName.PLAN_ADHERENCE,
    CollectionName.PLAN_DELIVERIES,
)
ROW_KINDS = (ACTIVITIES, WELLNESS, WEEKLY_METRICS)

_BATCH = 20
"""Documents fetched at a time: one of run_artifacts may have some hundred kilobytes."""

_AS_BYTES = Collation("simple")
"""Python sorts text as MongoDB does without a collation, which a collection may have."""

_IS_TEXT = {"$type": "string"}

Stage: TypeAlias = Mapping[str, Any]
WeekKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DocumentsOfRun:
    """Everything stored under one runId.

    Attributes:
        by_collection: The documents of each of `RUN_COLLECTIONS` that has any.
    """

    run_id: str
    by_collection: Mapping[str, Sequence[BsonDocument]]

    def one(self, collection: str) -> BsonDocument | None:
        """The document of a collection; the first where there are several."""
        return next(iter(self.by_collection.get(collection, ())), None)


@dataclass(frozen=True, slots=True)
class RowsOfWeek:
    """Everything stored of one week in a collection of week rows.

    Attributes:
        athlete_id: Whose; None in rows of version 1.0.
        entries: What the ledger of stored weeks says of it.
    """

    kind: RowKind
    athlete_id: str | None
    week_start: str
    rows: Sequence[BsonDocument]
    entries: Sequence[BsonDocument]


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """A key that several documents have."""

    collection: str
    key: str
    count: int


def documents_by_run(
    database: Database[BsonDocument], week: str | None = None
) -> Iterator[DocumentsOfRun]:
    """The documents of every run, by runId; not those whose runId is no text.

    Args:
        database: Where they are.
        week: Only runs that observed the week of this Monday; None: all.
    """
    streams = [_by_run(database, name, week) for name in RUN_COLLECTIONS]
    for run_id, found in groupby(merge(*streams, key=_first_two), key=lambda item: item[0]):
        documents: dict[str, list[BsonDocument]] = {}
        for _, name, document in found:
            documents.setdefault(name, []).append(document)
        yield DocumentsOfRun(run_id, documents)


def documents_of_run(database: Database[BsonDocument], run_id: str) -> DocumentsOfRun:
    """The documents of one run, as they are now."""
    found = {name: list(database[name].find({"runId": run_id})) for name in RUN_COLLECTIONS}
    return DocumentsOfRun(
        run_id, {name: documents for name, documents in found.items() if documents}
    )


def rows_by_week(
    database: Database[BsonDocument], kind: RowKind, week: str | None = None
) -> Iterator[RowsOfWeek]:
    """The rows of every week of every athlete; not those that name no week.

    Args:
        database: Where they are.
        kind: Which rows.
        week: Only those of the week of this Monday; None: all.
    """
    only = {} if week is None else {"weekStart": week}
    rows = ((_week_key(row), 0, row) for row in _sorted_weeks(database, kind.collection, only))
    of_kind = {"collection": kind.collection, **only}
    entries = ((_week_key(entry), 1, entry) for entry in _sorted_weeks(database, LEDGER, of_kind))
    for (athlete_id, monday), found in groupby(
        merge(rows, entries, key=_first_two), key=lambda item: item[0]
    ):
        sides: tuple[list[BsonDocument], list[BsonDocument]] = ([], [])
        for _, side, document in found:
            sides[side].append(document)
        yield RowsOfWeek(kind, athlete_id or None, monday, *sides)


def rows_of_week(
    database: Database[BsonDocument], kind: RowKind, athlete_id: str | None, week_start: str
) -> RowsOfWeek:
    """The rows of one week, as they are now."""
    week = {"athleteId": athlete_id, "weekStart": week_start}
    # The ledger first: a writer ends with it, so that newer rows would be taken for half a week.
    entries = list(database[LEDGER].find({**week, "collection": kind.collection}))
    return RowsOfWeek(
        kind, athlete_id, week_start, list(database[kind.collection].find(week)), entries
    )


def repeated_keys(database: Database[BsonDocument]) -> Iterator[RepeatedKey]:
    """Keys of week rows that more than one document has. Those of runs are seen in their stream."""
    several = holds_several_athletes(database)
    metrics = SEVERAL_ATHLETES if several else ONE_ATHLETE
    keys = {
        ACTIVITIES.collection: ("athleteId", ACTIVITIES.key),
        WELLNESS.collection: ("athleteId", WELLNESS.key),
        WEEKLY_METRICS.collection: tuple(field for field, _ in metrics.fields),
        LEDGER: ("athleteId", "collection", "weekStart"),
    }
    for collection, fields in keys.items():
        stages: list[Stage] = [
            {"$group": {"_id": {field: f"${field}" for field in fields}, "count": {"$sum": 1}}},
            {"$match": {"count": {"$gt": 1}}},
        ]
        for found in database[collection].aggregate(stages, allowDiskUse=True):
            key = " ".join(str(found["_id"].get(field)) for field in fields)
            yield RepeatedKey(collection, key, found["count"])


def documents_without_key(database: Database[BsonDocument]) -> Iterator[RepeatedKey]:
    """Collections with documents whose key is missing or is no text, and how many there are."""
    keys = dict.fromkeys(RUN_COLLECTIONS, "runId") | {
        kind.collection: "weekStart" for kind in ROW_KINDS
    }
    for collection, field in keys.items():
        count = database[collection].count_documents({field: {"$not": _IS_TEXT}})
        if count:
            yield RepeatedKey(collection, field, count)


def _by_run(
    database: Database[BsonDocument], collection: str, week: str | None
) -> Iterator[tuple[str, str, BsonDocument]]:
    observed = {} if week is None else {"observedWeekStart": week}
    stages: list[Stage] = [{"$match": {"runId": _IS_TEXT, **observed}}, {"$sort": {"runId": 1}}]
    for document in _streamed(database, collection, stages):
        yield document["runId"], collection, document


def _sorted_weeks(
    database: Database[BsonDocument], collection: str, condition: Stage
) -> Iterator[BsonDocument]:
    athlete = {"$or": [{"athleteId": _IS_TEXT}, {"athleteId": None}]}
    matched = {"weekStart": _IS_TEXT, **condition, **athlete}
    order = {"athleteId": 1, "weekStart": 1}
    return _streamed(database, collection, [{"$match": matched}, {"$sort": order}])


def _streamed(
    database: Database[BsonDocument], collection: str, stages: Sequence[Stage]
) -> Iterator[BsonDocument]:
    with database[collection].aggregate(
        list(stages), allowDiskUse=True, batchSize=_BATCH, collation=_AS_BYTES
    ) as found:
        yield from found


def _week_key(document: BsonDocument) -> WeekKey:
    return document.get("athleteId") or "", document["weekStart"]


def _first_two(item: tuple[Any, Any, BsonDocument]) -> tuple[Any, Any]:
    return item[:2]
