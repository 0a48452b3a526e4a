"""A run that ended is never overwritten by whoever looks for runs whose process is gone."""

import subprocess
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Any

import pytest
from dagster import DagsterEventType, DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from weekly_plan_assets.runs import launcher as run_workers
from weekly_plan_assets.runs.launcher import (
    HealthCheckedRunLauncher,
    fail_lost_runs,
    reported_process,
)
from weekly_plan_assets_tests.faults.scene import IN_A_STEP, WEEK, Door, Scene, python

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

ENDS = {DagsterEventType.RUN_FAILURE, DagsterEventType.RUN_SUCCESS, DagsterEventType.RUN_CANCELED}


def ends_of(instance: DagsterInstance, run_id: str) -> list[str]:
    records = instance.get_records_for_run(run_id, of_type=ENDS).records
    return [record.event_log_entry.get_dagster_event().event_type.value for record in records]


def under_way(instance: DagsterInstance) -> DagsterRun:
    (run,) = instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED]))
    return run


def after(step: Callable[..., Any], meanwhile: Callable[[], None]) -> Callable[..., Any]:
    """A step behind which something happens, once, before anything else goes on."""
    left = [meanwhile]

    def stepping(*arguments: Any, **keywords: Any) -> Any:
        answer = step(*arguments, **keywords)
        if left:
            left.pop()()
        return answer

    return stepping


@pytest.mark.parametrize("listed_by", ["get_runs", "reported_process"])
def test_a_run_that_ends_while_it_is_looked_for_keeps_its_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, listed_by: str
) -> None:
    assert scene.run().returncode == 0
    with scene.history() as instance, Door(scene.intervals, IN_A_STEP) as door:
        process = scene.start()
        assert door.reached.wait(timeout=60)
        run = under_way(instance)

        def end() -> None:
            door.open()
            _, said = process.communicate(timeout=90)
            assert process.returncode == 0, said

        if listed_by == "get_runs":
            monkeypatch.setattr(instance, "get_runs", after(instance.get_runs, end))
        else:
            monkeypatch.setattr(run_workers, "reported_process", after(reported_process, end))
        assert fail_lost_runs(instance) == []
        assert ends_of(instance, run.run_id) == ["PIPELINE_SUCCESS"]
        assert instance.get_run_by_id(run.run_id).status is DagsterRunStatus.SUCCESS  # type: ignore[union-attr]
    scene.assert_whole()


def test_dagsters_monitor_is_not_told_that_a_run_failed_which_ends_while_it_looks(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scene.run().returncode == 0
    with scene.history() as instance, Door(scene.intervals, IN_A_STEP) as door:
        process = scene.start()
        assert door.reached.wait(timeout=60)
        seen = under_way(instance)
        launcher = instance.run_launcher
        assert isinstance(launcher, HealthCheckedRunLauncher)
        assert launcher.check_run_worker_health(seen).status.value == "RUNNING"
        door.open()
        process.communicate(timeout=90)
        assert launcher.check_run_worker_health(seen).status.value == "SUCCESS"


KILLED_WHILE_IT_ENDS = """
import os, signal, sys
from dagster._core.storage.runs import SqlRunStorage
from weekly_plan_assets import cli

handle = SqlRunStorage.handle_run_event

def killed_at_success(self, run_id, event, *others):
    if event.event_type_value == "PIPELINE_SUCCESS" and event.job_name == "weekly_plan":
        os.kill(os.getpid(), signal.SIGKILL)
    return handle(self, run_id, event, *others)

SqlRunStorage.handle_run_event = killed_at_success
cli.main()
"""


@pytest.mark.parametrize("noticed_by", ["the next run", "the check", "the monitor"])
def test_a_run_that_is_killed_after_it_logged_its_success_has_succeeded(
    scene: Scene, noticed_by: str
) -> None:
    assert scene.run().returncode == 0
    killed = subprocess.run(
        python("-c", KILLED_WHILE_IT_ENDS, "run", "--week", WEEK),
        env=scene.terminal.environment,
        capture_output=True,
        timeout=90,
        check=False,
    )
    assert killed.returncode == -9
    with scene.history() as instance:
        run = under_way(instance)
        if noticed_by == "the check":
            assert fail_lost_runs(instance) == []
        elif noticed_by == "the monitor":
            launcher = instance.run_launcher
            assert launcher.check_run_worker_health(run).status.value == "SUCCESS"
    scene.assert_goes_on()
    with scene.history() as instance:
        assert ends_of(instance, run.run_id) == ["PIPELINE_SUCCESS"]
    assert [event["dagsterStatus"] for event in scene.events()] == ["SUCCESS"] * 3


def test_a_run_that_is_killed_in_a_step_is_marked_by_several_that_look_at_once(
    scene: Scene,
) -> None:
    assert scene.run().returncode == 0
    with Door(scene.intervals, IN_A_STEP) as door:
        process = scene.start()
        assert door.reached.wait(timeout=60)
        process.kill()
        process.communicate()
    with scene.history() as instance:
        run = under_way(instance)
        lookers = [Thread(target=fail_lost_runs, args=(instance,)) for _ in range(4)]
        for looker in lookers:
            looker.start()
        for looker in lookers:
            looker.join()
        assert set(ends_of(instance, run.run_id)) == {"PIPELINE_FAILURE"}
    scene.assert_goes_on()
    failures = [event for event in scene.events() if event["status"] == "failure"]
    assert [failure["errors"] for failure in failures] == [["the process of this run was killed"]]


ROUNDS = 3
RUNS_AT_ONCE = 4


def test_many_runs_that_end_while_somebody_looks_all_the_time_are_never_overwritten(
    scene: Scene,
) -> None:
    assert scene.run().returncode == 0
    over = Event()
    found: list[Sequence[str]] = []

    def look(instance: DagsterInstance) -> None:
        while not over.is_set():
            found.append(fail_lost_runs(instance))

    with scene.history() as instance:
        lookers = [Thread(target=look, args=(instance,)) for _ in range(2)]
        for looker in lookers:
            looker.start()
        try:
            for _ in range(ROUNDS):
                processes = [scene.start() for _ in range(RUNS_AT_ONCE)]
                said = [process.communicate(timeout=200)[1] for process in processes]
                assert [process.returncode for process in processes] == [0] * RUNS_AT_ONCE, said
        finally:
            over.set()
            for looker in lookers:
                looker.join()
        assert len(found) > ROUNDS * RUNS_AT_ONCE
        assert not any(found)
        for run in instance.get_runs():
            assert ends_of(instance, run.run_id) == ["PIPELINE_SUCCESS"], run.job_name
    scene.assert_whole()
