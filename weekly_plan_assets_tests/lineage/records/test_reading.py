"""Finding runs: by runId, by the beginning of one, the newest, and whose they are."""

from datetime import UTC, datetime

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.records.reading import Lineage, UnknownRunError, UnreadableRunError
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from


@pytest.fixture
def lineage(database: Database[BsonDocument]) -> Lineage:
    return Lineage(database)


def test_the_beginning_of_a_run_id_is_enough_where_only_one_begins_so(lineage: Lineage) -> None:
    store_run(lineage.database, "abc-1:2024-01-08", "2024-01-15", "2024-01-14T20:00:00Z")
    store_run(lineage.database, "abd-2:2024-01-08", "2024-01-15", "2024-01-14T20:00:00Z")
    assert lineage.resolve("abc") == "abc-1:2024-01-08"
    assert lineage.stored_run("abd").run_id == "abd-2:2024-01-08"


def test_a_beginning_that_several_share_is_refused_naming_them(lineage: Lineage) -> None:
    for number in range(7):
        store_run(lineage.database, f"ab{number}", "2024-01-15", "2024-01-14T20:00:00Z")
    with pytest.raises(UnknownRunError, match=r"7 runs begin with 'ab': ab0, ab1, .* and 2 more"):
        lineage.resolve("ab")


def test_a_whole_run_id_is_meant_itself_though_others_begin_with_it(lineage: Lineage) -> None:
    store_run(lineage.database, "100", "2024-01-15", "2024-01-14T20:00:00Z")
    store_run(lineage.database, "1001", "2024-01-15", "2024-01-14T20:00:00Z")
    assert lineage.resolve("100") == "100"


@pytest.mark.parametrize("text", [".*", "bc", "^abc", "a.c", "(", "abc-2"])
def test_what_no_run_id_begins_with_is_unknown_whatever_it_would_match(
    lineage: Lineage, text: str
) -> None:
    store_run(lineage.database, "abc-1", "2024-01-15", "2024-01-14T20:00:00Z")
    with pytest.raises(UnknownRunError, match="`weekly-plan runs` lists them"):
        lineage.resolve(text)


def test_a_run_of_which_only_one_document_is_left_is_found(lineage: Lineage) -> None:
    store_run(lineage.database, "abc", "2024-01-15", "2024-01-14T20:00:00Z")
    lineage.database["run_artifacts"].drop()
    lineage.database["run_events"].drop()
    assert lineage.resolve("a") == "abc"


def test_the_latest_run_is_the_newest_whether_its_time_is_a_text_or_a_date(
    lineage: Lineage,
) -> None:
    store_run(lineage.database, "text", "2024-01-15", "2024-03-03T20:00:00.000Z")
    store_run(lineage.database, "date", "2024-01-22", datetime(2024, 2, 2, tzinfo=UTC))
    store_run(lineage.database, "none", "2024-01-29", "some day")
    assert lineage.resolve("latest") == "text"
    store_run(lineage.database, "later", "2024-01-22", datetime(2024, 3, 4, tzinfo=UTC))
    assert lineage.resolve("latest") == "later"


def test_there_is_no_latest_run_before_the_first(lineage: Lineage) -> None:
    with pytest.raises(UnknownRunError, match="`weekly-plan run` makes one"):
        lineage.resolve("latest")


def test_events_come_newest_first_whether_their_time_is_a_text_or_a_date(
    lineage: Lineage,
) -> None:
    store_run(lineage.database, "b", "2024-01-15", "2024-03-03T20:00:00.000Z")
    store_run(lineage.database, "a", "2024-01-22", datetime(2024, 2, 2, tzinfo=UTC))
    store_run(lineage.database, "c", "2024-01-22", datetime(2024, 4, 2, tzinfo=UTC))
    assert [event.run_id for event in lineage.events(10)] == ["c", "b", "a"]
    assert [event.run_id for event in lineage.events(1)] == ["c"]


def test_an_altered_provenance_is_refused_naming_the_run(lineage: Lineage) -> None:
    weeks = weeks_from(FIRST, 2)
    store_weeks(lineage.database, weeks)
    (run_id,) = keep_runs(lineage.database, weeks[-1:])
    assert lineage.run(run_id) is not None
    lineage.database["run_artifacts"].update_one(
        {"runId": run_id}, {"$set": {"provenance.code.package": "9.9"}}
    )
    with pytest.raises(UnreadableRunError) as refused:
        lineage.run(run_id)
    assert run_id in str(refused.value)
    assert "the provenance record is not as it was written" in str(refused.value)


def test_athletes_are_those_of_weeks_and_events_and_nobody_unnamed(lineage: Lineage) -> None:
    store_run(lineage.database, "a", "2024-01-15", "2024-01-14T20:00:00Z")
    assert lineage.athletes() == []
    lineage.database["stored_weeks"].insert_many(
        [
            {"collection": "weekly_metrics", "athleteId": "i2", "weekStart": "2024-01-08"},
            {"collection": "activities", "athleteId": "i9", "weekStart": "2024-01-08"},
        ]
    )
    lineage.database["run_events"].insert_many(
        [{"runId": "x", "athleteId": "i1"}, {"runId": "y", "athleteId": "unknown"}]
    )
    assert lineage.athletes() == ["i1", "i2"]


def test_the_latest_run_of_an_athlete_is_not_that_of_another(lineage: Lineage) -> None:
    for athlete_id, day in (("i1", 1), ("i2", 2)):
        lineage.database["run_events"].insert_one(
            {
                "runId": f"of-{athlete_id}",
                "athleteId": athlete_id,
                "createdAt": datetime(2024, 1, day, tzinfo=UTC),
            }
        )
    assert lineage.resolve("latest") == "of-i2"
    own = Lineage(lineage.database, "i1")
    assert own.resolve("latest") == "of-i1"
    assert own.resolve("of") == "of-i1"
