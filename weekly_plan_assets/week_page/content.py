"""What the page of a week holds, in its athlete's language, from what is stored of the run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.common.figures_in_words import duration, zone
from weekly_plan_assets.domain.adherence import PlannedAndDone
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.athlete_id import with_name
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession
from weekly_plan_assets.domain.readiness import Light, Signal
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import TrainingWeek, language_of_day, weeks_between
from weekly_plan_assets.lineage.records.records import PlanAdherence, PlanningInputs, PlanSnapshot
from weekly_plan_assets.planners.plan_reasons import signal_value_in_words
from weekly_plan_assets.planners.wording import date_in_words, first_day_in_words
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.week_page.charts import (
    FitnessChart,
    LoadBar,
    StepBar,
    fitness_chart,
    load_bars,
    step_bars,
)
from weekly_plan_assets.week_page.page_words import PAGE_WORDS, PageWords


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page elsewhere, and what it is called."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SessionOnPage:
    """A session as the page shows it; `about` is what else it says, each in a sentence or more."""

    title: str
    duration: str
    load: str
    zone: str
    is_hard: bool
    bars: tuple[StepBar, ...]
    goal: str
    description: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayOnPage:
    """A day; without sessions it is one of rest."""

    name: str
    date: str
    load: str
    sessions: tuple[SessionOnPage, ...]


@dataclass(frozen=True, slots=True)
class SignalOnPage:
    """A signal of readiness, with its light as a word of CSS and in words."""

    name: str
    value: str
    light: str
    light_in_words: str


@dataclass(frozen=True, slots=True)
class PlannedAndDoneOnPage:
    """A session of last week's plan, and what became of it."""

    date: str
    what: str
    planned: str
    done: str
    outcome: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class WeekOnPage:
    """The page.

    Attributes:
        language: As HTML names it.
        athlete: The name, with the id behind it; the id alone where the name is not known.
        is_simulated: Whether the athlete is not a real person.
        loads: Loads of the weeks before, and of the planned one; empty where nothing is known.
        added: How many sessions were done last week without being planned.
        back: The page that leads to those of all athletes; None if there is none.
    """

    language: str
    words: PageWords
    title: str
    athlete: str
    is_simulated: bool
    phase: str
    objective: str
    hours: str
    session_count: int
    load: str
    predicted: FitnessState | None
    warnings: tuple[str, ...]
    days: tuple[DayOnPage, ...]
    loads: tuple[LoadBar, ...]
    fitness: FitnessChart | None
    signals: tuple[SignalOnPage, ...]
    reasons: tuple[str, ...]
    last_week: tuple[PlannedAndDoneOnPage, ...]
    added: int
    made_by: str
    run_id: str
    links: tuple[PageLink, ...]
    back: PageLink | None


def week_on_page(
    snapshot: PlanSnapshot,
    inputs: PlanningInputs | None,
    *,
    is_simulated: bool,
    name: str | None = None,
    links: tuple[PageLink, ...] = (),
    overview: str | None = None,
) -> WeekOnPage:
    """The page of a published plan.

    Args:
        snapshot: The plan.
        inputs: What it was made from; None where that is no longer stored.
        is_simulated: Whether the athlete is not a real person.
        name: What the athlete is called in a roster.
        links: To the run elsewhere.
        overview: Address of the page of all athletes; None if there is none.
    """
    plan = snapshot.activity_plan
    language = Language(language_of_day(plan.days[0].day_name))
    words, page_words = WORDS[language], PAGE_WORDS[language]
    week, sessions = plan.next_week, [one for day in plan.days for one in day.sessions]
    endurance_s = sum(one.duration_s for one in sessions)
    weeks = () if inputs is None else (*inputs.history, inputs.metrics)
    adherence = None if inputs is None else inputs.adherence
    mondays = _mondays(weeks, snapshot.planned_week)
    return WeekOnPage(
        language=language.value,
        words=page_words,
        title=page_words.title.format(
            first=first_day_in_words(week.week_start, week.week_end, words),
            last=date_in_words(week.week_end, words),
        ),
        athlete=with_name(snapshot.athlete_id, name),
        is_simulated=is_simulated,
        phase=words.phase_label(week.phase, is_hard=any(one.is_hard for one in sessions)),
        objective=week.objective,
        hours=_decimal(f"{endurance_s / SECONDS_PER_HOUR:.1f}", words),
        session_count=len(sessions),
        load=f"{week.planned_load:g}",
        predicted=snapshot.predicted,
        warnings=plan.warnings,
        days=tuple(_day(day, words) for day in plan.days),
        loads=_loads(weeks, mondays, week.planned_load, words),
        fitness=fitness_chart(weeks, mondays, snapshot.predicted),
        signals=() if inputs is None else tuple(_signals(inputs, words, page_words)),
        reasons=tuple(reason.text for reason in snapshot.justification),
        last_week=tuple(_last_week(adherence, words, page_words)),
        added=0 if adherence is None else len(adherence.added),
        made_by=page_words.made_by.format(
            planner="?" if inputs is None else inputs.model_id,
            observed=date_in_words(snapshot.observed_week_start, words),
        ),
        run_id=snapshot.run_id,
        links=links,
        back=None if overview is None else PageLink(page_words.all_athletes, overview),
    )


