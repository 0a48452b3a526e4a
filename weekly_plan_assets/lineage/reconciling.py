"""Ended runs of which run_events does not tell: Dagster's history compared with the store.

How an event is written lies in `run_events`.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from dagster import (
    AssetKey,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunRecord,
    RunsFilter,
)
from dagster._core.storage.tags import PARTITION_NAME_TAG
from pymongo.database import Database

from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.run_events import is_recorded
from weekly_plan_assets.lineage.run_facts import ENDED, PUBLISHING_ASSET
from weekly_plan_assets.storage.codec import BsonDocument

_BSON_PRECISION = timedelta(milliseconds=1)


def unrecorded_runs(
    instance: DagsterInstance,
    database: Database[BsonDocument],
    publishing_jobs: Collection[str],
    since: datetime,
    until: datetime,
) -> list[str]:
    """The ids of runs that were to publish a plan and of whose end the store does not tell.

    Args:
        instance: Dagster's history.
        database: Where run_events is.
        publishing_jobs: The jobs that publish a plan, when they are run whole.
        since: Runs that ended before are left out; within the retention of run_events.
        until: Runs that ended after are left out; whoever ran them may be about to tell.
    """
    # A backfill may have left a thousand runs: most are told of, and need not be read. Only success
    # is final: a run that was taken for lost may go on, and end again.
    final = {"createdAt": {"$gte": since}, "dagsterStatus": DagsterRunStatus.SUCCESS.value}
    told_for_good = set(database["run_events"].distinct("dagsterRunId", final))
    ended = instance.get_run_ids(RunsFilter(statuses=list(ENDED), updated_after=since))
    unknown = [run_id for run_id in ended if run_id not in told_for_good]
    if not unknown:
        return []  # no run ids to ask for would ask for all
    candidates = [
        record
        for record in instance.get_run_records(RunsFilter(run_ids=unknown))
        if _publishes(record.dagster_run, publishing_jobs) and _ended_at(record) <= until
    ]
    told = _ends_told(database, candidates)
    return [
        record.dagster_run.run_id
        for record in candidates
        if not any(
            run_id in told and told[run_id] >= _ended_at(record) - _BSON_PRECISION
            for run_id in _own_run_ids(record.dagster_run)
        )
        # What is left may have gone on with the execution of an earlier run.
        and not is_recorded(instance, database, record.dagster_run.run_id)
    ]


def _publishes(run: DagsterRun, publishing_jobs: Collection[str]) -> bool:
    if run.asset_selection:  # empty, too, for a whole job
        return AssetKey(PUBLISHING_ASSET) in run.asset_selection
    return run.job_name in publishing_jobs


def _ended_at(record: RunRecord) -> datetime:
    ended_s = record.end_time or record.update_timestamp.timestamp()
    return datetime.fromtimestamp(ended_s, UTC)


def _own_run_ids(run: DagsterRun) -> Iterator[str]:
    """The runId that a run of one week mints."""
    if PARTITION_NAME_TAG in run.tags:
        yield mint_run_id(run.run_id, TrainingWeek.parse(run.tags[PARTITION_NAME_TAG]))


def _ends_told(
    database: Database[BsonDocument], candidates: Collection[RunRecord]
) -> dict[str, datetime]:
    run_ids = [run_id for record in candidates for run_id in _own_run_ids(record.dagster_run)]
    if not run_ids:
        return {}
    told = database["run_events"].find({"runId": {"$in": run_ids}}, {"runId": 1, "endedAt": 1})
    return {event["runId"]: event["endedAt"] for event in told}
