"""A simulated athlete's days, one after another: two years of habit, then habit or plans.

What is known of them on a Sunday evening belongs to `known`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from random import Random

from weekly_plan_assets.domain.metrics.fitness import ATL_DAYS, CTL_DAYS, RAMP_DAYS, next_ewma
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, Sport, WeeklyPlan
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.sources.personas.persona import (
    FIRST_MONDAY,
    HISTORY_WEEKS,
    LAST_DAY,
    Gap,
    GapKind,
    HabitualSession,
    Persona,
    PersonaWorkout,
    YearlyRace,
)
from weekly_plan_assets.sources.personas.persona_body import persona_wellness
from weekly_plan_assets.sources.personas.persona_recording import (
    DoneSession,
    as_planned,
    habitual,
    persona_activity,
    persona_load,
)
from weekly_plan_assets.sources.sample.draw import bell, generator

_FIRST_WEEK = TrainingWeek(FIRST_MONDAY)

MORE_SHARE = 1.3
"""Of the planned time, by those who do more than was planned."""

_LEAST_S = 900
_EASIER_SHARE = 0.68
_TAPER_SHARES = (0.5, 0.75)
"""Of usual time in the week of an A race and the week before it (Bosquet 2007)."""

_REST_DAYS_PER_RACE_HOUR = 1.6
"""Days off after a race by its hours: five after a marathon of three hours (practice)."""

_AFTER_RACE_SHARE = 0.6
_RETURN_SHARE = 0.5
"""Of usual time on the first day after a gap; grows to all of it in as long as the gap lasted,
three weeks at most (practice)."""

_LONGEST_RETURN_DAYS = 42
_LONGEST_BEFORE_RACE_WEEKS = 3
_ILLNESS_LINGERS_DAYS = 4
_MID_JULY = 196
_HALF_YEAR = 182.5


class Response(StrEnum):
    """What a simulated athlete does with a plan."""

    AS_PLANNED = "as planned"
    HALF = "every other session"
    MORE = "1.3 times the time"
    HABIT = "what they always do"


@dataclass
class Life:
    """The athlete from day to day. What was recorded is kept by week, from `kept_from` on."""

    persona: Persona
    kept_from: TrainingWeek = field(default=_FIRST_WEEK)
    activities: dict[TrainingWeek, list[Activity]] = field(default_factory=dict)
    wellness: dict[TrainingWeek, list[WellnessDay]] = field(default_factory=dict)
    ctl: float = 0.0
    atl: float = 0.0
    sessions_planned: int = 0
    past_ctl: list[float] = field(default_factory=list)

    def live_habit(self, week: TrainingWeek, *, eventful: bool = True) -> None:
        """Live a week as usual.

        Args:
            week: The next week of this life.
            eventful: Whether races and gaps happen in it.
        """
        persona, number = self.persona, _number(week)
        for day in week.days:
            done: list[DoneSession] = []
            race = _race_on(persona, day) if eventful else None
            if number >= persona.begins and race is not None and not _gap_on(persona, day):
                duration_s = round(race.hours * 3600)
                done = [habitual(persona, day, 0, race.sport, PersonaWorkout.RACE, duration_s)]
            elif number >= persona.begins:
                done = self._habits_of(week, day, eventful=eventful)
            self._end_day(week, day, done, ill=_illness(persona, day) if eventful else 0.0)

    def live_plan(self, week: TrainingWeek, plan: WeeklyPlan, response: Response) -> None:
        """Live a week in answer to a plan for it."""
        if response is Response.HABIT:
            self.live_habit(week, eventful=False)
            return
        share = MORE_SHARE if response is Response.MORE else 1.0
        for day in plan.days:
            sessions = [one for one in day.sessions if self._does_next(response)]
            done = [
                as_planned(self.persona, day.date, slot, session, _share_of(session, share))
                for slot, session in enumerate(sessions)
            ]
            self._end_day(week, day.date, done, ill=0.0)

    def _does_next(self, response: Response) -> bool:
        self.sessions_planned += 1
        return response is not Response.HALF or self.sessions_planned % 2 == 1

    def _habits_of(self, week: TrainingWeek, day: date, *, eventful: bool) -> list[DoneSession]:
        persona = self.persona
        chance_of_week = generator("persona-week", persona.key, week)
        share = _usual_share(persona, week, chance_of_week)
        if eventful:
            share *= _race_share(persona, day)
        sessions = [one for one in persona.week if one.weekday == day.weekday()]
        done = []
        for slot, session in enumerate(sessions):
            chance = generator("persona", persona.key, day, slot)
            if not _takes_place(persona, session, chance):
                continue
            part = share * (_gap_share(persona, day, session.sport) if eventful else 1.0)
            minutes = _minutes(persona, day, session, part, chance, eventful=eventful)
            if minutes > 0:
                duration_s = max(_LEAST_S, round(60 * minutes))
                done.append(
                    habitual(persona, day, slot, session.sport, session.workout, duration_s)
                )
        return done

    def _end_day(
        self, week: TrainingWeek, day: date, done: Sequence[DoneSession], *, ill: float
    ) -> None:
        load = sum(persona_load(self.persona, session) for session in done)
        self.ctl = next_ewma(self.ctl, load, CTL_DAYS)
        self.atl = next_ewma(self.atl, load, ATL_DAYS)
        before = self.past_ctl[-RAMP_DAYS] if len(self.past_ctl) >= RAMP_DAYS else self.ctl
        self.past_ctl.append(self.ctl)
        if week < self.kept_from:
            return
        self.activities.setdefault(week, []).extend(
            persona_activity(self.persona, session, self.ctl, self.atl) for session in done
        )
        self.wellness.setdefault(week, []).append(
            persona_wellness(
                self.persona,
                day,
                ctl=self.ctl,
                atl=self.atl,
                ramp_rate=self.ctl - before,
                ill=ill,
            )
        )


def life_of(persona: Persona) -> Life:
    """The athlete at the end of their history, to live on from there."""
    history = _history(persona)
    return replace(
        history,
        activities={week: list(rows) for week, rows in history.activities.items()},
        wellness={week: list(rows) for week, rows in history.wellness.items()},
        past_ctl=list(history.past_ctl),
    )


@cache
def _history(persona: Persona) -> Life:
    life = Life(persona)
    for number in range(HISTORY_WEEKS):
        life.live_habit(TrainingWeek(FIRST_MONDAY + timedelta(weeks=number)))
    return life


def races_of(persona: Persona, last: date = LAST_DAY) -> list[tuple[date, YearlyRace]]:
    """The athlete's races until a day, with their days."""
    found = []
    for year in range(FIRST_MONDAY.year, last.year + 1):
        for race in persona.races:
            day = _sunday(year, race.week)
            if FIRST_MONDAY + timedelta(weeks=persona.begins) <= day <= last:
                found.append((day, race))
    return sorted(found, key=lambda pair: pair[0])


