"""Runs of the UI and the daemon that are killed, canceled, repeated, and left alone for a while."""

from collections.abc import Iterator
from uuid import uuid4

import psutil
import pytest

from weekly_plan_assets.run_workers import LOST, told_process
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.dagster_ui import wait_for
from weekly_plan_assets_tests.faults.dagster_processes import DagsterProcesses
from weekly_plan_assets_tests.faults.scene import IN_A_STEP, WEEK, Door, EventfulIntervals, Scene
from weekly_plan_assets_tests.terminal import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

JOB = "weekly_plan"


@pytest.fixture(scope="module")
def dagster(
    mongo_url: str, eventful: EventfulIntervals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DagsterProcesses]:
    own = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": f"test_{uuid4().hex[:12]}",
        "WEEKLY_PLAN_STATE_DIR": str(tmp_path_factory.mktemp("dagster") / "state"),
    }
    scene = Scene(Terminal({**eventful.environment, **own}), eventful)
    processes = DagsterProcesses(scene)
    try:
        processes.start_webserver()
        processes.start_daemon()
        yield processes
    finally:
        processes.stop()
        with open_client(mongo_url) as client:
            client.drop_database(own["MONGO_DATABASE"])


def event_of(dagster: DagsterProcesses, run_id: str) -> BsonDocument:
    """The one event of a run, as soon as the sensor has told it."""

    def told() -> list[BsonDocument]:
        return [event for event in dagster.scene.events() if event["dagsterRunId"] == run_id]

    (event,) = wait_for(told, f"the event of run {run_id}", 90)
    found: BsonDocument = event
    return found


def test_runs_asked_for_while_the_daemon_is_dead_are_made_and_told_when_it_is_back(
    dagster: DagsterProcesses,
) -> None:
    before = dagster.ui.materialize(JOB, WEEK)
    assert dagster.end_of(before) == "SUCCESS"
    dagster.kill_daemon()
    after = dagster.ui.materialize(JOB, WEEK)
    assert dagster.ui.status(after) == "QUEUED"
    dagster.start_daemon()
    assert dagster.end_of(after) == "SUCCESS"
    for run_id in (before, after):
        assert event_of(dagster, run_id)["status"] == "success"
    dagster.scene.assert_goes_on()


def process_of(dagster: DagsterProcesses, run_id: str) -> psutil.Process:
    with dagster.scene.history() as instance:
        told = told_process(instance, run_id)
    assert told is not None
    return psutil.Process(told.pid)


def test_a_run_of_the_ui_whose_process_is_killed_is_told_as_failed(
    dagster: DagsterProcesses,
) -> None:
    with Door(dagster.scene.intervals, IN_A_STEP) as door:
        run_id = dagster.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        process_of(dagster, run_id).kill()
        # The code server that had started it is there to see it.
        assert dagster.end_of(run_id) == "FAILURE"
    assert event_of(dagster, run_id)["status"] == "failure"
    dagster.scene.assert_goes_on()


def test_a_run_killed_with_all_that_watched_over_it_is_noticed_when_the_daemon_is_back(
    dagster: DagsterProcesses,
) -> None:
    with Door(dagster.scene.intervals, IN_A_STEP) as door:
        run_id = dagster.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        worker = process_of(dagster, run_id)
        code_server = worker.parent()
        assert code_server is not None
        dagster.kill_daemon()
        code_server.kill()
        worker.kill()
    assert dagster.ui.status(run_id) == "STARTED"
    dagster.start_daemon()
    assert dagster.end_of(run_id) == "FAILURE"
    event = event_of(dagster, run_id)
    assert event["status"] == "failure"
    assert LOST in event["errors"][0]
    dagster.scene.assert_goes_on()


def test_a_run_canceled_in_the_ui_is_told_as_such(dagster: DagsterProcesses) -> None:
    with Door(dagster.scene.intervals, IN_A_STEP) as door:
        run_id = dagster.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        dagster.terminate(run_id)
        assert dagster.end_of(run_id) == "CANCELED"
    event = event_of(dagster, run_id)
    assert event["status"] == "failure"
    assert "the run was canceled" in event["errors"]
    dagster.scene.assert_goes_on()


def test_a_run_repeated_from_its_failed_step_leaves_one_event_for_each(
    dagster: DagsterProcesses,
) -> None:
    dagster.scene.intervals.hidden = (IN_A_STEP,)
    try:
        failed = dagster.ui.materialize(JOB, WEEK)
        assert dagster.end_of(failed) == "FAILURE"
    finally:
        dagster.scene.intervals.hidden = ()
    again = dagster.reexecute_from_failure(failed)
    assert dagster.end_of(again) == "SUCCESS"
    assert event_of(dagster, failed)["status"] == "failure"
    assert event_of(dagster, again)["status"] == "success"
    dagster.scene.assert_goes_on()
