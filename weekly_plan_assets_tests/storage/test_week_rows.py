import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace as dataclass_with
from random import Random
from threading import Timer
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import (
    MissingWeekError,
    OtherAthleteError,
    ShrinkingWindowError,
)
from weekly_plan_assets.storage.indexes import ensure_indexes, take_several_athletes
from weekly_plan_assets.storage.week_rows import LEDGER, WELLNESS, RowKind, WeekRows
from weekly_plan_assets.storage.window_counts import WindowCounts
from weekly_plan_assets_tests.storage import endless_writer
from weekly_plan_assets_tests.support.racing import at_once

FIRST = TrainingWeek.parse("2024-01-01")
SECOND = FIRST.next()
KILLS = 5


@pytest.fixture
def store(database: Database[BsonDocument]) -> WeekRows:
    """Sessions of one athlete, named by a unique id."""
    ensure_indexes(database)
    database["sessions"].create_index([("athleteId", 1), ("id", 1)], unique=True)
    return WeekRows(database, RowKind("sessions", key="id", day_field="at"), "i1")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that do not wait for a run which might be storing the week."""
    monkeypatch.setattr("weekly_plan_assets.storage.week_rows._SETTLE_PAUSES_S", (0.01,))


def session(id_: str, at: str, **others: Any) -> BsonDocument:
    return {"id": id_, "at": at} | others


def ids(rows: Iterable[BsonDocument]) -> list[str]:
    return [row["id"] for row in rows]


def stamps(store: WeekRows) -> dict[str, tuple[Any, Any]]:
    """When each stored row was created and last written."""
    rows = store.database[store.collection].find()
    return {row["id"]: (row["createdAt"], row["updatedAt"]) for row in rows}


def test_the_counts_tell_new_changed_unchanged_and_removed_rows(store: WeekRows) -> None:
    before = [session(id_, "2024-01-02", load=1) for id_ in ("same", "edited", "gone")]
    after = [
        session("same", "2024-01-02", load=1),
        session("edited", "2024-01-02", load=2),
        session("new", "2024-01-02", load=1),
        session("new too", "2024-01-02", load=1),
    ]
    assert store.replace([FIRST], before) == WindowCounts(
        inserted=3, changed=0, unchanged=0, removed=0
    )
    assert store.replace([FIRST], after) == WindowCounts(
        inserted=2, changed=1, unchanged=1, removed=1
    )
    assert store.replace([FIRST], after) == WindowCounts(
        inserted=0, changed=0, unchanged=4, removed=0
    )
    loads = {row["id"]: row["load"] for row in store.load([FIRST], required=[FIRST])}
    assert loads == {"same": 1, "edited": 2, "new": 1, "new too": 1}


def test_only_a_changed_row_is_written_again(store: WeekRows) -> None:
    store.replace([FIRST], [session(id_, "2024-01-02", load=1) for id_ in ("a", "b")])
    before = stamps(store)
    rows = [session("a", "2024-01-02", load=1), session("b", "2024-01-02", load=2)]
    store.replace([FIRST], rows)
    after = stamps(store)
    assert after["a"] == before["a"]
    assert after["b"][0] == before["b"][0]
    assert after["b"][1] > before["b"][1]


def test_a_field_that_a_row_lost_at_the_source_is_lost_in_the_store(store: WeekRows) -> None:
    store.replace([FIRST], [session("a", "2024-01-02", note="private")])
    store.replace([FIRST], [session("a", "2024-01-02")])
    (row,) = store.load([FIRST], required=[FIRST])
    assert "note" not in row


def test_rows_load_by_day_and_key_without_the_stamps_of_the_store(store: WeekRows) -> None:
    rows = [
        session("b", "2024-01-03T07:00:00"),
        session("c", "2024-01-02T18:00:00"),
        session("a", "2024-01-03T07:00:00"),
    ]
    store.replace([FIRST], rows)
    loaded = store.load([FIRST], required=[FIRST])
    assert ids(loaded) == ["c", "a", "b"]
    assert loaded[0] == {
        "id": "c",
        "at": "2024-01-02T18:00:00",
        "athleteId": "i1",
        "weekStart": FIRST.key,
    }


def test_a_row_that_moves_to_another_week_and_back_is_in_one_week_at_a_time(
    store: WeekRows,
) -> None:
    store.replace([FIRST, SECOND], [session("a", "2024-01-07"), session("b", "2024-01-07")])
    created = stamps(store)["a"][0]
    moved = store.replace([SECOND], [session("a", "2024-01-08")])
    assert moved == WindowCounts(inserted=0, changed=1, unchanged=0, removed=0)
    assert ids(store.load([FIRST], required=[FIRST])) == ["b"]
    assert ids(store.load([SECOND], required=[SECOND])) == ["a"]
    store.replace([FIRST], [session("a", "2024-01-07"), session("b", "2024-01-07")])
    assert ids(store.load([FIRST], required=[FIRST])) == ["a", "b"]
    assert store.load([SECOND], required=[SECOND]) == []
    assert stamps(store)["a"][0] == created


def test_a_window_removes_no_row_outside_of_it(store: WeekRows) -> None:
    rows = [session(id_, "2024-01-08") for id_ in ("b", "c")]
    store.replace([FIRST, SECOND], [session("a", "2024-01-07"), *rows])
    assert store.replace([SECOND], rows[:1]).removed == 1
    assert ids(store.load([FIRST], required=[FIRST])) == ["a"]


def test_a_source_that_no_longer_names_most_rows_is_not_believed(store: WeekRows) -> None:
    rows = [session(id_, "2024-01-02") for id_ in "abc"]
    store.replace([FIRST], rows)
    before = stamps(store)
    for answer in ([], rows[:1], [session("d", "2024-01-03")]):
        with pytest.raises(ShrinkingWindowError, match="WEEKLY_PLAN_ALLOW_REMOVAL=true"):
            store.replace([FIRST], answer)
    assert stamps(store) == before
    assert ids(store.load([FIRST], required=[FIRST])) == ["a", "b", "c"]


def test_a_source_that_names_the_rows_of_another_athlete_is_said_to_be_theirs(
    store: WeekRows,
) -> None:
    take_several_athletes(store.database)
    rows = [session(id_, "2024-01-02") for id_ in "abc"]
    store.replace([FIRST], rows)
    other = WeekRows(store.database, store.kind, "i2")
    swapped = [session(id_, "2024-01-03") for id_ in "def"]
    other.replace([FIRST], swapped)
    theirs = "3 of the 3 new ones are stored for athlete i2, so the source of i1 looks like theirs"
    with pytest.raises(ShrinkingWindowError, match=theirs) as refused:
        store.replace([FIRST], swapped)
    assert "ALLOW_REMOVAL" not in str(refused.value)
    assert ids(store.load([FIRST], required=[FIRST])) == ["a", "b", "c"]
    with pytest.raises(ShrinkingWindowError, match="WEEKLY_PLAN_ALLOW_REMOVAL=true"):
        store.replace([FIRST], [swapped[0], session("g", "2024-01-03")])


def test_days_of_wellness_are_nobodys_alone(database: Database[BsonDocument]) -> None:
    take_several_athletes(database)
    mine, other = (WeekRows(database, WELLNESS, one) for one in ("i1", "i2"))
    mine.replace([FIRST], [{"id": "2024-01-01"}])
    other.replace([FIRST], [{"id": "2024-01-02"}])
    with pytest.raises(ShrinkingWindowError, match="WEEKLY_PLAN_ALLOW_REMOVAL=true"):
        mine.replace([FIRST], [{"id": "2024-01-02"}])


def test_a_removal_that_is_allowed_goes_through(store: WeekRows) -> None:
    store.replace([FIRST], [session("a", "2024-01-02")])
    assert dataclass_with(store, max_removed_share=1.0).replace([FIRST], []).removed == 1
    assert store.load([FIRST], required=[FIRST]) == []


def test_a_rest_week_is_stored_and_loads_as_no_rows(store: WeekRows) -> None:
    assert store.replace([FIRST], []) == WindowCounts(0, 0, 0, 0)
    assert store.load([FIRST], required=[FIRST]) == []
    assert store.stored_weeks([FIRST, SECOND]) == {FIRST}


def test_a_week_that_was_never_stored_is_an_error_that_names_it(store: WeekRows) -> None:
    store.replace([FIRST], [])
    with pytest.raises(MissingWeekError) as missing:
        store.load([FIRST, SECOND], required=[FIRST, SECOND])
    assert str(missing.value) == (
        "sessions has no week 2024-01-08 of athlete i1: materialize sessions for that week first"
    )


def test_a_week_that_is_not_required_may_be_missing(store: WeekRows) -> None:
    store.replace([SECOND], [session("a", "2024-01-08")])
    assert ids(store.load([FIRST, SECOND], required=[SECOND])) == ["a"]


def test_a_range_of_weeks_is_replaced_at_once_and_loads_in_any_part(store: WeekRows) -> None:
    weeks = list(weeks_between(FIRST, FIRST.shift(5)))
    rows = [session(week.key, f"{week.end}T23:59:59") for week in weeks]
    assert store.replace(weeks, rows).inserted == 6
    part = weeks[2:4]
    assert ids(store.load(part, required=part)) == [week.key for week in part]
    assert store.stored_weeks([*weeks, FIRST.shift(6)]) == set(weeks)


def test_collections_of_one_database_do_not_see_each_other(store: WeekRows) -> None:
    other = dataclass_with(store, kind=WELLNESS)
    store.replace([FIRST], [session("a", "2024-01-02")])
    other.replace([FIRST], [])
    assert ids(store.load([FIRST], required=[FIRST])) == ["a"]
    assert other.load([FIRST], required=[FIRST]) == []


@pytest.mark.parametrize("day", ["2023-12-31", "2024-01-15"])
def test_a_row_outside_the_window_is_refused_before_anything_is_written(
    store: WeekRows, day: str
) -> None:
    with pytest.raises(ValueError, match=f"sessions lies on {day}, outside the weeks 2024-01-01"):
        store.replace([FIRST, SECOND], [session("a", "2024-01-02"), session("b", day)])
    assert store.database["sessions"].count_documents({}) == 0


def test_two_rows_of_one_key_are_refused(store: WeekRows) -> None:
    with pytest.raises(ValueError, match="sessions was given two rows with id 'a'"):
        store.replace([FIRST], [session("a", "2024-01-02"), session("a", "2024-01-03")])


def test_a_second_athlete_is_refused_naming_both_and_the_way_out(store: WeekRows) -> None:
    store.replace([FIRST], [])
    other = dataclass_with(store, athlete_id="i2")
    with pytest.raises(OtherAthleteError, match=r"'i1'.*'i2'.*MONGO_DATABASE"):
        other.replace([FIRST], [session("a", "2024-01-02")])
    assert store.load([FIRST], required=[FIRST]) == []


def _lose_a_row(database: Database[BsonDocument]) -> None:
    database["sessions"].delete_one({"id": "a"})


def _gain_a_row(database: Database[BsonDocument]) -> None:
    row = database["sessions"].find_one({"id": "a"}, {"_id": 0}) or {}
    database["sessions"].insert_one(row | {"id": "c"})


def _change_a_row(database: Database[BsonDocument]) -> None:
    database["sessions"].update_one({"id": "a"}, {"$set": {"contentHash": "other"}})


def _lose_the_ledger(database: Database[BsonDocument]) -> None:
    database[LEDGER].delete_many({})


@pytest.mark.parametrize("interrupt", [_lose_a_row, _gain_a_row, _change_a_row, _lose_the_ledger])
@pytest.mark.usefixtures("impatient")
def test_a_half_written_week_is_refused_until_it_is_stored_again(
    store: WeekRows, interrupt: Any
) -> None:
    rows = [session("a", "2024-01-02"), session("b", "2024-01-03")]
    store.replace([FIRST], rows)
    interrupt(store.database)
    assert store.stored_weeks([FIRST]) == set()
    for required in ([FIRST], []):
        with pytest.raises(MissingWeekError, match=r"week 2024-01-01 was left half-written"):
            store.load([FIRST], required=required)
    store.replace([FIRST], rows)
    assert ids(store.load([FIRST], required=[FIRST])) == ["a", "b"]


def test_a_reader_waits_for_the_run_that_is_storing_the_week(store: WeekRows) -> None:
    rows = [session("a", "2024-01-02")]
    store.replace([FIRST], rows)
    _lose_a_row(store.database)
    finish = Timer(0.2, store.replace, ([FIRST], rows))
    finish.start()
    assert ids(store.load([FIRST], required=[FIRST])) == ["a"]
    finish.join()


def test_runs_that_store_the_same_window_at_once_leave_it_whole(store: WeekRows) -> None:
    weeks = [FIRST, SECOND]
    for round_ in range(5):
        rows = [session(str(n), f"2024-01-{n:02d}", round=round_) for n in range(1, 15)]

        def replace(_: int, rows: list[BsonDocument] = rows) -> WindowCounts:
            return store.replace(weeks, rows)

        at_once(replace, threads=4)
        loaded = store.load(weeks, required=weeks)
        assert [row["round"] for row in loaded] == [round_] * 14


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_killed_writer_leaves_no_week_that_a_reader_takes_for_whole(
    store: WeekRows, mongo_url: str
) -> None:
    random = Random()  # noqa: S311 - no secret, only moments
    half_written = 0
    for number in range(KILLS):
        _run_and_kill(mongo_url, store, f"{number}.", after_s=random.uniform(0, 0.25))
        for week in endless_writer.WEEKS:
            try:
                rows = store.load([week], required=[week])
            except MissingWeekError:
                half_written += 1
            else:
                versions = {row["version"] for row in rows}
                assert len(versions) == 1
                assert len(rows) == endless_writer.ROWS_PER_WEEK
        repaired = endless_writer.rows(f"{number}.repaired", number)
        store.replace(endless_writer.WEEKS, repaired)
        whole = store.load(endless_writer.WEEKS, required=endless_writer.WEEKS)
        assert sorted(ids(whole)) == sorted(ids(repaired))
        assert {row["version"] for row in whole} == {f"{number}.repaired"}
    assert half_written, "no kill hit a window while it was written: the writer is too quick"


def _run_and_kill(mongo_url: str, store: WeekRows, prefix: str, *, after_s: float) -> None:
    """Let another process store version after version of a window, and kill it amid that."""
    arguments = [mongo_url, store.database.name, store.collection, store.athlete_id, prefix]
    command = [sys.executable, endless_writer.__file__, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(after_s)
        finally:
            writer.kill()
