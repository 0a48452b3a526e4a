from datetime import date
from typing import Any

import pytest

from weekly_plan_assets.domain.recorded.calendar import (
    CalendarEvent,
    CalendarNote,
    is_known_note,
    known_notes,
)
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek(date(2024, 5, 6))


def event(**fields: Any) -> CalendarEvent:
    values = {"id": 1, "category": "NOTE", "start_date_local": "2024-05-06T00:00:00"}
    return CalendarEvent.model_validate(values | fields)


@pytest.mark.parametrize(
    ("end", "last"),
    [
        (None, date(2024, 5, 6)),
        ("2024-05-07T00:00:00", date(2024, 5, 6)),
        ("2024-05-09T00:00:00", date(2024, 5, 8)),
        ("2024-05-09T12:00:00", date(2024, 5, 9)),
        ("2024-05-06T00:00:00", date(2024, 5, 6)),
        ("2024-05-01T00:00:00", date(2024, 5, 6)),
    ],
)
def test_an_entry_that_ends_at_midnight_ends_on_the_day_before(end: str | None, last: date) -> None:
    told = event(end_date_local=end)
    assert told.last_day == last
    assert told.covers(last)
    assert not told.covers(date.fromordinal(last.toordinal() + 1))


@pytest.mark.parametrize(
    ("availability", "time", "minutes"),
    [
        ("UNAVAILABLE", None, 0),
        ("UNAVAILABLE", 3600, 0),
        ("LIMITED", 3600, 60),
        ("LIMITED", 600, 10),
        ("LIMITED", 599, 599),
        ("LIMITED", 45, 45),
        ("LIMITED", 0, 0),
        ("LIMITED", -1, None),
        ("LIMITED", None, None),
        ("NORMAL", 3600, None),
        (None, 3600, None),
    ],
)
def test_a_limited_time_is_in_seconds_unless_it_would_be_none_worth_the_name(
    availability: str | None, time: int | None, minutes: int | None
) -> None:
    told = event(training_availability=availability, max_training_time=time)
    assert told.available_min == minutes


def test_an_entry_is_kept_as_it_came() -> None:
    raw = {
        "id": "1",
        "category": "RACE_A",
        "start_date_local": "2024-05-06T09:00:00",
        "distance": 21097.5,
        "moving_time": 5700,
        "color": "red",
    }
    kept = CalendarEvent.model_validate(raw).model_dump(by_alias=True)
    assert kept | raw == kept
    assert CalendarEvent.model_validate(kept) == CalendarEvent.model_validate(raw)


@pytest.mark.parametrize(
    ("first", "end", "updated", "known"),
    [
        ("2024-05-05", None, None, False),
        ("2024-05-01", "2024-05-07", None, True),
        ("2024-05-12", None, None, True),
        ("2024-05-12", None, "2024-05-30T08:00:00Z", True),
        ("2024-05-16", None, "2024-05-13T08:00:00.000+00:00", True),
        ("2024-05-16", None, "2024-05-14T08:00:00Z", False),
        ("2024-05-16", None, None, False),
        ("2024-05-16", None, "yesterday", False),
        ("2024-05-20", None, "2024-05-01T08:00:00Z", False),
    ],
    ids=[
        "before both weeks",
        "reaches into the observed week",
        "of the observed week",
        "of the observed week, changed later",
        "of the planned week",
        "of the planned week, changed in it",
        "of the planned week, written nobody knows when",
        "of the planned week, written at no time",
        "after both weeks",
    ],
)
def test_a_note_is_known_if_it_could_be_read_when_the_observed_week_had_ended(
    first: str, end: str | None, updated: str | None, *, known: bool
) -> None:
    note = event(
        start_date_local=f"{first}T00:00:00",
        end_date_local=end and f"{end}T00:00:00",
        name="Travel",
        updated=updated,
    )
    assert is_known_note(note, OBSERVED) is known
    assert bool(known_notes([note], OBSERVED)) is known


def test_notes_are_what_was_written_by_day_and_of_absences_too() -> None:
    calendar = [
        event(
            id=1, start_date_local="2024-05-09T00:00:00", name="Knee", description="a\nlittle  sore"
        ),
        event(id=2, name=None, description={"html": "x"}),
        event(id=3, category="SICK", start_date_local="2024-05-07T00:00:00", name="Cold"),
        event(id=4, category="RACE_A", start_date_local="2024-05-07T00:00:00", name="City half"),
    ]
    assert known_notes(calendar, OBSERVED) == (
        CalendarNote(date(2024, 5, 7), "Cold"),
        CalendarNote(date(2024, 5, 9), "Knee: a little sore"),
    )
