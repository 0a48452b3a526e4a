"""Which process executes a run is known whatever the clock says."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from weekly_plan_assets.common.process_identity import ProcessIdentity, process_start, this_machine
from weekly_plan_assets_tests.support.dagster_ui import wait_for


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def recorded(process: subprocess.Popen[bytes]) -> ProcessIdentity:
    start = process_start(process.pid)
    assert start is not None
    return ProcessIdentity(machine=this_machine(), pid=process.pid, start=start)


def test_a_process_is_there_until_it_is_killed_and_gone_before_its_parent_has_noticed(
    sleeper: subprocess.Popen[bytes],
) -> None:
    process = recorded(sleeper)
    assert not process.is_gone()
    sleeper.kill()
    zombie = psutil.Process(sleeper.pid)
    wait_for(lambda: zombie.status() == psutil.STATUS_ZOMBIE, "the end of the process", 60)
    assert process.is_gone()
    sleeper.wait()
    assert process.is_gone()


@pytest.mark.parametrize("step_s", [3600.0, -3600.0])
def test_a_process_is_there_when_the_clock_is_set(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, step_s: float
) -> None:
    process = recorded(sleeper)
    create_time, boot_time = psutil.Process.create_time, psutil.boot_time
    # What the system answers after such a step: it derives both from the clock.
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: create_time(self) + step_s)
    monkeypatch.setattr(psutil, "boot_time", lambda: boot_time() + step_s)
    assert not process.is_gone()


def test_another_process_with_the_number_of_one_that_ended_is_not_taken_for_it(
    sleeper: subprocess.Popen[bytes],
) -> None:
    this = ProcessIdentity.current()
    assert not this.is_gone()
    assert ProcessIdentity(machine=this.machine, pid=sleeper.pid, start=this.start).is_gone()
    earlier_boot = "0" * 36 + "/" + this.start.rpartition("/")[2]
    assert ProcessIdentity(machine=this.machine, pid=this.pid, start=earlier_boot).is_gone()


def test_a_process_of_another_machine_cannot_be_known_to_be_gone() -> None:
    assert not ProcessIdentity(machine="elsewhere", pid=2**22 + 1, start="any").is_gone()


def test_what_a_run_recorded_is_read_again_and_anything_else_is_nothing() -> None:
    process = ProcessIdentity.current()
    assert ProcessIdentity.parse(process.text()) == process
    assert ProcessIdentity.parse("") is None
    assert ProcessIdentity.parse('{"pid": "many"}') is None
