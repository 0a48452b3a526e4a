"""What becomes of a run whose process is gone.

Dagster's code server sees the end of processes that it started. When it went down with them, run
monitoring asks the launcher, and Dagster's default one cannot say: the run would be under way for
ever. `dagster.yaml` names the launcher of this module instead. How a process is identified is in
`process`.
"""

import logging
from typing import NamedTuple

from dagster import DagsterEventType, DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from weekly_plan_assets.common.process_identity import (
    ProcessIdentity,
    may_be_python,
    process_start,
    this_boot,
    this_machine,
)
from weekly_plan_assets.runs.dagster_private import (
    CheckRunHealthResult,
    DefaultRunLauncher,
    LaunchRunContext,
    WorkerStatus,
)
from weekly_plan_assets.runs.ends import restore_end
from weekly_plan_assets.runs.tags import (
    BOOT_TAG,
    MACHINE_TAG,
    PROCESS_METADATA,
    hidden_tag,
    process_in_tags,
)

log = logging.getLogger(__name__)

LOST = "the process of this run was killed"


class ReportedProcess(NamedTuple):
    """The process of a run: its number, and what identifies it if the run recorded that."""

    pid: int
    identity: ProcessIdentity | None


class HealthCheckedRunLauncher(DefaultRunLauncher):
    """Dagster's own launcher, which also knows whether the process of a run is still there."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """So that run monitoring asks."""
        return True

    def launch_run(self, context: LaunchRunContext) -> None:
        """Launch a run and note on which machine, and since which start of the machine."""
        where = {MACHINE_TAG: this_machine(), BOOT_TAG: this_boot()}
        self._instance.add_run_tags(context.dagster_run.run_id, where)
        super().launch_run(context)

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Failed where the process is gone; running where it is there, or nobody can know."""
        if not worker_is_gone(self._instance, run):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        if has_ended(self._instance, run.run_id):
            return CheckRunHealthResult(WorkerStatus.SUCCESS)
        return CheckRunHealthResult(WorkerStatus.FAILED, LOST)


def fail_lost_runs(
    instance: DagsterInstance, status: DagsterRunStatus = DagsterRunStatus.STARTED
) -> list[str]:
    """Mark every run of a status as failed whose process is gone.

    Args:
        instance: Dagster's history.
        status: STARTED, or STARTING for runs that had been given a process and had not begun. A run
            without a process is left alone: the daemon puts it back into the queue.

    Returns:
        The ids of those runs.
    """
    under_way = instance.get_runs(RunsFilter(statuses=[status]))
    return [run.run_id for run in under_way if _fail_if_lost(instance, run)]


def _fail_if_lost(instance: DagsterInstance, run: DagsterRun) -> bool:
    try:
        return worker_is_gone(instance, run) and fail_if_not_ended(instance, run.run_id)
    except Exception:  # its log is damaged, and the other runs are not
        log.exception("run %s cannot be looked at", run.run_id)
        return False


def fail_if_not_ended(instance: DagsterInstance, dagster_run_id: str) -> bool:
    """Mark a run as failed whose process is known to be gone, unless it had ended before.

    The order matters: only the process of a run reports its success. Once that process is gone no
    success can follow, so what is read from here on is final.

    Returns:
        Whether it was marked.
    """
    if has_ended(instance, dagster_run_id):
        return False
    run = instance.get_run_by_id(dagster_run_id)
    if run is None:
        return False
    instance.report_run_failed(run, LOST)
    return True


def worker_is_gone(instance: DagsterInstance, run: DagsterRun) -> bool:
    """Whether a run was given a process of this machine that is there no more."""
    reported = reported_process(instance, run.run_id)
    if reported is None:
        return False
    if reported.identity is not None:
        return reported.identity.is_gone()
    if hidden_tag(run.tags, MACHINE_TAG) != this_machine():
        return False
    if hidden_tag(run.tags, BOOT_TAG) not in {None, this_boot()}:
        return True
    # Killed before it recorded more than a number. A clock cannot show whether the number was given
    # to another process since, because the clock may have been set; the program can, mostly.
    return process_start(reported.pid) is None or not may_be_python(reported.pid)


def reported_process(instance: DagsterInstance, dagster_run_id: str) -> ReportedProcess | None:
    """The process of a run, or None if none was ever recorded."""
    run = instance.get_run_by_id(dagster_run_id)
    identity = None if run is None else process_in_tags(dagster_run_id, run.tags)
    if identity is not None:
        return ReportedProcess(identity.pid, identity)
    kinds = {DagsterEventType.RUN_STARTING, DagsterEventType.ENGINE_EVENT}
    records = instance.get_records_for_run(dagster_run_id, of_type=kinds, ascending=True).records
    found: ReportedProcess | None = None
    for record in records:
        event = record.event_log_entry.dagster_event
        if event is None:
            continue
        if event.event_type is DagsterEventType.RUN_STARTING:
            found = None  # a process from before was that of an earlier try
            continue
        metadata = event.engine_event_data.metadata
        if PROCESS_METADATA in metadata:
            identity = ProcessIdentity.parse(str(metadata[PROCESS_METADATA].value))
            if identity is not None:
                return ReportedProcess(identity.pid, identity)
        if "pid" in metadata and found is None:
            found = ReportedProcess(int(str(metadata["pid"].value)), None)
    return found


def has_ended(instance: DagsterInstance, dagster_run_id: str) -> bool:
    """Whether a run whose process is gone had ended, by its status or by its log."""
    restore_end(instance, dagster_run_id)
    run = instance.get_run_by_id(dagster_run_id)
    return run is None or run.is_finished
