"""A migration that is killed at any moment is finished by the next command, and can be repeated."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.export.migration import MigrationError, migrate
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.indexes import ensure_indexes, holds_several_athletes
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.earlier_database import as_before
from weekly_plan_assets_tests.support.killed_process import DoomedAction, doomed
from weekly_plan_assets_tests.support.terminal import Terminal

NOWHERE = Path("there is no embedded server here")
NOW = datetime.now(UTC).replace(microsecond=0)
FIRST = TrainingWeek.parse("2024-01-08")
LEFT = "left by an interrupted `weekly-plan db migrate --multi-athlete`; it is removed"


def fill(database: Database[BsonDocument]) -> None:
    """Two runs and two weeks with timestamps as text, and indexes of before; all name nobody."""
    database.client.drop_database(database.name)
    as_before(database)
    for number in range(2):
        at = (NOW - timedelta(days=number)).isoformat()
        store_run(database, f"exec-{number}", FIRST.shift(number).key, at)
        week = FIRST.shift(number)
        row = {"weekStart": week.key, "weekEnd": week.end.isoformat(), "runCount": 1}
        database["weekly_metrics"].insert_one({**row, "createdAt": at, "updatedAt": at})


def migrated(database: Database[BsonDocument]) -> dict[str, object]:
    """Documents without their ids, and the names of all indexes."""
    return {
        name: (
            list(database[name].find({}, {"_id": 0}).sort([("runId", 1), ("weekStart", 1)])),
            sorted(database[name].index_information()),
        )
        for name in sorted(database.list_collection_names())
    }


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "asked", [{}, {"several_athletes": True, "athlete_id": "i1"}], ids=["dates", "several athletes"]
)
def test_killed_before_any_command_it_is_repeated_to_the_same_end(
    asked: dict[str, object], mongo_url: str, database: Database[BsonDocument]
) -> None:
    fill(database)
    migrate(database, apply=True, **asked)  # type: ignore[arg-type]
    whole = migrated(database)
    migrating = doomed(migrate, database, mongo_url, apply=True, **asked)
    kills = 0
    for number in migrating.killed_before_each_command(prepare=lambda: fill(database)):
        migrate(database, apply=True, **asked)  # type: ignore[arg-type]
        assert migrated(database) == whole, number
        kills = number
    assert kills > 20


@pytest.fixture
def switching(mongo_url: str, database: Database[BsonDocument]) -> DoomedAction:
    """An empty database that is about to take several athletes."""
    ensure_indexes(database)
    return doomed(migrate, database, mongo_url, apply=True, several_athletes=True)


@pytest.fixture
def half_switched(
    switching: DoomedAction, database: Database[BsonDocument]
) -> Database[BsonDocument]:
    """Killed before the index of one athlete goes."""
    assert switching.killed_before(1, "dropIndexes")
    assert {"weekStart_1", "athleteId_1_weekStart_1"} <= index_names(database)
    return database


def index_names(database: Database[BsonDocument]) -> set[str]:
    return set(database["weekly_metrics"].index_information())


def takes_a_second_athlete(database: Database[BsonDocument]) -> None:
    database["weekly_metrics"].insert_many(
        [{"athleteId": athlete, "weekStart": FIRST.key} for athlete in ("i1", "i2")]
    )


def test_whatever_opens_the_database_next_finishes_the_switch_and_says_so(
    half_switched: Database[BsonDocument], mongo_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    project_database(mongo_url, NOWHERE, half_switched.name)
    assert LEFT in caplog.text
    assert "weekStart_1" not in index_names(half_switched)
    assert holds_several_athletes(half_switched)
    takes_a_second_athlete(half_switched)


def test_an_index_of_another_name_that_allows_one_athlete_goes_too(
    database: Database[BsonDocument],
) -> None:
    database["weekly_metrics"].create_index("weekStart", unique=True, name="by_week")
    database["weekly_metrics"].create_index([("athleteId", 1), ("weekStart", 1)], unique=True)
    ensure_indexes(database)
    takes_a_second_athlete(database)


def test_a_stranger_s_index_on_the_week_that_forbids_nothing_stays(
    database: Database[BsonDocument],
) -> None:
    migrate(database, apply=True, several_athletes=True)
    database["weekly_metrics"].create_index("weekStart", name="mine")
    ensure_indexes(database)
    assert "mine" in index_names(database)


@pytest.mark.slow
@pytest.mark.parametrize("command", [("db", "bootstrap"), ("doctor",), ("runs",)], ids=" ".join)
def test_each_command_says_that_it_finishes_the_switch(
    command: tuple[str, ...], half_switched: Database[BsonDocument], terminal: Terminal
) -> None:
    done = terminal.run(*command, MONGO_DATABASE=half_switched.name)
    assert LEFT in done.stderr
    assert "weekStart_1" not in index_names(half_switched)


@pytest.mark.slow
def test_a_dry_run_sees_it_and_applying_finishes_it(
    half_switched: Database[BsonDocument], terminal: Terminal
) -> None:
    seen = terminal.run("db", "migrate", MONGO_DATABASE=half_switched.name)
    assert "left by an interrupted --multi-athlete, goes with --apply" in seen.stdout
    assert "weekStart_1" in index_names(half_switched)
    done = terminal.run("db", "migrate", "--apply", MONGO_DATABASE=half_switched.name)
    assert done.returncode == 0, done.stderr
    assert "weekStart_1" not in index_names(half_switched)


@pytest.mark.parametrize(
    ("rows", "obstacle"),
    [
        ([("run_events", {}), ("run_events", {})], "run_events without a runId"),
        (
            [("weekly_metrics", {"weekStart": FIRST.key})] * 2,
            f"weekly_metrics with the weekStart {FIRST.key}",
        ),
    ],
)
def test_documents_that_no_unique_index_allows_stop_it_before_anything_is_changed(
    rows: list[tuple[str, BsonDocument]], obstacle: str, database: Database[BsonDocument]
) -> None:
    at = NOW.isoformat()
    store_run(database, "exec-1", FIRST.key, at)
    for collection, row in rows:
        database[collection].insert_one({**row, "createdAt": at})
    before = migrated(database)
    with pytest.raises(MigrationError, match=obstacle):
        migrate(database, apply=True)
    assert migrated(database) == before


def test_a_row_that_would_become_a_second_one_of_the_same_athlete_stops_the_switch(
    database: Database[BsonDocument],
) -> None:
    database["weekly_metrics"].insert_many(
        [{"weekStart": FIRST.key}, {"weekStart": FIRST.key, "athleteId": "i1"}]
    )
    before = migrated(database)
    with pytest.raises(MigrationError, match=f"weekStart {FIRST.key}"):
        migrate(database, apply=True, several_athletes=True, athlete_id="i1")
    assert migrated(database) == before
    migrate(database, apply=True, several_athletes=True, athlete_id="i2")
    assert holds_several_athletes(database)
