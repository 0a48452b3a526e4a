from datetime import date
from typing import Any

import pytest

from weekly_plan_assets.domain.recorded.calendar import CalendarEvent


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
