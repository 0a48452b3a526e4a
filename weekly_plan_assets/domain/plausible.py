"""Values that no athlete has: a heart rate of 0, a run as fast as a car.

They are taken as not measured, never corrected, and only what is certainly wrong is touched. The
stored rows keep them; what is left to count belongs to `weekly_metrics`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from weekly_plan_assets.domain.columns import Flags, column, numbers
from weekly_plan_assets.domain.session_kind import RIDE, RUN, SWIM, sport_family


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the greatest value that can be true, both included."""

    least: float = 0.0
    greatest: float = float("inf")


HEART_RATE_BPM = Limits(30, 240)
"""Of a session: 30 is about the lowest known at rest, 240 above any known at effort (practice)."""

ACTIVITY_LIMITS: Mapping[str, Limits] = {
    "average_heartrate": HEART_RATE_BPM,
    "max_heartrate": HEART_RATE_BPM,
    "distance": Limits(),
    "moving_time": Limits(),
    "elapsed_time": Limits(),
    "average_speed": Limits(),
    "max_speed": Limits(),
    "icu_training_load": Limits(),
    "trimp": Limits(),
}

WELLNESS_LIMITS: Mapping[str, Limits] = {
    "restingHR": Limits(25, 150),
    "hrv": Limits(1, 400),
    "hrvSDNN": Limits(1, 400),
    "steps": Limits(),
    "sleepScore": Limits(0, 100),
}
"""Resting heart rate in bpm; rMSSD and SDNN in ms, where devices write 0 for a night without."""

FASTEST_M_S: Mapping[str, float] = {RUN: 12.5, RIDE: 40.0, SWIM: 3.0}
"""Faster than anybody: a sprinter peaks at 12.4 m/s (Berlin 2009), a sprint swimmer at 2.5, a
cyclist downhill at about 36. So a mean or a peak above is a recording that went wrong."""

FROM_HEART_RATE = ("icu_hr_zone_times", "interval_summary", "trimp")
"""Reckoned from the heart rate, and as wrong as that is."""


class Dropped(NamedTuple):
    """A value that was taken as not measured: of which frame, the position of its row, its key."""

    collection: Literal["activities", "wellness"]
    row: int
    key: str


def without_implausible(
    activities: pd.DataFrame, wellness: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[Dropped]]:
    """Both frames with implausible values missing, and which those were.

    A distance is also implausible when it makes the session faster than `FASTEST_M_S`; where the
    mean heart rate is, so is what was reckoned from it.

    Args:
        activities: Columns as the Intervals.icu API names them.
        wellness: Columns as the Intervals.icu API names them.
    """
    in_sessions = _wrong_in_activities(activities)
    in_days = dict(_outside(wellness, WELLNESS_LIMITS))
    found = [Dropped("activities", row, key) for row, key in _places(in_sessions)]
    found += [Dropped("wellness", row, key) for row, key in _places(in_days)]
    return _without(activities, in_sessions), _without(wellness, in_days), found


def _wrong_in_activities(activities: pd.DataFrame) -> dict[str, Flags]:
    """For each key that may hold something wrong, in which rows."""
    wrong = dict(_outside(activities, ACTIVITY_LIMITS))
    families = sport_family(column(activities, "type"))
    fastest_m_s = np.array([FASTEST_M_S.get(family, np.inf) for family in families])
    speeds = {
        "distance": numbers(activities, "distance") / _time_s(activities),
        "average_speed": numbers(activities, "average_speed"),
        "max_speed": numbers(activities, "max_speed"),
    }
    for key, speed_m_s in speeds.items():
        wrong[key] = wrong.get(key, False) | (speed_m_s.to_numpy() > fastest_m_s)
    if "average_heartrate" in wrong and wrong["average_heartrate"].any():
        for key in FROM_HEART_RATE:
            also = wrong["average_heartrate"] & column(activities, key).notna().to_numpy()
            wrong[key] = wrong.get(key, False) | also
    return wrong


def _time_s(activities: pd.DataFrame) -> pd.Series:
    moving_s, elapsed_s = (numbers(activities, key) for key in ("moving_time", "elapsed_time"))
    return moving_s.where(moving_s > 0).fillna(elapsed_s.where(elapsed_s > 0))


def _outside(frame: pd.DataFrame, limits: Mapping[str, Limits]) -> Iterator[tuple[str, Flags]]:
    for key, limit in limits.items():
        if key in frame:
            values = numbers(frame, key).to_numpy()
            yield key, (values < limit.least) | (values > limit.greatest)


def _places(wrong: Mapping[str, Flags]) -> Iterator[tuple[int, str]]:
    for key, rows in wrong.items():
        for row in rows.nonzero()[0].tolist():
            yield row, key


def _without(frame: pd.DataFrame, wrong: Mapping[str, Flags]) -> pd.DataFrame:
    gone = {key: rows for key, rows in wrong.items() if rows.any()}
    kept = {key: frame[key].where(~rows) for key, rows in gone.items()}
    return frame.assign(**kept) if kept else frame
