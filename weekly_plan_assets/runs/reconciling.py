"""Ended runs that run_events does not hold: Dagster's history compared with the store.

How an event is written is in `events`.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dagster import (
    AssetKey,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunRecord,
    RunsFilter,
)
from pymongo.database import Database

from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.lineage.records.records import Status
from weekly_plan_assets.runs.dagster_private import PARTITION_NAME_TAG
from weekly_plan_assets.runs.events import is_recorded
from weekly_plan_assets.runs.facts import PUBLISHING_ASSET, training_week
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.cohort_documents import runs_of_cohorts
from weekly_plan_assets.storage.liveness import is_store_away
from weekly_plan_assets.storage.run_queries import (
    dagster_runs_recorded_as,
    events_of,
    published_among,
)

LOOKED_BACK = timedelta(days=14)
"""How far the first comparison goes, and one after a long pause; well within the retention of
run_events."""

PATIENCE = timedelta(minutes=5)
"""The sensor looks every 15 s, and the command line records its own run at once."""

_AHEAD = 2 * PATIENCE
"""Longer than anybody is given, so that no end of this moment is taken for one of a wrong clock."""

log = logging.getLogger(__name__)

_READ = ("runId", "status", "dagsterRunId", "dagsterStatus", "endedAt")


def unrecorded_runs(
    instance: DagsterInstance,
    database: Database[BsonDocument],
    publishing_jobs: Collection[str],
    since: datetime,
    until: datetime,
    also: Collection[str] = (),
) -> list[str]:
    """The ids of runs that were to publish a plan and whose end the store does not hold.

    Args:
        instance: Dagster's history.
        database: Where run_events is.
        publishing_jobs: The jobs that publish a plan, when they are run whole.
        since: Runs that ended before are left out; within the retention of run_events.
        until: Runs that ended later are left out; their process may be about to record them.
        also: Other runs to look at, by their ids, whenever they ended.
    """
    # A backfill may have left a thousand runs: most are recorded, and need not be read. Only a
    # success is final: a run that was given up too early may go on, and end again.
    recorded_for_good = dagster_runs_recorded_as(
        database, since, dagsterStatus=DagsterRunStatus.SUCCESS.value, status=Status.SUCCESS.value
    )
    # A run of a cohort has an event for each athlete, so one of them says nothing of the others.
    of_cohorts = runs_of_cohorts(database, since)
    succeeded = _ids_of(instance, (DagsterRunStatus.SUCCESS,), since)
    failed = _ids_of(instance, (DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED), since)
    unsure = (run_id for run_id in succeeded if run_id not in recorded_for_good - of_cohorts)
    unknown = list(dict.fromkeys((*unsure, *failed, *also)))
    if not unknown:
        return []  # no run ids to ask for would ask for all
    candidates = [
        record
        for record in instance.get_run_records(RunsFilter(run_ids=unknown))
        if _publishes(record.dagster_run, publishing_jobs) and _is_due(record, until)
    ]
    recorded = _recorded_ends(database, candidates)
    return [
        record.dagster_run.run_id
        for record in candidates
        if (_end(record) not in recorded or record.dagster_run.run_id in of_cohorts)
        # What is left may have gone on with the execution of an earlier run, have failed after its
        # plan was published, or have been marked as failed though it succeeded.
        and not _is_surely_recorded(instance, database, record.dagster_run.run_id)
    ]


def _is_surely_recorded(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> bool:
    """Whether the end of a run is recorded; False, too, for a run that cannot be read."""
    try:
        return is_recorded(instance, database, dagster_run_id)
    except Exception:
        if is_store_away(database):
            raise
        log.warning("run %s cannot be read", dagster_run_id, exc_info=True)
        return False


def _ids_of(
    instance: DagsterInstance, statuses: Collection[DagsterRunStatus], since: datetime
) -> list[str]:
    return list(instance.get_run_ids(RunsFilter(statuses=list(statuses), updated_after=since)))


def _publishes(run: DagsterRun, publishing_jobs: Collection[str]) -> bool:
    if run.asset_selection:  # empty, too, for a whole job
        return AssetKey(PUBLISHING_ASSET) in run.asset_selection
    return run.job_name in publishing_jobs


class _End(NamedTuple):
    """An end of a run, as its own event keeps it."""

    dagster_run_id: str
    dagster_status: str
    ended_at: datetime


def _end(record: RunRecord) -> _End:
    run = record.dagster_run
    return _End(run.run_id, run.status.value, encode(_ended_at(record)))


def _ended_at(record: RunRecord) -> datetime:
    ended_s = record.end_time or record.update_timestamp.timestamp()
    return datetime.fromtimestamp(ended_s, UTC)


def _is_due(record: RunRecord, until: datetime) -> bool:
    """Whether a run ended so long ago that its process should have recorded it.

    An end in the future comes from a clock that was ahead; it is due at once.
    """
    return not until < _ended_at(record) <= until + _AHEAD


def _recorded_ends(
    database: Database[BsonDocument], candidates: Collection[RunRecord]
) -> set[_End]:
    """The ends whose own events are stored, where run, event and plan all say the same."""
    run_ids = [run_id for record in candidates for run_id in _own_run_ids(record.dagster_run)]
    if not run_ids:
        return set()
    published = published_among(database, run_ids)
    return {
        _End(event["dagsterRunId"], event["dagsterStatus"], event["endedAt"])
        for event in events_of(database, run_ids, _READ)
        if (event["status"] == Status.SUCCESS)
        == (event["dagsterStatus"] == DagsterRunStatus.SUCCESS.value)
        == (event["runId"] in published)
    }


def _own_run_ids(run: DagsterRun) -> Iterator[str]:
    """The runId that a run of one week mints."""
    week = training_week(run.tags.get(PARTITION_NAME_TAG))
    if week is not None:
        yield mint_run_id(run.run_id, week)
