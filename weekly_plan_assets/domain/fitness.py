"""Fitness and fatigue from daily load: the impulse-response model behind CTL and ATL.

Only the model and its constants; where the loads come from and what a planner makes of the result
lie elsewhere.
"""

from math import exp

CTL_DAYS = 42
"""Time constant of chronic training load (fitness), in days: Banister, as in Intervals.icu."""

ATL_DAYS = 7
"""Time constant of acute training load (fatigue), in days: Banister, as in Intervals.icu."""


def next_ewma(previous: float, load: float, time_constant_days: int) -> float:
    """The exponentially weighted daily load after one more day.

    Args:
        previous: The value at the end of the day before, in load units a day.
        load: The day's training load.
        time_constant_days: `CTL_DAYS` or `ATL_DAYS`.
    """
    decay = exp(-1 / time_constant_days)
    return previous * decay + load * (1 - decay)


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
