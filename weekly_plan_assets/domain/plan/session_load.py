"""The training load that a planned session is expected to bring, from its time in each zone.

Only planned load is estimated here; the load of a recorded session comes from its source.
"""

from collections.abc import Iterable

from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import Step
from weekly_plan_assets.domain.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE

INTENSITY_FACTOR_BY_ZONE = {1: 0.55, 2: 0.68, 3: 0.83, 4: 0.95, 5: 1.06}
"""Intensity of each heart-rate zone as a share of threshold intensity.

Close to the middle of Coggan's levels 1 to 5; zone 1 at the upper end of its level, because nobody
trains at the lower, and zone 5 at the lower, because heart rate lags in short repeats (coaching
practice).
"""

STRENGTH_LOAD_PER_HOUR = 30.0
"""Load of an hour of strength work; heart rate understates it, so it is a convention (practice)."""


def load_per_hour(zone: int) -> float:
    """Training load of one hour in a heart-rate zone.

    Load = hours x IF^2 x 100: an hour at threshold intensity is 100 (Coggan's training stress
    score; a definition).
    """
    return float(100 * INTENSITY_FACTOR_BY_ZONE[zone] ** 2)


def zone_load(minutes: float, zone: int) -> float:
    """Training load of `minutes` in a heart-rate zone, 1 to 5."""
    return load_per_hour(zone) * minutes / MINUTES_PER_HOUR


def steps_load(steps: Iterable[Step]) -> float:
    """Training load of a session made of these steps, not rounded."""
    times_s = zone_times_s(steps)
    return sum(zone_load(time_s / SECONDS_PER_MINUTE, zone) for zone, time_s in times_s.items())