def _decimal(number: str, words: Words) -> str:
    return number.replace(".", words.decimal)


def _day(day: PlannedDay, words: Words) -> DayOnPage:
    language = Language(language_of_day(day.day_name))
    return DayOnPage(
        name=day.day_name,
        date=date_in_words(day.date, words),
        load=f"{day.planned_load:g}",
        sessions=tuple(_session(one, language) for one in day.sessions),
    )


def _session(session: PlannedSession, language: Language) -> SessionOnPage:
    about = (session.where, session.stop_when, session.last_time)
    return SessionOnPage(
        title=session.title,
        duration=duration(session.duration_s),
        load=f"{session.planned_load:g}",
        zone=zone(session.intensity, language),
        is_hard=session.is_hard,
        bars=step_bars(session.blocks),
        goal=session.goal,
        description=session.description,
        about=(
            *(text for text in about if text),
            *(one.description for one in session.alternatives),
        ),
    )


def _mondays(weeks: tuple[WeeklyMetrics, ...], planned: TrainingWeek) -> list[date]:
    """All Mondays from that of the first known week to that of the planned one."""
    if not weeks:
        return [planned.start]
    first = TrainingWeek(min(week.week_start for week in weeks))
    return [week.start for week in weeks_between(first, planned)]


def _loads(
    weeks: tuple[WeeklyMetrics, ...], mondays: list[date], planned_load: float, words: Words
) -> tuple[LoadBar, ...]:
    if not weeks:
        return ()
    known = {week.week_start: week.training_load for week in weeks}
    known[mondays[-1]] = planned_load
    return load_bars([(_short_date(one, words), known.get(one)) for one in mondays])


def _short_date(day: date, words: Words) -> str:
    return words.date.format(day=day.day, month=words.months[day.month - 1][:3])


def _signals(inputs: PlanningInputs, words: Words, page_words: PageWords) -> Iterator[SignalOnPage]:
    for signal in inputs.envelope.readiness.signals:
        name = words.signals.get(signal.name, signal.name)
        yield SignalOnPage(
            name=f"{name[:1].upper()}{name[1:]}",
            value=_signal_value(signal, words),
            light=signal.light.value,
            light_in_words=page_words.lights[signal.light],
        )


def _signal_value(signal: Signal, words: Words) -> str:
    if signal.value is None or signal.light is Light.NOT_EVALUATED:
        return ""
    return signal_value_in_words(signal.value, signal, words)


def _last_week(
    adherence: PlanAdherence | None, words: Words, page_words: PageWords
) -> Iterator[PlannedAndDoneOnPage]:
    for one in () if adherence is None else adherence.sessions:
        yield PlannedAndDoneOnPage(
            date=_short_date(one.day, words),
            what=_what(one, words),
            planned=duration(one.planned_duration_s),
            done="" if one.done_duration_s is None else duration(one.done_duration_s),
            outcome=", ".join(_outcome(one, page_words)),
            is_missed=one.activity_id is None,
        )


def _outcome(one: PlannedAndDone, page_words: PageWords) -> Iterator[str]:
    yield page_words.outcomes[one.outcome]
    if one.by_hand is not None:
        yield page_words.by_hand[one.by_hand]


def _what(one: PlannedAndDone, words: Words) -> str:
    sport, kind = words.sports[one.sport], words.kinds[one.kind]
    return sport if sport == kind else f"{sport}, {kind}"
