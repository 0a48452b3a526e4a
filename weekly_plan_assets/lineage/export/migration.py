"""An existing database made fit for this project: what stands in the way, and what is changed.

Only timestamps that are stored as text are rewritten, as dates, because a TTL index ignores text;
and indexes are ensured, those of earlier versions replaced. Documents that cannot be read are named
and left as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.reading import event_of, snapshot_of, stored_run_from
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import StoreError
from weekly_plan_assets.storage.index_set import INDEXES, SEVERAL_ATHLETES
from weekly_plan_assets.storage.indexes import (
    holds_several_athletes,
    is_switch_unfinished,
    replace_superseded_indexes,
    superseded_indexes,
    take_several_athletes,
)
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.version_1_rows import as_weekly_metrics, is_version_1_row
from weekly_plan_assets.storage.week_models import as_models

STAMPS = ("createdAt", "updatedAt")
KEYS: dict[str, str] = {
    CollectionName.RUN_EVENTS: "runId",
    CollectionName.WEEKLY_METRICS: "weekStart",
    CollectionName.PLAN_SNAPSHOTS: "runId",
    CollectionName.RUN_ARTIFACTS: "runId",
}
"""The field that names a document in each collection of the lineage."""

_NOBODY = "nobody"


class MigrationError(StoreError):
    """What was asked cannot be done with this database; the message says why and what to do."""


class Unreadable(Document):
    """A document that cannot be read, and why; `id` is its `_id` as text."""

    id: str
    reason: str


class CollectionReport(Document):
    """One collection.

    Attributes:
        documents: How many it holds.
        texts: Documents with a timestamp that is stored as text.
        due: Documents that its TTL index deletes once their timestamps are dates.
        duplicates: Keys that more than one document has; no unique index can be built over them.
        unkeyed: Documents without a key; more than one is in the way of a unique index too.
    """

    collection: str
    documents: int
    texts: int
    due: int
    duplicates: tuple[str, ...]
    unkeyed: int
    unreadable: tuple[Unreadable, ...]


class Migration(Document):
    """What a migration found, and whether it changed it.

    Attributes:
        changes_something: What was asked differs from what is there.
        several_athletes: It holds several athletes, or is to.
        switch_unfinished: An earlier switch to several athletes was interrupted.
        unnamed: Weekly metrics that name no athlete.
        superseded_indexes: Unique indexes of an earlier version, which do not begin with the
            athlete; others take their place.
    """

    applied: bool
    changes_something: bool
    several_athletes: bool
    switch_unfinished: bool
    unnamed: int
    superseded_indexes: tuple[str, ...]
    collections: tuple[CollectionReport, ...]

    @property
    def duplicates(self) -> tuple[str, ...]:
        """Every key that is in the way of a unique index."""
        return tuple(key for one in self.collections for key in one.duplicates)

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What is in the way of a unique index, a phrase for each collection and key."""
        found = []
        for one in self.collections:
            key = KEYS[one.collection]
            found += [f"{one.collection} with the {key} {value}" for value in one.duplicates]
            if one.unkeyed > 1:
                found.append(f"{one.collection} without a {key}")
        return tuple(found)


def migrate(
    database: Database[BsonDocument],
    *,
    apply: bool = False,
    several_athletes: bool = False,
    athlete_id: str | None = None,
) -> Migration:
    """Look through the lineage, and with `apply` make it fit. Safe to repeat and to interrupt.

    Args:
        database: The one to migrate.
        apply: Change what is to be changed; otherwise nothing is.
        several_athletes: Let it hold more than one athlete.
        athlete_id: Whose the weekly metrics are that name nobody; they are stamped with it.

    Raises:
        MigrationError: Duplicates stand in the way, or rows that name nobody.
    """
    held = holds_several_athletes(database)
    several = several_athletes or held
    reports = tuple(
        _report(database, name, read, _unique_key(name, athlete_id, several=several))
        for name, read in _READERS.items()
    )
    unnamed = database[CollectionName.WEEKLY_METRICS].count_documents({"athleteId": None})
    superseded = superseded_indexes(database)
    unfinished = is_switch_unfinished(database)
    named = unnamed > 0 and athlete_id is not None
    texts = any(one.texts for one in reports)
    found = Migration(
        applied=apply,
        changes_something=texts or named or several != held or unfinished or bool(superseded),
        several_athletes=several,
        switch_unfinished=unfinished,
        unnamed=unnamed,
        superseded_indexes=tuple(f"{one.collection}.{one.name}" for one in superseded),
        collections=reports,
    )
    if not apply:
        return found
    if found.obstacles:
        raise MigrationError(
            f"there are several documents of {', '.join(found.obstacles)}, so that no unique index "
            "can be built; nothing was changed: delete or move the ones that are not wanted"
        )
    if several_athletes and unnamed and athlete_id is None:
        raise MigrationError(
            f"{unnamed} weekly_metrics rows name no athlete, and would be anybody's in a database "
            "of several; nothing was changed: say whose they are with --athlete ID"
        )
    for report in reports:
        _date_texts(database, report.collection)
    if athlete_id is not None:
        _name_athlete(database, athlete_id)
    if several_athletes:
        take_several_athletes(database)
    replace_superseded_indexes(database)
    return found


