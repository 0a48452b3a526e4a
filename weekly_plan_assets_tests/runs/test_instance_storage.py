"""Dagster's history with its connections kept open: nothing is lost, and nothing is left open."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import (
    AssetMaterialization,
    DagsterInstance,
    DagsterRunStatus,
    Definitions,
    asset,
    define_asset_job,
    sensor,
)
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    GrpcServerCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    SensorInstigatorData,
)
from dagster._daemon.daemon import get_default_daemon_logger

from weekly_plan_assets.runs import instance_storage
from weekly_plan_assets.runs.history.history import faults_of
from weekly_plan_assets.runs.instance_storage import CachedEventLog
from weekly_plan_assets.settings import load_settings

PROJECT = Path(instance_storage.__file__).parents[2]


@asset
def nothing() -> None:
    """An asset of which only the history matters."""


JOB = Definitions(assets=[nothing], jobs=[define_asset_job("job")]).resolve_job_def("job")


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(PROJECT))
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path))
    with DagsterInstance.get() as opened:
        yield opened


def events_of(instance: DagsterInstance) -> CachedEventLog:
    storage = instance.event_log_storage
    assert isinstance(storage, CachedEventLog)
    return storage


def open_files(folder: Path) -> int:
    links = Path("/proc/self/fd").iterdir()
    return sum(str(folder) in os.path.realpath(link) for link in links)


def test_what_one_instance_writes_another_reads_at_once(instance: DagsterInstance) -> None:
    run = JOB.execute_in_process(instance=instance).run_id
    with DagsterInstance.get() as other:
        found = other.get_run_by_id(run)
        assert found is not None
        assert found.status is DagsterRunStatus.SUCCESS
        assert len(other.all_logs(run)) == len(instance.all_logs(run))


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files by /proc")
def test_only_so_many_files_of_runs_stay_open_and_none_after_the_end(
    instance: DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_storage, "_MAX_OPEN_SHARDS", 2)
    runs = [JOB.execute_in_process(instance=instance).run_id for _ in range(4)]
    few = open_files(tmp_path)
    for run in runs:
        assert instance.all_logs(run)
    assert open_files(tmp_path) <= few
    instance.dispose()
    assert open_files(tmp_path) == 0


@pytest.mark.slow
def test_the_log_of_a_run_can_be_watched_while_another_process_writes_it(
    instance: DagsterInstance,
) -> None:
    """The UI shows a run's log as it grows, though its file changes only when it is closed."""
    run = instance.create_run_for_job(job_def=JOB)
    seen: list[str] = []
    storage = events_of(instance)
    storage.watch(run.run_id, None, lambda entry, _: seen.append(entry.message))
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from dagster import DagsterInstance\n"
            "instance = DagsterInstance.get()\n"
            "run = instance.get_run_by_id(sys.argv[1])\n"
            "instance.report_engine_event('still at work', run)\n"
            "sys.stdin.read()\n",
            run.run_id,
        ],
        stdin=subprocess.PIPE,
        cwd=PROJECT,
    )
    try:
        deadline_s = time.monotonic() + 30
        while "still at work" not in seen and time.monotonic() < deadline_s:
            time.sleep(0.05)
        assert writer.poll() is None, "the writer is to be alive, with its file open"
        assert "still at work" in seen
    finally:
        writer.communicate(timeout=30)


def test_wiping_the_history_leaves_a_storage_that_works(instance: DagsterInstance) -> None:
    JOB.execute_in_process(instance=instance)
    instance.wipe()
    run = JOB.execute_in_process(instance=instance).run_id
    assert instance.all_logs(run)


def test_the_layout_is_dagsters_own(instance: DagsterInstance) -> None:
    JOB.execute_in_process(instance=instance)
    history = load_settings().dagster_state_dir / "history"
    assert (history / "runs.db").exists()
    assert (history / "runs" / "index.db").exists()


def test_a_sensor_has_not_ticked_in_the_future_after_the_clock_was_set_back(
    instance: DagsterInstance,
) -> None:
    ahead_s = time.time() + 4 * 3600

    @sensor(job_name="job", minimum_interval_seconds=15)
    def looking() -> None:
        """Looks for something."""

    origin = RemoteInstigatorOrigin(
        RemoteRepositoryOrigin(GrpcServerCodeLocationOrigin("localhost", 1), "any"), looking.name
    )
    ticked = SensorInstigatorData(cursor="kept", last_tick_start_timestamp=ahead_s)
    instance.add_instigator_state(
        InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.RUNNING, ticked)
    )
    (state,) = instance.all_instigator_state()
    data = state.instigator_data
    assert isinstance(data, SensorInstigatorData)
    assert (data.cursor, data.last_tick_start_timestamp) == ("kept", None)


def test_the_log_of_the_daemon_has_no_line_of_a_sensor_that_had_nothing_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = get_default_daemon_logger("SensorDaemon")
    with caplog.at_level("INFO"):
        log.info("Checking for new runs for sensor: run_events_sensor")
        log.info("No run requests returned for run_events_sensor, skipping")
        log.info("Sensor run_events_sensor skipped: 2 events written")
    assert caplog.messages == ["Sensor run_events_sensor skipped: 2 events written"]


def test_the_log_of_what_happened_in_no_run_is_no_fault_of_the_history(
    instance: DagsterInstance,
) -> None:
    JOB.execute_in_process(instance=instance)
    instance.report_runless_asset_event(AssetMaterialization("nothing"))
    folder = load_settings().dagster_state_dir
    assert (folder / "history" / "runs" / ".db").exists()
    assert list(faults_of(folder)) == []
