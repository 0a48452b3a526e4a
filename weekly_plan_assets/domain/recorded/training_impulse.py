"""The training impulse (TRIMP) of a session, and the load that follows from it.

Both rest on heart rate alone. How loads add up to fitness belongs to `fitness`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

LOAD_OF_AN_HOUR_AT_THRESHOLD = 100
"""The unit of load: one hour at threshold, as in Coggan's training stress score (a definition)."""

THRESHOLD_SHARE = 0.85
"""Threshold heart rate as a share of heart-rate reserve, for athletes who do not know theirs.

Practice: thresholds lie at about 80 to 90 % of the reserve.
"""


@dataclass(frozen=True, slots=True)
class ImpulseWeighting:
    """How steeply a minute counts for more as the heart rate rises: `factor * exp(rate * share)`.

    The share is that of heart-rate reserve, so that the curve follows blood lactate (Banister).
    """

    factor: float
    rate: float


MEN = ImpulseWeighting(factor=0.64, rate=1.92)
"""Banister's weighting for men; the one that Intervals.icu uses for TRIMP."""

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


def impulse_of_samples(
    seconds_by_bpm: Mapping[int, float],
    *,
    resting_hr_bpm: float,
    max_hr_bpm: float,
    weighting: ImpulseWeighting = MEN,
) -> float:
    """TRIMP summed over the time at each heart rate.

    It is higher than that of the mean heart rate, because hard minutes count more than in
    proportion; the steadier the session, the nearer the two.

    Args:
        seconds_by_bpm: Time in seconds at each heart rate.
        resting_hr_bpm: The athlete's own.
        max_hr_bpm: The athlete's own.
        weighting: Banister's, for men or for women.

    Raises:
        ValueError: The resting heart rate is not below the maximum.
    """
    return sum(
        training_impulse(
            duration_s,
            bpm,
            resting_hr_bpm=resting_hr_bpm,
            max_hr_bpm=max_hr_bpm,
            weighting=weighting,
        )
        for bpm, duration_s in seconds_by_bpm.items()
    )


def hr_load(
    impulse: float,
    *,
    resting_hr_bpm: float,
    max_hr_bpm: float,
    threshold_hr_bpm: float | None = None,
    weighting: ImpulseWeighting = MEN,
) -> float:
    """The training load of an impulse: 100 x TRIMP / TRIMP of one hour at threshold.

    This is the heart-rate load (HRSS) of Intervals.icu; a steady hour at threshold is 100.

    Args:
        impulse: The TRIMP of the session, calculated with the same numbers.
        resting_hr_bpm: The athlete's own.
        max_hr_bpm: The athlete's own.
        threshold_hr_bpm: The athlete's own; None: `THRESHOLD_SHARE` of their reserve.
        weighting: Banister's, for men or for women.

    Raises:
        ValueError: Resting, threshold and maximum heart rate do not ascend.
    """
    if threshold_hr_bpm is None:
        threshold_hr_bpm = resting_hr_bpm + THRESHOLD_SHARE * (max_hr_bpm - resting_hr_bpm)
    if not resting_hr_bpm < threshold_hr_bpm < max_hr_bpm:
        raise ValueError(
            "the threshold heart rate must lie between the resting rate and the maximum, but is "
            f"{threshold_hr_bpm} against {resting_hr_bpm} and {max_hr_bpm}; correct one of them"
        )
    hour_at_threshold = training_impulse(
        SECONDS_PER_HOUR,
        threshold_hr_bpm,
        resting_hr_bpm=resting_hr_bpm,
        max_hr_bpm=max_hr_bpm,
        weighting=weighting,
    )
    return LOAD_OF_AN_HOUR_AT_THRESHOLD * impulse / hour_at_threshold
