"""Runs of the UI and the daemon that are killed, canceled, repeated, and left alone for a while."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psutil
import pytest
from dagster._core.scheduler.instigation import SensorInstigatorData
from sqlalchemy import text

from weekly_plan_assets.runs.launcher import LOST, fail_lost_runs, reported_process
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.faults.dagster_processes import DagsterProcesses
from weekly_plan_assets_tests.faults.scene import IN_A_STEP, WEEK, Door, EventfulIntervals, Scene
from weekly_plan_assets_tests.support.dagster_ui import wait_for
from weekly_plan_assets_tests.support.terminal import Terminal

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
    """The one event of a run, as soon as the sensor has recorded it."""

    def recorded() -> list[BsonDocument]:
        return [event for event in dagster.scene.events() if event["dagsterRunId"] == run_id]

    (event,) = wait_for(recorded, f"the event of run {run_id}", 90)
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
        reported = reported_process(instance, run_id)
    assert reported is not None
    return psutil.Process(reported.pid)


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


def test_a_run_of_the_ui_records_the_process_that_no_clock_makes_another(
    dagster: DagsterProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_time, boot_time = psutil.Process.create_time, psutil.boot_time
    with Door(dagster.scene.intervals, IN_A_STEP) as door:
        run_id = dagster.ui.materialize(JOB, WEEK)
        assert door.reached.wait(timeout=60)
        # What the system answers after the clock was set: it derives both from it.
        monkeypatch.setattr(psutil.Process, "create_time", lambda self: create_time(self) + 3600)
        monkeypatch.setattr(psutil, "boot_time", lambda: boot_time() + 3600)
        with dagster.scene.history() as instance:
            reported = reported_process(instance, run_id)
            assert reported is not None
            assert reported.identity is not None
            assert not reported.identity.is_gone()
            assert fail_lost_runs(instance) == []
        door.open()
        assert dagster.end_of(run_id) == "SUCCESS"
        assert reported.identity.is_gone() or reported.pid == process_of(dagster, run_id).pid
    assert event_of(dagster, run_id)["status"] == "success"
    dagster.scene.assert_goes_on()


def test_a_run_of_single_assets_records_its_process_too(dagster: DagsterProcesses) -> None:
    run_id = dagster.ui.materialize_asset("weekly_metrics", WEEK)
    assert dagster.end_of(run_id) == "SUCCESS"
    with dagster.scene.history() as instance:
        reported = reported_process(instance, run_id)
    assert reported is not None
    assert reported.identity is not None


def test_a_run_of_a_day_that_is_no_monday_stops_neither_the_sensor_nor_the_check(
    dagster: DagsterProcesses,
) -> None:
    odd = dagster.ui.materialize(JOB, "2024-03-12")
    assert dagster.end_of(odd) == "FAILURE"
    good = dagster.ui.materialize(JOB, WEEK)
    assert dagster.end_of(good) == "SUCCESS"
    assert event_of(dagster, good)["status"] == "success"
    assert odd not in {event["dagsterRunId"] for event in dagster.scene.events()}
    done = dagster.scene.run()
    assert done.returncode == 0, done.stderr


def test_a_plan_published_after_the_clock_was_set_back_turns_the_failure_into_a_success(
    dagster: DagsterProcesses,
) -> None:
    with dagster.scene.store() as database:
        if "plan_snapshots" not in database.list_collection_names():
            database.create_collection("plan_snapshots")
        database.command("collMod", "plan_snapshots", validator={"never": {"$exists": True}})
        failed = dagster.ui.materialize(JOB, WEEK)
        assert dagster.end_of(failed) == "FAILURE"
        assert event_of(dagster, failed)["status"] == "failure"
        database.command("collMod", "plan_snapshots", validator={})
        # As if it had ended before a clock was set back.
        later = datetime.now(UTC) + timedelta(hours=4)
        database["run_events"].update_one({"dagsterRunId": failed}, {"$set": {"endedAt": later}})
    end_later(dagster, failed, later)
    again = dagster.reexecute_from_failure(failed)
    assert dagster.end_of(again) == "SUCCESS"
    event = event_of(dagster, again)
    assert (event["runId"], event["status"]) == (f"{failed}:{WEEK}", "success")
    dagster.scene.assert_whole()


def end_later(dagster: DagsterProcesses, run_id: str, at: datetime) -> None:
    with (
        dagster.scene.history() as instance,
        instance.run_storage.connect() as connection,  # type: ignore[attr-defined]
    ):
        connection.execute(
            text("UPDATE runs SET end_time = :end_s WHERE run_id = :run_id"),
            {"end_s": at.timestamp(), "run_id": run_id},
        )


def test_the_sensors_go_on_at_once_after_the_clock_was_set_back(dagster: DagsterProcesses) -> None:
    dagster.kill_daemon()
    ahead_s = time.time() + 4 * 3600
    with dagster.scene.history() as instance:
        for state in instance.all_instigator_state():
            if isinstance(state.instigator_data, SensorInstigatorData):
                data = state.instigator_data._replace(
                    last_tick_timestamp=ahead_s, last_tick_start_timestamp=ahead_s
                )
                instance.update_instigator_state(state.with_data(data))
    dagster.start_daemon()
    run_id = dagster.ui.materialize(JOB, WEEK)
    assert dagster.end_of(run_id) == "SUCCESS"
    assert event_of(dagster, run_id)["status"] == "success"
