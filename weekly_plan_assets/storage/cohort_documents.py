"""Cohorts in the store: who belongs to which, and for whom a run of a cohort was to plan.

How athletes are put into cohorts, and what a run does for them, is decided in `athletes`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

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
        stands: The execution whose plan stands, so that this one made none; None otherwise.
    """

    run_id: str
    athlete_id: str
    observed_week: TrainingWeek
    error: str | None = None
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
    upserts = [
        merging_upsert(
            {"athleteId": one.athlete_id}, {"athleteId": one.athlete_id, "cohort": one.cohort}
        )
        for one in members
    ]
    if upserts:
        write_upserts(database[CollectionName.COHORT_MEMBERS], upserts)


def note_athletes(
    database: Database[BsonDocument],
    dagster_run_id: str,
    observed_week: TrainingWeek,
    athlete_ids: Sequence[str],
) -> None:
    """Note before anything is planned for whom a run will plan, so that none is lost with it."""
    upserts = []
    for athlete_id in athlete_ids:
        run_id = mint_run_id(dagster_run_id, observed_week, athlete_id)
        noted = {
            "runId": run_id,
            "dagsterRunId": dagster_run_id,
            "athleteId": athlete_id,
            "observedWeekStart": observed_week.key,
        }
        upserts.append(merging_upsert({"runId": run_id}, noted))
    if upserts:
        write_upserts(database[CollectionName.COHORT_RUNS], upserts)


def note_ends(
    database: Database[BsonDocument],
    *,
    errors: Mapping[str, str],
    standing: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Note for which of the executions nothing was planned.

    Args:
        database: The store.
        errors: Why a plan could not be asked for, by runId.
        standing: The earlier execution whose plan stands, by runId.
    """
    fields = [
        *({"runId": run_id, "error": error} for run_id, error in errors.items()),
        *({"runId": run_id, "stands": earlier} for run_id, earlier in standing.items()),
    ]
    if fields:
        upserts = [merging_upsert({"runId": one["runId"]}, one) for one in fields]
        write_upserts(database[CollectionName.COHORT_RUNS], upserts)


def note_delivery_problems(database: Database[BsonDocument], problems: Mapping[str, str]) -> None:
    """Note why plans were not delivered, or not fully, by the runId of the execution."""
    upserts = [
        merging_upsert({"runId": run_id}, {"runId": run_id, "deliveryProblem": why})
        for run_id, why in problems.items()
    ]
    if upserts:
        write_upserts(database[CollectionName.COHORT_RUNS], upserts)


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
