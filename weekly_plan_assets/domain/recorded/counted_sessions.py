"""The activities that count: twins once, and without values that no athlete has.

What a week of them adds up to belongs to `weekly_metrics`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import pandas as pd

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.columns import session_times_s
from weekly_plan_assets.domain.recorded.duplicate_sessions import find_twins
from weekly_plan_assets.domain.recorded.frames import (
    ATHLETE_NUMBER,
    ActivityFrame,
    activity_frame,
    wellness_frame,
)
from weekly_plan_assets.domain.recorded.implausible_values import without_implausible


@dataclass(frozen=True, slots=True)
class CountedSession:
    """An activity that counts, with what of it can be true.

    Attributes:
        activity: As the source sent it.
        duration_s: Moving time, elapsed where there is none; None if neither is known.
        load: None if it is not known.
    """

    activity: Activity
    duration_s: int | None
    load: float | None


def count_sessions(activities: Sequence[Activity]) -> tuple[CountedSession, ...]:
    """Those of the activities of an athlete that count, in their order."""
    (counted,) = count_sessions_of_each([activities])
    return counted


def count_sessions_of_each(
    athletes: Sequence[Sequence[Activity]],
) -> list[tuple[CountedSession, ...]]:
    """The same for several athletes at once, which takes hardly longer than for one."""
    rows = [(number, row) for number, activities in enumerate(athletes) for row in activities]
    sessions = _counted(pd.DataFrame([{**row.model_dump(), ATHLETE_NUMBER: n} for n, row in rows]))
    durations_s = session_times_s(sessions).tolist()
    loads = sessions["icu_training_load"].tolist()
    counted: list[list[CountedSession]] = [[] for _ in athletes]
    for place, duration_s, load in zip(sessions.index.tolist(), durations_s, loads, strict=True):
        number, activity = rows[place]
        counted[number].append(
            CountedSession(
                activity,
                duration_s=None if isnan(duration_s) else round(duration_s),
                load=None if isnan(load) else load,
            )
        )
    return [tuple(sessions) for sessions in counted]


def counted_rows(activities: Sequence[Activity]) -> ActivityFrame:
    """The same as rows by position in `activities`, columns as the Intervals.icu API names them."""
    return _counted(pd.DataFrame([row.model_dump() for row in activities]))


def _counted(rows: pd.DataFrame) -> ActivityFrame:
    recorded = activity_frame(rows)
    sessions, _, _ = without_implausible(recorded, wellness_frame(pd.DataFrame()))
    return ActivityFrame(sessions.drop(index=find_twins(sessions).index))
