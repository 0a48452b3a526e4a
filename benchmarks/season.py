"""The seasons of docs/planning.md: simulated again, their plot drawn, their figures as a table.

What a simulated season is, and what must hold of it, lies with the tests.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, pstdev
from time import perf_counter
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from weekly_plan_assets.domain.guardrails import violations
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.planners.season import (
    A_RACE_WEEK,
    B_RACE_WEEK,
    SCENARIOS,
    SeasonWeek,
    simulate,
    sunday_of,
    zone_times_of,
)

PLOT = PROJECT_ROOT / "docs" / "images" / "season.png"
PHASE_COLOURS = {
    "base": "#9ecae1",
    "build": "#4292c6",
    "specific": "#08519c",
    "taper": "#fdae6b",
    "race_week": "#e6550d",
    "recovery": "#a1d99b",
    "return": "#bcbddc",
}


def main() -> None:
    """Simulate, draw, and write the figures as Markdown, or as JSON with `--json`."""
    seasons, figures = {}, {}
    for name, scenario in SCENARIOS.items():
        began_s = perf_counter()
        seasons[name] = simulate(scenario)
        figures[name] = figures_of(seasons[name]) | {"seconds": perf_counter() - began_s}
    draw(seasons, PLOT)
    text = json.dumps(figures, indent=2) if "--json" in sys.argv else markdown(figures)
    sys.stdout.write(f"{text}\n")


def markdown(figures: Mapping[str, Mapping[str, object]]) -> str:
    """The table of the page, one column a season."""
    seasons = figures.values()
    rows = [["The athlete", *figures], ["---"] * (len(figures) + 1)]
    rows += [
        [what, *(_shown(of_season[what]) for of_season in seasons)] for what in next(iter(seasons))
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def figures_of(season: Sequence[SeasonWeek]) -> dict[str, Any]:
    """What the page says of one season; shares of time are those of what was planned."""
    days = [day for week in season for day in week.days]
    form = {day.date: day.form for day in days}
    zones = [zone_times_of(session) for week in season for session in week.plan.sessions]
    zones_s = [sum(times_s) for times_s in zip(*zones, strict=True)]
    return {
        "plans with a broken rule": sum(bool(violations(week.verdicts)) for week in season),
        "CTL at the end": days[-1].ctl,
        "CTL at its highest": max(day.ctl for day in days),
        "ramp at its highest, CTL a week": max(week.ramp for week in season),
        "TSB at its lowest": min(form.values()),
        "TSB on the day of race B": form[sunday_of(B_RACE_WEEK)],
        "TSB on the day of race A": form[sunday_of(A_RACE_WEEK)],
        "monotony at its highest": max(monotony(week) for week in season),
        "time in zones 1 and 2, %": 100 * sum(zones_s[:2]) / sum(zones_s),
        "time in zone 3, %": 100 * zones_s[2] / sum(zones_s),
        "time in zones 4 and 5, %": 100 * sum(zones_s[3:]) / sum(zones_s),
        "recovery weeks": sum(week.phase == "recovery" for week in season),
    }


def monotony(week: SeasonWeek) -> float:
    """Mean of the planned daily loads by their standard deviation (Foster 1998)."""
    loads = [day.planned_load for day in week.plan.days]
    return fmean(loads) / pstdev(loads) if any(loads) else 0.0


def draw(seasons: Mapping[str, Sequence[SeasonWeek]], path: Path) -> None:
    """Weekly load by phase, and CTL and TSB by day, one column a season."""
    mpl.use("Agg")
    figure, axes = plt.subplots(
        2, len(seasons), figsize=(16, 7), sharex=True, sharey="row", squeeze=False
    )
    for column, (name, season) in enumerate(seasons.items()):
        axes[0][column].set_title(f"The athlete {name}")
        _draw_load(axes[0][column], season)
        _draw_fitness(axes[1][column], season)
    axes[0][0].set_ylabel("load a week")
    axes[1][0].set_ylabel("load a day")
    handles = [Patch(color=colour) for colour in PHASE_COLOURS.values()]
    labels = [phase.replace("_", " ") for phase in PHASE_COLOURS]
    figure.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    figure.savefig(path, dpi=90, metadata={"Software": None})
    plt.close(figure)


def _draw_load(axes: Axes, season: Sequence[SeasonWeek]) -> None:
    numbers = [week.number for week in season]
    colours = [PHASE_COLOURS[week.phase] for week in season]
    planned = [week.planned_load for week in season]
    axes.bar(numbers, planned, color=colours, width=0.9, label="planned")
    done = [week.done_load for week in season]
    axes.step(numbers, done, where="mid", color="black", linewidth=1, label="done")
    axes.margins(y=0.2)
    axes.legend(loc="upper left", ncols=2, frameon=False)


def _draw_fitness(axes: Axes, season: Sequence[SeasonWeek]) -> None:
    days = [day for week in season for day in week.days]
    weeks = [0.5 + (number + 1) / 7 for number in range(len(days))]
    axes.plot(weeks, [day.ctl for day in days], color="#08519c", label="CTL")
    axes.plot(weeks, [day.form for day in days], color="#e6550d", linewidth=0.8, label="TSB")
    axes.axhspan(-30, -10, color="#4292c6", alpha=0.12, linewidth=0)
    for number, priority in ((B_RACE_WEEK, "B"), (A_RACE_WEEK, "A")):
        axes.axvline(number + 0.5, color="grey", linestyle=":", linewidth=1)
        axes.annotate(priority, (number + 0.5, 1), xycoords=("data", "axes fraction"), va="top")
    axes.set_xlabel("week of the season")
    axes.legend(loc="lower left", ncols=2, frameon=False)


def _shown(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
