"""Where the bars and lines of the page lie, in the units of their drawing; colours are the page's.

A session is a row of bars, as wide as its stretches are long and as high as they are hard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.domain.metrics.fitness import FitnessState, after_days
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.session_parts import Block
from weekly_plan_assets.domain.plan.session_zones import as_done

STEPS_WIDTH, STEPS_HEIGHT = 600.0, 44.0
HEIGHT_BY_ZONE = {1: 0.28, 2: 0.42, 3: 0.62, 4: 0.8, 5: 1.0}
"""Of the height of the drawing."""

CHART_WIDTH, CHART_HEIGHT = 640.0, 150.0
HEAD_ROOM = 1.15
"""Room above the highest bar, for its number."""

BAR_SHARE = 0.62
"""The part of its slot that a bar takes."""


@dataclass(frozen=True, slots=True)
class StepBar:
    """One stretch of a session; `intent` names its colour."""

    x: float
    y: float
    width: float
    height: float
    intent: str


@dataclass(frozen=True, slots=True)
class LoadBar:
    """The load of one week.

    Attributes:
        label: Its Monday, in the page's language.
        load: None where it is not known; the bar then has no height.
        middle: Where its label stands.
    """

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    load: float | None
    is_planned: bool


@dataclass(frozen=True, slots=True)
class FitnessLine:
    """CTL, ATL or TSB over the weeks.

    Attributes:
        done: Points of the weeks that were trained, as SVG writes them.
        planned: From the last of them to the planned week; empty where nothing is predicted.
        dots: The points, to be drawn one by one.
    """

    name: str
    done: str
    planned: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FitnessChart:
    """The three lines, and where their zero lies."""

    lines: tuple[FitnessLine, ...]
    zero: float


def step_bars(blocks: Iterable[Block]) -> tuple[StepBar, ...]:
    """The bars of a session, from its start to its end; none without blocks."""
    stretches = list(as_done(blocks))
    whole_s = sum(stretch.duration_s for stretch in stretches)
    bars, at_s = [], 0
    for stretch in stretches:
        height = STEPS_HEIGHT * HEIGHT_BY_ZONE[stretch.zone]
        bars.append(
            StepBar(
                x=round(STEPS_WIDTH * at_s / whole_s, 1),
                y=round(STEPS_HEIGHT - height, 1),
                width=round(STEPS_WIDTH * stretch.duration_s / whole_s, 1),
                height=round(height, 1),
                intent=stretch.intent.value,
            )
        )
        at_s += stretch.duration_s
    return tuple(bars)


def load_bars(loads: Sequence[tuple[str, float | None]]) -> tuple[LoadBar, ...]:
    """The bars of weekly loads, the planned week last.

    Args:
        loads: The label and the load of each week.
    """
    highest = max((load for _, load in loads if load is not None), default=0.0) or 1.0
    slot = CHART_WIDTH / len(loads)
    bars = []
    for number, (label, load) in enumerate(loads):
        height = CHART_HEIGHT * (load or 0.0) / (highest * HEAD_ROOM)
        bars.append(
            LoadBar(
                x=round((number + (1 - BAR_SHARE) / 2) * slot, 1),
                y=round(CHART_HEIGHT - height, 1),
                width=round(BAR_SHARE * slot, 1),
                height=round(height, 1),
                middle=round((number + 0.5) * slot, 1),
                label=label,
                load=load,
                is_planned=number == len(loads) - 1,
            )
        )
    return tuple(bars)


def fitness_chart(
    weeks: Sequence[WeeklyMetrics], mondays: Sequence[date], predicted: FitnessState | None
) -> FitnessChart | None:
    """CTL, ATL and TSB at the end of each week; None where no week has them.

    Args:
        weeks: Those that are known.
        mondays: Those of all weeks that are drawn, the planned one last.
        predicted: Fitness at the end of the planned week.
    """
    states = {
        week.week_start: after_days(week.ctl_end, week.atl_end, ())
        for week in weeks
        if week.ctl_end is not None and week.atl_end is not None
    }
    if not states:
        return None
    planned = mondays[-1]
    if predicted is not None:
        states[planned] = predicted
    values = [value for one in states.values() for value in (one.ctl, one.atl, one.tsb, 0.0)]
    low, span = min(values) - 2, max(values) - min(values) + 4
    slot = CHART_WIDTH / len(mondays)

    def y(value: float) -> float:
        return round(CHART_HEIGHT - CHART_HEIGHT * (value - low) / span, 1)

    lines = []
    for name in ("ctl", "atl", "tsb"):
        points = {
            monday: (
                round((mondays.index(monday) + 0.5) * slot, 1),
                y(getattr(states[monday], name)),
            )
            for monday in mondays
            if monday in states
        }
        done = [point for monday, point in points.items() if monday != planned]
        ahead = [*done[-1:], points[planned]] if planned in points else []
        lines.append(
            FitnessLine(name.upper(), _written(done), _written(ahead), tuple(points.values()))
        )
    return FitnessChart(tuple(lines), y(0.0))


def _written(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
