"""Worker processes end with the command that started them, and give the database free."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from weekly_plan_assets.sources.files.importing import POOL_FROM_FILES
from weekly_plan_assets_tests.faults.processes import left_after, none_left_behind
from weekly_plan_assets_tests.faults.scene import IN_A_STEP, Door, Scene
from weekly_plan_assets_tests.support.dagster_ui import wait_for
from weekly_plan_assets_tests.support.file_texts import gpx_text

pytestmark = [pytest.mark.faults, pytest.mark.alone, pytest.mark.timeout(180)]

PROMISED_S = 2.0
BACKFILL = ("backfill", "--from", "2024-01-01", "--to", "2024-01-22", "--plans", "--force")


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "--multiprocessing-fork" in child.cmdline()]


@pytest.fixture
def backfilled(embedded: Scene) -> Iterator[Scene]:
    """An athlete whose past is stored, so that a backfill of plans begins with its workers."""
    with none_left_behind(embedded.state):
        assert embedded.run().returncode == 0
        yield embedded


def test_a_backfill_killed_while_its_workers_plan_leaves_none_of_them(backfilled: Scene) -> None:
    with Door(backfilled.intervals, IN_A_STEP) as door:
        process = backfilled.terminal.popen(*BACKFILL)
        assert door.reached.wait(timeout=90)
        wait_for(lambda: workers_of(process), "the workers", 60)
        process.kill()
        process.wait(timeout=60)
        assert left_after(backfilled.state, PROMISED_S) == []
    process.communicate()
    stopped = backfilled.terminal.run("db", "stop")
    assert stopped.returncode == 0, stopped.stderr
    backfilled.assert_goes_on()


def test_a_backfill_killed_while_its_workers_start_leaves_none_of_them(backfilled: Scene) -> None:
    process = backfilled.terminal.popen(*BACKFILL)
    wait_for(lambda: workers_of(process), "the workers", 60)
    process.kill()
    process.wait(timeout=60)
    assert left_after(backfilled.state, PROMISED_S) == []
    process.communicate()
    backfilled.assert_goes_on()


def test_a_run_killed_while_it_reads_many_files_leaves_none_of_its_readers(
    embedded: Scene, tmp_path: Path
) -> None:
    hour = gpx_text(datetime(2024, 1, 22, 7, tzinfo=UTC), [140] * 3600)
    for number in range(POOL_FROM_FILES + 20):
        (tmp_path / f"{number}.gpx").write_text(
            hour.replace("2024-01-22", f"2024-01-{number % 28 + 1:02}")
        )
    with none_left_behind(embedded.state):
        process = embedded.terminal.popen(
            "run", WEEKLY_PLAN_SOURCE="folder", WEEKLY_PLAN_EXPORT_DIR=str(tmp_path)
        )
        wait_for(lambda: workers_of(process), "the readers", 60)
        process.kill()
        process.wait(timeout=60)
        assert left_after(embedded.state, PROMISED_S) == []
        process.communicate()
        stopped = embedded.terminal.run("db", "stop")
        assert stopped.returncode == 0, stopped.stderr


PARENT = """
import os, sys, time
from multiprocessing import parent_process
from weekly_plan_assets.common.child_process import worker_pool
if __name__ == "__main__":
    pool = worker_pool(2)
    pids = {future.result() for future in [pool.submit(os.getpid) for _ in range(50)]}
    busy = pool.submit(BUSY)
    print(*pids, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("busy", ["time.sleep, 600", "sum, range(10**12)"])
def test_workers_of_a_killed_process_end_whether_idle_or_busy(tmp_path: Path, busy: str) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.replace("BUSY", busy))
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    family = psutil.Process(parent.pid).children(recursive=True)
    try:
        parent.kill()
        parent.communicate()
        _, alive = psutil.wait_procs([*workers, *family], timeout=PROMISED_S)
        assert not alive
    finally:
        for process in family:
            if process.is_running():
                process.kill()
