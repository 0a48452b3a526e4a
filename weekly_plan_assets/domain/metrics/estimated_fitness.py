"""Wellness with fitness on the days for which the source has none: what counts, and until when.

The model itself belongs to `fitness`.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from math import isnan
from typing import Any

import pandas as pd

from weekly_plan_assets.domain.metrics.fitness import fill_fitness
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import counted_rows
from weekly_plan_assets.domain.recorded.frames import (
    WellnessFrame,
    activity_frame,
    wellness_frame,
)
from weekly_plan_assets.domain.recorded.implausible_values import without_implausible
from weekly_plan_assets.domain.recorded.wellness import FITNESS_KEYS, FITNESS_MODEL, WellnessDay

_NO_ACTIVITY = activity_frame(pd.DataFrame())
_DECIMALS = 4
"""The model agrees with recorded series to 1e-3; more decimals would only look exact."""


def with_estimated_fitness(
    wellness: Sequence[WellnessDay],
    activities: Sequence[Activity],
    *,
    today: date,
    strength_feeds_ctl: bool = True,
) -> list[WellnessDay]:
    """Wellness with CTL, ATL and ramp rate calculated from load, each such day marked as estimated.

    The series begins with 0 on the first day of either. It ends today, because days without any
    data are days of rest; but where the source has fitness on the last day that has data, it
    ends there: such a source has days of rest too, and does not know the days after. A day
    with a CTL of its own is not touched. Without a single load there is nothing to start from, and
    fitness stays missing.

    Args:
        wellness: All days of the athlete. The series does not follow a fitness that nobody has.
        activities: All activities of the athlete. Twins count once, implausible loads not at all.
        today: The athlete's local day; later ones are never estimated.
        strength_feeds_ctl: Whether strength sessions count for CTL; for ATL they always do.

    Returns:
        By day, the days of `wellness`, and a new one for each that is only estimated.
    """
    days = {row.day: row for row in wellness}
    sessions = counted_rows(activities)
    if sessions["icu_training_load"].notna().any():
        every_day = [*days, *(row.day for row in activities)]
        last_day = max(every_day)
        if last_day not in days or days[last_day].ctl is None:
            last_day = today
        series = fill_fitness(
            without_implausible(_NO_ACTIVITY, _fitness_of(wellness))[1],
            sessions,
            start=(0.0, 0.0),
            first_day=min(every_day),
            last_day=min(last_day, today),
            strength_feeds_ctl=strength_feeds_ctl,
        )
        for values in series.to_dict(orient="records"):
            day = date.fromisoformat(values["id"])
            if day not in days or days[day].ctl is None:
                days[day] = _estimated(days.get(day), values)
    return [days[day] for day in sorted(days)]


def _fitness_of(days: Sequence[WellnessDay]) -> WellnessFrame:
    known = [(row.day.isoformat(), row.ctl, row.atl, row.ramp_rate) for row in days]
    return wellness_frame(pd.DataFrame(known, columns=["id", "ctl", "atl", "rampRate"]))


def _estimated(row: WellnessDay | None, values: Mapping[Hashable, Any]) -> WellnessDay:
    """The day with its fitness; its own values stay."""
    recorded = {} if row is None else row.model_dump()
    fitness = {
        key: round(values[key], _DECIMALS)
        for key in FITNESS_KEYS
        if recorded.get(key) is None and not isnan(values[key])
    }
    return WellnessDay.model_validate(
        {"id": values["id"], **recorded, **fitness, FITNESS_MODEL: True}
    )
