"""Run events of runs that really succeeded, failed and were canceled."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dagster import (
    AssetKey,
    DagsterEvent,
    DagsterInstance,
    DagsterRunStatus,
    build_sensor_context,
)
from pymongo.database import Database
from sqlalchemy import text

from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.sensors import run_events_sensor
from weekly_plan_assets.planners.base import Answer
from weekly_plan_assets.runs.events import is_recorded, record_run_events
from weekly_plan_assets.runs.tags import DATABASE_TAG
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    MongoAt,
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


def test_a_run_of_another_database_in_the_same_history_has_no_event_here(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    graph.instance.add_run_tags(run_id, {DATABASE_TAG: "another"})
    assert record_run_events(graph.instance, graph.database, run_id) == ()
    assert is_recorded(graph.instance, graph.database, run_id)
    assert graph.documents("run_events") == []
    graph.instance.add_run_tags(run_id, {DATABASE_TAG: graph.database.name})
    assert len(record_run_events(graph.instance, graph.database, run_id)) == 1


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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock that Dagster writes its times by, some hours off."""
    real = time.time

    def set_clock(hours: float) -> None:
        monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)

    return set_clock


def refused_then_published(graph: Graph, clock: Callable[[float], None]) -> tuple[str, str]:
    """A run whose plan is refused, and one, hours earlier by the clock, that publishes it."""
    clock(4)
    graph.database.create_collection("plan_snapshots", validator={"runId": {"$exists": False}})
    refused = graph.plan(WEEK)
    assert not refused.success
    clock(0)
    graph.database.command("collMod", "plan_snapshots", validator={})
    published = graph.plan(WEEK, ["plan"])
    assert published.success
    ends = [graph.instance.get_run_record_by_id(run.run_id) for run in (refused, published)]
    first_s, second_s = ((end and end.end_time) or 0 for end in ends)
    assert first_s > second_s
    return refused.run_id, published.run_id


@pytest.mark.parametrize("order", [[0, 1], [1, 0], [0, 1, 0], [1], [0, 0, 1, 1]], ids=str)
def test_a_published_plan_outweighs_any_clock_in_whatever_order_runs_are_recorded(
    graph: Graph, clock: Callable[[float], None], order: list[int]
) -> None:
    runs = refused_then_published(graph, clock)
    for number in order:
        record_run_events(graph.instance, graph.database, runs[number])
    event = event_of(graph)
    assert (event["status"], event["errors"]) == ("success", [])
    assert (event["dagsterRunId"], event["dagsterStatus"]) == (runs[1], "SUCCESS")
    for run_id in runs:
        assert is_recorded(graph.instance, graph.database, run_id)


def test_a_failure_that_was_recorded_by_a_clock_ahead_becomes_a_success_with_its_plan(
    graph: Graph, clock: Callable[[float], None]
) -> None:
    clock(4)
    graph.database.create_collection("plan_snapshots", validator={"runId": {"$exists": False}})
    graph.plan_and_record(WEEK)
    failure = event_of(graph)
    assert failure["status"] == "failure"
    clock(0)
    graph.database.command("collMod", "plan_snapshots", validator={})
    published = graph.plan(WEEK, ["plan"]).run_id
    graph.database["run_events"].update_one({}, {"$set": failure})
    assert not is_recorded(graph.instance, graph.database, published)
    record_run_events(graph.instance, graph.database, published)
    assert event_of(graph)["status"] == "success"


def test_a_plan_stays_a_success_when_a_later_attempt_to_publish_it_again_fails(
    graph: Graph,
) -> None:
    first = graph.plan_and_record(WEEK)
    graph.database.command("collMod", "plan_snapshots", validator={"runId": {"$exists": False}})
    second = graph.plan(WEEK, ["plan"])
    assert not second.success
    record_run_events(graph.instance, graph.database, second.run_id)
    event = event_of(graph)
    assert (event["runId"], event["status"], event["errors"]) == (f"{first}:{WEEK}", "success", [])
    assert (event["dagsterRunId"], event["dagsterStatus"]) == (second.run_id, "FAILURE")
    record_run_events(graph.instance, graph.database, first)
    assert event_of(graph)["dagsterRunId"] == second.run_id
    assert is_recorded(graph.instance, graph.database, first)


def test_a_failed_repetition_is_recorded_for_the_run_that_it_repeats_and_for_no_other(
    graph: Graph,
) -> None:
    repeated = graph.plan_and_record(WEEK)
    newer = graph.plan_and_record(WEEK)
    job = graph.definitions().resolve_job_def("weekly_plan")
    repetition = graph.instance.create_run_for_job(
        job_def=job.get_subset(asset_selection={AssetKey("plan")}),
        tags={"dagster/partition": WEEK},
        parent_run_id=repeated,
        root_run_id=repeated,
        asset_selection=frozenset({AssetKey("plan")}),
    )
    graph.instance.report_run_failed(repetition, "it was killed")
    record_run_events(graph.instance, graph.database, repetition.run_id)
    runs = {event["runId"]: event["dagsterRunId"] for event in graph.documents("run_events")}
    assert runs == {f"{repeated}:{WEEK}": repetition.run_id, f"{newer}:{WEEK}": newer}


