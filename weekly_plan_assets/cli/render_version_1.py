"""How plans and run events of schema version 1.0 look in a terminal: in their own words."""

from rich.padding import Padding
from rich.text import Text

from weekly_plan_assets.cli.console import out
from weekly_plan_assets.lineage.version_1 import DayV1, PlanSnapshotV1

_DAY_WIDTH = 12


def render_plan_v1(snapshot: PlanSnapshotV1) -> None:
    """Write a plan day by day, with its reasons and its runId."""
    week = snapshot.activity_plan.next_week
    title = f"Plan for {week.week_start} to {week.week_end}"
    out.print(Text.assemble((title, "bold"), f"  {week.phase}"))
    out.print(Text("schema version 1.0", style="yellow"))
    out.print(Text(week.objective))
    out.print()
    for day in snapshot.activity_plan.days:
        _render_day(day)
    out.print()
    for reason in snapshot.justification:
        out.print(Text(f"- {reason}"))
    out.print(Text(f"runId {snapshot.run_id}", style="dim"), soft_wrap=True)


def _render_day(day: DayV1) -> None:
    label = f"{day.day_name[:3]} {day.date:%d %b}".ljust(_DAY_WIDTH)
    told = [part for part in (day.activity, day.distance_time, day.intensity) if part]
    out.print(Text.assemble(label, "  ".join(told)), soft_wrap=True)
    for text in (day.goal, day.note):
        if text:
            out.print(Padding(Text(text, style="dim"), (0, 0, 0, _DAY_WIDTH)))
