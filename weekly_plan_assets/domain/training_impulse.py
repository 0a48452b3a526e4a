"""The training impulse (TRIMP) of a session, from its heart rate.

How a load is made of it, and how loads add up to fitness, belongs to `fitness`.
"""

import math
from dataclasses import dataclass

SECONDS_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class ImpulseWeighting:
    """How steeply a minute counts for more as the heart rate rises: `factor * exp(rate * share)`.

    The share is that of heart-rate reserve, so that the curve follows blood lactate (Banister).
    """

    factor: float
    rate: float


MEN = ImpulseWeighting(factor=0.64, rate=1.92)
"""Banister's weighting for men; the one by which the TRIMP of Intervals.icu is reckoned."""

WOMEN = ImpulseWeighting(factor=0.86, rate=1.67)
"""Banister's weighting for women."""


def training_impulse(
    duration_s: float,
    mean_hr_bpm: float,
    *,
    resting_hr_bpm: float,
    max_hr_bpm: float,
    weighting: ImpulseWeighting = MEN,
) -> float:
    """TRIMP: minutes x share of heart-rate reserve x weighting of that share.

    The source is Morton, Fitz-Clarke and Banister 1990, 10.1152/jappl.1990.69.3.1171. A mean below
    the resting rate counts as rest, one above the maximum as the maximum.

    Args:
        duration_s: Moving time of the session.
        mean_hr_bpm: Its mean heart rate.
        resting_hr_bpm: The athlete's own.
        max_hr_bpm: The athlete's own.
        weighting: Banister's, for men or for women.

    Raises:
        ValueError: The resting heart rate is not below the maximum.
    """
    if resting_hr_bpm >= max_hr_bpm:
        raise ValueError(
            f"the resting heart rate must be below the maximum, but is {resting_hr_bpm} against "
            f"{max_hr_bpm}; correct one of them"
        )
    share = (mean_hr_bpm - resting_hr_bpm) / (max_hr_bpm - resting_hr_bpm)
    share = min(max(share, 0.0), 1.0)
    minutes = duration_s / SECONDS_PER_MINUTE
    return minutes * share * weighting.factor * math.exp(weighting.rate * share)
