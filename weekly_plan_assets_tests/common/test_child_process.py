"""A program that is run as a child process ends with the process that started it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

PARENT = """
import os, subprocess, sys, time
command = [sys.executable, *sys.argv[1:]]
child = subprocess.Popen([word.replace("PARENT", str(os.getpid())) for word in command])
time.sleep(600)
"""
SPAWNER = """
import multiprocessing, os, time
def work(): print(os.getpid(), flush=True); time.sleep(600)
if __name__ == "__main__":
    import spawned
    worker = multiprocessing.get_context("spawn").Process(target=spawned.work)
    worker.start()
    worker.join()
"""
PORTABLE = """
import sys, time
sys.platform = "somewhere else"
from weekly_plan_assets.common.child_process import end_with_parent
end_with_parent(PARENT)
print("0", flush=True)
time.sleep(600)
"""


@contextmanager
def started(*arguments: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A parent of a process with these arguments, and the first number that anybody prints."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    assert parent.stdout is not None
    said = parent.stdout.readline()
    family = family_of(parent)
    try:
        yield parent, int(said)
    finally:
        parent.kill()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        parent.communicate()


def family_of(parent: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(parent.pid).children(recursive=True)


def assert_all_end(family: list[psutil.Process]) -> None:
    assert family
    _, left = psutil.wait_procs(family, timeout=5)
    # One that has ended stays in the table until the system's first process takes note of it.
    assert [one for one in left if not has_ended(one)] == []


def has_ended(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def spawner(tmp_path: Path) -> Path:
    """A folder with a module that spawns a worker, as Dagster's code server does for a run."""
    (tmp_path / "spawner.py").write_text(SPAWNER)
    (tmp_path / "spawned.py").write_text(SPAWNER)
    return tmp_path


COMMAND = ("-m", "weekly_plan_assets.common.child_process", "PARENT", "spawner")


def test_a_program_and_its_workers_end_with_the_parent(spawner: Path) -> None:
    with started(*COMMAND, folder=spawner) as (parent, worker):
        family = family_of(parent)
        assert worker in {process.pid for process in family}
        parent.kill()
        assert_all_end(family)


@pytest.mark.slow
def test_the_workers_of_a_killed_program_end_with_it(spawner: Path) -> None:
    with started(*COMMAND, folder=spawner) as (parent, worker):
        program, *others = family_of(parent)
        assert worker in {process.pid for process in others}
        program.kill()
        assert_all_end(others)


@pytest.mark.slow
def test_a_process_ends_with_its_parent_on_systems_where_the_kernel_does_not_see_to_it(
    tmp_path: Path,
) -> None:
    with started("-c", PORTABLE, folder=tmp_path) as (parent, _):
        family = family_of(parent)
        parent.kill()
        assert_all_end(family)


def test_a_program_whose_parent_has_ended_before_does_not_start() -> None:
    command = [sys.executable, "-m", "weekly_plan_assets.common.child_process", "1", "this"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
