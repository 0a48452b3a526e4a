"""Values that no athlete has: a heart rate of 0, a run as fast as a car.

They are taken as not measured, never corrected, and only what is certainly wrong is touched. The
stored rows keep them; what is left to count belongs to `weekly_metrics`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from weekly_plan_assets.domain.columns import column, numbers
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


def without_implausible(
    activities: pd.DataFrame, wellness: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Both frames with implausible values missing, and which those were.

    A distance is also implausible when it makes the session faster than `FASTEST_M_S`; where the
    mean heart rate is, so is what was reckoned from it.

    Args:
        activities: Columns as the Intervals.icu API names them.
        wellness: Columns as the Intervals.icu API names them.

    Returns:
        Activities, wellness, and one row a dropped value: `collection`, `row` (its position in that
        frame) and `key`.
    """
    sessions, in_sessions = _dropped(activities, _wrong_in_activities(activities))
    days, in_days = _dropped(wellness, dict(_outside(wellness, WELLNESS_LIMITS)))
    found = pd.concat(
        [in_sessions.assign(collection="activities"), in_days.assign(collection="wellness")],
        ignore_index=True,
    )
    return sessions, days, found


def _wrong_in_activities(activities: pd.DataFrame) -> dict[str, pd.Series]:
    """For each key that holds something wrong, in which rows."""
    wrong = dict(_outside(activities, ACTIVITY_LIMITS))
    fastest_m_s = sport_family(column(activities, "type")).map(FASTEST_M_S).astype("float64")
    speeds = {
        "distance": numbers(activities, "distance") / _time_s(activities),
        "average_speed": numbers(activities, "average_speed"),
        "max_speed": numbers(activities, "max_speed"),
    }
    for key, speed_m_s in speeds.items():
        wrong[key] = wrong.get(key, False) | (speed_m_s > fastest_m_s)
    if "average_heartrate" in wrong:
        for key in FROM_HEART_RATE:
            also = wrong["average_heartrate"] & column(activities, key).notna()
            wrong[key] = wrong.get(key, False) | also
    return wrong


def _time_s(activities: pd.DataFrame) -> pd.Series:
    moving_s, elapsed_s = (numbers(activities, key) for key in ("moving_time", "elapsed_time"))
    return moving_s.where(moving_s > 0).fillna(elapsed_s.where(elapsed_s > 0))


def _outside(frame: pd.DataFrame, limits: Mapping[str, Limits]) -> Iterator[tuple[str, pd.Series]]:
    for key, limit in limits.items():
        if key in frame:
            values = numbers(frame, key)
            yield key, (values < limit.least) | (values > limit.greatest)


def _dropped(
    frame: pd.DataFrame, wrong: Mapping[str, pd.Series]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frame without the wrong values, and a row for each of them."""
    found = {key: rows.to_numpy().nonzero()[0] for key, rows in wrong.items() if rows.any()}
    kept = frame.assign(**{key: frame[key].where(~wrong[key]) for key in found})
    named = [pd.DataFrame({"row": rows, "key": key}) for key, rows in found.items()]
    empty = pd.DataFrame({"row": pd.Series(dtype="int64"), "key": pd.Series(dtype="str")})
    return kept, pd.concat(named, ignore_index=True) if named else empty
