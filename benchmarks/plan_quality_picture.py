"""The picture of the plan quality score: where the closed loop leads."""

from collections.abc import Mapping

from weekly_plan_assets.evaluation.quality.score import PlanQuality
from weekly_plan_assets.ui.drawing import GREY, INK, Panel, Sheet

HEIGHT = 700
_LEFT, _BESIDE, _PANEL_WIDTH, _PANEL_HEIGHT = 50, 60, 420, 220
_FACTOR_COLOURS = ("#1e3a8a", "#2563eb", "#60a5fa", "#059669", "#f59e0b", "#ea580c", "#b91c1c")
_GOOD, _BAD = "#059669", "#b91c1c"
_BAND = 'fill="#059669" fill-opacity="0.12"'
_NEAR, _HIGHEST_GROWTH = (0.9, 1.6), 4.0


def quality_picture(scores: Mapping[str, PlanQuality]) -> str:
    """An SVG: for each score the hours of one athlete at several loads an hour, and the growth.

    Args:
        scores: By the name of the column, at most two.
    """
    sheet = Sheet(_LEFT + len(scores) * (_PANEL_WIDTH + _BESIDE), HEIGHT)
    highest = max(h for score in scores.values() for one in score.sweep for h in one.hours)
    for column, (name, score) in enumerate(scores.items()):
        left = _LEFT + column * (_PANEL_WIDTH + _BESIDE)
        _draw_sweep(sheet, left, f"{name}, {score.planner}", score, highest)
        _draw_growth(sheet, left, score)
    return sheet.svg()


def _draw_sweep(sheet: Sheet, left: float, title: str, score: PlanQuality, highest: float) -> None:
    sheet.text((left, 20), title, INK, "start")
    sheet.text(
        (left, 38),
        "planned hours a week; one colour for each multiple of the table's load an hour:",
        INK,
        "start",
    )
    slots = max(len(one.hours) for one in score.sweep)
    panel = Panel(left, 70, _PANEL_WIDTH, _PANEL_HEIGHT, slots, 0, highest * 1.05)
    sheet.scale(panel)
    for number, (one, colour) in enumerate(zip(score.sweep, _FACTOR_COLOURS, strict=True)):
        sheet.text((left + 20 + 50 * number, 58), f"{one.load_per_hour:g}", colour)
        points = [(panel.x(slot), panel.y(hours)) for slot, hours in enumerate(one.hours)]
        sheet.line(points, colour, 'stroke-width="1.8"')
    for slot in range(9, slots, 10):
        sheet.text((panel.x(slot), panel.bottom + 16), f"{slot + 1}", GREY)
    sheet.text((left, panel.bottom + 16), "week", GREY)


def _draw_growth(sheet: Sheet, left: float, score: PlanQuality) -> None:
    growth = next(item for item in score.items if item.id == "Q4b").readings[0].athletes
    sheet.text(
        (left, 340), "hours after 20 weeks as planned, as a multiple of those before:", INK, "start"
    )
    rows = len(score.athletes)
    width = _PANEL_WIDTH - 130
    bars, top, height = left + 120, 356, 18

    def x(value: float) -> float:
        return bars + min(value, _HIGHEST_GROWTH) / _HIGHEST_GROWTH * width

    sheet.box(x(_NEAR[0]), top, x(_NEAR[1]) - x(_NEAR[0]), rows * height, _BAND)
    for number, key in enumerate(score.athletes):
        y = top + number * height
        sheet.text((bars - 8, y + 13), key.replace("_", " "), INK, "end")
        value = growth.get(key)
        if value is None:
            continue
        good = _NEAR[0] <= value <= _NEAR[1]
        sheet.box(
            bars, y + 4, x(value) - bars, height - 8, f'fill="{"#059669" if good else "#b91c1c"}"'
        )
        sheet.text((x(value) + 4, y + 13), f"{value:.2f}", INK, "start")
