"""Old runs of Dagster's history: which may be deleted, and what is lost with them.

Dagster deletes the events of a run with it, its materializations among them. A week whose latest
materialization went is shown as never materialized, though its documents are in MongoDB. So a run
that shows something stays, unless somebody asks otherwise: one that holds the latest
materialization of an asset's week, or the latest evaluation of a check.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from dagster import DagsterEventType, DagsterInstance, RunRecord, RunsFilter
from sqlalchemy import Select, distinct, func, select

from weekly_plan_assets.runs.dagster_private import (
    AssetCheckExecutionsTable,
    SqlEventLogStorage,
    SqlEventLogStorageTable,
)
from weekly_plan_assets.runs.ends import ENDED
from weekly_plan_assets.runs.tags import writes_to

FEWEST_DAYS = 30
"""Runs are compared with their events for two weeks; a younger history is of use to everybody."""

_PAGE = 500

_EVALUATED = ("SUCCEEDED", "FAILED")
"""A run that broke before a check leaves it as planned, which shows nothing."""


@dataclass(frozen=True, slots=True)
class OldRuns:
    """Ended runs from before a day.

    Attributes:
        deletable: The ids of those that show nothing, oldest first.
        on_show: The ids of those that hold the latest materialization of a week, or the latest
            evaluation of a check.
    """

    deletable: tuple[str, ...]
    on_show: tuple[str, ...]


def old_runs(
    instance: DagsterInstance, database_name: str, before: datetime, unsettled: Collection[str]
) -> OldRuns:
    """The ended runs of a database that nothing happened to since a moment.

    Args:
        instance: Dagster's history.
        database_name: Runs of other databases that share the history are left out.
        before: The moment.
        unsettled: Runs that are left out, because their events are still to be written.
    """
    shown = _runs_on_show(instance)
    found = [
        record.dagster_run.run_id
        for record in _ended_before(instance, before)
        if writes_to(record.dagster_run.tags, database_name)
        and record.dagster_run.run_id not in unsettled
    ]
    return OldRuns(
        deletable=tuple(run_id for run_id in found if run_id not in shown),
        on_show=tuple(run_id for run_id in found if run_id in shown),
    )


def _ended_before(instance: DagsterInstance, before: datetime) -> Iterator[RunRecord]:
    wanted = RunsFilter(statuses=list(ENDED), updated_before=before)
    cursor: str | None = None
    while records := instance.get_run_records(wanted, _PAGE, ascending=True, cursor=cursor):
        yield from records
        cursor = records[-1].dagster_run.run_id


def _runs_on_show(instance: DagsterInstance) -> set[str]:
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        raise TypeError(f"{type(storage).__name__} is no storage in a database")
    with storage.index_connection() as connection:
        return {
            str(run_id)
            for query in (_of_materializations(), _of_evaluations())
            for (run_id,) in connection.execute(query)
        }


def _of_materializations() -> Select[tuple[str]]:
    events = SqlEventLogStorageTable.c
    latest = (
        select(func.max(events.id))
        .where(
            events.dagster_event_type == DagsterEventType.ASSET_MATERIALIZATION.value,
            events.asset_key.is_not(None),
        )
        .group_by(events.asset_key, events.partition)
    )
    return select(distinct(events.run_id)).where(events.id.in_(latest))


def _of_evaluations() -> Select[tuple[str]]:
    checks = AssetCheckExecutionsTable.c
    latest = (
        select(func.max(checks.id))
        .where(checks.execution_status.in_(_EVALUATED))
        .group_by(checks.asset_key, checks.check_name, checks.partition)
    )
    return select(distinct(checks.run_id)).where(checks.id.in_(latest))
