"""Cohorts in the store: who belongs to which, and for whom a run of a cohort was to plan.

How athletes are put into cohorts, and what a run does for them, is decided in `athletes`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING
from pymongo.database import Database

from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.upsert import merging_upsert, write_upserts


@dataclass(frozen=True, slots=True)
class CohortMember:
    """An athlete of a cohort.

    Attributes:
        cohort: The partition of that cohort; see `athletes.cohorts`.
    """

    athlete_id: str
    cohort: str


@dataclass(frozen=True, slots=True)
class AthleteRun:
    """For whom a run of a cohort was to plan.

    Attributes:
        error: Why no plan could be asked for, or None.
        failed_in: The step of the run in which that was so.
        stands: The execution whose plan stands, so that this one made none; None otherwise.
    """

    run_id: str
    athlete_id: str
    observed_week: TrainingWeek
    error: str | None = None
    failed_in: str | None = None
    stands: str | None = None


@retried
def members_of(database: Database[BsonDocument], cohort: str) -> list[str]:
    """The ids of the athletes of one cohort, in order."""
    found = database[CollectionName.COHORT_MEMBERS].find({"cohort": cohort})
    return sorted(one["athleteId"] for one in found)


@retried
def cohort_members(database: Database[BsonDocument]) -> list[CohortMember]:
    """Every athlete that was ever put into a cohort, in the order of their ids."""
    found = database[CollectionName.COHORT_MEMBERS].find({}).sort("athleteId", ASCENDING)
    return [CohortMember(one["athleteId"], one["cohort"]) for one in found]


def add_members(database: Database[BsonDocument], members: Iterable[CohortMember]) -> None:
    """Put athletes into cohorts."""
    documents = [{"athleteId": one.athlete_id, "cohort": one.cohort} for one in members]
    _merge(database, CollectionName.COHORT_MEMBERS, ("athleteId",), documents)


def note_athletes(
    database: Database[BsonDocument],
    dagster_run_id: str,
    observed_week: TrainingWeek,
    athlete_ids: Iterable[str],
) -> None:
    """Note before anything is planned for whom a run will plan, so that none is lost with it."""
    run: BsonDocument = {"dagsterRunId": dagster_run_id, "observedWeekStart": observed_week.key}
    _note(database, dagster_run_id, observed_week, dict.fromkeys(athlete_ids, run))


def note_errors(
    database: Database[BsonDocument],
    dagster_run_id: str,
    observed_week: TrainingWeek,
    errors: Mapping[str, str],
    step: str,
) -> None:
    """Note why a plan could not be asked for, by athlete, and in which step of the run."""
    noted = {one: {"error": error, "failedIn": step} for one, error in errors.items()}
    _note(database, dagster_run_id, observed_week, noted)


def note_standing(
    database: Database[BsonDocument],
    dagster_run_id: str,
    observed_week: TrainingWeek,
    standing: Mapping[str, str],
) -> None:
    """Note the earlier execution whose plan stands, so that none was made, by athlete."""
    noted = {one: {"stands": earlier} for one, earlier in standing.items()}
    _note(database, dagster_run_id, observed_week, noted)


def note_delivery_problems(
    database: Database[BsonDocument],
    dagster_run_id: str,
    observed_week: TrainingWeek,
    problems: Mapping[str, str],
) -> None:
    """Note why plans were not delivered, or not fully, by athlete."""
    noted = {one: {"deliveryProblem": why} for one, why in problems.items()}
    _note(database, dagster_run_id, observed_week, noted)


def _note(
    database: Database[BsonDocument],
    dagster_run_id: str,
    observed_week: TrainingWeek,
    by_athlete: Mapping[str, BsonDocument],
) -> None:
    """Set fields of the documents of a run, by athlete."""
    documents = [
        {
            **fields,
            "athleteId": athlete_id,
            "runId": mint_run_id(dagster_run_id, observed_week, athlete_id),
        }
        for athlete_id, fields in by_athlete.items()
    ]
    _merge(database, CollectionName.COHORT_RUNS, ("athleteId", "runId"), documents)


def _merge(
    database: Database[BsonDocument],
    collection: str,
    key: Sequence[str],
    documents: Iterable[BsonDocument],
) -> None:
    upserts = [merging_upsert({name: one[name] for name in key}, one) for one in documents]
    if upserts:
        write_upserts(database[collection], upserts)


@retried
def athletes_of_run(database: Database[BsonDocument], dagster_run_id: str) -> list[AthleteRun]:
    """For whom a run was to plan; nobody, where it is not a run of a cohort."""
    found = database[CollectionName.COHORT_RUNS].find({"dagsterRunId": dagster_run_id})
    return [
        AthleteRun(
            one["runId"],
            one["athleteId"],
            TrainingWeek.parse(one["observedWeekStart"]),
            one.get("error"),
            one.get("failedIn"),
            one.get("stands"),
        )
        for one in found.sort("runId", ASCENDING)
    ]


@retried
def runs_of_cohorts(database: Database[BsonDocument], since: datetime) -> set[str]:
    """The Dagster runs that noted for whom they plan since then."""
    found = database[CollectionName.COHORT_RUNS].distinct(
        "dagsterRunId", {"updatedAt": {"$gte": since}}
    )
    return {str(one) for one in found}
