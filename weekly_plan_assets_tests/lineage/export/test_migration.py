"""A database filled with documents of version 1.0, in both forms of their timestamps."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from bson import encode as bson_of
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.export.migration import MigrationError, migrate, moment_of
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.index_set import SUPERSEDED
from weekly_plan_assets.storage.indexes import ensure_indexes, holds_several_athletes
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.databases import whole
from weekly_plan_assets_tests.support.earlier_database import as_before, names, unique_indexes
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export
from weekly_plan_assets_tests.support.ttl_monitor import wait_for_whole_ttl_pass

WEEK = TrainingWeek.parse("2024-02-05")
NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=400)
OLD_METRICS = {
    "runCount": 4,
    "runDistance": 41200.0,
    "runTime": 14400,
    "rideCount": 0,
    "rideDistance": 0,
    "rideTime": 0,
    "vo2Sessions": 1,
    "tempoSessions": 0,
    "longRuns": 1,
    "strengthCount": 1,
    "strengthTrimp": 22.5,
    "ctlMean": 38.5,
    "atlMean": 40.0,
    "rampRateMean": 0.4,
    "restHrMean": 48.0,
    "stepsMean": None,
    "sleepScoreMean": 80.0,
    "hrvMean": 70.0,
}


def store_metrics(
    database: Database[BsonDocument], week: TrainingWeek, at: str | datetime, **others: Any
) -> None:
    row = {"weekStart": week.key, "weekEnd": week.end.isoformat(), **OLD_METRICS}
    database["weekly_metrics"].insert_one({**row, "createdAt": at, "updatedAt": at, **others})


@pytest.fixture
def old(graph: Graph) -> Database[BsonDocument]:
    """Two runs and four weeks, one each with text and with dates, one run older than is kept."""
    database = graph.database
    store_run(database, "exec-1", "2024-01-08", LONG_AGO.isoformat().replace("+00:00", "Z"))
    store_run(database, "exec-2", "2024-01-15", NOW)
    for back in range(1, 5):
        store_metrics(
            database, WEEK.shift(-back), NOW if back % 2 else NOW.replace(tzinfo=None).isoformat()
        )
    return database


def contents(database: Database[BsonDocument]) -> dict[str, list[bytes]]:
    """Every document of the lineage to the byte, but for its two timestamps."""
    stamps = {"createdAt": 0, "updatedAt": 0}
    return {
        name: [bson_of(document) for document in database[name].find({}, stamps).sort("_id", 1)]
        for name in ("run_events", "weekly_metrics", "plan_snapshots", "run_artifacts")
    }


def kinds(database: Database[BsonDocument]) -> set[type]:
    return {
        type(document[stamp])
        for name in ("run_events", "weekly_metrics", "plan_snapshots", "run_artifacts")
        for document in database[name].find()
        for stamp in ("createdAt", "updatedAt")
        if stamp in document
    }


def test_a_dry_run_tells_what_would_be_and_changes_nothing(old: Database[BsonDocument]) -> None:
    before = contents(old), kinds(old), old["run_events"].index_information()
    found = migrate(old)
    assert (contents(old), kinds(old), old["run_events"].index_information()) == before
    told = {one.collection: (one.documents, one.texts, one.due) for one in found.collections}
    assert told == {
        "run_events": (2, 1, 1),
        "weekly_metrics": (4, 2, 0),
        "plan_snapshots": (2, 1, 1),
        "run_artifacts": (2, 1, 0),
    }
    assert not any(one.unreadable or one.duplicates for one in found.collections)


def test_texts_become_dates_and_nothing_else_changes(old: Database[BsonDocument]) -> None:
    old["run_events"].database.client.admin.command({"setParameter": 1, "ttlMonitorEnabled": False})
    try:
        before = contents(old)
        migrate(old, apply=True)
        assert contents(old) == before
        assert kinds(old) == {datetime}
        event = old["run_events"].find_one({"runId": "exec-1"})
        assert event is not None
        assert event["createdAt"] == LONG_AGO
        assert {"runId_1", "createdAt_1"} <= old["run_events"].index_information().keys()
        assert [one.texts for one in migrate(old).collections] == [0, 0, 0, 0]
    finally:
        old.client.admin.command({"setParameter": 1, "ttlMonitorEnabled": True})


def test_a_database_of_before_is_migrated_and_a_second_time_nothing_changes(
    old: Database[BsonDocument],
) -> None:
    as_before(old)
    before = whole(old)
    found = migrate(old)
    assert list(found.superseded_indexes) == names(SUPERSEDED)
    assert whole(old) == before
    assert migrate(old, apply=True).superseded_indexes == found.superseded_indexes
    for keys in unique_indexes(old).values():
        assert all(fields in (["weekStart"], ["athleteId", *fields[1:]]) for fields in keys)
    migrated = whole(old)
    assert migrate(old, apply=True).superseded_indexes == ()
    assert whole(old) == migrated


def test_runs_of_version_1_are_read_before_and_after_their_indexes_are_replaced(
    old: Database[BsonDocument],
) -> None:
    as_before(old)
    run = Lineage(old, "i1").run("exec-2")
    assert run is not None
    migrate(old, apply=True)
    again = Lineage(old, "i1").run("exec-2")
    assert again is not None
    assert (again.snapshot, again.artifacts) == (run.snapshot, run.artifacts)  # type: ignore[union-attr]


def test_a_run_id_that_two_athletes_have_is_in_nobody_s_way(
    database: Database[BsonDocument],
) -> None:
    ensure_indexes(database)
    database["run_events"].insert_many([{"athleteId": one, "runId": "r"} for one in ("i1", "i2")])
    assert migrate(database, apply=True).obstacles == ()


def test_what_is_due_is_deleted_by_mongodb_itself_and_the_rest_stays(
    old: Database[BsonDocument],
) -> None:
    migrate(old, apply=True)
    wait_for_whole_ttl_pass(old)
    for name in ("run_events", "plan_snapshots"):
        assert [document["runId"] for document in old[name].find()] == ["exec-2"]
    assert old["run_artifacts"].count_documents({}) == 2
    assert old["weekly_metrics"].count_documents({}) == 4


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-08T06:30:00.000Z", datetime(2024, 1, 8, 6, 30, tzinfo=UTC)),
        ("2024-01-08T06:30:00+02:00", datetime(2024, 1, 8, 4, 30, tzinfo=UTC)),
        ("2024-01-08 06:30:00", datetime(2024, 1, 8, 6, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_text_is_a_time_in_utc_or_none_at_all(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    ("collection", "document", "reason"),
    [
        ("run_events", {"createdAt": "yesterday", "weekStart": WEEK.key}, "no ISO-8601 time"),
        ("run_events", {"weekStart": WEEK.key, "weekEnd": "2024-02-11"}, "runId: Field required"),
        ("run_artifacts", {"weekStart": WEEK.key}, "runId"),
        ("plan_snapshots", {"runId": "x", "weekStart": "2024-02-06"}, "is a Tuesday"),
        ("weekly_metrics", {"weekStart": WEEK.key, "runCount": "four"}, "runCount"),
    ],
)
def test_what_cannot_be_read_is_named_and_left_alone(
    old: Database[BsonDocument], collection: str, document: BsonDocument, reason: str
) -> None:
    old[collection].insert_one(document)
    before = contents(old)
    found = migrate(old, apply=True)
    (report,) = [one for one in found.collections if one.collection == collection]
    assert [one.id for one in report.unreadable] == [str(document["_id"])]
    assert reason in report.unreadable[0].reason
    stored = old[collection].find_one({"_id": document["_id"]})
    assert stored == document
    assert contents(old)["run_artifacts"] == before["run_artifacts"]


def test_a_run_id_that_is_there_twice_is_named_and_nothing_is_changed(
    old: Database[BsonDocument],
) -> None:
    store_run(old, "exec-1", "2024-01-08", NOW)
    before = contents(old), kinds(old)
    assert migrate(old).duplicates == ("exec-1", "exec-1", "exec-1")
    with pytest.raises(MigrationError, match="exec-1"):
        migrate(old, apply=True)
    assert (contents(old), kinds(old)) == before


def train(graph: Graph, athlete_id: str = "i1") -> None:
    days = [WEEK.days[1], WEEK.days[3], WEEK.days[6]]
    runs = [activity(f"{athlete_id}-{day}", f"{day}T07:00:00", icu_athlete_id=athlete_id)
            for day in days]  # fmt: skip
    write_export(graph.export_dir, runs, [wellness_day(f"{day}") for day in WEEK.days])


def test_old_weeks_are_the_history_of_the_next_plan(
    old: Database[BsonDocument], graph: Graph
) -> None:
    train(graph)
    graph.plan_and_record(WEEK.key)
    artifacts = old["run_artifacts"].find_one({"observedWeekStart": WEEK.key})
    assert artifacts is not None
    assert artifacts["status"] == "success", artifacts["errors"]
    assert [row["weekStart"] for row in artifacts["history"]] == [
        WEEK.shift(-back).key for back in (4, 3, 2, 1)
    ]
    for row in artifacts["history"]:
        assert (row["activityCount"], row["unknownLoadCount"]) == (5, 5)
        assert (row["ctlMean"], row["trainingLoad"], row["coverage"]) == (38.5, None, None)
    assert old["weekly_metrics"].count_documents({"contentHash": {"$exists": False}}) == 4


def test_an_old_week_that_is_computed_again_is_replaced(
    old: Database[BsonDocument], graph: Graph
) -> None:
    week = WEEK.shift(-1)
    write_export(graph.export_dir, [activity("1", f"{week.days[2]}T07:00:00")], [])
    graph.metrics(week.key, week.key)
    (row,) = old["weekly_metrics"].find({"weekStart": week.key})
    assert (row["athleteId"], row["runCount"]) == ("i1", 1)
    assert row["coverage"] is not None


def test_rows_that_name_nobody_need_a_name_before_there_are_several_athletes(
    old: Database[BsonDocument],
) -> None:
    with pytest.raises(MigrationError, match="4 weekly_metrics rows name no athlete"):
        migrate(old, apply=True, several_athletes=True)
    assert not holds_several_athletes(old)
    switch = partial(migrate, old, several_athletes=True, athlete_id="i1")
    assert switch(apply=True).changes_something
    assert not switch().changes_something, "it is done"
    assert old["weekly_metrics"].distinct("athleteId") == ["i1"]
    assert "weekStart_1" not in old["weekly_metrics"].index_information()
    ensure_indexes(old)
    assert holds_several_athletes(old)
    assert "weekStart_1" not in old["weekly_metrics"].index_information()


def test_two_athletes_in_one_database_never_meet(graph: Graph) -> None:
    migrate(graph.database, apply=True, several_athletes=True)
    plans = {}
    for athlete_id in ("i1", "i2"):
        train(graph, athlete_id)
        graph.metrics(WEEK.shift(-1).key, WEEK.key)
        plans[athlete_id] = f"{graph.plan_and_record(WEEK.key)}:{WEEK}"
    for athlete_id, run_id in plans.items():
        lineage = Lineage(graph.database, athlete_id)
        assert [event.run_id for event in lineage.events(10)] == [run_id]
        snapshot = lineage.latest_snapshot()
        assert snapshot is not None
        assert snapshot.run_id == run_id
        artifacts = graph.database["run_artifacts"].find_one({"runId": run_id})
        assert artifacts is not None
        rows = [artifacts["metrics"], *artifacts["history"]]
        assert {row["athleteId"] for row in rows} == {athlete_id}
        assert {row["icu_athlete_id"] for row in artifacts["activities"]} == {athlete_id}
    assert graph.database["weekly_metrics"].count_documents({"weekStart": WEEK.key}) == 2