def gap_days(gap: Gap) -> tuple[date, date]:
    """First and last day of a gap."""
    first = FIRST_MONDAY + timedelta(weeks=gap.week)
    return first, first + timedelta(days=gap.days - 1)


def _number(week: TrainingWeek) -> int:
    return (week.start - FIRST_MONDAY).days // DAYS_PER_WEEK


def _sunday(year: int, week: int) -> date:
    first = date(year, 1, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    return monday + timedelta(weeks=week - 1, days=6)


def _usual_share(persona: Persona, week: TrainingWeek, chance: Random) -> float:
    """The share of an ordinary week's minutes, by season, growth, cycle and chance."""
    day_of_year = week.start.timetuple().tm_yday
    from_july = min(abs(day_of_year - _MID_JULY), 365 - abs(day_of_year - _MID_JULY))
    season = 1 + persona.summer * (1 - 2 * from_july / _HALF_YEAR)
    # Habits are as declared when the history ends.
    growth = 1 + persona.growth * (week.start - LAST_DAY).days / 365
    number = _number(week)
    easier = persona.easier_every and number % persona.easier_every == persona.easier_every - 1
    noise = 1 + bell(chance, persona.variation / 2)
    return max(0.2, season * max(growth, 0.4) * (_EASIER_SHARE if easier else 1.0) * noise)


def _takes_place(persona: Persona, session: HabitualSession, chance: Random) -> bool:
    return chance.random() < session.chance * (1 - persona.skips)


def _minutes(
    persona: Persona,
    day: date,
    session: HabitualSession,
    share: float,
    chance: Random,
    *,
    eventful: bool,
) -> float:
    noise = 1 + bell(chance, persona.variation)
    minutes = session.minutes
    if session.sport is Sport.STRENGTH:
        return minutes if share > 0 else 0
    if eventful and session.workout is PersonaWorkout.LONG:
        minutes = max(minutes, _long_minutes(persona, day, session))
    return minutes * share * noise


def _long_minutes(persona: Persona, day: date, session: HabitualSession) -> int:
    """The long session on the way to a race: grows evenly until three weeks before it."""
    longest = session.minutes
    for race_day, race in races_of(persona, day + timedelta(weeks=26)):
        weeks = (race_day - day).days // DAYS_PER_WEEK
        if race.longest_min is None or race.sport is not session.sport:
            continue
        if not _LONGEST_BEFORE_RACE_WEEKS <= weeks <= race.build_up_weeks:
            continue
        done = (race.build_up_weeks - weeks) / max(
            1, race.build_up_weeks - _LONGEST_BEFORE_RACE_WEEKS
        )
        longest = max(longest, round(session.minutes + done * (race.longest_min - session.minutes)))
    return longest


def _race_on(persona: Persona, day: date) -> YearlyRace | None:
    return next((race for at, race in races_of(persona, day) if at == day), None)


def _race_share(persona: Persona, day: date) -> float:
    """The share of usual minutes before and after races."""
    share = 1.0
    for at, race in races_of(persona, day + timedelta(days=14)):
        to_race, since = (at - day).days, (day - at).days
        if race.priority == "A" and 0 < to_race < 2 * DAYS_PER_WEEK:
            share = min(share, _TAPER_SHARES[to_race // DAYS_PER_WEEK])
        rest_days = race.hours * _REST_DAYS_PER_RACE_HOUR
        if 0 < since <= rest_days:
            share = 0.0
        elif 0 < since <= 3 * rest_days:
            share = min(share, _AFTER_RACE_SHARE)
    return share


def _gap_on(persona: Persona, day: date) -> Gap | None:
    spans = ((gap, *gap_days(gap)) for gap in persona.gaps)
    return next((gap for gap, first, last in spans if first <= day <= last), None)


def _gap_share(persona: Persona, day: date, sport: Sport) -> float:
    """The share of usual minutes in a sport, during gaps and on the way back."""
    share = 1.0
    for gap in persona.gaps:
        if sport in gap.still:
            continue
        first, last = gap_days(gap)
        if first <= day <= last:
            return 0.0
        since, span = (day - last).days, min(gap.days, _LONGEST_RETURN_DAYS)
        if gap.kind is not GapKind.HOLIDAY and 0 < since <= span:
            share = min(share, _RETURN_SHARE + (1 - _RETURN_SHARE) * since / span)
    return share


def _illness(persona: Persona, day: date) -> float:
    """From 0, well, to 1, ill; it is felt for some days after."""
    felt = 0.0
    for gap in persona.gaps:
        if gap.kind is GapKind.ILLNESS:
            first, last = gap_days(gap)
            if first <= day <= last:
                return 1.0
            if 0 < (day - last).days <= _ILLNESS_LINGERS_DAYS:
                felt = 0.5
    return felt


def _share_of(session: PlannedSession, share: float) -> float:
    """More is done of training, not of a race."""
    return 1.0 if session.is_race else share
