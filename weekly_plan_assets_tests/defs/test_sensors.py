"""The sensor of run events loses none, and none that cannot be written holds up the others."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    JobDefinition,
    build_sensor_context,
)

from weekly_plan_assets.defs import sensors
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.sensors import SensorCursor, run_events_sensor
from weekly_plan_assets.runs.history.history_faults import HistoryError
from weekly_plan_assets.runs.history.history_repair import repair_history
from weekly_plan_assets.runs.set_aside import SetAsideEvents
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets_tests.support.graph import Graph, MongoAt, activity, write_export
from weekly_plan_assets_tests.support.slow_line import SlowLine, slow_line

WEEK = "2024-01-08"


@pytest.fixture
def sensor(graph: Graph) -> "Sensor":
    return Sensor(graph)


class Sensor:
    """The sensor as the daemon evaluates it, one tick after the other."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.cursor: str | None = None

    def tick(self, mongo: MongoResource | None = None) -> str:
        """What an evaluation says; empty where it says nothing."""
        context = build_sensor_context(
            instance=self.graph.instance,
            cursor=self.cursor,
            resources={"mongo": mongo or self.graph.mongo},
        )
        answer = run_events_sensor.evaluate_tick(context)
        self.cursor = answer.cursor
        return answer.skip_message or ""

    def ended(self, **tags: str) -> str:
        """A run that was to publish a plan, and failed."""
        run = self.graph.instance.create_run_for_job(
            job_def=self._job, tags={"dagster/partition": WEEK}, status=DagsterRunStatus.STARTED
        )
        if tags:
            self.graph.instance.add_run_tags(run.run_id, tags)
        self.graph.instance.report_run_failed(run, "as it was reported")
        return run.run_id

    @cached_property
    def _job(self) -> JobDefinition:
        return self.graph.definitions().resolve_job_def("weekly_plan")

    def recorded(self) -> set[str]:
        return {event["dagsterRunId"] for event in self.graph.documents("run_events")}

    def set_aside(self) -> dict[str, int]:
        return {run_id: kept.tries for run_id, kept in SetAsideEvents(self.graph.instance)}


def refuse(graph: Graph, run_ids: list[str] | None = None) -> None:
    """Let the store refuse events, as a validator of somebody's does."""
    validator = {"dagsterRunId": {"$nin": run_ids}} if run_ids else {"never": {"$exists": True}}
    if "run_events" not in graph.database.list_collection_names():
        graph.database.create_collection("run_events")
    graph.database.command("collMod", "run_events", validator=validator)


def take_all(graph: Graph) -> None:
    graph.database.command("collMod", "run_events", validator={})


@pytest.mark.parametrize(
    "partition",
    ["2024-03-12", "next week", "", "2024-01-08|2024-01-15", "9999-12-27", "2024-W02-1"],
)
def test_a_run_whose_partition_is_no_training_week_has_no_event_and_stops_nothing(
    sensor: Sensor, partition: str
) -> None:
    sensor.ended(**{"dagster/partition": partition})
    good = sensor.ended()
    assert sensor.tick() == "1 event written"
    assert sensor.recorded() == {good}
    assert sensor.tick() == ""


def test_an_event_that_is_refused_is_named_and_the_others_are_written(sensor: Sensor) -> None:
    before, refused, after = (sensor.ended() for _ in range(3))
    refuse(sensor.graph, run_ids=[refused])
    said = sensor.tick()
    assert sensor.recorded() == {before, after}
    assert "2 events written, 1 cannot be written and will be tried again" in said
    assert f"run {refused} (UnrecordedEventError: " in said
    assert "Document failed validation" in said


def test_an_event_that_was_refused_is_tried_again_after_a_restart_until_it_is_written(
    sensor: Sensor,
) -> None:
    refused = sensor.ended()
    refuse(sensor.graph)
    assert refused in sensor.tick()
    assert refused in sensor.tick()
    assert sensor.set_aside() == {refused: 2}
    take_all(sensor.graph)
    again = Sensor(sensor.graph)
    again.cursor = sensor.cursor
    assert again.tick() == "1 event written"
    assert again.set_aside() == {}
    assert again.recorded() == {refused}
    assert again.tick() == ""


