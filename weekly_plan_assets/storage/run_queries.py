"""Queries over the documents of many runs. Documents of one run are read by `run_documents`."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried


@retried
def planned_weeks(
    database: Database[BsonDocument], athlete_id: str, weeks: Sequence[TrainingWeek]
) -> set[TrainingWeek]:
    """Those of the observed `weeks` from which a plan was published."""
    keys = database[CollectionName.PLAN_SNAPSHOTS].distinct(
        "observedWeekStart",
        {
            "athleteId": athlete_id,
            "weekStart": {"$in": [week.next().key for week in weeks]},
        },
    )
    return {TrainingWeek.parse(key) for key in keys}


@retried
def executions_of(database: Database[BsonDocument], dagster_run_id: str) -> list[str]:
    """The runIds of the planning executions that a Dagster run began."""
    theirs = {"runId": {"$regex": f"^{re.escape(dagster_run_id)}:"}}
    found: list[str] = database[CollectionName.RUN_ARTIFACTS].distinct("runId", theirs)
    return found


@retried
def published_among(database: Database[BsonDocument], run_ids: Collection[str]) -> set[str]:
    """Those of the runIds that published a plan."""
    theirs = {"runId": {"$in": list(run_ids)}}
    return set(database[CollectionName.PLAN_SNAPSHOTS].distinct("runId", theirs))


@retried
def events_of(
    database: Database[BsonDocument], run_ids: Collection[str], fields: Iterable[str]
) -> list[BsonDocument]:
    """The run events of the runIds, with these fields only."""
    theirs = {"runId": {"$in": list(run_ids)}}
    return database[CollectionName.RUN_EVENTS].find(theirs, dict.fromkeys(fields, 1)).to_list()


@retried
def dagster_runs_recorded_as(
    database: Database[BsonDocument], since: datetime, **recorded: str
) -> set[str]:
    """The Dagster runs with an event since then that says this, by its fields."""
    said = {"createdAt": {"$gte": since}, **recorded}
    return set(database[CollectionName.RUN_EVENTS].distinct("dagsterRunId", said))


@retried
def newest_event(database: Database[BsonDocument]) -> str | None:
    """The runId of the event that was written last; None where there is none."""
    newest = database[CollectionName.RUN_EVENTS].find_one({}, ["runId"], sort=[("createdAt", -1)])
    return None if newest is None else str(newest["runId"])


@retried
def holds_event(database: Database[BsonDocument], run_id: str) -> bool:
    """Whether there is an event of the runId."""
    return database[CollectionName.RUN_EVENTS].find_one({"runId": run_id}, ["runId"]) is not None


@retried
def forget_nameless_event(database: Database[BsonDocument], run_id: str) -> None:
    """Delete the event of a runId that does not know whose it is, where another one does."""
    events = database[CollectionName.RUN_EVENTS]
    if events.find_one({"runId": run_id, "athleteId": {"$ne": UNKNOWN_ATHLETE}}, ["runId"]):
        events.delete_one({"athleteId": UNKNOWN_ATHLETE, "runId": run_id})


@retried
def recent_ends(
    database: Database[BsonDocument], statuses: Iterable[str], since: datetime
) -> list[BsonDocument]:
    """The run events since then of these statuses, oldest first.

    One that was written again, because it was lost, is as old as its run.
    """
    recent = {
        "status": {"$in": list(statuses)},
        "createdAt": {"$gte": since},
        "endedAt": {"$not": {"$lt": since}},
        "willRetry": {"$ne": True},
    }
    return database[CollectionName.RUN_EVENTS].find(recent, sort=[("createdAt", 1)]).to_list()


def stored_counts(database: Database[BsonDocument]) -> tuple[int, int]:
    """About how many weeks are measured, and how many plans are published."""
    weeks = database[CollectionName.WEEKLY_METRICS].estimated_document_count()
    return weeks, database[CollectionName.PLAN_SNAPSHOTS].estimated_document_count()
