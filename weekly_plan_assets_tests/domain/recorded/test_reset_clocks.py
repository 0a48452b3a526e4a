"""A clock that was reset does not begin a history."""

from datetime import date, timedelta

import pytest

from weekly_plan_assets.domain.recorded.reset_clocks import reset_days

TRAINING = [date(2024, 3, 1) + timedelta(days=2 * n) for n in range(30)]


@pytest.mark.parametrize(
    "reset",
    [
        [date(1970, 1, 1)],
        [date(1989, 12, 31), date(1990, 1, 1)],
        [date(2000, 1, 1), date(2000, 1, 3), date(2000, 1, 9)],
        [date(2012, 1, 1)],
        [date(1980, 1, 6), date(2010, 1, 1)],
        [day - timedelta(weeks=1024) for day in TRAINING[3:5]],
    ],
)
def test_days_of_a_reset_clock_are_known(reset: list[date]) -> None:
    assert reset_days([*TRAINING, *reset]) == set(reset)


@pytest.mark.parametrize(
    "history",
    [
        [],
        TRAINING,
        [date(2000, 1, 1)],
        [date(2012, 6, 3), *TRAINING],
        [date(2004, 8, 1), date(2006, 3, 1), *TRAINING],
        [date(2006, 8, 1), *TRAINING],
        [date(2024, 1, 1), *TRAINING],
        [date(2012, 1, 1), date(2012, 7, 1), *TRAINING],
    ],
)
def test_a_long_break_and_new_year_alone_are_no_fault(history: list[date]) -> None:
    assert reset_days(history) == frozenset()
