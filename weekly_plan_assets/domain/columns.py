"""Reading columns of source rows: absent columns, numbers, days and weeks.

Column names are those of the Intervals.icu API. What the numbers mean is not known here.
"""

import pandas as pd

DATE_CHARACTERS = 10
"""An ISO text begins with its day, `YYYY-MM-DD`."""


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """The column, or one of missing values where the source sent none."""
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="object")


def numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    """The column as numbers, NaN where not measured.

    Raises:
        ValueError: A value is neither a number nor missing.
    """
    return pd.to_numeric(column(frame, name), errors="raise").astype("float64")


def day_text(moments: pd.Series) -> pd.Series:
    """The local day, `YYYY-MM-DD`, with which each ISO text begins."""
    return moments.astype("str").str.slice(0, DATE_CHARACTERS)


def monday(moments: pd.Series) -> pd.Series:
    """The Monday of the local day with which each ISO text begins."""
    days = pd.to_datetime(day_text(moments), format="%Y-%m-%d")
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")
