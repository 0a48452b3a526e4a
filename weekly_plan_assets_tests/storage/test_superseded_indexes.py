"""A database of an earlier version works as it is, and is renewed when somebody asks for it."""

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import UpsertError
from weekly_plan_assets.storage.index_set import INDEXES, SUPERSEDED
from weekly_plan_assets.storage.indexes import (
    ensure_indexes,
    holds_several_athletes,
    replace_superseded_indexes,
    superseded_indexes,
    superseded_note,
    take_several_athletes,
)
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.week_rows import WELLNESS, WeekRows
from weekly_plan_assets_tests.support.databases import whole
from weekly_plan_assets_tests.support.earlier_database import as_before, names, unique_indexes
from weekly_plan_assets_tests.support.killed_process import doomed
from weekly_plan_assets_tests.support.racing import at_once

WEEK = TrainingWeek.parse("2024-01-08")


@pytest.fixture
def earlier(database: Database[BsonDocument]) -> Database[BsonDocument]:
    as_before(database)
    return database


def fill(database: Database[BsonDocument]) -> None:
    """Documents of an athlete, and some of version 1.0 that name nobody."""
    for name in ("run_events", "plan_snapshots", "run_artifacts"):
        database[name].insert_many([{"runId": "exec-1"}, {"runId": "exec-2"}])
        RunDocuments(database, name).merge({"athleteId": "i1", "runId": "r1"})
    WeekRows(database, WELLNESS, "i1").replace(
        [WEEK], [{"id": day.isoformat()} for day in WEEK.days]
    )


def contents(database: Database[BsonDocument]) -> dict[str, list[BsonDocument]]:
    return {
        name: list(database[name].find(sort=[("_id", 1)]))
        for name in database.list_collection_names()
    }


def index_names(database: Database[BsonDocument]) -> dict[str, set[str]]:
    return {
        name: set(database[name].index_information()) for name in database.list_collection_names()
    }


def test_every_unique_index_begins_with_the_athlete(database: Database[BsonDocument]) -> None:
    ensure_indexes(database)
    take_several_athletes(database)
    for collection, keys in unique_indexes(database).items():
        for fields in keys:
            assert fields[0] == "athleteId", (collection, fields)


def test_only_a_database_of_one_athlete_has_a_unique_index_that_does_not(
    database: Database[BsonDocument],
) -> None:
    ensure_indexes(database)
    others = {
        collection: keys
        for collection, keys in unique_indexes(database).items()
        if any(fields[0] != "athleteId" for fields in keys)
    }
    assert others == {"weekly_metrics": [["weekStart"]]}


def test_opening_a_database_of_before_adds_what_is_new_and_takes_nothing_away(
    earlier: Database[BsonDocument],
) -> None:
    before = index_names(earlier)
    ensure_indexes(earlier)
    after = index_names(earlier)
    assert all(before[name] <= after[name] for name in before)
    assert names(superseded_indexes(earlier)) == names(SUPERSEDED)
    assert {change.action for change in ensure_indexes(earlier)} == {"kept"}


def test_a_database_that_was_not_migrated_goes_on_working(earlier: Database[BsonDocument]) -> None:
    ensure_indexes(earlier)
    fill(earlier)
    artifacts = RunDocuments(earlier, "run_artifacts")
    assert not artifacts.merge({"athleteId": "i1", "runId": "r1", "status": "success"})
    (found,) = earlier["run_artifacts"].find({"runId": "r1"})
    assert found["status"] == "success"
    assert WeekRows(earlier, WELLNESS, "i1").load([WEEK], required=[WEEK])

    def merge(half: int) -> bool:
        return artifacts.merge({"athleteId": "i1", "runId": "raced", f"half{half}": True})

    assert sum(at_once(merge, threads=4)) == 1


