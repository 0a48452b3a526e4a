"""Amounts, days and weeks from the columns of typed frames."""

from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from weekly_plan_assets.domain.recorded.frames import ActivityFrame
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

Numbers: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Weeks: TypeAlias = NDArray[np.int64]
"""Of each row the number of its training week."""

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
    return [str(moment)[:DATE_CHARACTERS] for moment in moments]


def week_numbers(moments: Iterable[object]) -> Weeks:
    """The number of the training week of the local day with which each ISO text begins.

    Raises:
        ValueError: A text does not begin with a day.
    """
    days = (date.fromisoformat(day) for day in day_texts(moments))
    return np.fromiter((week_number(day) for day in days), dtype="int64")


def week_number(day: date) -> int:
    """Weeks since 1 January 1, which the calendar that we count by makes a Monday."""
    return (day.toordinal() - 1) // DAYS_PER_WEEK
