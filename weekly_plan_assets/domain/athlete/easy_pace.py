"""How fast an athlete's own easy runs are."""

from collections.abc import Iterator, Sequence

import pandas as pd
from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.value_limits import ValueRange
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE

EASY_RUN_TYPES = frozenset({"Run", "VirtualRun"})
"""On trails pace says little."""

LEAST_RUNS = 6
"""Fewer say nothing of what is usual. Project convention."""

EASY_M_S = ValueRange(1.4, 5.5)
"""From a jog beside walkers to the easy runs of the best (practice)."""

SHORTEST_S = 20 * SECONDS_PER_MINUTE
SLOW_SHARE, FAST_SHARE = 0.25, 0.75
"""The middle half of them, so that a hilly one and a fast one count little."""

LEAST_SPAN = 0.04
"""A narrower range, as a share of the speed, cannot be held on the road. Project convention."""


class EasyPace(Document):
    """The speeds between which the middle half of the easy sessions of a sport lie."""

    sport: Sport
    slow_m_s: float = Field(gt=0)
    fast_m_s: float = Field(gt=0)


def easy_paces(sessions: Sequence[CountedSession], ceiling_bpm: int | None) -> Iterator[EasyPace]:
    """The pace of easy runs: those whose mean heart rate is below the easy ceiling.

    Args:
        sessions: Those that count.
        ceiling_bpm: The heart rate that easy runs stay below; without one no run is known as easy.
    """
    if ceiling_bpm is None:
        return
    speeds_m_s = pd.Series(
        [
            speed_m_s
            for one in sessions
            if one.activity.type in EASY_RUN_TYPES
            and one.activity.average_hr_bpm is not None
            and one.activity.average_hr_bpm <= ceiling_bpm
            and one.duration_s is not None
            and one.duration_s >= SHORTEST_S
            and one.activity.distance_m
            and EASY_M_S.hold(speed_m_s := one.activity.distance_m / one.duration_s)
        ],
        dtype="float64",
    )
    if len(speeds_m_s) < LEAST_RUNS:
        return
    slow, fast = (float(speeds_m_s.quantile(share)) for share in (SLOW_SHARE, FAST_SHARE))
    widen = max(0.0, LEAST_SPAN - (fast / slow - 1)) / 2
    yield EasyPace(sport=Sport.RUN, slow_m_s=slow * (1 - widen), fast_m_s=fast * (1 + widen))
