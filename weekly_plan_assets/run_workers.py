"""Whether the process of a run is still there, and what becomes of a run whose process is not.

Dagster's code server sees the end of processes that it started. When it went down with them, run
monitoring asks the launcher, and Dagster's default one cannot say: the run would be under way for
ever. `dagster.yaml` names the launcher of this module instead.
"""

from typing import NamedTuple

import psutil
from dagster import DagsterEventType, DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter
from dagster._core.launcher import (
    CheckRunHealthResult,
    DefaultRunLauncher,
    LaunchRunContext,
    WorkerStatus,
)

from weekly_plan_assets.run_tags import MACHINE_TAG, this_machine

LOST = "the process of this run was killed"

_CLOCK_S = 2.0
"""The system tells the start of a process to about a second."""


class ToldProcess(NamedTuple):
    """The number of a run's process, and when it was told, in seconds of the epoch."""

    pid: int
    at_s: float


class WatchedRunLauncher(DefaultRunLauncher):
    """Dagster's own launcher, which also knows whether the process of a run is still there."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """So that run monitoring asks."""
        return True

    def launch_run(self, context: LaunchRunContext) -> None:
        """Launch a run and note on which machine."""
        self._instance.add_run_tags(context.dagster_run.run_id, {MACHINE_TAG: this_machine()})
        super().launch_run(context)

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Failed where the process is gone; running where it is there, or nobody can know."""
        if worker_is_gone(self._instance, run):
            return CheckRunHealthResult(WorkerStatus.FAILED, LOST)
        return CheckRunHealthResult(WorkerStatus.RUNNING)


def fail_lost_runs(instance: DagsterInstance) -> list[str]:
    """Mark every run as failed that is under way though its process is gone.

    Returns:
        The ids of those runs.
    """
    under_way = instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED]))
    lost = [run for run in under_way if worker_is_gone(instance, run)]
    for run in lost:
        instance.report_run_failed(run, LOST)
    return [run.run_id for run in lost]


def worker_is_gone(instance: DagsterInstance, run: DagsterRun) -> bool:
    """Whether a run was given a process of this machine that is there no more."""
    if run.tags.get(MACHINE_TAG) != this_machine():
        return False
    told = told_process(instance, run.run_id)
    if told is None:
        return False
    try:
        process = psutil.Process(told.pid)
        # A younger process only got the number of the one that is gone.
        is_another = process.create_time() > told.at_s + _CLOCK_S
        return is_another or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def told_process(instance: DagsterInstance, dagster_run_id: str) -> ToldProcess | None:
    """The process that a run was given; None where it never told."""
    records = instance.get_records_for_run(
        dagster_run_id, of_type=DagsterEventType.ENGINE_EVENT, ascending=True
    ).records
    for record in records:
        event = record.event_log_entry.dagster_event
        if event is not None and "pid" in event.engine_event_data.metadata:
            pid = event.engine_event_data.metadata["pid"].value
            return ToldProcess(int(str(pid)), record.event_log_entry.timestamp)
    return None