@pytest.mark.slow
def test_hundreds_that_are_refused_hold_up_nothing_and_are_all_written_in_the_end(
    sensor: Sensor,
) -> None:
    refused = {sensor.ended() for _ in range(60)}
    refuse(sensor.graph)
    assert "; 57 more" in sensor.tick()
    assert len(sensor.set_aside()) == 60
    take_all(sensor.graph)
    good = sensor.ended()
    assert sensor.tick() == "61 events written"
    assert sensor.recorded() == {good, *refused}


def test_few_of_those_that_are_refused_again_take_the_time_of_an_evaluation(
    sensor: Sensor,
) -> None:
    for _ in range(12):
        sensor.ended()
    refuse(sensor.graph)
    sensor.tick()
    sensor.tick()
    assert sorted(sensor.set_aside().values()) == [1] * 7 + [2] * 5
    sensor.tick()
    sensor.tick()
    assert sorted(sensor.set_aside().values()) == [2] * 9 + [3] * 3


def test_a_run_that_was_deleted_is_not_tried_for_ever(sensor: Sensor) -> None:
    refused = sensor.ended()
    refuse(sensor.graph)
    sensor.tick()
    sensor.graph.instance.delete_run(refused)
    assert sensor.tick() == ""
    assert sensor.set_aside() == {}


@pytest.mark.slow
def test_nothing_is_set_aside_because_the_store_is_away(sensor: Sensor) -> None:
    run_id = sensor.ended()
    away = MongoAt(url="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", database_name="any")
    with pytest.raises(Exception, match=r"127\.0\.0\.1:1"):
        sensor.tick(away)
    assert sensor.set_aside() == {}
    assert sensor.cursor is None
    sensor.tick()
    assert sensor.recorded() == {run_id}


@pytest.fixture
def line(mongo_url: str) -> Iterator[SlowLine]:
    with slow_line(mongo_url) as line:
        yield line


def through(line: SlowLine, graph: Graph) -> MongoResource:
    return MongoAt(url=line.url, database_name=graph.database.name)


