"""What a new code server does about runs that were killed while they started."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from dagster import DagsterEvent, DagsterEventType, DagsterInstance, DagsterRunStatus, job
from dagster._core.events import EngineEventData

from weekly_plan_assets.common.process_identity import this_machine
from weekly_plan_assets.runs.launcher import fail_lost_runs
from weekly_plan_assets.runs.tags import MACHINE_TAG


@job
def some_job() -> None:
    pass


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def fail_lost_starts(instance: DagsterInstance) -> list[str]:
    return fail_lost_runs(instance, DagsterRunStatus.STARTING)


def launched_run(instance: DagsterInstance, machine: str | None = None) -> str:
    tags = {MACHINE_TAG: machine or this_machine()}
    run_id = instance.create_run_for_job(some_job, tags=tags).run_id
    launch(instance, run_id)
    return run_id


def launch(instance: DagsterInstance, run_id: str) -> None:
    starting = DagsterEvent(DagsterEventType.RUN_STARTING.value, some_job.name)
    instance.report_dagster_event(starting, run_id)


def give_process(instance: DagsterInstance, run_id: str, pid: int) -> None:
    run = instance.get_run_by_id(run_id)
    instance.report_engine_event("Started process for run.", run, EngineEventData.in_process(pid))


def status(instance: DagsterInstance, run_id: str) -> DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_a_run_whose_process_was_killed_before_it_began_has_failed(
    instance: DagsterInstance, dead_pid: int
) -> None:
    run_id = launched_run(instance)
    give_process(instance, run_id, dead_pid)
    assert fail_lost_starts(instance) == [run_id]
    assert status(instance, run_id) is DagsterRunStatus.FAILURE
    assert fail_lost_starts(instance) == []


def test_a_run_that_may_still_begin_is_left_alone(instance: DagsterInstance, dead_pid: int) -> None:
    alive, without_process, elsewhere = (
        launched_run(instance),
        launched_run(instance),
        launched_run(instance, "another machine"),
    )
    give_process(instance, alive, os.getpid())
    give_process(instance, elsewhere, dead_pid)
    assert fail_lost_starts(instance) == []
    for run_id in (alive, without_process, elsewhere):
        assert status(instance, run_id) is DagsterRunStatus.STARTING


def test_the_process_of_an_earlier_try_does_not_count(
    instance: DagsterInstance, dead_pid: int
) -> None:
    run_id = launched_run(instance)
    give_process(instance, run_id, dead_pid)
    launch(instance, run_id)
    assert fail_lost_starts(instance) == []
    give_process(instance, run_id, dead_pid)
    assert fail_lost_starts(instance) == [run_id]
