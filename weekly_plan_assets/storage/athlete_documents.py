"""All documents of one athlete: found, counted and deleted."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.database import Database
from pymongo.errors import OperationFailure

from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.run_id import dagster_run_id_of
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried

Queries = Mapping[str, BsonDocument]
"""For each collection the documents of an athlete, in the order in which they are deleted."""

_ATHLETE = "athleteId"
_OF_RUNS = (
    CollectionName.PLAN_SNAPSHOTS,
    CollectionName.PLAN_ADHERENCE,
    CollectionName.PLAN_DELIVERIES,
    CollectionName.DELIVERY_CLAIMS,
    CollectionName.COHORT_RUNS,
    CollectionName.RUN_ARTIFACTS,
)
_OF_WEEKS = (
    CollectionName.READ_MARKS,
    CollectionName.ACTIVITIES,
    CollectionName.WELLNESS,
    CollectionName.WEEKLY_METRICS,
)
_LEADING = (
    CollectionName.RUN_EVENTS,
    CollectionName.COHORT_MEMBERS,
    CollectionName.STORED_WEEKS,
)
"""They name the athlete's runs and show that there is one, so they go last."""

_NAMING_RUNS = (*_OF_RUNS, CollectionName.RUN_EVENTS)
_NAMING = (*_OF_RUNS, *_OF_WEEKS, *_LEADING)
_BY_RUN = CollectionName.NOTIFICATIONS
_BY_NOBODY = (CollectionName.EVALUATION_ANSWERS, CollectionName.EVALUATIONS)
"""May name no athlete: they are of the only one in the database."""

_OF_THE_SERVER = frozenset({"admin", "config", "local"})


@retried
def athletes_of(database: Database[BsonDocument]) -> list[str]:
    """Every athlete that a document names."""
    named = {_ATHLETE: {"$nin": [None, UNKNOWN_ATHLETE]}}
    found = {str(one) for name in _NAMING for one in database[name].distinct(_ATHLETE, named)}
    return sorted(found)


@retried
def queries_of(
    database: Database[BsonDocument], athlete_id: str, *, is_alone: bool
) -> dict[str, BsonDocument]:
    """Find the documents of an athlete.

    Args:
        database: The store.
        athlete_id: The athlete.
        is_alone: Whether no other athlete is stored; documents that name nobody are theirs then.
    """
    # None matches a missing field too: version 1.0 names no athlete.
    whose: Any = {"$in": [athlete_id, None, UNKNOWN_ATHLETE]} if is_alone else athlete_id
    named = {_ATHLETE: whose}
    by_run: BsonDocument = {}
    if not is_alone:
        runs = {one for name in _NAMING_RUNS for one in database[name].distinct("runId", named)}
        by_run = {"_id": {"$regex": _messages_about(athlete_id, runs)}}
    by_nobody: BsonDocument = {} if is_alone else {_ATHLETE: athlete_id}
    # Assets of other code locations keep their rows by the same ledger.
    kept = database[CollectionName.STORED_WEEKS].distinct("collection", named)
    others = sorted({str(name) for name in kept} - set(_NAMING))
    first = {_BY_RUN: by_run, **dict.fromkeys(_BY_NOBODY, by_nobody)}
    return first | {name: dict(named) for name in (*others, *_NAMING)}


def _messages_about(athlete_id: str, run_ids: Iterable[str]) -> str:
    """A pattern of the keys of messages: of an end, by its run, and of the athlete's reminders."""
    beginnings = [*run_ids, f"reminder {athlete_id}"]
    return f"^(?:{'|'.join(sorted(map(re.escape, beginnings)))}) "


@retried
def counts_of(database: Database[BsonDocument], queries: Queries) -> dict[str, int]:
    """How many documents each query finds; collections without any are left out."""
    counted = {name: database[name].count_documents(query) for name, query in queries.items()}
    return {name: count for name, count in counted.items() if count}


@retried
def dagster_runs_named(database: Database[BsonDocument], queries: Queries) -> set[str]:
    """The Dagster runs that the documents name."""
    named = {
        dagster_run_id_of(str(one))
        for name in _NAMING_RUNS
        for one in database[name].distinct("runId", queries[name])
    }
    events = database[CollectionName.RUN_EVENTS]
    of_events = events.distinct("dagsterRunId", queries[CollectionName.RUN_EVENTS])
    return named | {str(one) for one in of_events}


def dagster_runs_of_others(database: Database[BsonDocument], athlete_id: str) -> set[str]:
    """The Dagster runs that documents of other athletes name."""
    others = {_ATHLETE: {"$nin": [athlete_id, None, UNKNOWN_ATHLETE]}}
    return dagster_runs_named(database, dict.fromkeys(_NAMING_RUNS, others))


def databases_beside(database: Database[BsonDocument], *left_out: str) -> list[str]:
    """Other databases of the same server that hold athletes of this project.

    Args:
        database: The one that is known.
        left_out: Names that are not looked at.

    Returns:
        Their names; `unknown` alone if the server does not list its databases.
    """
    try:
        names = database.client.list_database_names()
    except OperationFailure:  # no right to list them, so nothing is known
        return ["unknown"]
    return [
        name
        for name in names
        if name not in {database.name, *left_out, *_OF_THE_SERVER}
        and database.client[name][CollectionName.STORED_WEEKS].find_one({}, {"_id": 1}) is not None
    ]


@retried
def delete_documents(database: Database[BsonDocument], name: str, query: BsonDocument) -> None:
    """Delete what a query of a collection finds."""
    database[name].delete_many(query)
