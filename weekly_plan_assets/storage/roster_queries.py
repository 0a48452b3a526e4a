"""What is stored of a week of many athletes, in a handful of queries, with the fields needed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried

_RUN = ("runId", "athleteId", "weekStart", "createdAt")

_OF_PLANS = (
    *_RUN,
    "activityPlan.nextWeek.phase",
    "activityPlan.nextWeek.plannedLoad",
    "activityPlan.days.sessions.durationS",
)
_OF_FAILURES = (*_RUN, "errors", "endedAt")
_OF_INPUTS = (
    *_RUN,
    "athlete.races",
    "athlete.absences",
    "envelope.comeback",
    "envelope.readiness.signals.name",
    "envelope.readiness.signals.light",
)
_OF_ADHERENCE = (
    *_RUN,
    "sessions.outcome",
    "sessions.plannedDurationS",
    "sessions.doneDurationS",
)
_OF_DELIVERIES = (
    *(*_RUN, "target", "account", "status", "checkedAt"),
    *("passes.at", "passes.isTakeBack"),
)
_OF_COHORT_RUNS = (
    *("runId", "athleteId", "observedWeekStart", "createdAt", "updatedAt"),
    *("stands", "deliveryProblem"),
)


@dataclass(frozen=True, slots=True)
class WeekDocuments:
    """The documents of planned weeks of several athletes, each list oldest first.

    Attributes:
        plans: From plan_snapshots.
        failures: Run events of weeks that were not planned; those that are tried again left out.
        adherence: What was done in the weeks before, where a plan was made in time to be followed.
    """

    plans: list[BsonDocument]
    failures: list[BsonDocument]
    adherence: list[BsonDocument]


@retried
def week_documents(
    database: Database[BsonDocument],
    athlete_ids: Collection[str],
    planned_weeks: Iterable[TrainingWeek],
) -> WeekDocuments:
    """Plans and failures of these planned weeks, and what was done in the weeks before them."""
    weeks = set(planned_weeks)
    planned = {"weekStart": {"$in": sorted(week.key for week in weeks)}}
    before = {"weekStart": {"$in": sorted(week.shift(-1).key for week in weeks)}}
    whose = {"athleteId": {"$in": list(athlete_ids)}}
    failed = {"status": "failure", "willRetry": {"$ne": True}}
    return WeekDocuments(
        plans=_found(database, CollectionName.PLAN_SNAPSHOTS, planned | whose, _OF_PLANS),
        failures=_found(
            database, CollectionName.RUN_EVENTS, failed | planned | whose, _OF_FAILURES
        ),
        adherence=_found(
            database,
            CollectionName.PLAN_ADHERENCE,
            before | whose | {"inTime": True},
            _OF_ADHERENCE,
        ),
    )


@retried
def inputs_of_runs(
    database: Database[BsonDocument], run_ids: Collection[str]
) -> list[BsonDocument]:
    """Races, absences and readiness from which these runs planned."""
    theirs = {"runId": {"$in": list(run_ids)}}
    return _found(database, CollectionName.RUN_ARTIFACTS, theirs, _OF_INPUTS)


@retried
def deliveries_of_athletes(
    database: Database[BsonDocument],
    athlete_ids: Collection[str],
    planned_weeks: Iterable[TrainingWeek],
) -> list[BsonDocument]:
    """The receipts of every delivery of these planned weeks, oldest first."""
    weeks = sorted({week.key for week in planned_weeks})
    theirs = {"athleteId": {"$in": list(athlete_ids)}, "weekStart": {"$in": weeks}}
    return _found(database, CollectionName.PLAN_DELIVERIES, theirs, _OF_DELIVERIES)


@retried
def cohort_runs_of(
    database: Database[BsonDocument],
    athlete_ids: Collection[str],
    observed_weeks: Iterable[TrainingWeek],
) -> list[BsonDocument]:
    """What runs of cohorts noted of these athletes and observed weeks, oldest first."""
    weeks = sorted({week.key for week in observed_weeks})
    theirs = {"athleteId": {"$in": list(athlete_ids)}, "observedWeekStart": {"$in": weeks}}
    return _found(database, CollectionName.COHORT_RUNS, theirs, _OF_COHORT_RUNS)


def delivery_problems(
    database: Database[BsonDocument], athlete_ids: Collection[str], observed: TrainingWeek
) -> dict[str, str]:
    """Why the plans from this week were not delivered by the newest run, by athlete."""
    newest = {one["athleteId"]: one for one in cohort_runs_of(database, athlete_ids, [observed])}
    problems = {one: document.get("deliveryProblem") for one, document in newest.items()}
    return {one: str(why) for one, why in problems.items() if why}


@retried
def newest_of_weeks(
    database: Database[BsonDocument],
    collection: str,
    athlete_ids: Collection[str],
    weeks: Iterable[TrainingWeek],
) -> dict[tuple[str, TrainingWeek], BsonDocument]:
    """By athlete and planned week, the document that was written last, whole."""
    keys = sorted(week.key for week in weeks)
    theirs = {"athleteId": {"$in": list(athlete_ids)}, "weekStart": {"$in": keys}}
    # Sorted by the server, which has an order also where a time is missing or is none.
    found = database[collection].find(theirs, {"_id": 0}).sort("updatedAt", ASCENDING)
    return {(one["athleteId"], TrainingWeek.parse(one["weekStart"])): one for one in found}


@retried
def newest_planned_week(
    database: Database[BsonDocument], athlete_ids: Collection[str]
) -> TrainingWeek | None:
    """The latest week for which any of these athletes has a plan; None if none has."""
    found = database[CollectionName.PLAN_SNAPSHOTS].find_one(
        {"athleteId": {"$in": list(athlete_ids)}},
        {"weekStart": 1},
        sort=[("weekStart", DESCENDING)],
    )
    return None if found is None else TrainingWeek.parse(found["weekStart"])


def _found(
    database: Database[BsonDocument],
    collection: str,
    query: BsonDocument,
    fields: Iterable[str],
) -> list[BsonDocument]:
    shown = {"_id": 0, **dict.fromkeys(fields, 1)}
    # Sorted here: the server would hold whole documents for it.
    return sorted(database[collection].find(query, shown), key=_written_at)


def _written_at(document: BsonDocument) -> float:
    at = document.get("createdAt")
    return at.timestamp() if isinstance(at, datetime) else 0.0
