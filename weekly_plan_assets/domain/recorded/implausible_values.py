"""Values that no athlete has: a heart rate of 0, a run as fast as a car, a session of a month.

They are taken as not measured, never corrected, and only what is certainly wrong is touched. The
stored rows keep them. What can be true is said in `plausible_limits`; what is left to count belongs
to `weekly_metrics`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from weekly_plan_assets.domain.recorded.columns import Flags, Numbers
from weekly_plan_assets.domain.recorded.frames import ActivityFrame, WellnessFrame, activity_frame
from weekly_plan_assets.domain.recorded.left_out import Collection
from weekly_plan_assets.domain.recorded.session_kind import sport_family
from weekly_plan_assets.domain.recorded.value_limits import (
    ACTIVITY_LIMITS,
    FASTEST_M_S,
    HEART_RATE_BPM,
    LONGEST_BY_SPORT_S,
    LONGEST_S,
    MOST_LOAD_AT_ONCE,
    MOST_LOAD_PER_HOUR,
    MOST_LOAD_PER_HOUR_OF_A_SPRINT,
    MOST_TRIMP_PER_HOUR,
    MOVING_OVER_ELAPSED,
    MOVING_OVER_ELAPSED_S,
    SMALL_LOAD,
    UNKNOWN_TIME_S,
    WELLNESS_LIMITS,
    ValueRange,
)
from weekly_plan_assets.domain.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

__all__ = [
    "ACTIVITY_LIMITS",
    "FASTEST_M_S",
    "HEART_RATE_BPM",
    "WELLNESS_LIMITS",
    "Dropped",
    "ValueRange",
    "plausible_rows",
    "without_implausible",
]

FROM_HEART_RATE = ("icu_hr_zone_times", "interval_summary", "trimp")
"""Calculated from the heart rate, and as wrong as that is."""


class Dropped(NamedTuple):
    """A value that was taken as not measured: of which frame, the position of its row, its key."""

    collection: Collection
    row: int
    key: str


def without_implausible(
    activities: ActivityFrame, wellness: WellnessFrame
) -> tuple[ActivityFrame, WellnessFrame, list[Dropped]]:
    """Both frames with implausible values missing, and which those were.

    A distance is also implausible when it makes the session faster than anybody, a load or TRIMP
    when it is more than anybody can do in the time; times are where the athlete would have moved
    for longer than the session took. Where the mean heart rate is implausible, so is what was
    calculated from it.

    """
    in_sessions = _wrong_in_activities(activities)
    in_days = dict(_outside(wellness, WELLNESS_LIMITS))
    found = [Dropped("activities", row, key) for row, key in _places(in_sessions)]
    found += [Dropped("wellness", row, key) for row, key in _places(in_days)]
    kept = ActivityFrame(_without(activities, in_sessions))
    return kept, WellnessFrame(_without(wellness, in_days)), found


def plausible_rows(activities: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The activities with implausible values missing, keys as the Intervals.icu API names them."""
    rows = [dict(row) for row in activities]
    for key, wrong in _wrong_in_activities(activity_frame(pd.DataFrame(rows))).items():
        for row in wrong.nonzero()[0].tolist():
            rows[row][key] = None
    return rows


def _wrong_in_activities(activities: ActivityFrame) -> dict[str, Flags]:
    """For each key that may hold something wrong, in which rows."""
    wrong = _Wrong(activities)
    for key, rows in _outside(activities, ACTIVITY_LIMITS):
        wrong.mark(key, rows)
    wrong.mark("icu_hr_zone_times", _wrong_zone_times(activities))
    families = sport_family(activities["type"]).tolist()
    _mark_times(wrong, _by_sport(families, LONGEST_BY_SPORT_S, LONGEST_S))
    _mark_speeds(wrong, families)
    _mark_loads(wrong)
    wrong_rate = wrong.rows("average_heartrate")
    for key in FROM_HEART_RATE:
        wrong.mark(key, wrong_rate & activities[key].notna().to_numpy())
    return wrong.by_key


