"""Run events of runs that really succeeded, failed and were canceled."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dagster import DagsterInstance, DagsterRunStatus, build_sensor_context

from weekly_plan_assets.lineage.run_events import record_run_events
from weekly_plan_assets.planners.base import Answer
from weekly_plan_assets.sensors import run_events_sensor
from weekly_plan_assets.storage.mongo import MongoResource
from weekly_plan_assets_tests.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    write_export,
)

WEEK = "2024-01-08"
DESIGN_FIELDS = {
    "runId",
    "status",
    "attempt",
    "weekStart",
    "weekEnd",
    "errorCount",
    "errors",
    "createdAt",
    "runEvent",
}


@pytest.fixture
def graph(graph: Graph) -> Graph:
    write_export(graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [])
    return graph


def event_of(graph: Graph) -> dict[str, Any]:
    (event,) = graph.documents("run_events")
    return event


def test_a_published_plan_is_a_success_that_joins_snapshot_and_artifacts(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    record_run_events(graph.instance, graph.database, run_id)
    event = event_of(graph)
    assert event.keys() >= DESIGN_FIELDS
    assert (event["status"], event["attempt"], event["errorCount"]) == ("success", 0, 0)
    assert (event["weekStart"], event["weekEnd"]) == ("2024-01-15", "2024-01-21")
    for collection in ("run_artifacts", "plan_snapshots"):
        assert graph.documents(collection)[0]["runId"] == event["runId"]
    assert event["runEvent"]["status"] == "success"
    assert isinstance(event["createdAt"], datetime)


def test_an_invalid_plan_is_a_failure_with_the_rules_it_broke(graph: Graph) -> None:
    graph.planner = FixedPlannerResource.around(StubbornPlanner(), max_attempts=2)
    record_run_events(graph.instance, graph.database, graph.plan(WEEK).run_id)
    event = event_of(graph)
    assert (event["status"], event["attempt"]) == ("failure", 1)
    assert any("load.week_sum" in error for error in event["errors"])
    assert event["errorCount"] == len(event["errors"])


def test_a_run_that_broke_before_there_was_a_plan_tells_the_steps_error(graph: Graph) -> None:
    (graph.export_dir / "activities.json").write_text("{not json")
    result = graph.plan(WEEK)
    record_run_events(graph.instance, graph.database, result.run_id)
    event = event_of(graph)
    assert event["runId"] == f"{result.run_id}:{WEEK}"
    assert (event["status"], event["attempt"]) == ("failure", None)
    assert any("activities.json" in error for error in event["errors"])
    assert graph.documents("run_artifacts") == []


def test_a_run_that_broke_after_its_inputs_were_kept_leaves_no_document_open(
    graph: Graph,
) -> None:
    class BrokenPlanner(StubbornPlanner):
        def propose(self, *arguments: Any, **keywords: Any) -> Answer:
            raise ConnectionError("the planner hung up")

    graph.planner = FixedPlannerResource.around(BrokenPlanner())
    record_run_events(graph.instance, graph.database, graph.plan(WEEK).run_id)
    (artifacts,) = graph.documents("run_artifacts")
    assert artifacts["status"] == "failure"
    assert artifacts["outputRaw"] is None
    assert artifacts["errors"] == ["artifacts: ConnectionError: the planner hung up"]
    assert event_of(graph)["errors"] == artifacts["errors"]


def test_a_canceled_run_is_a_failure_that_says_so(graph: Graph) -> None:
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(
        job_def=job, tags={"dagster/partition": WEEK}, status=DagsterRunStatus.STARTED
    )
    graph.instance.report_run_canceled(run)
    record_run_events(graph.instance, graph.database, run.run_id)
    event = event_of(graph)
    assert (event["status"], event["errors"]) == ("failure", ["the run was canceled"])
    assert event["runId"] == f"{run.run_id}:{WEEK}"


def test_a_run_marked_as_failed_from_outside_says_what_it_was_marked_with(graph: Graph) -> None:
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(
        job_def=job, tags={"dagster/partition": WEEK}, status=DagsterRunStatus.STARTED
    )
    graph.instance.report_run_failed(run, "the process of this run was killed")
    record_run_events(graph.instance, graph.database, run.run_id)
    event = event_of(graph)
    assert (event["status"], event["errors"]) == (
        "failure",
        ["the process of this run was killed"],
    )


def test_recording_twice_keeps_one_event_and_the_time_of_the_first(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    record_run_events(graph.instance, graph.database, run_id)
    before = event_of(graph)
    record_run_events(graph.instance, graph.database, run_id)
    assert event_of(graph)["createdAt"] == before["createdAt"]


def test_runs_that_were_not_to_publish_a_plan_leave_no_event(graph: Graph) -> None:
    metrics = graph.metrics(WEEK, WEEK)
    inputs = graph.plan(WEEK, ["planning_inputs"])
    for result in (metrics, inputs):
        assert record_run_events(graph.instance, graph.database, result.run_id) == ()
    assert graph.documents("run_events") == []


def test_a_plan_published_by_a_later_run_turns_the_same_event_into_a_success(
    graph: Graph,
) -> None:
    first = graph.plan(WEEK)
    graph.database["plan_snapshots"].delete_many({})
    record_run_events(graph.instance, graph.database, first.run_id)
    assert event_of(graph)["status"] == "failure"
    second = graph.plan(WEEK, ["plan"])
    record_run_events(graph.instance, graph.database, second.run_id)
    event = event_of(graph)
    assert event["status"] == "success"
    assert event["runId"] == f"{first.run_id}:{WEEK}"
    assert event["dagsterRunId"] == second.run_id


def test_an_older_run_told_late_does_not_overwrite_a_newer_one(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    record_run_events(graph.instance, graph.database, run_id)
    later = datetime.now(UTC) + timedelta(hours=1)
    graph.database["run_events"].update_one({}, {"$set": {"endedAt": later, "attempt": 7}})
    record_run_events(graph.instance, graph.database, run_id)
    assert event_of(graph)["attempt"] == 7


def tick(instance: DagsterInstance, mongo: MongoResource, cursor: str | None) -> str | None:
    """One evaluation of the sensor; gives the cursor that Dagster would keep."""
    context = build_sensor_context(instance=instance, cursor=cursor, resources={"mongo": mongo})
    return run_events_sensor.evaluate_tick(context).cursor


def test_the_sensor_tells_every_end_once_in_order_and_remembers_where_it_was(
    graph: Graph,
) -> None:
    good = graph.plan(WEEK).run_id
    graph.planner = FixedPlannerResource.around(StubbornPlanner())
    bad = graph.plan(WEEK).run_id
    cursor = tick(graph.instance, graph.mongo, None)
    statuses = {e["dagsterRunId"]: e["status"] for e in graph.documents("run_events")}
    assert statuses == {good: "success", bad: "failure"}
    graph.database["run_events"].delete_many({})
    assert tick(graph.instance, graph.mongo, cursor) == cursor
    assert graph.documents("run_events") == []


def test_the_sensor_loses_nothing_while_the_store_is_away(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    away = MongoResource(
        url="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", database_name="any"
    )
    with pytest.raises(Exception, match=r"127\.0\.0\.1:1"):
        tick(graph.instance, away, None)
    tick(graph.instance, graph.mongo, None)
    assert event_of(graph)["dagsterRunId"] == run_id


def test_the_payload_of_an_event_is_json(graph: Graph) -> None:
    (event,) = record_run_events(graph.instance, graph.database, graph.plan(WEEK).run_id)
    payload = json.loads(event.model_dump_json())
    assert payload["endedAt"].endswith("Z")
