"""The picture of heart-rate variability: each night, against the band of the athlete's own past."""

from collections.abc import Sequence
from datetime import timedelta
from math import log

from weekly_plan_assets.domain.readiness import Signal
from weekly_plan_assets.domain.readiness.body_signals import BASELINE_WEEKS
from weekly_plan_assets.domain.recorded.value_limits import WELLNESS_LIMITS
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.ui.drawing import GREY, INK, Panel, Sheet

WIDTH, HEIGHT = 760, 240

_NIGHT, _WEEK, _BAND = "#60a5fa", "#f59e0b", "#d1fae5"
_BASELINE_DAYS = BASELINE_WEEKS * DAYS_PER_WEEK


def hrv_picture(week: TrainingWeek, wellness: Sequence[WellnessDay], signal: Signal) -> str | None:
    """An SVG: ln rMSSD of each night of the baseline and of the week, the week's mean, the band.

    Args:
        week: The observed week.
        wellness: Days; others than those of the week and of its baseline are not shown.
        signal: What was found of HRV.

    Returns:
        None if nothing was measured.
    """
    first = week.start - timedelta(days=_BASELINE_DAYS)
    nights = {
        (row.day - first).days: log(row.hrv_rmssd_ms)
        for row in wellness
        if row.hrv_rmssd_ms is not None and WELLNESS_LIMITS["hrv"].hold(row.hrv_rmssd_ms)
        if first <= row.day <= week.end
    }
    if not nights:
        return None
    values = [*nights.values(), *(bound for bound in (signal.low, signal.high) if bound)]
    margin = 0.1 + (max(values) - min(values)) * 0.1
    panel = Panel(
        left=50,
        top=30,
        width=WIDTH - 70,
        height=HEIGHT - 60,
        slots=_BASELINE_DAYS + DAYS_PER_WEEK,
        low=min(values) - margin,
        high=max(values) + margin,
    )
    sheet = Sheet(WIDTH, HEIGHT)
    if signal.low is not None and signal.high is not None:
        top = panel.y(signal.high)
        sheet.box(panel.left, top, panel.width, panel.y(signal.low) - top, f'fill="{_BAND}"')
    sheet.scale(panel)
    sheet.text((panel.left, 16), "HRV, ln rMSSD of each night", INK, "start")
    sheet.text((panel.left + 180, 16), "before", _NIGHT, "start")
    sheet.text((panel.left + 230, 16), "the week, with its mean", _WEEK, "start")
    for slot, value in nights.items():
        sheet.dot((panel.x(slot), panel.y(value)), _WEEK if slot >= _BASELINE_DAYS else _NIGHT)
    if signal.value is not None:
        y = panel.y(signal.value)
        last = panel.left + panel.width
        begin = panel.x(_BASELINE_DAYS - 0.5)
        sheet.line([(begin, y), (last, y)], _WEEK, 'stroke-width="2"')
    for slot in range(0, panel.slots, DAYS_PER_WEEK):
        day = first + timedelta(days=slot)
        sheet.text((panel.x(slot), HEIGHT - 10), f"{day.day} {day:%b}", GREY)
    return sheet.svg()
