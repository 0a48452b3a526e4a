"""Marked weeks are read again by runs of Dagster, and a mark goes once its week was stored."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    Definitions,
    RunRequest,
    SensorDefinition,
    build_sensor_context,
)
from pymongo.database import Database

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import SourceName, load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.read_marks import (
    FIRST_RETRY,
    MOST_TRIES,
    mark_weeks,
    read_marks,
)
from weekly_plan_assets_tests.support.graph import ChosenSource, Graph, MongoAt, activity
from weekly_plan_assets_tests.support.intervals_server import (
    API_KEY,
    ATHLETE_ID,
    Fault,
    IntervalsServer,
)

WEEK = TrainingWeek(date(2024, 1, 1))


@pytest.fixture
def live(graph: Graph, intervals: IntervalsServer, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """The graph over the local Intervals.icu, with two weeks stored, where webhooks are taken."""
    monkeypatch.setenv("INTERVALS_WEBHOOK_SECRET", "planted-s3cret")
    intervals.activities = [activity("a1", f"{WEEK}T07:00:00", icu_athlete_id=ATHLETE_ID)]
    graph.resources = {
        "source": ChosenSource(
            name=SourceName.INTERVALS,
            timezone="UTC",
            intervals_api_key=API_KEY,
            intervals_base_url=intervals.base_url,
        )
    }
    assert graph.metrics(WEEK.key, WEEK.next().key).success
    long_ago = {"$set": {"updatedAt": datetime(2024, 1, 15, tzinfo=UTC)}}
    graph.database["stored_weeks"].update_many({}, long_ago)
    return graph


def sensor_of(definitions: Definitions) -> SensorDefinition:
    found = definitions.get_repository_def().get_sensor_def("read_marked_weeks")
    assert isinstance(found, SensorDefinition)
    return found


def tick(graph: Graph) -> list[RunRequest]:
    return ticked(graph.definitions(), graph.instance, graph.mongo)


def ticked(definitions: Definitions, instance: DagsterInstance, mongo: MongoAt) -> list[RunRequest]:
    context = build_sensor_context(
        instance=instance,
        instance_ref=None if instance.is_ephemeral else instance.get_ref(),
        resources={"mongo": mongo},
        repository_def=definitions.get_repository_def(),
    )
    return list(sensor_of(definitions).evaluate_tick(context).run_requests or ())


def run(definitions: Definitions, instance: DagsterInstance, request: RunRequest) -> bool:
    """Execute the job of the sensor as it is asked for."""
    done = definitions.resolve_job_def("close_week").execute_in_process(
        instance=instance,
        partition_key=request.partition_key,
        tags=dict(request.tags),
        raise_on_error=False,
    )
    return done.success


def let_time_pass(database: Database[BsonDocument], wait: timedelta) -> None:
    """The reading of all marks was asked for earlier than it was."""
    for mark in read_marks(database):
        if mark.asked_at is not None:
            earlier = {"$set": {"askedAt": mark.asked_at - wait}}
            database["read_marks"].update_one({"_id": mark.key}, earlier)


def test_a_marked_week_is_read_again_and_its_mark_is_gone_after_that(
    live: Graph, intervals: IntervalsServer
) -> None:
    intervals.activities[0]["icu_training_load"] = 99
    mark_weeks(live.database, ATHLETE_ID, [WEEK])
    (request,) = tick(live)
    assert request.partition_key == WEEK.key
    assert tick(live) == []
    assert len(read_marks(live.database)) == 1
    assert run(live.definitions(), live.instance, request)
    (row,) = live.documents("activities")
    assert row["icu_training_load"] == 99
    assert live.documents("weekly_metrics")[0]["trainingLoad"] == 99
    assert tick(live) == []
    assert read_marks(live.database) == []


def test_consecutive_weeks_are_read_in_one_run(live: Graph) -> None:
    weeks = [WEEK, WEEK.next(), WEEK.shift(5)]
    mark_weeks(live.database, ATHLETE_ID, weeks)
    several, one = tick(live)
    assert several.tags["weeks"] == f"{WEEK} to {WEEK.next()}"
    assert one.partition_key == WEEK.shift(5).key
    for request in (several, one):
        assert run(live.definitions(), live.instance, request)
    assert tick(live) == []
    assert read_marks(live.database) == []


def test_a_reading_that_failed_keeps_its_mark_and_is_asked_for_later(
    live: Graph, intervals: IntervalsServer
) -> None:
    mark_weeks(live.database, ATHLETE_ID, [WEEK])
    (request,) = tick(live)
    intervals.always = Fault(404)
    assert not run(live.definitions(), live.instance, request)
    assert tick(live) == []
    let_time_pass(live.database, FIRST_RETRY)
    (again,) = tick(live)
    intervals.always = None
    assert run(live.definitions(), live.instance, again)
    assert tick(live) == []
    assert read_marks(live.database) == []


def test_what_is_marked_while_a_run_reads_is_read_by_the_next_one(live: Graph) -> None:
    mark_weeks(live.database, ATHLETE_ID, [WEEK])
    (request,) = tick(live)
    mark_weeks(live.database, ATHLETE_ID, [WEEK])
    under_way = live.instance.create_run_for_job(
        job_def=live.definitions().resolve_job_def("close_week"),
        tags=dict(request.tags),
        status=DagsterRunStatus.STARTED,
    )
    assert tick(live) == []
    live.instance.report_run_failed(under_way, "killed")
    assert [one.partition_key for one in tick(live)] == [WEEK.key]


def test_a_week_that_cannot_be_read_is_given_up_in_the_end(live: Graph) -> None:
    mark_weeks(live.database, ATHLETE_ID, [WEEK])
    for tries in range(MOST_TRIES):
        assert len(tick(live)) == 1, tries
        let_time_pass(live.database, FIRST_RETRY * 2**tries)
    assert tick(live) == []
    assert read_marks(live.database) == []


def test_marks_of_weeks_without_a_partition_are_removed(live: Graph) -> None:
    mark_weeks(live.database, ATHLETE_ID, [TrainingWeek(date(2001, 1, 1))])
    assert tick(live) == []
    assert read_marks(live.database) == []


def test_without_a_secret_there_is_no_such_sensor(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    del graph
    names = {one.name for one in build_defs(load_settings()).sensors or ()}
    assert "read_marked_weeks" not in names
    monkeypatch.setenv("INTERVALS_WEBHOOK_SECRET", "planted-s3cret")
    names = {one.name for one in build_defs(load_settings()).sensors or ()}
    assert "read_marked_weeks" in names


def test_in_a_roster_the_marked_athletes_of_a_cohort_are_read_and_nobody_else(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, mongo = graph.database, graph.mongo
    zones = {"anna": "Europe/Berlin", "ben": "America/New_York", "carla": "Europe/Berlin"}
    entries = [{"id": one, "source": "simulated", "timezone": zone} for one, zone in zones.items()]
    path = tmp_path / "roster.yaml"
    path.write_text(json.dumps({"athletes": entries}))
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    monkeypatch.setenv("INTERVALS_WEBHOOK_SECRET", "planted-s3cret")
    monkeypatch.setenv("WEEKLY_PLAN_FIRST_DAY", "2026-01-05")
    week = TrainingWeek(date(2026, 11, 9))
    definitions = build_defs(load_settings(), resources={"mongo": mongo})
    for athlete_id in ("carla", "ben", "dora"):  # who is not in the roster any more
        mark_weeks(database, athlete_id, [week, week.next()])
    silent = {"telemetry": {"enabled": False}}
    # Only an instance that is kept somewhere shows sensors its dynamic partitions.
    with DagsterInstance.local_temp(str(tmp_path), overrides=silent) as instance:
        requests = ticked(definitions, instance, mongo)
        found = {one.tags["read_again"]: one.tags["athletes"] for one in requests}
        assert found == {"Europe_Berlin.001": "carla", "America_New_York.001": "ben"}
        for request in requests:
            assert run(definitions, instance, request)
        read = {(one["athleteId"], one["weekStart"]) for one in database["stored_weeks"].find()}
        assert {one for one, _ in read} == {"carla", "ben"}
        assert ticked(definitions, instance, mongo) == []
        assert read_marks(database) == []
        mark_weeks(database, "anna", [week])
        (alone,) = ticked(definitions, instance, mongo)
        assert alone.partition_key == f"Europe_Berlin.001|{week}"
        assert run(definitions, instance, alone)
        assert ticked(definitions, instance, mongo) == []
        assert read_marks(database) == []
