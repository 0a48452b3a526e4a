"""Wellness with fitness on the days for which the source told none: what counts, and until when.

The model itself belongs to `fitness`.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from math import isnan
from typing import Any

import pandas as pd

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.columns import numbers
from weekly_plan_assets.domain.counted_sessions import counted_rows
from weekly_plan_assets.domain.fitness import fill_fitness
from weekly_plan_assets.domain.wellness import FITNESS_KEYS, FITNESS_MODEL, WellnessDay

_DECIMALS = 4
"""The model agrees with recorded series to 1e-3; more decimals would only look exact."""


def with_reckoned_fitness(
    wellness: Sequence[WellnessDay],
    activities: Sequence[Activity],
    *,
    today: date,
    strength_feeds_ctl: bool = True,
) -> list[WellnessDay]:
    """Wellness with CTL, ATL and ramp rate reckoned from load, each such day marked as reckoned.

    The series begins with 0 on the first day of either. It ends today, because days without any
    data are days of rest; but where the source told of fitness on the last day that has data, it
    ends there: such a source tells of days of rest too, and does not know the days after. A day
    with a CTL of its own is not touched. Without a single load there is nothing to reckon from, and
    fitness stays missing.

    Args:
        wellness: All days of the athlete.
        activities: All activities of the athlete. Twins count once, implausible loads not at all.
        today: The athlete's local day; later ones are never reckoned.
        strength_feeds_ctl: Whether strength sessions count for CTL; for ATL they always do.

    Returns:
        By day, the days of `wellness`, and a new one for each that is only reckoned.
    """
    days = {row.day: row for row in wellness}
    sessions = counted_rows(activities)
    if numbers(sessions, "icu_training_load").notna().any():
        every_day = [*days, *(row.day for row in activities)]
        last_day = max(every_day)
        if last_day not in days or days[last_day].ctl is None:
            last_day = today
        series = fill_fitness(
            pd.DataFrame(_fitness(row) for row in wellness),
            sessions,
            start=(0.0, 0.0),
            first_day=min(every_day),
            last_day=min(last_day, today),
            strength_feeds_ctl=strength_feeds_ctl,
        )
        for values in series.to_dict(orient="records"):
            day = date.fromisoformat(values["id"])
            if day not in days or days[day].ctl is None:
                days[day] = _reckoned(days.get(day), values)
    return [days[day] for day in sorted(days)]


def _fitness(row: WellnessDay) -> dict[str, Any]:
    return {"id": row.day.isoformat(), "ctl": row.ctl, "atl": row.atl, "rampRate": row.ramp_rate}


def _reckoned(row: WellnessDay | None, values: Mapping[Hashable, Any]) -> WellnessDay:
    """The day with its fitness; what it told itself stays."""
    told = {} if row is None else row.model_dump()
    fitness = {
        key: round(values[key], _DECIMALS)
        for key in FITNESS_KEYS
        if told.get(key) is None and not isnan(values[key])
    }
    return WellnessDay.model_validate({"id": values["id"], **told, **fitness, FITNESS_MODEL: True})
