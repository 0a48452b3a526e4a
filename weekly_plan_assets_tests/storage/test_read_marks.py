"""Marks of weeks to read again, in a real database: made, asked for, and removed once read."""

from datetime import UTC, date, datetime, timedelta

from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.read_marks import (
    FIRST_RETRY,
    MOST_TRIES,
    ReadMark,
    mark_weeks,
    marks_read_since,
    note_asked,
    read_marks,
    remove_marks,
    stored_activity_weeks,
)
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS, WELLNESS, WeekRows

WEEK = TrainingWeek(date(2026, 11, 9))


def test_a_week_that_is_marked_twice_is_marked_once(database: Database[BsonDocument]) -> None:
    mark_weeks(database, "i1", [WEEK, WEEK.next()])
    mark_weeks(database, "i1", [WEEK])
    mark_weeks(database, "i2", [])
    found = read_marks(database)
    assert [(one.athlete_id, one.week) for one in found] == [("i1", WEEK.next()), ("i1", WEEK)]
    (document,) = database["read_marks"].find({"weekStart": WEEK.key})
    assert set(document) == {"_id", "athleteId", "weekStart", "markedAt"}


def test_what_is_marked_again_while_it_is_read_stays(database: Database[BsonDocument]) -> None:
    mark_weeks(database, "i1", [WEEK, WEEK.next()])
    seen = read_marks(database)
    mark_weeks(database, "i1", [WEEK])
    note_asked(database, seen)
    remove_marks(database, seen)
    (left,) = read_marks(database)
    assert (left.week, left.asked_at, left.tries) == (WEEK, None, 0)


def test_a_week_is_read_once_rows_and_metrics_were_stored_since_it_was_asked_for(
    database: Database[BsonDocument],
) -> None:
    for kind in (ACTIVITIES, WELLNESS, WEEKLY_METRICS):
        WeekRows(database, kind, "i1").replace([WEEK], [])
    mark_weeks(database, "i1", [WEEK])
    assert marks_read_since(database, read_marks(database)) == []
    note_asked(database, read_marks(database))
    (asked,) = read_marks(database)
    for kind in (ACTIVITIES, WELLNESS, WEEKLY_METRICS):
        assert marks_read_since(database, [asked]) == []
        WeekRows(database, kind, "i1").replace([WEEK], [])
    assert marks_read_since(database, [asked]) == [asked]


def test_a_reading_that_does_not_end_is_asked_for_later_and_later() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    new = ReadMark("i1", WEEK, now)
    assert new.is_due(now)
    waits = []
    for tries in range(1, MOST_TRIES + 1):
        mark = ReadMark("i1", WEEK, now, asked_at=now, tries=tries)
        waits.append(next(n for n in range(10_000) if mark.is_due(now + n * FIRST_RETRY)))
    assert waits == [2**tries for tries in range(MOST_TRIES)]
    assert sum(waits[:-1]) * FIRST_RETRY < timedelta(days=3)


def test_an_activity_is_found_in_the_week_in_which_it_was_stored(
    database: Database[BsonDocument],
) -> None:
    row = {"id": "7", "start_date_local": f"{WEEK}T07:00:00"}
    WeekRows(database, ACTIVITIES, "i1").replace([WEEK], [row])
    assert stored_activity_weeks(database, "i1", ["7", "8"]) == {WEEK}
    assert stored_activity_weeks(database, "i2", ["7"]) == set()