def test_until_it_is_migrated_a_run_id_is_one_athlete_s(earlier: Database[BsonDocument]) -> None:
    ensure_indexes(earlier)
    artifacts = RunDocuments(earlier, "run_artifacts")
    artifacts.merge({"athleteId": "i1", "runId": "r1"})
    with pytest.raises(UpsertError, match="runId_1"):
        artifacts.merge({"athleteId": "i2", "runId": "r1"})
    replace_superseded_indexes(earlier)
    assert artifacts.merge({"athleteId": "i2", "runId": "r1"})


def test_a_database_of_before_is_renewed_and_a_second_time_nothing_changes(
    earlier: Database[BsonDocument],
) -> None:
    fill(earlier)
    documents = contents(earlier)
    replace_superseded_indexes(earlier)
    assert superseded_indexes(earlier) == ()
    assert superseded_note(earlier) is None
    renewed = whole(earlier)
    assert contents(earlier) == documents
    wanted = {(index.collection, index.name) for index in INDEXES}
    made = {
        (name, index)
        for name, indexes in index_names(earlier).items()
        for index in indexes - {"_id_"}
    }
    assert made == wanted
    replace_superseded_indexes(earlier)
    assert whole(earlier) == renewed


def test_the_note_names_the_indexes_and_the_command(earlier: Database[BsonDocument]) -> None:
    said = superseded_note(earlier)
    assert said is not None
    for name in names(SUPERSEDED):
        assert name in said
    assert "`weekly-plan db migrate --apply`" in said


def test_no_index_goes_before_those_in_their_place_are_there(
    earlier: Database[BsonDocument], mongo_url: str
) -> None:
    fill(earlier)
    assert doomed(replace_superseded_indexes, earlier, mongo_url).killed_before(1, "dropIndexes")
    assert names(superseded_indexes(earlier)) == names(SUPERSEDED)
    made = unique_indexes(earlier)
    for index in SUPERSEDED:
        assert [key for key in made[index.collection] if key[0] == "athleteId"], index


def test_interrupted_after_an_index_is_gone_the_next_command_makes_what_is_missing(
    earlier: Database[BsonDocument], mongo_url: str
) -> None:
    assert doomed(replace_superseded_indexes, earlier, mongo_url).killed_before(2, "dropIndexes")
    assert "runId_1" not in earlier["run_events"].index_information()
    ensure_indexes(earlier)
    assert not earlier["run_events"].index_information()["runId_1"].get("unique")


def test_processes_that_renew_and_open_it_at_once_all_succeed(
    earlier: Database[BsonDocument],
) -> None:
    def work(number: int) -> object:
        return (replace_superseded_indexes if number % 2 else ensure_indexes)(earlier)

    at_once(work, threads=4)
    replace_superseded_indexes(earlier)
    assert superseded_indexes(earlier) == ()
    assert {change.action for change in ensure_indexes(earlier)} == {"kept"}


def test_an_index_of_a_collection_with_a_collation_is_renewed_with_it(
    database: Database[BsonDocument],
) -> None:
    database.create_collection("run_events", collation={"locale": "de"})
    as_before(database)
    assert "run_events.runId_1" in names(superseded_indexes(database))
    replace_superseded_indexes(database)
    made = database["run_events"].index_information()
    assert made["athleteId_1_runId_1"]["collation"]["locale"] == "de"
    assert superseded_indexes(database) == ()


def test_a_database_of_several_athletes_stays_one(earlier: Database[BsonDocument]) -> None:
    take_several_athletes(earlier)
    replace_superseded_indexes(earlier)
    assert holds_several_athletes(earlier)


def test_the_index_of_the_shard_key_is_left_alone(earlier: Database[BsonDocument]) -> None:
    sharded = {index.collection for index in INDEXES}
    for name in sharded:
        earlier[name].create_index([("athleteId", "hashed")])
    fill(earlier)
    replace_superseded_indexes(earlier)
    assert all("athleteId_hashed" in earlier[name].index_information() for name in sharded)
    assert {change.action for change in ensure_indexes(earlier)} == {"kept"}