@retried
def _name_athlete(database: Database[BsonDocument], athlete_id: str) -> None:
    nobodys = {"athleteId": None}
    database[CollectionName.WEEKLY_METRICS].update_many(
        nobodys, {"$set": {"athleteId": athlete_id}}
    )


@retried
def _report(
    database: Database[BsonDocument],
    name: str,
    read: Callable[[BsonDocument], object],
    unique_key: BsonDocument,
) -> CollectionReport:
    texts = due = documents = 0
    unreadable = []
    ttl = next((i.expire_after_s for i in INDEXES if i.collection == name and i.expire_after_s), 0)
    for document in database[name].find():
        documents += 1
        texts += any(isinstance(document.get(stamp), str) for stamp in STAMPS)
        reason = _why_unreadable(document, read)
        if reason is not None:
            unreadable.append(Unreadable(id=str(document["_id"]), reason=reason))
        due += bool(ttl) and _is_due(document, timedelta(seconds=ttl))
    return CollectionReport(
        collection=name,
        documents=documents,
        texts=texts,
        due=due,
        duplicates=tuple(_duplicates(database, name, unique_key)),
        unkeyed=database[name].count_documents({KEYS[name]: None}),
        unreadable=tuple(unreadable),
    )


def _why_unreadable(document: BsonDocument, read: Callable[[BsonDocument], object]) -> str | None:
    for stamp in STAMPS:
        value = document.get(stamp)
        if isinstance(value, str) and moment_of(value) is None:
            return f"{stamp} is {value!r}, which is no ISO-8601 time"
    try:
        TrainingWeek.parse(str(document.get("weekStart")))
        read({key: value for key, value in document.items() if key != "_id"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    except (KeyError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}" if isinstance(error, KeyError) else str(error)
    return None


def moment_of(text: str) -> datetime | None:
    """The time of an ISO-8601 text, in UTC where it names no zone; None: it is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _is_due(document: BsonDocument, age: timedelta) -> bool:
    value = document.get("createdAt")
    moment = moment_of(value) if isinstance(value, str) else value
    return isinstance(moment, datetime) and moment < datetime.now(UTC) - age


def _unique_key(name: str, athlete_id: str | None, *, several: bool) -> BsonDocument:
    """What will be unique, as an expression; rows that name nobody will be the athlete's."""
    key: BsonDocument = {"key": f"${KEYS[name]}"}
    if name != SEVERAL_ATHLETES.collection:
        key["athlete"] = {"$ifNull": ["$athleteId", None]}
    elif several:
        key["athlete"] = {"$ifNull": ["$athleteId", athlete_id]}
    return key


def _duplicates(
    database: Database[BsonDocument], name: str, unique_key: BsonDocument
) -> Iterator[str]:
    counted = database[name].aggregate(
        [
            {"$match": {KEYS[name]: {"$ne": None}}},
            {"$group": {"_id": unique_key, "count": {"$sum": 1}}},
            {"$match": {"count": {"$gt": 1}}},
            {"$sort": {"_id": 1}},
        ]
    )
    yield from (str(group["_id"]["key"]) for group in counted)


@retried
def _date_texts(database: Database[BsonDocument], name: str) -> None:
    """Each document in one update that only meets the text that was read."""
    text = {"$or": [{stamp: {"$type": "string"}} for stamp in STAMPS]}
    for document in database[name].find(text, dict.fromkeys(STAMPS, 1)):
        texts = {stamp: document[stamp] for stamp in STAMPS if isinstance(document.get(stamp), str)}
        dates = {stamp: moment for stamp, said in texts.items() if (moment := moment_of(said))}
        if dates:
            unchanged = {"_id": document["_id"], **{stamp: texts[stamp] for stamp in dates}}
            database[name].update_one(unchanged, {"$set": dates})


def _read_metrics(row: BsonDocument) -> object:
    known = as_weekly_metrics(row, _NOBODY) if is_version_1_row(row) else row
    return as_models([known], WeeklyMetrics)


def _read_artifacts(document: BsonDocument) -> object:
    return stored_run_from(document["runId"], None, document, None, None)


_READERS: Mapping[str, Callable[[BsonDocument], Any]] = {
    CollectionName.RUN_EVENTS: event_of,
    CollectionName.WEEKLY_METRICS: _read_metrics,
    CollectionName.PLAN_SNAPSHOTS: snapshot_of,
    CollectionName.RUN_ARTIFACTS: _read_artifacts,
}
