"""A replica set whose primary steps down or dies under the writes of this project."""

import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from pymongo.database import Database
from pymongo.errors import PyMongoError

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.upsert import merging_upsert, write_upserts
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WeekRows
from weekly_plan_assets_tests.support.dagster_ui import wait_for
from weekly_plan_assets_tests.support.own_mongod import OwnMongod, ReplicaSet
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

NOWHERE = Path("there is no embedded server here")
WEEKS = 16
ROWS = 20_000
STEP_DOWNS = 3
BETWEEN_STEP_DOWNS_S = 4.0


@pytest.fixture(scope="module")
def replica_set() -> Iterator[ReplicaSet]:
    with tempfile.TemporaryDirectory(prefix="wprs") as folder:
        started = ReplicaSet.start(Path(folder))
        yield started
        started.stop()


@pytest.fixture
def replicated(replica_set: ReplicaSet) -> Iterator[Database[BsonDocument]]:
    """A database on the set, as commands open it; all members run."""
    for member in replica_set.members:
        if member.process is None:
            member.start()
    replica_set.wait_for_primary()
    database = project_database(replica_set.url, NOWHERE, f"test_{uuid4().hex[:12]}")
    yield database
    wait_for(lambda: dropped(replica_set, database), "the database to be dropped", 60)


def dropped(replica_set: ReplicaSet, database: Database[BsonDocument]) -> bool:
    """Drops the database; not while an election that a test began interrupts it."""
    replica_set.wait_for_primary()
    try:
        database.client.drop_database(database.name)
    except PyMongoError:
        return False
    return True


@contextmanager
def stepping_down(replica_set: ReplicaSet) -> Iterator[list[float]]:
    """Let one primary after the other step down until the block ends; gives their moments."""
    over = Event()
    moments: list[float] = []

    def act() -> None:
        while not over.wait(BETWEEN_STEP_DOWNS_S):
            replica_set.step_down()
            moments.append(time.monotonic())

    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        try:
            yield moments
        finally:
            over.set()
            acting.result()


def test_no_write_of_a_run_fails_while_primaries_step_down(
    replica_set: ReplicaSet, replicated: Database[BsonDocument]
) -> None:
    documents = RunDocuments(replicated, "run_artifacts")
    written = 0
    with stepping_down(replica_set) as step_downs:
        while len(step_downs) < STEP_DOWNS:
            documents.merge({"runId": str(written), "prompt": "x" * 1000})
            assert documents.find(str(written)) is not None
            written += 1
    assert replicated["run_artifacts"].count_documents({}) == written


def test_rows_written_over_two_connections_are_all_there_after_step_downs(
    replica_set: ReplicaSet, replicated: Database[BsonDocument]
) -> None:
    activities = replicated["activities"]
    written = 0
    with stepping_down(replica_set) as step_downs:
        while len(step_downs) < STEP_DOWNS:
            keys = [{"athleteId": "i", "id": str(n)} for n in range(written, written + ROWS)]
            counts = write_upserts(activities, (merging_upsert(key, key) for key in keys))
            assert sum(counts) == ROWS
            written += ROWS
    assert activities.count_documents({}) == len(activities.distinct("id")) == written


def test_a_week_is_replaced_and_read_while_the_primary_dies(
    replica_set: ReplicaSet, replicated: Database[BsonDocument]
) -> None:
    week = TrainingWeek.parse("2024-01-08")
    weeks = WeekRows(replicated, ACTIVITIES, "i")
    killed: list[OwnMongod] = []
    for number in range(20):
        if number == 5:
            killed.append(replica_set.kill_primary())
        row = {"id": str(number), "start_date_local": f"{week.key}T07:00:00"}
        weeks.replace([week], [*weeks.load([week], required=[]), row])
    assert [row["id"] for row in weeks.load([week], required=[week])] == sorted(
        str(number) for number in range(20)
    )
    assert killed


@pytest.fixture
def athlete(
    replica_set: ReplicaSet, replicated: Database[BsonDocument], tmp_path: Path
) -> Terminal:
    """The sample athlete, whose documents are on the replica set."""
    return Terminal(
        {
            "MONGO_URL": replica_set.url,
            "MONGO_DATABASE": replicated.name,
            "WEEKLY_PLAN_STATE_DIR": str(tmp_path / "state"),
        }
    )


@pytest.mark.parametrize("fault", ["three primaries that step down", "a killed primary"])
def test_no_week_of_a_backfill_fails_under_a_fault_of_the_replica_set(
    fault: str, athlete: Terminal, replica_set: ReplicaSet, replicated: Database[BsonDocument]
) -> None:
    first = TrainingWeek.parse("2026-06-01")
    last = first.shift(WEEKS - 1)
    process = athlete.popen("backfill", "--from", first.key, "--to", last.key, "--plans", "--json")
    for planned in (2, 6, 10) if fault == "three primaries that step down" else (4,):
        while replicated["plan_snapshots"].count_documents({}) < planned:
            assert process.poll() is None
            time.sleep(0.1)
        if fault == "three primaries that step down":
            replica_set.drop_primary()
        else:
            replica_set.kill_primary()
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, err
    events = json.loads(out)["events"]
    assert [event["status"] for event in events] == ["success"] * WEEKS, err
    assert replicated["run_events"].count_documents({"status": "success"}) == WEEKS
    assert replicated["plan_snapshots"].count_documents({}) == WEEKS
    assert "Traceback" not in err


def test_a_set_without_a_primary_is_reported_within_half_a_minute(
    athlete: Terminal, replica_set: ReplicaSet
) -> None:
    # The primary among them: one that is left alone goes on answering for some seconds.
    first = replica_set.kill_primary()
    second = next(member for member in replica_set.members if member is not first)
    second.kill()
    began_s = time.monotonic()
    refused = athlete.run("runs")
    assert time.monotonic() - began_s < 40
    assert refused.returncode == 1
    assert "MongoDB does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr
    first.start()
    second.start()
