"""Which runs rest on numbers that the store no longer holds."""

from datetime import UTC, date, datetime
from time import perf_counter

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.audit.drift import (
    Change,
    ChangedRow,
    MovedMetric,
    Scope,
    WeekDrift,
    drifted_runs,
)
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from

WEEKS = weeks_from(FIRST, 8)
PLANNED = WEEKS[2:]
EDITED = WEEKS[2]


@pytest.fixture
def kept(database: Database[BsonDocument]) -> list[str]:
    store_weeks(database, WEEKS)
    return keep_runs(database, PLANNED)


def drifted_ids(database: Database[BsonDocument], scope: Scope | None = None) -> list[str]:
    return [run.run_id for run in drifted_runs(database, scope)]


def a_run_of(database: Database[BsonDocument], week: str) -> BsonDocument:
    row = database["activities"].find_one({"weekStart": week, "type": "Run"})
    assert row is not None
    return row


@pytest.mark.usefixtures("kept")
def test_nothing_drifts_as_long_as_the_store_is_as_it_was(
    database: Database[BsonDocument],
) -> None:
    assert drifted_runs(database) == ()
    store_weeks(database, WEEKS)
    assert drifted_runs(database) == ()


def test_an_edited_session_is_told_of_exactly_the_runs_that_used_it(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    row = a_run_of(database, EDITED.key)
    database["activities"].update_one({"_id": row["_id"]}, {"$set": {"icu_training_load": 500}})
    found = drifted_runs(database)
    assert [run.run_id for run in found] == kept[:5]
    assert found[0].observed_week_start == EDITED.start
    assert found[0].week_start == EDITED.next().start
    assert found[0].published
    changed = ChangedRow(
        collection="activities", id=row["id"], change=Change.EDITED, keys=("icu_training_load",)
    )
    for run in found:
        assert run.weeks == (WeekDrift(week_start=EDITED.start, metrics=(), rows=(changed,)),)


def test_a_moved_metric_tells_what_was_used_what_is_stored_and_by_how_much(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    used = database["weekly_metrics"].find_one({"weekStart": EDITED.key})
    assert used is not None
    edits = {"trainingLoad": used["trainingLoad"] + 0.1, "hrvMean": None, "coverage": None}
    database["weekly_metrics"].update_one({"weekStart": EDITED.key}, {"$set": edits})
    (week,) = drifted_runs(database, Scope(run_id=kept[0]))[0].weeks
    assert week.rows == ()
    assert week.metrics == (
        MovedMetric(
            metric="trainingLoad",
            used=used["trainingLoad"],
            now=used["trainingLoad"] + 0.1,
            by=0.1,
        ),
        MovedMetric(metric="hrvMean", used=used["hrvMean"], now=None, by=None),
    )


@pytest.mark.usefixtures("kept")
def test_rows_that_are_gone_and_rows_that_are_new_are_told_by_id(
    database: Database[BsonDocument],
) -> None:
    gone = a_run_of(database, EDITED.key)
    database["activities"].delete_one({"_id": gone["_id"]})
    new = {**gone, "id": "late"}
    del new["_id"]
    database["activities"].insert_one(new)
    (week,) = drifted_runs(database)[0].weeks
    assert {(row.id, row.change) for row in week.rows} == {
        (gone["id"], Change.GONE),
        ("late", Change.NEW),
    }


@pytest.mark.usefixtures("kept")
def test_a_session_that_moved_to_another_week_is_gone_from_one_and_new_in_the_other(
    database: Database[BsonDocument],
) -> None:
    row = a_run_of(database, WEEKS[1].key)
    moved = {"weekStart": EDITED.key, "start_date_local": f"{EDITED.end}T07:00:00"}
    database["activities"].update_one({"_id": row["_id"]}, {"$set": moved})
    changes = [
        (week.week_start, row.id, row.change)
        for week in drifted_runs(database)[0].weeks
        for row in week.rows
    ]
    assert changes == [
        (WEEKS[1].start, row["id"], Change.GONE),
        (EDITED.start, row["id"], Change.NEW),
    ]


@pytest.mark.usefixtures("kept")
def test_a_week_that_the_store_does_not_hold_any_more_is_told_as_gone(
    database: Database[BsonDocument],
) -> None:
    for collection in ("weekly_metrics", "activities", "wellness"):
        database[collection].delete_many({"weekStart": EDITED.key})
    (week,) = drifted_runs(database)[0].weeks
    assert week.metrics == ()
    assert {row.change for row in week.rows} == {Change.GONE}
    assert week.rows[0] == ChangedRow(
        collection="weekly_metrics", id=EDITED.key, change=Change.GONE
    )
    assert sum(row.collection == "wellness" for row in week.rows) == 7


@pytest.mark.usefixtures("kept")
def test_a_row_edited_into_what_no_run_could_use_is_told_as_edited(
    database: Database[BsonDocument],
) -> None:
    row = a_run_of(database, EDITED.key)
    database["activities"].update_one({"_id": row["_id"]}, {"$set": {"distance": "far"}})
    (week,) = drifted_runs(database)[0].weeks
    (changed,) = week.rows
    assert (changed.id, changed.change) == (row["id"], Change.EDITED)
    assert "distance" in changed.keys


def test_stamps_of_the_store_are_no_change(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    later = {"updatedAt": datetime(2030, 1, 1, tzinfo=UTC), "contentHash": "x"}
    for collection in ("weekly_metrics", "activities", "wellness"):
        database[collection].update_many({}, {"$set": later})
    assert kept
    assert drifted_runs(database) == ()


def test_only_the_weeks_athlete_and_depth_that_are_asked_for_are_looked_at(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    row = a_run_of(database, EDITED.key)
    database["activities"].update_one({"_id": row["_id"]}, {"$set": {"name": "Other"}})
    assert drifted_ids(database, Scope(weeks={EDITED})) == kept[:5]
    assert drifted_ids(database, Scope(weeks={WEEKS[3]})) == []
    assert drifted_ids(database, Scope(raw=False)) == []
    assert drifted_ids(database, Scope(athlete_id="somebody else")) == []
    assert drifted_ids(database, Scope(run_id=kept[1])) == [kept[1]]


def test_a_run_whose_plan_is_not_published_says_so(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    database["plan_snapshots"].delete_one({"runId": kept[0]})
    database["weekly_metrics"].update_one({"weekStart": EDITED.key}, {"$set": {"runCount": 99}})
    assert [run.published for run in drifted_runs(database)] == [False, True, True, True, True]


def test_runs_without_inputs_and_runs_of_version_1_are_left_out(
    database: Database[BsonDocument],
) -> None:
    database["run_artifacts"].insert_many(
        [
            {"runId": "n8n-1", "weekStart": "2024-01-08", "metrics": {"runCount": 1}},
            {"runId": "broken", "observedWeekStart": "2024-01-08", "status": "failure"},
        ]
    )
    assert drifted_runs(database) == ()


@pytest.mark.slow
def test_two_years_of_runs_take_about_a_second(database: Database[BsonDocument]) -> None:
    weeks = weeks_from(FIRST, 104)
    store_weeks(database, weeks)
    keep_runs(database, weeks)
    database["weekly_metrics"].update_one({"weekStart": weeks[60].key}, {"$set": {"runCount": 99}})
    began_s = perf_counter()
    found = drifted_runs(database)
    assert perf_counter() - began_s < 3
    assert len(found) == 5
    assert found[-1].weeks[0].week_start == date(2025, 2, 24)
