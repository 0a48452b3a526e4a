"""Finds the best efforts in the samples of a recording: power ridden, and the way covered.

Time in which nothing was recorded counts as time without power and without way: an effort over a
pause is rather found too low than too high.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from weekly_plan_assets.domain.recorded.best_effort import EFFORT_WINDOWS_S, BestEffort
from weekly_plan_assets.domain.recorded.implausible_values import ACTIVITY_LIMITS
from weekly_plan_assets.sources.files.recording import SAMPLED_SHARE, HeartRates

FloatArray = npt.NDArray[np.float64]

LONGEST_POWER_S = 10.0
"""A power stands until the next one, or not at all after a longer gap. Project convention."""

MOST_POWER_W = 2500.0
"""More is a slip of the sensor: the best sprinters reach about as much for a second."""

FASTEST_M_S = ACTIVITY_LIMITS["max_speed"].greatest


def best_efforts(
    times_s: FloatArray, way_m: FloatArray, power_w: FloatArray, rates: HeartRates
) -> tuple[BestEffort, ...]:
    """The best efforts of one session.

    Args:
        times_s: When each sample was taken, in seconds from any moment.
        way_m: The way that was counted until then; NaN where it is not known.
        power_w: Power at that time; NaN where it is not known.
        rates: The heart rates, by the same clock.
    """
    return (*_of_power(times_s, power_w, rates), *_of_way(times_s, way_m, rates))


def _of_power(times_s: FloatArray, power_w: FloatArray, rates: HeartRates) -> Iterator[BestEffort]:
    known = np.isfinite(times_s) & (power_w >= 0) & (power_w <= MOST_POWER_W)
    times_s, power_w = _in_order(times_s[known], power_w[known])
    if times_s.size > 1:
        lasts_s = np.diff(times_s)
        joules = np.where(lasts_s <= LONGEST_POWER_S, power_w[:-1] * lasts_s, 0.0)
        for window_s, begin_s, mean in _best(times_s, joules):
            bpm = _mean_bpm(rates, begin_s, window_s)
            yield BestEffort(duration_s=window_s, power_w=round(mean, 1), average_hr_bpm=bpm)


def _of_way(times_s: FloatArray, way_m: FloatArray, rates: HeartRates) -> Iterator[BestEffort]:
    known = np.isfinite(times_s) & np.isfinite(way_m)
    times_s, way_m = _in_order(times_s[known], way_m[known])
    if times_s.size > 1:
        steps_m = np.diff(way_m)
        # Some devices count from 0 in every lap; nobody jumps.
        real = (steps_m > 0) & (steps_m <= FASTEST_M_S * np.maximum(np.diff(times_s), 1.0))
        for window_s, begin_s, mean in _best(times_s, np.where(real, steps_m, 0.0)):
            bpm = _mean_bpm(rates, begin_s, window_s)
            yield BestEffort(duration_s=window_s, speed_m_s=round(mean, 3), average_hr_bpm=bpm)


def _in_order(times_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(times_s, kind="stable")
    return times_s[order], values[order]


def _best(times_s: FloatArray, steps: FloatArray) -> Iterator[tuple[int, float, float]]:
    """The windows that the session is long enough for: seconds, begin and best mean of each."""
    counted = np.concatenate([[0.0], np.cumsum(steps)])
    for window_s in EFFORT_WINDOWS_S:
        starts = times_s[times_s + window_s <= times_s[-1]]
        if not starts.size:
            continue
        gains = np.interp(starts + window_s, times_s, counted) - counted[: starts.size]
        at = int(np.argmax(gains))
        mean = float(gains[at]) / window_s
        if mean > 0:
            yield window_s, float(starts[at]), mean


def _mean_bpm(rates: HeartRates, begin_s: float, window_s: int) -> float | None:
    seconds = rates.seconds_by_bpm(begin_s, begin_s + window_s)
    measured_s = sum(seconds.values())
    if measured_s < SAMPLED_SHARE * window_s:
        return None
    return round(sum(bpm * time_s for bpm, time_s in seconds.items()) / measured_s, 1)
