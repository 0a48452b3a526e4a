"""How plans and runs look in a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.padding import Padding
from rich.text import Text

from weekly_plan_assets.cli.console import out
from weekly_plan_assets.cli.render_version_1 import render_plan_v1
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.domain.weekly_plan import PlannedDay, PlannedSession
from weekly_plan_assets.lineage.reading import AnyEvent, AnySnapshot
from weekly_plan_assets.lineage.run_record import Status
from weekly_plan_assets.lineage.version_1 import PlanSnapshotV1, RunEventV1
from weekly_plan_assets.presentation.figures import duration, fitness, zone

SIMULATED = "simulated athlete: not a real person's data"
REST: Mapping[str, str] = {"en": "rest", "es": "descanso"}
"""A day without a session, by language code."""

_DAY_WIDTH = 12


def render_plan(snapshot: AnySnapshot, *, simulated: bool) -> None:
    """Write a plan day by day, with its warnings, its reasons and its runId."""
    if isinstance(snapshot, PlanSnapshotV1):
        render_plan_v1(snapshot)
        return
    plan = snapshot.activity_plan
    week = plan.next_week
    title = f"Plan for {week.week_start} to {week.week_end}"
    out.print(Text.assemble((title, "bold"), f"  {week.phase}, load {week.planned_load:g}"))
    if simulated:
        out.print(Text(SIMULATED, style="yellow"))
    out.print(Text(week.objective))
    out.print()
    for day in plan.days:
        _render_day(day)
    out.print()
    for warning in plan.warnings:
        out.print(Text(f"! {warning}", style="yellow"))
    if snapshot.predicted is not None:
        out.print(Text(f"At its end, if all is done: {fitness(snapshot.predicted)}."))
    for reason in snapshot.justification:
        out.print(Text(f"- {reason.text}"))
    out.print(Text(f"runId {snapshot.run_id}", style="dim"), soft_wrap=True)


def _render_day(day: PlannedDay) -> None:
    label = f"{day.day_name[:3]} {day.date:%d %b}".ljust(_DAY_WIDTH)
    if not day.sessions:
        out.print(Text.assemble(label, (rest_word(day), "dim")))
    for session in day.sessions:
        out.print(Text.assemble(label, *_headline(session)), soft_wrap=True)
        out.print(Padding(Text(session.description, style="dim"), (0, 0, 0, _DAY_WIDTH)))
        label = " " * _DAY_WIDTH


def rest_word(day: PlannedDay) -> str:
    """What a rest day is called in the language of the plan, which its name of the day tells."""
    known = (code for code, names in DAY_NAMES_BY_LANGUAGE.items() if day.day_name in names)
    return REST[next(known, "en")]


def _headline(session: PlannedSession) -> Iterator[str | tuple[str, str]]:
    yield f"{session.sport} {session.kind}".ljust(24), "bold" if session.is_hard else ""
    yield duration(session.duration_s).rjust(7)
    yield f"  load {session.planned_load:>3g}"
    yield f"  {zone(session.intensity)}"


def render_runs(events: Sequence[AnyEvent]) -> None:
    """Write run events, newest first: two lines each, and one an error."""
    for event in events:
        succeeded = event.status == Status.SUCCESS
        attempt = "-" if event.attempt is None else str(event.attempt)
        status = (f"{event.status:<8}", "green" if succeeded else "red")
        ended = f"attempt {attempt}  ended {_ended(event)}"
        out.print(Text.assemble(f"{event.week_start}  ", status, ended), soft_wrap=True)
        out.print(Text(f"            runId {event.run_id}", style="dim"), soft_wrap=True)
        for error in event.errors:
            out.print(Text(f"            {error}", style="red"), soft_wrap=True)


def _ended(event: AnyEvent) -> str:
    at = event.created_at if isinstance(event, RunEventV1) else event.ended_at
    return "at an unknown time" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
