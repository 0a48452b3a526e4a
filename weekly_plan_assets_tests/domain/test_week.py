from datetime import date

import pytest

from weekly_plan_assets.domain.week import TrainingWeek, weeks_between


def test_a_week_is_monday_to_sunday() -> None:
    week = TrainingWeek(date(2024, 1, 29))
    assert week.end == date(2024, 2, 4)
    assert [day.isoformat() for day in week.days][2:4] == ["2024-01-31", "2024-02-01"]


def test_a_day_lies_in_the_week_of_its_monday() -> None:
    assert TrainingWeek.containing(date(2024, 2, 4)) == TrainingWeek(date(2024, 1, 29))
    assert date(2024, 2, 4) in TrainingWeek(date(2024, 1, 29))
    assert date(2024, 2, 5) not in TrainingWeek(date(2024, 1, 29))


def test_a_week_that_does_not_start_on_monday_is_refused_with_the_right_monday() -> None:
    with pytest.raises(ValueError, match=r"2024-01-31 is a Wednesday; the Monday .* 2024-01-29"):
        TrainingWeek.parse("2024-01-31")


@pytest.mark.parametrize("key", ["", "2024-13-01", "last week", "2024-1-1"])
def test_a_key_that_is_no_date_is_refused_by_name(key: str) -> None:
    with pytest.raises(ValueError, match=f"{key!r} is not a date"):
        TrainingWeek.parse(key)


@pytest.mark.parametrize(
    ("today", "monday"),
    [("2024-02-04", "2024-01-22"), ("2024-02-05", "2024-01-29"), ("2024-02-06", "2024-01-29")],
)
def test_the_latest_whole_week_has_ended_before_today(today: str, monday: str) -> None:
    assert TrainingWeek.latest_whole(date.fromisoformat(today)).key == monday


def test_weeks_between_includes_both_ends() -> None:
    first = TrainingWeek(date(2024, 12, 23))
    assert [week.key for week in weeks_between(first, first.shift(2))] == [
        "2024-12-23",
        "2024-12-30",
        "2025-01-06",
    ]
    assert list(weeks_between(first, first.shift(-1))) == []


@pytest.mark.parametrize("key", ["9999-12-27", "0001-01-01", "2200-01-06"])
def test_a_week_that_cannot_be_calculated_with_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=f"between the years 1900 and 2199, but {key} does not"):
        TrainingWeek.parse(key)
