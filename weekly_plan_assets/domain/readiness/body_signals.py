"""What the body says: heart-rate variability, resting heart rate, sleep.

Means over the last days of the observed week, against the athlete's own days before it. Nights are
those of the wellness rows; a value that nobody has counts as not measured (`plausible`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import log
from statistics import fmean, stdev

from weekly_plan_assets.domain.metrics.data_quality import MEASURED_DAYS
from weekly_plan_assets.domain.readiness.signal import RAISED, Light, Signal
from weekly_plan_assets.domain.recorded.value_limits import WELLNESS_LIMITS, ValueRange
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

BASELINE_WEEKS = 4
"""28 days of baseline (Plews 2014). They end on the day before the observed week, so that no week
is compared with itself."""

BASELINE_DAYS = BASELINE_WEEKS * MEASURED_DAYS
"""Days of the baseline that must be measured: three a week, as for the week itself (Plews 2014)."""

HRV_BAND_SD = 0.5
"""Half a standard deviation around the baseline is the smallest worthwhile change (Plews 2014)."""

HRV_CLEAR_SD = 1.0
"""A week this far below its baseline is low beyond doubt. The mean of seven nights that differ by
chance alone is half a standard deviation low in one week of ten, and a whole one in one of a
hundred: a value just outside the band says little by itself (project convention)."""

HRV_LOW_NIGHTS = 5
"""So many nights, and all that were measured, below the band are no chance either (project
convention)."""

RESTING_HR_AMBER_BPM = 3.0
RESTING_HR_RED_BPM = 5.0
"""Resting heart rate over its baseline: amber from 3 bpm, red from 5 (coaching practice)."""

SLEEP_DAYS = 14
SLEEP_NEEDED_DAYS = 7
"""Nights looked at (Johnston 2019), and how many of them must be known: half. Convention."""

SLEEP_LEAST_H = 7.0
"""Less sleep a night, over 14 days, went with 1.51 times the injuries (Johnston 2019, cohort)."""

SLEEP_LIMITS_S = ValueRange(1, 24 * SECONDS_PER_HOUR)
"""Devices write 0 for a night without."""

_DECIMALS = 3
"""A light is decided on the rounded values, so that the stored ones lead to it again."""

Values = Mapping[date, float]


def body_signals(week: TrainingWeek, wellness: Sequence[WellnessDay]) -> tuple[Signal, ...]:
    """HRV, resting heart rate and sleep of the observed week.

    Args:
        week: The observed week; days after its Sunday are not looked at.
        wellness: Days of that week and of the four before.
    """
    hrv_ms = _plausible(((row.day, row.hrv_rmssd_ms) for row in wellness), WELLNESS_LIMITS["hrv"])
    resting_bpm = _plausible(
        ((row.day, row.resting_hr_bpm) for row in wellness), WELLNESS_LIMITS["restingHR"]
    )
    sleep_s = _plausible(((row.day, row.sleep_s) for row in wellness), SLEEP_LIMITS_S)
    resting = _resting_hr(week, resting_bpm)
    return (
        _hrv(week, {day: log(value) for day, value in hrv_ms.items()}, resting),
        resting,
        _sleep(week, {day: value / SECONDS_PER_HOUR for day, value in sleep_s.items()}),
    )


def _hrv(week: TrainingWeek, ln_rmssd: Values, resting: Signal) -> Signal:
    """HRV against its band.

    Below the band it is amber: hard sessions were held only while HRV was inside it, day by day
    (Vesterinen 2016). A whole week is eased, by a red light, only where more says the same, see
    `_why_clearly_low`. Above the band it is amber as well: a rise may be adaptation or deep fatigue
    (practice).
    """
    now, before = _week_and_baseline(week, ln_rmssd)
    value, baseline = _mean(now), _mean(before)
    low = high = None
    light, text = Light.NOT_EVALUATED, _too_little("HRV", now, before)
    if not text and value is not None and baseline is not None:
        sd = stdev(before)
        low, high = (round(baseline + by * HRV_BAND_SD * sd, _DECIMALS) for by in (-1, 1))
        light = Light.AMBER if value < low or value > high else Light.GREEN
        why = None if value >= low else _why_clearly_low(value, low, baseline, sd, now, resting)
        if why is not None:
            light = Light.RED
        place = "below" if value < low else "above" if value > high else "inside"
        text = (
            f"HRV (7-day mean of ln rMSSD) was {value:.2f}, {place} the band of {low:.2f} to "
            f"{high:.2f} of the 28 days before{why or ''}."
        )
    return Signal(
        name="hrv",
        light=light,
        value=value,
        baseline=baseline,
        low=low,
        high=high,
        unit="ln ms",
        measured=len(now),
        needed=MEASURED_DAYS,
        text=text,
        source="Plews 2014, PMID 24334285; Vesterinen 2016, PMID 26909534",
    )


def _why_clearly_low(
    value: float, low: float, baseline: float, sd: float, nights: Sequence[float], resting: Signal
) -> str | None:
    """What makes a mean below the band a clear sign, as the end of a sentence; None if nothing."""
    if value < round(baseline - HRV_CLEAR_SD * sd, _DECIMALS):
        return f", by more than {HRV_CLEAR_SD:g} standard deviation"
    if len(nights) >= HRV_LOW_NIGHTS and all(night < low for night in nights):
        return f", on each of {len(nights)} nights"
    if resting.light in RAISED:
        return ", with a raised resting heart rate"
    return None


def _resting_hr(week: TrainingWeek, resting_bpm: Values) -> Signal:
    now, before = _week_and_baseline(week, resting_bpm)
    value, baseline = _mean(now), _mean(before)
    high = None if baseline is None else round(baseline + RESTING_HR_AMBER_BPM, _DECIMALS)
    light, text = Light.NOT_EVALUATED, _too_little("Resting heart rate", now, before)
    if not text and value is not None and baseline is not None:
        rise_bpm = round(value - baseline, _DECIMALS)
        light = Light.GREEN
        if rise_bpm >= RESTING_HR_AMBER_BPM:
            light = Light.RED if rise_bpm >= RESTING_HR_RED_BPM else Light.AMBER
        text = (
            f"Resting heart rate was {value:.1f} bpm, {rise_bpm:+.1f} bpm from its mean of the 28 "
            f"days before."
        )
    return Signal(
        name="resting_hr",
        light=light,
        value=value,
        baseline=baseline,
        high=high,
        unit="bpm",
        measured=len(now),
        needed=MEASURED_DAYS,
        text=text,
        source="3 to 4 bpm over the baseline amber, 5 red (coaching practice)",
    )


def _sleep(week: TrainingWeek, sleep_h: Values) -> Signal:
    first = week.end - timedelta(days=SLEEP_DAYS - 1)
    nights = _between(sleep_h, first, week.end)
    value = _mean(nights)
    if value is None or len(nights) < SLEEP_NEEDED_DAYS:
        light = Light.NOT_EVALUATED
        text = f"Sleep is known of {len(nights)} of {SLEEP_DAYS} nights; {SLEEP_NEEDED_DAYS} must."
    else:
        light = Light.AMBER if value < SLEEP_LEAST_H else Light.GREEN
        text = (
            f"Sleep was {value:.1f} h a night over {SLEEP_DAYS} days; {SLEEP_LEAST_H:g} h is the "
            "least that is right."
        )
    return Signal(
        name="sleep",
        light=light,
        value=value,
        low=SLEEP_LEAST_H,
        unit="h",
        measured=len(nights),
        needed=SLEEP_NEEDED_DAYS,
        text=text,
        source="Johnston 2019: less than 7 h, injury hazard 1.51",
    )


def _too_little(what: str, now: Sequence[float], before: Sequence[float]) -> str:
    """Why a weekly mean cannot be compared; empty where it can."""
    if len(now) < MEASURED_DAYS:
        days = counted(len(now), "day")
        return f"{what} was measured on {days} of the week; {MEASURED_DAYS} are needed."
    if len(before) < BASELINE_DAYS:
        return (
            f"{what} was measured on {len(before)} of the 28 days before the week; "
            f"{BASELINE_DAYS} are needed."
        )
    return ""


def _week_and_baseline(week: TrainingWeek, values: Values) -> tuple[list[float], list[float]]:
    """The values of the week, and those of the 28 days before it."""
    first = week.start - timedelta(days=BASELINE_WEEKS * DAYS_PER_WEEK)
    last = week.start - timedelta(days=1)
    return _between(values, week.start, week.end), _between(values, first, last)


def _between(values: Values, first: date, last: date) -> list[float]:
    return [value for day, value in sorted(values.items()) if first <= day <= last]


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), _DECIMALS) if values else None


def _plausible(
    values: Iterable[tuple[date, float | None]], limits: ValueRange
) -> dict[date, float]:
    return {
        day: value
        for day, value in values
        if value is not None and limits.least <= value <= limits.greatest
    }
