"""How plans and runs look in a terminal."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from weekly_plan_assets.cli.pages.plan_words import PLAN_WORDS
from weekly_plan_assets.cli.pages.render_page import render_text
from weekly_plan_assets.cli.pages.render_version_1 import render_plan_v1
from weekly_plan_assets.common.figures_in_words import dollars, duration, fitness, zone
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.athlete_id import with_name
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.plan.session_parts import Block
from weekly_plan_assets.domain.plan.session_zones import as_done
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession
from weekly_plan_assets.domain.week import language_of_day
from weekly_plan_assets.lineage.records.reading import AnyEvent, AnySnapshot
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.lineage.records.version_1 import PlanSnapshotV1, RunEventV1
from weekly_plan_assets.planners.words import WORDS
from weekly_plan_assets.terminal.console import out

SIMULATED = PLAN_WORDS[Language.ENGLISH].simulated

_DAY_WIDTH = 12
_INDENT = " " * _DAY_WIDTH
_NAME_WIDTH = 36
_BAR_WIDTH = 60
_BAR_HEIGHTS = "▁▂▄▆█"
_BAR_COLOURS = ("bright_black", "green", "yellow", "dark_orange", "red")
"""By zone, 1 to 5."""


def render_plan(snapshot: AnySnapshot, *, simulated: bool, name: str | None = None) -> None:
    """Write a plan day by day, with its warnings, its reasons and its runId.

    Args:
        snapshot: The plan.
        simulated: Whether the athlete is not a real person.
        name: What the athlete is called in a roster.
    """
    if isinstance(snapshot, PlanSnapshotV1):
        render_plan_v1(snapshot)
        return
    plan = snapshot.activity_plan
    week, language = plan.next_week, Language(language_of_day(plan.days[0].day_name))
    words = PLAN_WORDS[language]
    title = words.title.format(first=week.week_start, last=week.week_end)
    phase = WORDS[language].phases[week.phase]
    out.print(Text.assemble((title, "bold"), f"  {phase}, {words.load} {week.planned_load:g}"))
    athlete = with_name(snapshot.athlete_id, name)
    source = words.source.format(athlete=athlete, observed=snapshot.observed_week_start)
    render_text((source, "dim"))
    if simulated:
        out.print(Text(words.simulated, style="yellow"))
    render_text(week.objective)
    out.print()
    for day in plan.days:
        _render_day(day, language)
    out.print()
    for warning in plan.warnings:
        render_text((warning, "yellow"), first="! ", others="  ")
    if snapshot.predicted is not None:
        render_text(words.at_its_end.format(fitness=_fitness(snapshot.predicted, language)))
    for reason in snapshot.justification:
        render_text(reason.text, first="- ", others="  ")
    out.print(Text(f"runId {snapshot.run_id}", style="dim"), soft_wrap=True)


def _fitness(state: FitnessState, language: Language) -> str:
    """CTL, ATL and TSB with the decimal sign of the language."""
    return fitness(state).replace(".", WORDS[language].decimal)


def _render_day(day: PlannedDay, language: Language) -> None:
    month = WORDS[language].months[day.date.month - 1][:3]
    label = f"{day.day_name[:3]} {day.date:%d} {month}".ljust(_DAY_WIDTH)
    if not day.sessions:
        out.print(Text.assemble(label, (PLAN_WORDS[language].rest, "dim")))
    for session in day.sessions:
        out.print(_headline(label, session, language), soft_wrap=True)
        if session.blocks and out.is_terminal and not out.no_color:
            out.print(Text(_INDENT) + step_bar(session.blocks), soft_wrap=True)
        for text in _lines(session):
            render_text((text, "dim"), first=_INDENT, others=_INDENT)
        label = _INDENT


def _lines(session: PlannedSession) -> Iterator[str]:
    """What is said of a session, the purpose first."""
    yield session.goal
    yield session.description
    yield from filter(None, (session.where, session.stop_when, session.last_time))
    for alternative in session.alternatives:
        yield alternative.description


def step_bar(blocks: Sequence[Block]) -> Text:
    """The session as a bar: as wide as its steps are long, as high as their zones."""
    done = list(as_done(blocks))
    whole_s = sum(stretch.duration_s for stretch in done)
    bar, at_s, drawn = Text(), 0, 0
    for stretch in done:
        at_s += stretch.duration_s
        width = round(_BAR_WIDTH * at_s / whole_s) - drawn
        drawn += width
        bar.append(_BAR_HEIGHTS[stretch.zone - 1] * width, style=_BAR_COLOURS[stretch.zone - 1])
    return bar


def rest_word(day: PlannedDay) -> str:
    """What a rest day is called in the language of the plan, known from the day's name."""
    return PLAN_WORDS[Language(language_of_day(day.day_name))].rest


def _headline(label: str, session: PlannedSession, language: Language) -> Text:
    """The line of a session; strength has no zone."""
    line = Text.assemble(
        label,
        (session.title.ljust(_NAME_WIDTH), "bold" if session.is_hard else ""),
        duration(session.duration_s).rjust(7),
        f"  {PLAN_WORDS[language].load} {session.planned_load:>3g}"
        f"  {zone(session.intensity, language)}",
    )
    line.rstrip()
    return line


def render_runs(events: Sequence[AnyEvent]) -> None:
    """Write run events, newest first: by the planned week, three lines each, and one an error."""
    for event in events:
        succeeded = event.status == Status.SUCCESS
        attempt = "-" if event.attempt is None else str(event.attempt)
        status = (f"{event.status:<8}", "green" if succeeded else "red")
        ended = f"attempt {attempt}  ended {_ended(event)}{_took(event)}"
        source = event.planned_week.shift(-1)
        out.print(Text.assemble(f"{event.week_start}  ", status, ended), soft_wrap=True)
        about = f"            athlete {event.athlete_id or 'unknown'}, from the week of {source}"
        out.print(Text(about, style="dim"), soft_wrap=True)
        out.print(Text(f"            runId {event.run_id}", style="dim"), soft_wrap=True)
        for error in event.errors:
            out.print(Text(f"            {error}", style="red"), soft_wrap=True)
    known = [event for event in events if isinstance(event, RunEvent)]
    counted = [event.tokens for event in known if event.tokens is not None]
    costs = [event.cost_usd for event in known if event.cost_usd is not None]
    if counted:
        out.print(f"{sum(counted):,} tokens in {len(counted)} of these runs")
    if costs:
        out.print(f"about {dollars(sum(costs))} in {len(costs)} of these runs, by list prices")


def _took(event: AnyEvent) -> str:
    """Tokens and their price, as far as they are known."""
    if not isinstance(event, RunEvent) or event.tokens is None:
        return ""
    cost = "" if event.cost_usd is None else f", about {dollars(event.cost_usd)}"
    return f"  {event.tokens:,} tokens{cost}"


def _ended(event: AnyEvent) -> str:
    at = event.created_at if isinstance(event, RunEventV1) else event.ended_at
    return "at an unknown time" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
