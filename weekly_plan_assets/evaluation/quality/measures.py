"""What one planned week asks for, and what the athlete did before it: hours, days, sessions, sets.

Of endurance only, unless a function says otherwise: strength is left out of hours and sessions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from statistics import fmean, median

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.targets import is_by_feel
from weekly_plan_assets.domain.plan.session_parts import Stretch, TargetKind
from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    Phase,
    PlannedSession,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.domain.recorded.activity import STRENGTH_TYPES, Activity
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.evaluation.quality.planned_week import PlannedWeek

RECENT_WEEKS = 4
NORMAL_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})
LEAST_USUAL_HOURS = 0.5
"""With less in the four weeks before, there is no usual week to compare with."""

STEADY_SHARE = 0.6
"""Less than this share of the best week was an easier week, or a lost one. Project convention."""

USUAL_DAY_SHARE = 0.5
"""A weekday is usual where the athlete trained on it in half of the weeks that had training."""

NEAR_WEEKS = {
    Language.ENGLISH: ("this week", "next week", "coming weeks", "after the race"),
    Language.SPANISH: ("esta semana", "próxima", "después de la carrera"),
}
"""How a text speaks of the planned week and of what follows it."""

SetKey = tuple[Sport, int, int, int]
"""Sport, repeats, seconds of work and zone of the hardest part of a session."""


def planned_hours(week: PlannedWeek) -> float:
    """Hours of endurance that the plan asks for."""
    return sum(session.duration_s for session in endurance(week)) / SECONDS_PER_HOUR


def usual_hours(week: PlannedWeek) -> float | None:
    """Mean hours of the four weeks before; None if they are too few to be usual."""
    recent = week.before[-RECENT_WEEKS:]
    hours = sum(map(hours_of, recent)) / RECENT_WEEKS
    return hours if len(recent) == RECENT_WEEKS and hours >= LEAST_USUAL_HOURS else None


def hours_of(activities: Iterable[Activity]) -> float:
    """Hours of endurance that were done."""
    return sum(row.moving_time_s or 0 for row in activities if is_endurance(row)) / SECONDS_PER_HOUR


def follows_steady_weeks(week: PlannedWeek) -> bool:
    """Whether none of the four weeks before held less than 60 % of the hours of the best."""
    hours = [hours_of(rows) for rows in week.before[-RECENT_WEEKS:]]
    return len(hours) == RECENT_WEEKS and min(hours) >= STEADY_SHARE * max(hours)


def hours_share(week: PlannedWeek) -> float | None:
    """Planned hours by usual hours."""
    usual = usual_hours(week)
    return None if usual is None else planned_hours(week) / usual


def is_normal(week: PlannedWeek) -> bool:
    """Whether it is a week of ordinary training, with all days free for it."""
    return phase(week) in NORMAL_PHASES and not _is_away(week)


def phase(week: PlannedWeek) -> Phase:
    """The phase that the plan gives the week."""
    return week.plan.next_week.phase


def has_red_light(week: PlannedWeek) -> bool:
    """Whether HRV, resting heart rate or form was red in the observed week."""
    lights = week.request.context.envelope.readiness
    return any(lights.light(name) is Light.RED for name in ("hrv", "resting_hr", "form"))


def endurance(week: PlannedWeek) -> list[PlannedSession]:
    """The planned sessions but strength."""
    return [session for session in week.plan.sessions if not session.is_strength]


def is_endurance(row: Activity) -> bool:
    """Whether a recorded session is anything but strength."""
    return row.type not in STRENGTH_TYPES


def usual_sessions(week: PlannedWeek) -> float | None:
    """Sessions a week of the four weeks before, races among them."""
    if usual_hours(week) is None:
        return None
    return sum(map(is_endurance, chain(*week.before[-RECENT_WEEKS:]))) / RECENT_WEEKS


def longest_before_s(week: PlannedWeek) -> int:
    """The longest session of the four weeks before."""
    rows = filter(is_endurance, chain(*week.before[-RECENT_WEEKS:]))
    return max((row.moving_time_s or 0 for row in rows), default=0)


def longest_planned_s(week: PlannedWeek) -> int:
    """The longest planned session."""
    return max((session.duration_s for session in endurance(week)), default=0)


def usual_days(week: PlannedWeek) -> frozenset[int]:
    """Weekdays on which the athlete usually trains."""
    trained = [rows for rows in week.before if any(map(is_endurance, rows))]
    days = Counter(
        weekday
        for rows in trained
        for weekday in {r.day.weekday() for r in rows if is_endurance(r)}
    )
    return frozenset(d for d, count in days.items() if count >= USUAL_DAY_SHARE * len(trained))


def usual_long_day(week: PlannedWeek) -> int | None:
    """The weekday on which the longest session of a week is most often done."""
    longest = [
        max(rows, key=lambda row: row.moving_time_s or 0).day.weekday()
        for rows in ([r for r in rows if is_endurance(r)] for rows in week.before)
        if rows
    ]
    return Counter(longest).most_common(1)[0][0] if longest else None


def planned_long_day(week: PlannedWeek) -> int | None:
    """The weekday of the longest planned session."""
    days = [
        (session.duration_s, day.date.weekday())
        for day in week.plan.days
        for session in day.sessions
        if not session.is_strength
    ]
    return max(days)[1] if days else None


def planned_weekdays(week: PlannedWeek) -> list[int]:
    """The weekdays with a planned session of endurance."""
    return [
        day.date.weekday()
        for day in week.plan.days
        if any(not session.is_strength for session in day.sessions)
    ]


def planned_shares(week: PlannedWeek) -> dict[Sport, float]:
    """The share of planned time by sport."""
    seconds: Counter[Sport] = Counter()
    for session in endurance(week):
        seconds[session.sport] += session.duration_s
    return _shares(seconds)


def usual_shares(week: PlannedWeek) -> dict[Sport, float]:
    """The share of time by sport in the weeks that say what is habit."""
    seconds: Counter[Sport] = Counter()
    for row in chain(*week.before):
        if (sport := SPORTS_BY_ACTIVITY_TYPE.get(row.type or "")) is not None:
            seconds[sport] += row.moving_time_s or 0
    return _shares(seconds)


def share_distance(one: Mapping[Sport, float], other: Mapping[Sport, float]) -> float:
    """Half of the sum of differences: 0 for the same shares, 1 for other sports altogether."""
    return sum(abs(one.get(sport, 0) - other.get(sport, 0)) for sport in {*one, *other}) / 2


def hard_sets(week: PlannedWeek) -> frozenset[SetKey]:
    """The hardest part of each hard session but races."""
    return frozenset(
        key
        for session in week.plan.sessions
        if session.is_hard and not session.is_race and (key := _hardest(session)) is not None
    )


def easy_heart_rates_bpm(week: PlannedWeek) -> list[tuple[float, float]]:
    """For each easy session the middle of its zone, and what the athlete's sessions have had.

    The second is the median of the mean heart rates of all sessions of that sport.
    """
    own: dict[Sport, list[float]] = {}
    for row in chain(*week.before):
        sport = SPORTS_BY_ACTIVITY_TYPE.get(row.type or "")
        if sport is not None and row.average_hr_bpm is not None:
            own.setdefault(sport, []).append(row.average_hr_bpm)
    pairs = []
    for session in endurance(week):
        zone = session.intensity
        easy = session.kind in {SessionKind.EASY, SessionKind.LONG}
        if not easy or zone is None or zone.bpm_low is None or zone.bpm_high is None:
            continue
        if session.sport in own:
            pairs.append(((zone.bpm_low + zone.bpm_high) / 2, median(own[session.sport])))
    return pairs


def has_threshold(week: PlannedWeek, sport: Sport) -> bool:
    """Whether the athlete has set a power or pace at threshold in a sport."""
    persona = week.persona
    known = {Sport.RIDE: persona.ftp_w, Sport.RUN: persona.threshold_pace_s_km}
    return known.get(sport) is not None


def is_by_number(stretch: Stretch) -> bool:
    """Whether a pace or power can steer a hard stretch: uphill and by feel none can."""
    return stretch.zone >= HARD_FROM_ZONE and not is_by_feel(stretch) and not stretch.uphill


def names_pace_or_power(session: PlannedSession) -> bool:
    """Whether each hard stretch that is not by feel is steered by power or pace."""
    hard = [stretch for _, stretch in stretches(session.blocks) if is_by_number(stretch)]
    by_number = {TargetKind.POWER, TargetKind.PACE}
    return all(by_number & {one.kind for one in each.targets} for each in hard)


def speaks_of_plan(text: str, week: PlannedWeek) -> bool:
    """Whether a text names a weekday, a session of the plan, this week or what comes next.

    By its words alone: whether it says something true and useful of them needs a reader.
    """
    language = week.request.context.athlete.language
    read = text.lower()
    named = (
        *DAY_NAMES_BY_LANGUAGE[language],
        *(session.name for session in week.plan.sessions if session.name is not None),
        *NEAR_WEEKS[language],
    )
    return any(name.lower() in read for name in named)


def race_hours_before(week: PlannedWeek) -> float:
    """Hours of the longest race of the observed week; 0 without one."""
    rows = week.before[-1] if week.before else ()
    longest_s = max((row.moving_time_s or 0 for row in rows if _is_race(row)), default=0)
    return longest_s / SECONDS_PER_HOUR


def running_hours(week: PlannedWeek) -> float:
    """Planned hours of running."""
    runs = (s.duration_s for s in week.plan.sessions if s.sport is Sport.RUN)
    return sum(runs) / SECONDS_PER_HOUR


def does_strength(week: PlannedWeek) -> bool:
    """Whether the athlete does strength work by habit."""
    return any(session.sport is Sport.STRENGTH for session in week.persona.week)


def mean_or_none(values: Iterable[float]) -> float | None:
    """The mean; None of nothing."""
    known = list(values)
    return fmean(known) if known else None


def _is_away(week: PlannedWeek) -> bool:
    athlete = week.request.context.athlete
    return any(absence.covers(day) for absence in athlete.absences for day in week.week.days)


def _is_race(row: Activity) -> bool:
    return (row.name or "").startswith(SessionKind.RACE.value)


def _shares(seconds: Mapping[Sport, int]) -> dict[Sport, float]:
    total = sum(seconds.values())
    return {sport: time_s / total for sport, time_s in seconds.items()} if total else {}


def _hardest(session: PlannedSession) -> SetKey | None:
    hard = [
        (block.repeats * step.repeats, step.work)
        for block in session.blocks
        for step in block.steps
        if step.work.zone >= HARD_FROM_ZONE
    ]
    if not hard:
        return None
    times, work = max(hard, key=lambda one: (one[1].zone, one[0] * one[1].duration_s))
    return session.sport, times, work.duration_s, work.zone