class _Wrong:
    """What was found to be wrong so far, and the values that are left."""

    def __init__(self, activities: ActivityFrame) -> None:
        self.by_key: dict[str, Flags] = {}
        self._activities = activities

    def mark(self, key: str, rows: Flags) -> None:
        """Take the value of `key` in these rows as not measured."""
        if rows.any():
            self.by_key[key] = self.rows(key) | rows

    def rows(self, key: str) -> Flags:
        """The rows in which the value of `key` is wrong."""
        nowhere = np.zeros(len(self._activities), dtype=bool)
        return self.by_key.get(key, nowhere)

    def left(self, key: str) -> Numbers:
        """The values of `key`, NaN where not measured or wrong."""
        values = self._activities[key].to_numpy()
        return np.where(self.rows(key), np.nan, values)


def _mark_times(wrong: _Wrong, longest_s: Numbers) -> None:
    """Mark times that are too long for the sport, and pairs that contradict each other."""
    wrong.mark("moving_time", wrong.left("moving_time") > longest_s)
    moving_s, elapsed_s = wrong.left("moving_time"), wrong.left("elapsed_time")
    # Where there is no moving time, the other stands for it.
    wrong.mark("elapsed_time", np.isnan(moving_s) & (elapsed_s > longest_s))
    most_s = MOVING_OVER_ELAPSED * elapsed_s + MOVING_OVER_ELAPSED_S
    contradict = (elapsed_s > 0) & (moving_s > most_s)
    wrong.mark("moving_time", contradict)
    wrong.mark("elapsed_time", contradict)


def _mark_speeds(wrong: _Wrong, families: Sequence[Any]) -> None:
    """Mark distances and speeds that are faster than anybody."""
    moving_s, elapsed_s = wrong.left("moving_time"), wrong.left("elapsed_time")
    time_s = np.where(moving_s > 0, moving_s, np.where(elapsed_s > 0, elapsed_s, np.nan))
    fastest = _by_sport(families, FASTEST_M_S, ACTIVITY_LIMITS["max_speed"].greatest)
    wrong.mark("distance", wrong.left("distance") / time_s > fastest)
    for key in ("average_speed", "max_speed"):
        wrong.mark(key, wrong.left(key) > fastest)


def _mark_loads(wrong: _Wrong) -> None:
    """Mark loads and TRIMP that nobody can do in the time."""
    elapsed_s = np.minimum(wrong.left("elapsed_time"), SECONDS_PER_DAY)
    time_s = np.fmax(wrong.left("moving_time"), elapsed_s)
    hours = np.where(time_s > 0, time_s, UNKNOWN_TIME_S) / SECONDS_PER_HOUR
    most_load = np.minimum(
        MOST_LOAD_PER_HOUR_OF_A_SPRINT * hours, MOST_LOAD_AT_ONCE + MOST_LOAD_PER_HOUR * hours
    )
    wrong.mark(
        "icu_training_load", wrong.left("icu_training_load") > np.fmax(most_load, SMALL_LOAD)
    )
    wrong.mark("trimp", wrong.left("trimp") > np.fmax(MOST_TRIMP_PER_HOUR * hours, SMALL_LOAD))


def _by_sport(families: Sequence[Any], by_sport: Mapping[str, float], other: float) -> Numbers:
    return np.array([by_sport.get(family, other) for family in families], dtype="float64")


def _wrong_zone_times(activities: ActivityFrame) -> Flags:
    """Rows in which a time in a heart-rate zone is negative, or longer than any session."""
    return np.array(
        [
            isinstance(times, list | tuple)
            and not all(0 <= time_s <= LONGEST_S for time_s in times)
            for times in activities["icu_hr_zone_times"].tolist()
        ],
        dtype=bool,
    )


def _outside(frame: pd.DataFrame, limits: Mapping[str, ValueRange]) -> Iterator[tuple[str, Flags]]:
    for key, limit in limits.items():
        values = frame[key].to_numpy()
        yield key, (values < limit.least) | (values > limit.greatest)


def _places(wrong: Mapping[str, Flags]) -> Iterator[tuple[int, str]]:
    for key, rows in wrong.items():
        for row in rows.nonzero()[0].tolist():
            yield row, key


def _without(frame: pd.DataFrame, wrong: Mapping[str, Flags]) -> pd.DataFrame:
    gone = {key: rows for key, rows in wrong.items() if rows.any()}
    kept = {key: frame[key].where(~rows) for key, rows in gone.items()}
    return frame.assign(**kept) if kept else frame
