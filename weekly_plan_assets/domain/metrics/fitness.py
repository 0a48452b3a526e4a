"""Fitness and fatigue from daily load: the impulse-response model behind CTL and ATL.

Only the model, its constants, and the series that it fills; where the loads come from and what a
planner makes of the result lie elsewhere.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import exp, isnan

import pandas as pd

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.recorded.activity import STRENGTH_TYPES
from weekly_plan_assets.domain.recorded.columns import DATE_CHARACTERS, day_text
from weekly_plan_assets.domain.recorded.frames import ActivityFrame, WellnessFrame

CTL_DAYS = 42
"""Time constant of chronic training load (fitness), in days: Banister, as in Intervals.icu."""

ATL_DAYS = 7
"""Time constant of acute training load (fatigue), in days: Banister, as in Intervals.icu."""

_DECIMALS = 3

RAMP_DAYS = 7
"""The ramp rate is CTL less that of so many days before (Friel), in CTL a week."""


def next_ewma(previous: float, load: float, time_constant_days: int) -> float:
    """The exponentially weighted daily load after one more day.

    Args:
        previous: The value at the end of the day before, in load units a day.
        load: The day's training load.
        time_constant_days: `CTL_DAYS` or `ATL_DAYS`.
    """
    decay = exp(-1 / time_constant_days)
    return previous * decay + load * (1 - decay)


class FitnessState(Document):
    """Fitness, fatigue and form at the end of a day, in load a day; form is CTL - ATL."""

    ctl: float
    atl: float
    tsb: float


def after_days(ctl: float, atl: float, loads: Iterable[float]) -> FitnessState:
    """Where days of these loads lead.

    Args:
        ctl: At the end of the day before the first of them.
        atl: As for CTL.
        loads: One a day.
    """
    for load in loads:
        ctl = next_ewma(ctl, load, CTL_DAYS)
        atl = next_ewma(atl, load, ATL_DAYS)
    return FitnessState(
        ctl=round(ctl, _DECIMALS), atl=round(atl, _DECIMALS), tsb=round(ctl - atl, _DECIMALS)
    )


def max_weekly_load_for_ramp(ctl: float, ramp_per_week: float) -> float:
    """The weekly load at which CTL rises by `ramp_per_week`, for a load that is the same each day.

    Seven steps of the model at a constant daily load d change CTL by (1 - exp(-7/42)) (d - CTL),
    about 0.1535 (d - CTL); this is that equation solved for 7 d.

    Args:
        ctl: CTL at the end of the week before.
        ramp_per_week: Change of CTL over seven days; 5 to 8 is hard building, 10 the upper limit
            (Friel; coaching practice).
    """
    share = 1 - exp(-7 / CTL_DAYS)
    return 7 * (ctl + ramp_per_week / share)


def fill_fitness(
    wellness: WellnessFrame,
    activities: ActivityFrame,
    *,
    start: tuple[float, float],
    first_day: date,
    last_day: date | None = None,
    strength_feeds_ctl: bool = True,
) -> pd.DataFrame:
    """Wellness with CTL, ATL and ramp rate on every day, calculated where the source gave none.

    What the source gave stays, and the series goes on from there. A session whose load is not
    known adds nothing, because the model has no other way to go on: a day is calculated from what
    is known of it, and `coverage` says how much that was. The ramp rate is missing on the first six
    days, whose CTL of a week before is not known.

    Args:
        wellness: One row per day.
        activities: Each session once.
        start: CTL and ATL at the end of the day before `first_day`; both 0 before any training.
        first_day: The first day of history; rows before it are left out.
        last_day: The last day wanted; rows after it are left out. None: the last of either frame.
        strength_feeds_ctl: Whether strength sessions count for CTL; for ATL they always do.

    Returns:
        One row a day from `first_day` to the last day, by day.
    """
    days = _days(first_day, last_day, wellness, activities)
    load = activities["icu_training_load"].fillna(0.0)
    for_ctl = load
    if not strength_feeds_ctl:
        for_ctl = load.mask(activities["type"].isin(STRENGTH_TYPES), 0.0)
    day = day_text(activities["start_date_local"])
    recorded = wellness.set_index(day_text(wellness["id"])).reindex(days)
    recorded["id"] = days
    ctl = _series(start[0], for_ctl.groupby(day).sum(), recorded["ctl"], CTL_DAYS)
    atl = _series(start[1], load.groupby(day).sum(), recorded["atl"], ATL_DAYS)
    week_before = pd.Series([start[0], *ctl], dtype="float64").shift(RAMP_DAYS).iloc[1:]
    ramp = pd.Series(ctl, index=recorded.index) - week_before.to_numpy()
    return recorded.assign(
        ctl=ctl, atl=atl, rampRate=recorded["rampRate"].fillna(ramp)
    ).reset_index(drop=True)


def _days(
    first_day: date, last_day: date | None, wellness: WellnessFrame, activities: ActivityFrame
) -> pd.Index:
    """Every day from the first to the last, by default that of either frame, as `YYYY-MM-DD`."""
    recorded = pd.concat([wellness["id"], activities["start_date_local"]])
    if last_day is None and recorded.empty:
        return pd.Index([], dtype="object")
    days = pd.date_range(first_day, last_day or day_text(recorded).max(), freq="D")
    return pd.Index([str(day)[:DATE_CHARACTERS] for day in days], dtype="object")


def _series(
    start: float, load_by_day: pd.Series, recorded: pd.Series, time_constant_days: int
) -> Sequence[float]:
    """The value at the end of each day of `recorded`: recorded, else one more step of the model."""
    values = []
    value = start
    loads = load_by_day.reindex(recorded.index, fill_value=0.0)
    for known, load in zip(recorded.tolist(), loads.tolist(), strict=True):
        value = next_ewma(value, load, time_constant_days) if isnan(known) else known
        values.append(value)
    return values
