"""Numbers as a person reads them, in a terminal, on a page and in the UI."""

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.thresholds import (
    Threshold,
    ThresholdMeasure,
    pace_metres,
)
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.plan.weekly_plan import Intensity, Sport
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_MINUTE

SHOWN_UNITS = {"s": "h:min", "m": "km"}
"""The unit in which a figure is shown, where that is not the stored one."""

_BEATS = {Language.ENGLISH: "bpm", Language.SPANISH: "ppm"}
"""Beats a minute."""

_WHOLE_FROM = 1000

LEAST_SHOWN_USD = 0.0001


def figure(value: float | None, unit: str | None = None) -> str:
    """A stored figure in its shown unit, the unit left out; a dash for none."""
    if value is None:
        return "-"
    if unit == "s":
        hours, minutes = divmod(round(value / 60), 60)
        return f"{hours}:{minutes:02d}"
    if unit == "m":
        return f"{value / METRES_PER_KM:.1f}"
    if unit == "ln ms":
        return f"{value:.2f}"
    if value == round(value) or abs(value) >= _WHOLE_FROM:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"


def change(value: float | None, unit: str | None = None) -> str:
    """How far a figure moved, with its sign; empty where it did not, or where that is not known."""
    if not value:
        return ""
    return f"{'+' if value > 0 else '-'}{figure(abs(value), unit)}"


def dollars(value: float) -> str:
    """US dollars, a small amount to the hundredth of a cent."""
    if value >= 1:
        return f"${value:,.2f}"
    return f"${value:.4f}" if value >= LEAST_SHOWN_USD else f"less than ${LEAST_SHOWN_USD}"


def duration(seconds: float) -> str:
    """Hours and minutes, `1:05 h`, or minutes, `45 min`."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}:{minutes:02d} h" if hours else f"{minutes} min"


def zone(intensity: Intensity | None, language: Language = Language.ENGLISH) -> str:
    """A heart-rate zone, with its bounds where they are known; empty for none."""
    if intensity is None:
        return ""
    if intensity.bpm_low is None or intensity.bpm_high is None:
        return f"Z{intensity.zone}"
    return f"Z{intensity.zone}, {intensity.bpm_low}-{intensity.bpm_high} {_BEATS[language]}"


def fitness(state: FitnessState | None) -> str:
    """CTL, ATL and TSB in one line."""
    if state is None:
        return "not known"
    return f"CTL {state.ctl:.1f}, ATL {state.atl:.1f}, TSB {state.tsb:+.1f}"


def threshold_in_words(threshold: Threshold) -> str:
    """Watts, or the pace for a km or for 100 m swum."""
    if threshold.measure is ThresholdMeasure.POWER:
        return f"{threshold.value:.0f} W"
    is_swum = threshold.sport is Sport.SWIM
    pace_s = round(pace_metres(threshold.sport) / threshold.value)
    clock = f"{pace_s // SECONDS_PER_MINUTE}:{pace_s % SECONDS_PER_MINUTE:02}"
    return f"{clock} per 100 m" if is_swum else f"{clock} min/km"