def test_an_event_of_another_history_is_outweighed_by_a_plan_and_else_by_a_later_end(
    graph: Graph,
) -> None:
    run_id = graph.plan_and_record(WEEK)
    later = datetime.now(UTC) + timedelta(hours=4)
    elsewhere = {"dagsterRunId": "of another machine", "endedAt": later}
    graph.database["run_events"].update_one({}, {"$set": elsewhere})
    record_run_events(graph.instance, graph.database, run_id)
    assert event_of(graph)["dagsterRunId"] == "of another machine"
    graph.database["run_events"].update_one({}, {"$set": {"status": "failure"}})
    record_run_events(graph.instance, graph.database, run_id)
    assert (event_of(graph)["dagsterRunId"], event_of(graph)["status"]) == (run_id, "success")


def test_recording_again_changes_nothing_and_reports_nothing(graph: Graph) -> None:
    run_id = graph.plan_and_record(WEEK)
    before = event_of(graph)
    record_run_events(graph.instance, graph.database, run_id)
    assert event_of(graph) == before


class Interrupted:
    """A database in which another process does something between two reads of an event."""

    def __init__(self, database: Database[Any], meanwhile: Callable[[], None]) -> None:
        self._database = database
        self._meanwhile = [meanwhile]
        self.name = database.name

    def __getitem__(self, collection: str) -> Any:
        if collection == "plan_snapshots" and self._meanwhile:
            found = self._database[collection].find({}).to_list()
            self._meanwhile.pop()()
            return FoundBefore(found)
        return self._database[collection]

    def get_collection(self, *arguments: Any, **keywords: Any) -> Any:
        return self._database.get_collection(*arguments, **keywords)


@dataclass
class FoundBefore:
    """A collection as it was a moment ago."""

    documents: list[Any]

    def find(self, *_: Any, **__: Any) -> list[Any]:
        return self.documents


def test_a_plan_that_is_published_while_a_failure_is_written_is_not_overwritten(
    graph: Graph,
) -> None:
    graph.database.create_collection("plan_snapshots", validator={"runId": {"$exists": False}})
    refused = graph.plan(WEEK).run_id
    graph.database.command("collMod", "plan_snapshots", validator={})

    def publish() -> None:
        published = graph.plan(WEEK, ["plan"]).run_id
        record_run_events(graph.instance, graph.database, published)

    slow: Any = Interrupted(graph.database, publish)
    (event,) = record_run_events(graph.instance, slow, refused)
    assert event.errors == ()
    assert event_of(graph)["status"] == "success"


def test_an_answer_that_is_stored_while_its_run_is_closed_is_kept(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    answered = graph.documents("run_artifacts")[0]["status"]
    graph.database["run_artifacts"].update_one({}, {"$set": {"status": "started"}})

    def answer() -> None:
        graph.database["run_artifacts"].update_one({}, {"$set": {"status": answered}})

    slow: Any = Interrupted(graph.database, answer)
    record_run_events(graph.instance, slow, run_id)
    (artifacts,) = graph.documents("run_artifacts")
    assert artifacts["status"] == "success"
    assert artifacts["outputValidated"] is not None


def test_what_a_run_says_of_itself_cannot_keep_its_event_from_being_written(graph: Graph) -> None:
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(
        job_def=job, tags={"dagster/partition": WEEK, "dagster/retry_number": "many"}
    )
    graph.instance.report_run_failed(run, "half an emoji \ud83d, " + "and so on" * 2_000_000)
    record_run_events(graph.instance, graph.database, run.run_id)
    event = event_of(graph)
    assert event["retryNumber"] == 0
    assert event["errors"][0].startswith("half an emoji ?, and so on")
    assert event["errors"][0].endswith("... (18000017 characters)")


def test_an_end_that_is_in_the_log_and_not_yet_in_the_status_is_recorded(graph: Graph) -> None:
    """The sensor may look between the two places where Dagster keeps the end of a run."""
    run_id = graph.plan(WEEK).run_id
    with graph.instance.run_storage.connect() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE runs SET status = 'STARTED'"))
    assert not is_recorded(graph.instance, graph.database, run_id)
    record_run_events(graph.instance, graph.database, run_id)
    assert event_of(graph)["dagsterStatus"] == "SUCCESS"


def test_a_run_that_started_after_it_was_given_up_is_under_way(graph: Graph) -> None:
    job = graph.definitions().resolve_job_def("weekly_plan")
    run = graph.instance.create_run_for_job(job_def=job, tags={"dagster/partition": WEEK})
    graph.instance.report_run_failed(run, "it took too long to start")
    start = DagsterEvent(event_type_value="PIPELINE_START", job_name="weekly_plan")
    graph.instance.report_dagster_event(start, run.run_id)
    assert record_run_events(graph.instance, graph.database, run.run_id) == ()
    assert graph.instance.get_runs()[0].status is DagsterRunStatus.STARTED


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


@pytest.mark.slow
def test_the_sensor_loses_nothing_while_the_store_is_away(graph: Graph) -> None:
    run_id = graph.plan(WEEK).run_id
    away = MongoAt(url="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", database_name="any")
    with pytest.raises(Exception, match=r"127\.0\.0\.1:1"):
        tick(graph.instance, away, None)
    tick(graph.instance, graph.mongo, None)
    assert event_of(graph)["dagsterRunId"] == run_id


def test_the_payload_of_an_event_is_json(graph: Graph) -> None:
    (event,) = record_run_events(graph.instance, graph.database, graph.plan(WEEK).run_id)
    payload = json.loads(event.model_dump_json())
    assert payload["endedAt"].endswith("Z")
