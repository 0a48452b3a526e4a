"""Amounts, days and weeks from the columns of typed frames."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weekly_plan_assets.domain.recorded.frames import (
    ATHLETE_NUMBER,
    ActivityFrame,
    WellnessFrame,
)
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

Numbers: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Weeks: TypeAlias = NDArray[np.int64]
"""Of each row the number of its training week; where there are several athletes, of their weeks."""

WEEKS_APART = 1_000_000
"""Between the numbers of one week for two athletes of a frame: more than the calendar has weeks, so
that neither a week nor those before it is ever another athlete's."""

DATE_CHARACTERS = 10
"""An ISO text begins with its day, `YYYY-MM-DD`."""


def amounts(values: pd.Series) -> pd.Series:
    """Numbers above 0; NaN where nothing was measured, which is what 0 says too."""
    return values.where(values > 0)


def session_times_s(activities: ActivityFrame) -> pd.Series:
    """Moving time of each session, elapsed time if there is none; NaN without both."""
    return amounts(activities["moving_time"]).fillna(amounts(activities["elapsed_time"]))


def day_text(moments: pd.Series) -> pd.Series:
    """The local day, `YYYY-MM-DD`, with which each ISO text begins."""
    return moments.astype("str").str.slice(0, DATE_CHARACTERS)


def day_texts(moments: Iterable[object]) -> list[str]:
    """The local day, `YYYY-MM-DD`, with which each ISO text begins."""
    # A column is a list first: it would box its values one by one.
    values = moments.tolist() if isinstance(moments, pd.Series) else moments
    return [str(moment)[:DATE_CHARACTERS] for moment in values]


def weeks_of_activities(activities: ActivityFrame) -> Weeks:
    """The week of each activity; errors are those of `week_numbers`."""
    return _weeks(activities, "start_date_local")


def weeks_of_days(wellness: WellnessFrame) -> Weeks:
    """The week of each day; errors are those of `week_numbers`."""
    return _weeks(wellness, "id")


def _weeks(frame: pd.DataFrame, moments: str) -> Weeks:
    weeks: Weeks = frame[ATHLETE_NUMBER].to_numpy() * WEEKS_APART + week_numbers(frame[moments])
    return weeks


def week_numbers(moments: Iterable[object]) -> Weeks:
    """The number of the training week of the local day with which each ISO text begins.

    Raises:
        ValueError: A text does not begin with a day.
    """
    return np.fromiter((_week_of(day) for day in day_texts(moments)), dtype="int64")


@lru_cache(maxsize=10_000)
def _week_of(day: str) -> int:
    return week_number(date.fromisoformat(day))


def week_number(day: date, athlete_number: int = 0) -> int:
    """Weeks since 1 January 1, which the calendar that we count by makes a Monday.

    Args:
        day: A day of the week.
        athlete_number: The athlete, where a frame has several.
    """
    return athlete_number * WEEKS_APART + (day.toordinal() - 1) // DAYS_PER_WEEK
