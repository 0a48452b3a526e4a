"""The invariants of the lineage, checked for the whole project and mended as far as they can be.

Where the store, Dagster's history and the processes of this machine meet; what must hold is in
`runs.invariants`.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.domain.run_id import dagster_run_id_of
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.abandoned import close_abandoned
from weekly_plan_assets.lineage.audit.broken_invariant import BrokenInvariant
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.runs.code_location import MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.runs.invariants import Audit, History
from weekly_plan_assets.runs.launcher import fail_lost_runs, worker_is_gone
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.run_queries import executions_of


def broken_invariants(
    database: Database[BsonDocument],
    instance: DagsterInstance | None,
    *,
    at_rest: bool = False,
    week: TrainingWeek | None = None,
    later: timedelta = timedelta(),
) -> Iterator[BrokenInvariant]:
    """Everything in the lineage that is not as it must be, as soon as it is found.

    Args:
        database: The store.
        instance: Dagster's history; None if it cannot be read.
        at_rest: Whether nobody is at work, so that whatever is under way is broken.
        week: Only what was made from this week, and its rows; None: everything.
        later: Look as if so much time had passed.
    """
    history = None if instance is None else _history(instance)
    now = datetime.now(UTC) + later
    only = None if week is None else week.key
    yield from Audit(database, history, now, at_rest=at_rest, week=only).broken()


def mend(
    database: Database[BsonDocument], instance: DagsterInstance, broken: Iterable[BrokenInvariant]
) -> list[str]:
    """Mend what can be: runs whose process is gone get their end, runs without an event get it.

    Returns:
        The keys of what was mended.
    """
    return [
        finding.key
        for finding in broken
        if finding.can_be_repaired and _mend(database, instance, finding.key)
    ]


def close_runs(
    database: Database[BsonDocument], dagster_run_ids: Collection[str]
) -> list[RunEvent]:
    """Record how executions ended whose Dagster runs no history knows any more.

    Args:
        database: The store.
        dagster_run_ids: The runs; those that left nothing in the store are left out.
    """
    events = []
    for dagster_run_id in dagster_run_ids:
        for run_id in executions_of(database, dagster_run_id):
            event = close_abandoned(database, run_id)
            if event is not None:
                events.append(event)
    return events


def _mend(database: Database[BsonDocument], instance: DagsterInstance, key: str) -> bool:
    """Record how a run or an execution ended; whether there was anything to record."""
    fail_lost_runs(instance)
    for dagster_run_id in (key, dagster_run_id_of(key)):  # of the run itself, or of an execution
        if dagster_run_id and instance.get_run_by_id(dagster_run_id) is not None:
            return bool(record_run_events(instance, database, dagster_run_id))
    return close_abandoned(database, key) is not None


def _history(instance: DagsterInstance) -> History:
    return History(instance, (WEEKLY_PLAN, MAKE_PLAN), lambda run: worker_is_gone(instance, run))
