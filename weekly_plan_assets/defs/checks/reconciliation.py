"""The check that Dagster's history and the store know the same runs; it repairs what it can.

The sensor and the command line record every run that they know to have ended. This looks for what
they missed: a process that was killed, an event that was never written or is gone. The job
`reconcile_runs` runs it every day; it is no part of the weekly jobs. Each look begins where the
last one ended.
"""

import logging
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    DagsterInstance,
    asset_check,
)
from pymongo.database import Database

from weekly_plan_assets.defs.assets.plan import plan as plan_asset
from weekly_plan_assets.defs.jobs import RECONCILIATION_CHECK
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.runs.code_location import PUBLISHING_JOBS
from weekly_plan_assets.runs.ends import restore_end
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.runs.last_look import LastLook, remember_look
from weekly_plan_assets.runs.launcher import fail_lost_runs
from weekly_plan_assets.runs.reconciling import PATIENCE, unrecorded_runs
from weekly_plan_assets.runs.set_aside import reason_of
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.liveness import is_store_away

_PATIENCE = PATIENCE
_NEVER = LastLook()

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Repairs:
    """What the check found, by the ids of Dagster's runs.

    Attributes:
        failed: Runs that were marked as failed, because their process was killed.
        restored: Runs that had been marked as failed though they had ended before.
        recorded: Others whose run event was missing and is written now.
        refused: Runs whose event cannot be written, each with the reason.
    """

    failed: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """What was found, in one line."""
        refused = (f"{run_id} ({reason})" for run_id, reason in self.refused.items())
        found = {
            "marked as failed, because their process was killed": self.failed,
            "given back the end that they had before they were marked as failed": self.restored,
            "written now, because they were missing: events of": self.recorded,
            "cannot be written and will be tried again: events of": list(refused),
        }
        said = [f"{what}: {', '.join(runs)}" for what, runs in found.items() if runs]
        return "; ".join(said) or "every run that ended has its event"


@asset_check(asset=plan_asset, name=RECONCILIATION_CHECK, blocking=False)
@retry_step
def every_ended_run_has_its_event(
    context: AssetCheckExecutionContext, mongo: MongoResource
) -> AssetCheckResult:
    """No run that ended since the last look is without its end or its run event.

    One that is gets them now. The first look, and one into a store that was restored from a backup,
    goes back two weeks.
    """
    database, until = mongo.database(), datetime.now(UTC) - _PATIENCE
    repairs = reconcile(context.instance, database, until, LastLook.at(context.instance, database))
    remember_look(context.instance, database, until, tuple(repairs.refused))
    return AssetCheckResult(
        passed=repairs == Repairs(),
        severity=AssetCheckSeverity.WARN,
        description=repairs.description,
        metadata=asdict(repairs),
    )


def reconcile(
    instance: DagsterInstance,
    database: Database[BsonDocument],
    until: datetime,
    last: LastLook = _NEVER,
) -> Repairs:
    """Mark runs as failed whose process is gone, and write the run events that are missing.

    Args:
        instance: Dagster's history.
        database: Where run_events is.
        until: Runs that ended later are left to the process that ran them.
        last: The look before this one.

    Raises:
        PyMongoError: The store does not answer. An event that it refuses is named and left out.
    """
    repairs = Repairs(failed=fail_lost_runs(instance))
    missing = unrecorded_runs(
        instance, database, PUBLISHING_JOBS, last.since(until), until, last.unsettled
    )
    for run_id in dict.fromkeys((*repairs.failed, *missing)):
        if restore_end(instance, run_id):
            repairs.restored.append(run_id)
        try:
            record_run_events(instance, database, run_id)
        except Exception as error:
            if is_store_away(database):
                raise
            repairs.refused[run_id] = reason_of(error)
            log.warning("run %s: its event cannot be written: %s", run_id, reason_of(error))
        else:
            if run_id not in (*repairs.failed, *repairs.restored):
                repairs.recorded.append(run_id)
    return repairs