@pytest.mark.slow
def test_a_slow_line_ends_an_evaluation_between_two_events_and_the_next_goes_on(
    sensor: Sensor, line: SlowLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mongo = through(line, sensor.graph)
    mongo.database()
    runs = {sensor.ended() for _ in range(30)}
    line.delay_s = 0.05
    monkeypatch.setattr(sensors, "_BUDGET_S", 2.0)
    began_s = monotonic()
    sensor.tick(mongo)
    assert monotonic() - began_s < 4.0, "the budget was not looked at between two events"
    assert 0 < len(sensor.recorded()) < 30
    for _ in range(30):
        sensor.tick(mongo)
    assert sensor.recorded() == runs


@pytest.mark.slow
def test_a_store_that_falls_silent_within_an_evaluation_costs_none_of_what_was_written(
    sensor: Sensor, line: SlowLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    mongo = through(line, sensor.graph)
    mongo.database()
    monkeypatch.setattr(sensors, "_EVENT_S", 4.0)
    first = sensor.ended()
    sensor.tick(mongo)
    runs = {first, *(sensor.ended() for _ in range(3))}

    asked: list[int] = []

    class Cutting(MongoResource):
        """Its line is cut before the second event."""

        def database(self) -> Any:
            asked.append(1)
            line.is_cut = len(asked) > 1
            return mongo.database()

    cutting = Cutting(url=line.url, database_name=sensor.graph.database.name)
    began_s = monotonic()
    said = sensor.tick(cutting)
    assert said.startswith("1 event written, then: ")
    assert monotonic() - began_s < 15
    assert sensor.set_aside() == {}
    assert len(sensor.recorded()) == 2
    line.is_cut = False
    sensor.tick()
    assert sensor.recorded() == runs


def test_the_cursor_of_an_older_version_is_understood(sensor: Sensor) -> None:
    sensor.ended()
    sensor.tick()
    sensor.cursor = str(SensorCursor.parse(sensor.cursor).storage_id)
    sensor.graph.database["run_events"].delete_many({})
    assert sensor.tick() == ""
    good = sensor.ended()
    sensor.tick()
    assert sensor.recorded() == {good}


@pytest.mark.parametrize("cursor", ["nonsense", "[]", "-1", "9" * 5000, '{"storageId": 1e99}', "²"])
def test_a_cursor_that_cannot_be_read_begins_at_the_beginning(sensor: Sensor, cursor: str) -> None:
    run_id = sensor.ended()
    sensor.cursor = cursor
    sensor.tick()
    assert sensor.recorded() == {run_id}


@pytest.mark.parametrize("kept", ["new", "of an older version"])
def test_ends_are_written_after_dagsters_event_log_was_lost(
    sensor: Sensor, kept: str, tmp_path: Path
) -> None:
    for _ in range(3):
        sensor.ended()
    sensor.tick()
    if kept == "of an older version":
        sensor.cursor = str(SensorCursor.parse(sensor.cursor).storage_id)
    sensor.graph.instance.event_log_storage.wipe()
    first = sensor.ended()
    sensor.tick()
    assert first in sensor.recorded()


def test_ends_are_written_after_a_history_without_its_event_log_was_moved_aside(
    mongo_url: str, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    with DagsterInstance.get() as instance:
        sensor = Sensor(Graph(graph.database, mongo_url, tmp_path, instance))
        before = {sensor.ended() for _ in range(3)}
        sensor.tick()
        cursor = sensor.cursor
    for file in (tmp_path / "state").rglob("index.db*"):
        file.unlink()
    with pytest.raises(HistoryError, match=r"index\.db is missing"):
        DagsterInstance.get()
    assert repair_history(load_settings().dagster_state_dir, lambda _: None) is not None
    with DagsterInstance.get() as instance:
        sensor = Sensor(Graph(graph.database, mongo_url, tmp_path, instance))
        sensor.cursor = cursor
        after = {sensor.ended() for _ in range(2)}
        assert sensor.tick() == "2 events written"
        assert sensor.recorded() == before | after


def test_ends_are_written_though_the_log_that_was_lost_has_grown_past_the_cursor(
    sensor: Sensor,
) -> None:
    sensor.ended()
    sensor.tick()
    sensor.graph.instance.event_log_storage.wipe()
    after = {sensor.ended() for _ in range(5)}
    sensor.tick()
    assert after <= sensor.recorded()


def test_ends_are_written_after_the_newest_runs_were_deleted(sensor: Sensor) -> None:
    """Dagster's event log gives the numbers of deleted events to the next ones."""
    old = sensor.ended()
    newest = [sensor.ended() for _ in range(3)]
    sensor.tick()
    for run_id in newest:
        sensor.graph.instance.delete_run(run_id)
    after = {sensor.ended() for _ in range(2)}
    sensor.tick()
    assert after | {old} <= sensor.recorded()
    cursor = sensor.cursor
    assert sensor.tick() == ""
    assert sensor.cursor == cursor


def test_a_run_whose_log_is_damaged_is_named_and_the_others_are_written(
    mongo_url: str, graph: Graph, tmp_path: Path
) -> None:
    (tmp_path / "history").mkdir()
    with DagsterInstance.local_temp(str(tmp_path / "history")) as instance:
        on_disk = Graph(graph.database, mongo_url, tmp_path, instance)
        sensor = Sensor(on_disk)
        damaged, good = sensor.ended(), sensor.ended()
        (shard,) = (tmp_path / "history").rglob(f"{damaged}.db")
        for file in shard.parent.glob(f"{damaged}.db*"):
            file.unlink()
        shard.write_bytes(b"no database" * 1000)
        said = sensor.tick()
        assert sensor.recorded() == {good}
        assert damaged in said


def test_an_evaluation_with_nothing_to_do_says_nothing(sensor: Sensor) -> None:
    assert sensor.tick() == ""
    write_export(sensor.graph.export_dir, [activity("1", f"{WEEK}T07:00:00")], [])
    sensor.graph.metrics(WEEK, WEEK)
    assert sensor.tick() == ""
