"""How plans and run events of schema version 1.0 look in a terminal: in their own words."""

from rich.text import Text

from weekly_plan_assets.cli.pages.render_page import render_text
from weekly_plan_assets.lineage.records.version_1 import DayV1, PlanSnapshotV1
from weekly_plan_assets.terminal.console import out

_DAY_WIDTH = 12
_INDENT = " " * _DAY_WIDTH


def render_plan_v1(snapshot: PlanSnapshotV1) -> None:
    """Write a plan day by day, with its reasons and its runId."""
    week = snapshot.activity_plan.next_week
    title = f"Plan for {week.week_start} to {week.week_end}"
    out.print(Text.assemble((title, "bold"), f"  {week.phase}"))
    out.print(Text(f"athlete {snapshot.athlete_id or 'unknown'}", style="dim"))
    out.print(Text("schema version 1.0", style="yellow"))
    render_text(week.objective)
    out.print()
    for day in snapshot.activity_plan.days:
        _render_day(day)
    out.print()
    for reason in snapshot.justification:
        render_text(reason, first="- ", others="  ")
    out.print(Text(f"runId {snapshot.run_id}", style="dim"), soft_wrap=True)


def _render_day(day: DayV1) -> None:
    label = f"{day.day_name[:3]} {day.date:%d %b}".ljust(_DAY_WIDTH)
    parts = [part for part in (day.activity, day.distance_time, day.intensity) if part]
    out.print(Text.assemble(label, "  ".join(parts)), soft_wrap=True)
    for text in (day.goal, day.note):
        if text:
            render_text((text, "dim"), first=_INDENT, others=_INDENT)
