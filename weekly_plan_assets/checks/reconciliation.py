"""The check that Dagster's history and the store tell of the same runs; it repairs what it can.

The sensor and the command line tell of every run that they know to have ended. This looks for what
they missed: a process that was killed, an event that is gone from the store.
"""

from datetime import UTC, datetime, timedelta

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    DagsterInstance,
    asset_check,
)
from pymongo.database import Database

from weekly_plan_assets.assets.plan import plan as plan_asset
from weekly_plan_assets.jobs import MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.lineage.reconciling import unrecorded_runs
from weekly_plan_assets.lineage.run_events import record_run_events
from weekly_plan_assets.partitions import WEEKS
from weekly_plan_assets.retries import retried
from weekly_plan_assets.run_workers import fail_lost_runs
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.mongo import MongoResource

_LOOKED_BACK = timedelta(days=14)
_PATIENCE = timedelta(minutes=5)
"""The sensor looks every 15 s, and the command line tells of its own run at once."""


@asset_check(asset=plan_asset, partitions_def=WEEKS)
@retried
def every_ended_run_has_its_event(
    context: AssetCheckExecutionContext, mongo: MongoResource
) -> AssetCheckResult:
    """No run of the last two weeks is without its end or its run event; else it gets them now."""
    lost, told = reconcile(context.instance, mongo.database(), datetime.now(UTC) - _PATIENCE)
    return AssetCheckResult(
        passed=not (lost or told),
        severity=AssetCheckSeverity.WARN,
        description=_description(lost, told),
        metadata={"failed": lost, "told": told},
    )


def reconcile(
    instance: DagsterInstance, database: Database[BsonDocument], until: datetime
) -> tuple[list[str], list[str]]:
    """Mark runs as failed whose process is gone, and write the run events that are missing.

    Args:
        instance: Dagster's history.
        database: Where run_events is.
        until: Runs that ended later are left to whoever ran them.

    Returns:
        The ids of the runs marked as failed, and of the others that were told of.
    """
    lost = fail_lost_runs(instance)
    told = unrecorded_runs(
        instance, database, (WEEKLY_PLAN, MAKE_PLAN), until - _LOOKED_BACK, until
    )
    for dagster_run_id in (*lost, *told):
        record_run_events(instance, database, dagster_run_id)
    return lost, [dagster_run_id for dagster_run_id in told if dagster_run_id not in lost]


def _description(lost: list[str], told: list[str]) -> str:
    if not (lost or told):
        return "every run that ended has its event"
    repaired = []
    if lost:
        repaired.append(f"marked as failed, because their process was killed: {', '.join(lost)}")
    if told:
        repaired.append(f"written now, because they were missing: events of {', '.join(told)}")
    return "; ".join(repaired)
