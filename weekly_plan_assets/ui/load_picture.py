"""The picture of a plan: weekly load and fitness of the weeks before, with the planned week."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.metrics.fitness import FitnessState, after_days
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.ui.drawing import GREY, INK, Panel, Sheet

WIDTH, HEIGHT = 760, 420

_DONE, _PLANNED = "#60a5fa", "#f59e0b"
_CTL, _ATL, _TSB = "#2563eb", "#db2777", "#059669"
_LEFT, _RIGHT = 50, 20
_BAR = 0.6
"""The part of its slot that a bar takes."""


def load_picture(
    weeks: Sequence[WeeklyMetrics],
    planned_load: float,
    envelope: LoadEnvelope,
    predicted: FitnessState | None,
) -> str:
    """An SVG: above, the load of each week; below, CTL, ATL and TSB at its end.

    Args:
        weeks: The observed week last, before it those that are known; one that is missing leaves
            its place empty.
        planned_load: Load planned for the week after the observed one.
        envelope: The bounds that it had.
        predicted: Fitness at its end, if all of it is done.
    """
    first = weeks[0].week_start
    planned_slot = _slot(first, weeks[-1].week_start) + 1
    by_slot = {_slot(first, week.week_start): week for week in weeks}
    sheet = Sheet(WIDTH, HEIGHT)
    for slot in range(planned_slot + 1):
        _name(sheet, first + timedelta(weeks=slot), slot, planned_slot)
    _draw_loads(sheet, by_slot, planned_slot, planned_load, envelope)
    _draw_fitness(sheet, by_slot, planned_slot, predicted)
    return sheet.svg()


def _slot(first: date, week_start: date) -> int:
    return (week_start - first).days // 7


def _panel(top: float, height: float, slots: int, low: float, high: float) -> Panel:
    return Panel(_LEFT, top, WIDTH - _LEFT - _RIGHT, height, slots, low, high)


def _name(sheet: Sheet, monday: date, slot: int, planned_slot: int) -> None:
    x = _panel(0, 1, planned_slot + 1, 0, 1).x(slot)
    is_planned = slot == planned_slot
    sheet.text((x, HEIGHT - 24), f"{monday.day} {monday:%b}", INK)
    sheet.text((x, HEIGHT - 8), "planned" if is_planned else "", _PLANNED)


def _draw_loads(
    sheet: Sheet,
    by_slot: Mapping[int, WeeklyMetrics],
    planned_slot: int,
    planned_load: float,
    envelope: LoadEnvelope,
) -> None:
    loads = {slot: week.training_load for slot, week in by_slot.items()}
    known = {slot: load for slot, load in loads.items() if load is not None}
    highest = max(*known.values(), planned_load, envelope.max_load, 1)
    panel = _panel(30, 150, planned_slot + 1, 0, highest * 1.1)
    sheet.text((_LEFT, 16), "load a week", INK, "start")
    sheet.text((_LEFT + 90, 16), "done", _DONE, "start")
    sheet.text((_LEFT + 130, 16), "planned, with its bounds", _PLANNED, "start")
    sheet.scale(panel)
    for slot, load in known.items():
        _bar(sheet, panel, slot, load, _DONE)
    for slot in loads.keys() - known.keys():
        sheet.text((panel.x(slot), panel.bottom - 4), "not known", GREY)
    _bar(sheet, panel, planned_slot, planned_load, _PLANNED)
    x = panel.x(planned_slot) + 0.4 * panel.slot_width  # beside the bar
    bounds = [(x, panel.y(envelope.min_load)), (x, panel.y(envelope.max_load))]
    sheet.line(bounds, INK, 'stroke-width="1.5"')
    for _, y in bounds:
        sheet.line([(x - 5, y), (x + 5, y)], INK, 'stroke-width="1.5"')


def _bar(sheet: Sheet, panel: Panel, slot: int, load: float, colour: str) -> None:
    width = _BAR * panel.slot_width
    top = panel.y(load)
    sheet.box(panel.x(slot) - width / 2, top, width, panel.bottom - top, f'fill="{colour}"')
    sheet.text((panel.x(slot), top - 4), f"{load:.0f}")


def _draw_fitness(
    sheet: Sheet,
    by_slot: Mapping[int, WeeklyMetrics],
    planned_slot: int,
    predicted: FitnessState | None,
) -> None:
    states = {
        slot: after_days(week.ctl_end, week.atl_end, ())
        for slot, week in by_slot.items()
        if week.ctl_end is not None and week.atl_end is not None
    }
    if predicted is not None:
        states[planned_slot] = predicted
    sheet.text((_LEFT, 212), "at the end of the week", INK, "start")
    if not states:
        sheet.text((_LEFT, 236), "fitness is not known", GREY, "start")
        return
    series = {
        ("CTL", _CTL): {slot: state.ctl for slot, state in states.items()},
        ("ATL", _ATL): {slot: state.atl for slot, state in states.items()},
        ("TSB", _TSB): {slot: state.tsb for slot, state in states.items()},
    }
    values = [value for one in series.values() for value in one.values()]
    panel = _panel(222, 150, planned_slot + 1, min(*values, 0) - 2, max(values) + 4)
    sheet.scale(panel)
    for number, ((name, colour), one) in enumerate(series.items()):
        sheet.text((_LEFT + 150 + 45 * number, 212), name, colour, "start")
        done = [(panel.x(slot), panel.y(one[slot])) for slot in sorted(one) if slot in by_slot]
        sheet.line(done, colour, 'stroke-width="2"')
        if planned_slot in one:
            end = (panel.x(planned_slot), panel.y(one[planned_slot]))
            sheet.line([*done[-1:], end], colour, 'stroke-width="2" stroke-dasharray="5 4"')
            done.append(end)
        for at in done:
            sheet.dot(at, colour)
