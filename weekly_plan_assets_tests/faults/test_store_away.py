"""A MongoDB that is away at the start, in the middle, for good, or for an hour."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from dagster import DagsterInstance, DagsterRunStatus, build_sensor_context

from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.sensors import run_events_sensor
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets_tests.faults.scene import (
    IN_A_STEP,
    WEEK,
    Door,
    EventfulIntervals,
    Scene,
)
from weekly_plan_assets_tests.support.graph import Graph, MongoAt
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

RUNS_OF_AN_HOUR = 3
BACK_AFTER_S = 7.0
"""Longer than a client waits for a server by itself."""


@pytest.fixture
def server(short_folder: Path) -> Iterator[EmbeddedServer]:
    """A mongod that a test may stop and start; the commands see only its URL."""
    server = EmbeddedServer(short_folder / "away")
    server.start()
    yield server
    server.stop(force=True)


@pytest.fixture
def elsewhere(server: EmbeddedServer, tmp_path: Path, eventful: EventfulIntervals) -> Scene:
    own = {
        "MONGO_URL": server.start(),
        "MONGO_DATABASE": f"test_{time.monotonic_ns()}",
        "WEEKLY_PLAN_STATE_DIR": str(tmp_path / "state"),
    }
    return Scene(Terminal({**eventful.environment, **own}), eventful)


@contextmanager
def run_without(
    server: EmbeddedServer, scene: Scene
) -> Iterator[tuple[subprocess.Popen[str], Door]]:
    """A second run, waiting in the middle of a step, whose server is gone."""
    assert scene.run().returncode == 0
    with Door(scene.intervals, IN_A_STEP) as door:
        process = scene.start()
        assert door.reached.wait(timeout=60)
        server.stop()
        yield process, door


def test_away_at_the_start_is_one_sentence_and_the_next_run_succeeds(
    elsewhere: Scene, server: EmbeddedServer
) -> None:
    server.stop()
    refused = elsewhere.run()
    assert refused.returncode == 1
    assert "MongoDB does not answer at MONGO_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
    server.start()
    elsewhere.assert_goes_on()
    assert len(elsewhere.events()) == 1


def test_away_in_the_middle_and_back_costs_a_wait_and_no_run(
    elsewhere: Scene, server: EmbeddedServer
) -> None:
    with run_without(server, elsewhere) as (process, door):
        back = Timer(BACK_AFTER_S, server.start)
        back.start()
        door.open()
        _, told = process.communicate(timeout=90)
        back.join()
    assert process.returncode == 0, told
    elsewhere.assert_whole()
    assert len(elsewhere.events()) == 2


def test_away_from_the_middle_on_the_run_fails_and_the_next_command_tells_of_it(
    elsewhere: Scene, server: EmbeddedServer
) -> None:
    with run_without(server, elsewhere) as (process, door):
        door.open()
        _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "MongoDB does not answer at MONGO_URL" in told
    server.start()
    elsewhere.assert_goes_on()
    statuses = sorted(event["status"] for event in elsewhere.events())
    assert statuses == ["failure", "success", "success"]


def test_an_hour_in_which_the_sensor_fails_loses_no_event_and_tells_none_twice(
    graph: Graph,
) -> None:
    job = graph.definitions().resolve_job_def("weekly_plan")
    away = MongoAt(url="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", database_name="any")
    cursor = None
    ended = set()
    for _ in range(RUNS_OF_AN_HOUR):
        run = graph.instance.create_run_for_job(
            job_def=job, tags={"dagster/partition": WEEK}, status=DagsterRunStatus.STARTED
        )
        graph.instance.report_run_failed(run, "as it is told")
        ended.add(run.run_id)
        with pytest.raises(Exception, match=r"127\.0\.0\.1:1"):
            tick(graph.instance, away, cursor)
    while (moved := tick(graph.instance, graph.mongo, cursor)) != cursor:
        cursor = moved
    events = graph.documents("run_events")
    assert len(events) == RUNS_OF_AN_HOUR
    assert {event["dagsterRunId"] for event in events} == ended


def tick(instance: DagsterInstance, mongo: MongoResource, cursor: str | None) -> str | None:
    context = build_sensor_context(instance=instance, cursor=cursor, resources={"mongo": mongo})
    return run_events_sensor.evaluate_tick(context).cursor
