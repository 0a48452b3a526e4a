"""What the training says: form, monotony, ramp and adherence of the observed week."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from statistics import fmean, pstdev

from weekly_plan_assets.domain.adherence import LEAST_ADHERENCE, MOST_ADHERENCE
from weekly_plan_assets.domain.metrics.data_quality import LOAD_KNOWN_SHARE
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.readiness.signal import Light, Signal
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek

FATIGUED_FORM = -30.0
"""Form (CTL - ATL) below which fatigue is flagged (Intervals.icu form zones; practice)."""

MAX_MONOTONY = 2.0
"""Mean by SD of the daily loads above which days are too alike (Foster 1998; convention)."""

HIGHEST_MONOTONY = 10.0
"""Stands for anything above: seven loads that are all alike have no SD to divide by."""

RAMP_AMBER_PER_WEEK = 8.0
RAMP_RED_PER_WEEK = 10.0
"""Rise of CTL in a week: 5 to 8 is hard building, 10 the upper limit (Friel; practice)."""

LEAST_PLANNED_LOAD = 1.0
"""A week planned with less holds no training that could be compared with. Project convention."""

HIGHEST_ADHERENCE = 10.0
"""Stands for anything above: of ten times the planned load nothing more is to be learned."""

_BOTH = 2
_DECIMALS = 3


def training_signals(
    metrics: WeeklyMetrics,
    history: Sequence[WeeklyMetrics],
    sessions: Sequence[CountedSession],
    planned_load: float | None,
) -> tuple[Signal, ...]:
    """Form, monotony, ramp and adherence of the observed week; see `readiness_of`."""
    week = TrainingWeek(metrics.week_start)
    return (
        _form(metrics),
        _monotony([one for one in sessions if one.activity.day in week], week),
        _ramp(metrics, history),
        _adherence(metrics, planned_load),
    )


def _form(metrics: WeeklyMetrics) -> Signal:
    ctl, atl = metrics.ctl_end, metrics.atl_end
    value, light, text = None, Light.NOT_EVALUATED, "CTL or ATL is not known."
    if ctl is not None and atl is not None:
        value = round(ctl - atl, _DECIMALS)
        light = Light.RED if value < FATIGUED_FORM else Light.GREEN
        place = "below" if light is Light.RED else "not below"
        text = f"Form (CTL - ATL) ended the week at {value:.1f}, {place} {FATIGUED_FORM:g}."
    return Signal(
        name="form",
        light=light,
        value=value,
        low=FATIGUED_FORM,
        unit="load a day",
        measured=_known(ctl, atl),
        needed=_BOTH,
        text=text,
        source="Intervals.icu form zones: -10 to -30 is normal in a build (practice)",
    )


def _monotony(sessions: Sequence[CountedSession], week: TrainingWeek) -> Signal:
    """Monotony of the seven daily loads, strain in the text.

    Amber at most: its cut-off is a convention, and an athlete's own threshold may lie elsewhere
    (Foster 1998).
    """
    load_by_day = dict.fromkeys(week.days, 0.0)
    for one in sessions:
        load_by_day[one.activity.day] += one.load or 0.0
    loads = list(load_by_day.values())
    known = sum(one.load is not None for one in sessions)
    needed = max(1, ceil(LOAD_KNOWN_SHARE * len(sessions)))
    value, light = None, Light.NOT_EVALUATED
    text = f"The load of {known} of {len(sessions)} sessions of the week is known; {needed} must."
    if known >= needed and not any(loads):
        text = "The sessions of the week held no load."
    elif known >= needed:
        spread = pstdev(loads)
        alike = fmean(loads) >= HIGHEST_MONOTONY * spread
        value = HIGHEST_MONOTONY if alike else round(fmean(loads) / spread, _DECIMALS)
        light = Light.AMBER if value > MAX_MONOTONY else Light.GREEN
        text = (
            f"Monotony of the daily loads was {value:.1f} (more than {MAX_MONOTONY:g} is high); "
            f"strain was {sum(loads) * value:.0f}."
        )
    return Signal(
        name="monotony",
        light=light,
        value=value,
        high=MAX_MONOTONY,
        unit="mean by SD",
        measured=known,
        needed=needed,
        text=text,
        source="Foster 1998; the cut-off is convention",
    )


def _ramp(metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]) -> Signal:
    before = metrics.week_start - timedelta(weeks=1)
    ctl_before = next((week.ctl_end for week in history if week.week_start == before), None)
    value, light, text = None, Light.NOT_EVALUATED, "CTL of now or of a week before is not known."
    if metrics.ctl_end is not None and ctl_before is not None:
        value = round(metrics.ctl_end - ctl_before, _DECIMALS)
        light = Light.GREEN
        if value > RAMP_AMBER_PER_WEEK:
            light = Light.RED if value > RAMP_RED_PER_WEEK else Light.AMBER
        text = (
            f"CTL changed by {value:+.1f} in the week, from {ctl_before:.1f}; "
            f"{RAMP_AMBER_PER_WEEK:g} is hard building."
        )
    return Signal(
        name="ramp",
        light=light,
        value=value,
        high=RAMP_AMBER_PER_WEEK,
        unit="CTL a week",
        measured=_known(metrics.ctl_end, ctl_before),
        needed=_BOTH,
        text=text,
        source="Friel: 5 to 8 a week is hard building, 10 the upper limit (practice)",
    )


def _adherence(metrics: WeeklyMetrics, planned_load: float | None) -> Signal:
    known = metrics.activity_count - metrics.unknown_load_count
    needed = ceil(LOAD_KNOWN_SHARE * metrics.activity_count)
    done = 0.0 if metrics.activity_count == 0 else metrics.training_load
    value, light = None, Light.NOT_EVALUATED
    text = f"The load of {known} of {metrics.activity_count} sessions is known; {needed} must."
    if planned_load is None or planned_load < LEAST_PLANNED_LOAD:
        text = "No load was planned for the week."
    elif done is not None and known >= needed:
        value = round(min(done / planned_load, HIGHEST_ADHERENCE), _DECIMALS)
        kept = LEAST_ADHERENCE <= value <= MOST_ADHERENCE
        light = Light.GREEN if kept else Light.AMBER
        text = f"Of a planned load of {planned_load:.0f} the week held {value:.0%}."
    return Signal(
        name="adherence",
        light=light,
        value=value,
        low=LEAST_ADHERENCE,
        high=MOST_ADHERENCE,
        unit="share of the planned load",
        measured=max(0, known),
        needed=needed,
        text=text,
        source="Project convention: a fifth off is reported",
    )


def _known(*values: float | None) -> int:
    return sum(value is not None for value in values)
