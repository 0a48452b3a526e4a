"""How the overview of a roster looks in a terminal."""

from collections.abc import Sequence

from rich.text import Text

from weekly_plan_assets.athletes.overview import AthleteWeek, LastWeek, Need, WeekStatus
from weekly_plan_assets.cli.pages.page import Cell, PageTable
from weekly_plan_assets.cli.pages.render_page import render_table, render_text
from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.terminal.console import out

_HEAD = ("Athlete", "Week", "Hours", "Load", "Last week", "Look")
_STYLES = {Need.FAILURE: "red", Need.NO_PLAN: "red", Need.RED_LIGHT: "red", Need.NOTHING: ""}
"""Everything else is yellow."""


def render_overview(rows: Sequence[AthleteWeek], *, simulated: bool) -> None:
    """Write a table of the athletes, the most urgent first."""
    weeks = sorted({one.week_start.isoformat() for one in rows})
    statuses = [one.status for one in rows]
    named = f"week of {weeks[0]}" if len(weeks) == 1 else f"weeks of {' and '.join(weeks)}"
    counted = [
        f"{len(rows)} athlete{'' if len(rows) == 1 else 's'}",
        *(f"{count} {one}" for one in WeekStatus if (count := statuses.count(one))),
        f"{sum(bool(one.look) for one in rows)} to look at",
    ]
    if not rows:
        render_text("the roster has no athletes yet")
        return
    out.print(Text(f"Overview of the {named}", style="bold"), soft_wrap=True)
    render_text(", ".join(counted))
    if simulated:
        render_text(("simulated athletes: not real persons' data", "yellow"))
    out.print()
    render_table(PageTable(_HEAD, [_cells(one) for one in rows], right=frozenset({2, 3})))


def _cells(row: AthleteWeek) -> tuple[Cell, ...]:
    return (
        one_line(row.called if row.name is None else f"{row.name} ({row.athlete_id})"),
        _week(row),
        "" if row.hours is None else f"{row.hours:.1f}",
        "" if row.load is None else f"{row.load:g}",
        "" if row.last_week is None else _done(row.last_week),
        (one_line(" ".join(row.look)), _STYLES.get(row.need, "yellow")),
    )


def _week(row: AthleteWeek) -> str:
    """The phase and the races of a plan, else why there is none."""
    phase = "" if row.phase is None else row.phase.value.replace("_", " ")
    return one_line(", ".join([phase or row.status.value, *row.races]))


def _done(done: LastWeek) -> str:
    share = "" if done.time_share is None else f", {done.time_share:.0%}"
    return f"{done.sessions_done}/{done.sessions_planned}{share}"
