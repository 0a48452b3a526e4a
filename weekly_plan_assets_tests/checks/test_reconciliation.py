"""The check that repairs what the sensor and the command line have missed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from dagster import AssetCheckEvaluation, AssetCheckSeverity, DagsterRun, DagsterRunStatus
from dagster._core.events import EngineEventData

from weekly_plan_assets.checks import reconciliation
from weekly_plan_assets.checks.reconciliation import reconcile
from weekly_plan_assets.run_tags import MACHINE_TAG, this_machine
from weekly_plan_assets.run_workers import LOST
from weekly_plan_assets_tests.graph import Graph, activity, write_export

WEEK = "2024-01-08"
ENDED_PID = subprocess.Popen([sys.executable, "-c", ""])
ENDED_PID.wait()


@pytest.fixture
def graph(graph: Graph) -> Graph:
    write_export(graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [])
    return graph


def check_of(graph: Graph) -> AssetCheckEvaluation:
    evaluations = graph.plan(WEEK).get_asset_check_evaluations()
    (check,) = [one for one in evaluations if one.check_name == "every_ended_run_has_its_event"]
    return check


def run_under_way(
    graph: Graph,
    pid: int,
    machine: str,
    status: DagsterRunStatus = DagsterRunStatus.STARTED,
) -> DagsterRun:
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(
        job_def=job,
        tags={"dagster/partition": WEEK, MACHINE_TAG: machine},
        status=status,
    )
    graph.instance.report_engine_event("started", run, EngineEventData.in_process(pid))
    return run


def status_of(graph: Graph, run: DagsterRun) -> DagsterRunStatus:
    found = graph.instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def test_a_run_that_nobody_told_of_gets_its_event_with_a_warning_and_only_once(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten = graph.plan(WEEK).run_id
    assert check_of(graph).passed, "whoever ran it a moment ago may be about to tell"
    monkeypatch.setattr(reconciliation, "_PATIENCE", timedelta())
    check = check_of(graph)
    assert not check.passed
    assert check.severity is AssetCheckSeverity.WARN
    assert forgotten in str(check.description)
    told = {event["dagsterRunId"]: event["status"] for event in graph.documents("run_events")}
    assert told[forgotten] == "success"
    assert len(told) == 2
    assert reconcile(graph.instance, graph.database, datetime.now(UTC))[1] != []
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [])


def test_a_run_that_goes_on_with_an_earlier_execution_is_told_under_its_run_id(
    graph: Graph,
) -> None:
    first = graph.plan_and_record(WEEK)
    second = graph.plan(WEEK, ["plan"]).run_id
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [second])
    (event,) = graph.documents("run_events")
    assert (event["runId"], event["dagsterRunId"]) == (f"{first}:{WEEK}", second)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [])


def test_a_run_that_was_taken_for_lost_and_ended_later_is_told_of_again(graph: Graph) -> None:
    run_id = graph.plan_and_record(WEEK)
    taken_for_lost = {"dagsterStatus": "FAILURE", "status": "failure"}
    earlier = datetime.now(UTC) - timedelta(hours=1)
    graph.database["run_events"].update_one({}, {"$set": {**taken_for_lost, "endedAt": earlier}})
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [run_id])
    (event,) = graph.documents("run_events")
    assert (event["status"], event["dagsterStatus"]) == ("success", "SUCCESS")


def test_runs_that_were_not_to_publish_a_plan_are_not_missed(graph: Graph) -> None:
    graph.metrics(WEEK, WEEK)
    graph.plan(WEEK, ["planning_inputs"])
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [])


def test_runs_of_long_ago_are_left_alone_because_their_events_may_have_expired(
    graph: Graph,
) -> None:
    graph.plan(WEEK)
    later = datetime.now(UTC) + timedelta(days=15)
    assert reconcile(graph.instance, graph.database, later) == ([], [])


def test_a_run_whose_process_is_gone_is_marked_as_failed_and_told_of(graph: Graph) -> None:
    run = run_under_way(graph, ENDED_PID.pid, this_machine())
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([run.run_id], [])
    assert status_of(graph, run) is DagsterRunStatus.FAILURE
    (event,) = graph.documents("run_events")
    assert (event["status"], event["errors"]) == ("failure", [LOST])


@pytest.mark.parametrize(
    ("pid", "machine"),
    [(os.getpid(), this_machine()), (ENDED_PID.pid, "another machine")],
    ids=["alive", "elsewhere"],
)
def test_a_run_is_left_alone_whose_process_lives_or_cannot_be_seen(
    graph: Graph, pid: int, machine: str
) -> None:
    run = run_under_way(graph, pid, machine)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [])
    assert status_of(graph, run) is DagsterRunStatus.STARTED


@pytest.mark.parametrize("announced", [0, 1])
def test_a_run_killed_while_dagster_announced_what_it_was_to_make_is_told_of(
    graph: Graph, announced: int
) -> None:
    run = run_under_way(graph, ENDED_PID.pid, this_machine(), DagsterRunStatus.NOT_STARTED)
    events = graph.instance.all_logs(run.run_id)
    graph.instance.event_log_storage.delete_events(run.run_id)
    for logged in events[:announced]:
        graph.instance.event_log_storage.store_event(logged)
    graph.instance.report_run_failed(run, LOST)
    assert reconcile(graph.instance, graph.database, datetime.now(UTC)) == ([], [run.run_id])
    (event,) = graph.documents("run_events")
    assert (event["runId"], event["errors"]) == (f"{run.run_id}:{WEEK}", [LOST])
    assert event["startedAt"] is None
