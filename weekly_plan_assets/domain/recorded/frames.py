"""Activities and wellness as frames, typed once where they enter the calculation.

Column names are those of the Intervals.icu API. From here on every column that a figure rests on is
there: numbers are float64, NaN where not measured, and a column that the source did not send is
missing in every row. Other columns are kept as they came.

A frame may hold rows of several athletes, whose number is in a column of its own. What is
calculated from it is what would come of a frame for each.
"""

from collections.abc import Iterable, Sequence
from typing import NewType

import pandas as pd

from weekly_plan_assets.domain.recorded.activity import SPANS
from weekly_plan_assets.domain.recorded.value_limits import ACTIVITY_LIMITS, WELLNESS_LIMITS
from weekly_plan_assets.domain.recorded.wellness import FITNESS_MODEL

ActivityFrame = NewType("ActivityFrame", pd.DataFrame)
"""One row per activity, index 0, 1, 2, ..."""

WellnessFrame = NewType("WellnessFrame", pd.DataFrame)
"""One row per day, index 0, 1, 2, ...; `id` is the local day."""

ATHLETE_NUMBER = "athlete_number"
"""Column of the athlete to whom a row belongs, by place; 0 where all rows are one athlete's."""

_OF_ACTIVITIES = (
    *("id", "start_date_local", "start_date", "type", "name", "source", "file_name"),
    *("paired_event_id", "icu_hr_zone_times", "interval_summary", SPANS),
)
_OF_WELLNESS = ("id", FITNESS_MODEL)


def activity_frame(rows: pd.DataFrame) -> ActivityFrame:
    """Type the columns of activities.

    Raises:
        ValueError: A value of a numeric column is neither a number nor missing.
    """
    return ActivityFrame(_typed(rows, ACTIVITY_LIMITS, _OF_ACTIVITIES))


def wellness_frame(rows: pd.DataFrame) -> WellnessFrame:
    """Type the columns of wellness; errors are those of `activity_frame`."""
    return WellnessFrame(_typed(rows, WELLNESS_LIMITS, _OF_WELLNESS))


def _typed(rows: pd.DataFrame, numbers: Iterable[str], others: Iterable[str]) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    typed = {name: _numbers(rows, name) for name in numbers}
    absent = {name: _absent(rows, "object") for name in others if name not in rows}
    if ATHLETE_NUMBER not in rows:
        absent[ATHLETE_NUMBER] = pd.Series(0, index=rows.index, dtype="int64")
    return rows.assign(**typed, **absent)


def joined_frames(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of several athletes in one, each athlete's number being the place of the frame."""
    if len(frames) == 1:
        return frames[0]
    numbered = [
        frame.assign(**{ATHLETE_NUMBER: number})
        for number, frame in enumerate(frames)
        if not frame.empty
    ]
    return pd.concat(numbered, ignore_index=True) if numbered else pd.DataFrame()


def _numbers(rows: pd.DataFrame, name: str) -> pd.Series:
    if name not in rows:
        return _absent(rows, "float64")
    values = rows[name]
    if values.dtype == "float64":
        return values
    return pd.to_numeric(values, errors="raise").astype("float64")


def _absent(rows: pd.DataFrame, dtype: str) -> pd.Series:
    return pd.Series(None, index=rows.index, dtype=dtype)
