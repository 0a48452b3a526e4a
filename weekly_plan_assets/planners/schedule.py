"""Which sessions the rules planner puts on which days, and how long they are.

Weekdays count from 0, Monday. Sessions come from `workouts`; bounds come from the load envelope.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.envelope import LoadEnvelope
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.domain.weekly_plan import Phase, PlannedSession, SessionKind, Sport
from weekly_plan_assets.planners.workouts import (
    EASY_ZONE,
    FULL_INTERVALS,
    RECOVERY_ZONE,
    SHORT_INTERVALS,
    Intervals,
    interval_session,
    steady_load,
    steady_session,
    strength_load,
    strength_session,
)

STEP_MIN = 5
"""Durations are multiples of this."""

SHORTEST_MIN = 20
"""No endurance session is shorter."""

REST_PREFERENCE = (0, 4, 1, 3, 2, 5, 6)
"""Weekdays tried in turn for the day of rest: Monday, Friday, then the others."""

HARD_OFFSETS = ((2, 4), (2, 5), (3, 5))
"""Days after the long run on which hard sessions may lie, all 48 h apart, the week after included.

No weekday is in all three, so one of them always misses the day of rest.
"""

EASY_OFFSETS = (3, 5, 2, 4, 6, 1)
"""Days after the long run, in the order in which easy sessions fill them: spread out first."""

LOAD_PER_HARD_SESSION = 120
"""Weekly load that one hard session needs around it, so that easy work stays the larger part."""

LOAD_PER_FULL_HARD_SESSION = 250
"""Weekly load, per hard session, from which it has its full length instead of the short one."""

LOAD_FOR_STRENGTH = 40
"""Weekly load from which there is strength work, a short session."""

LOAD_FOR_FULL_STRENGTH = 200
"""Weekly load from which there are two strength sessions of full length."""

STRENGTH_MIN, SHORT_STRENGTH_MIN = 45, 30

HARD_KINDS_BY_PHASE = {
    Phase.BASE: (SessionKind.TEMPO, SessionKind.TEMPO),
    Phase.BUILD: (SessionKind.VO2, SessionKind.THRESHOLD),
    Phase.SPECIFIC: (SessionKind.THRESHOLD, SessionKind.TEMPO),
    Phase.TAPER: (SessionKind.VO2, SessionKind.THRESHOLD),
    Phase.RACE_WEEK: (SessionKind.TEMPO, SessionKind.TEMPO),
    Phase.RECOVERY: (SessionKind.TEMPO, SessionKind.TEMPO),
    Phase.RETURN: (SessionKind.TEMPO, SessionKind.TEMPO),
}
"""The hard sessions of a week in order, as many as the envelope allows."""

PHASES_WITHOUT_LONG = frozenset({Phase.RETURN, Phase.RACE_WEEK})
"""Phases whose endurance sessions are all alike."""

FULL_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})
"""Phases whose strength work is not reduced."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes of a steady session: what is usual in a mid-sized week, and the most that is."""

    usual_min: int
    longest_min: int


EASY_LIMITS = {Sport.RUN: Limits(45, 75), Sport.RIDE: Limits(60, 180), Sport.SWIM: Limits(45, 75)}
LONG_LIMITS = {Sport.RUN: Limits(60, 150), Sport.RIDE: Limits(90, 300), Sport.SWIM: Limits(60, 90)}
SECOND_LIMITS = Limits(30, 60)
"""The most of a long run is Daniels' 150 min (practice); the others are project convention."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a steady session whose length is still open.

    Attributes:
        second: Whether the day has another endurance session already.
    """

    weekday: int
    sport: Sport
    kind: SessionKind
    zone: int
    limits: Limits
    second: bool = False


@dataclass(frozen=True, slots=True)
class WeekLayout:
    """What each weekday is for. Easy weekdays come in the order in which they fill."""

    rest: int
    long: int
    hard: tuple[int, ...]
    easy: tuple[int, ...]
    strength: tuple[int, ...]


def plan_sessions(
    athlete: Athlete, envelope: LoadEnvelope
) -> tuple[tuple[PlannedSession, ...], ...]:
    """The sessions of each day, Monday first, whose load comes closest to the envelope's target.

    Where the target is more than sessions of the allowed lengths can hold, all of them have their
    full length.
    """
    target_load = envelope.target_load
    intervals = _intervals(athlete, envelope)
    strength_count, strength_min = _strength(envelope)
    layout = week_layout(athlete, len(intervals), strength_count)
    fixed_load = sum(session.load for session in intervals) + (
        len(layout.strength) * strength_load(strength_min)
    )
    slots = _slots(athlete, envelope, layout)
    minutes = fill(slots, target_load - fixed_load, envelope.max_load - fixed_load)

    days: list[list[PlannedSession]] = [[] for _ in range(DAYS_PER_WEEK)]
    for weekday, session in zip(layout.hard, intervals, strict=True):
        days[weekday].append(interval_session(athlete, _main_sport(athlete), session))
    for slot, duration_min in zip(slots, minutes, strict=False):
        days[slot.weekday].append(
            steady_session(athlete, slot.sport, slot.kind, slot.zone, duration_min)
        )
    for weekday in layout.strength:
        days[weekday].append(strength_session(strength_min))
    return tuple(tuple(sessions) for sessions in days)


def week_layout(athlete: Athlete, hard_count: int, strength_count: int) -> WeekLayout:
    """What each weekday is for, with at most two hard and two strength sessions."""
    long = athlete.long_run_weekday
    free = [weekday for weekday in REST_PREFERENCE if weekday != long]
    rest = next((day for day in free if day not in athlete.strength_weekdays), free[0])
    hard_pair = next(
        pair
        for offsets in HARD_OFFSETS
        if rest not in (pair := tuple((long + offset) % DAYS_PER_WEEK for offset in offsets))
    )
    hard = tuple(sorted(hard_pair[:hard_count]))
    strength = _strength_weekdays(athlete, rest)[:strength_count]
    by_preference = [(long + offset) % DAYS_PER_WEEK for offset in EASY_OFFSETS]
    easy = tuple(weekday for weekday in by_preference if weekday not in {rest, *hard})
    return WeekLayout(rest=rest, long=long, hard=hard, easy=easy, strength=strength)


def _strength_weekdays(athlete: Athlete, rest: int) -> tuple[int, ...]:
    """Strength weekdays in order: no neighbours, no rest day, none on or before the long run."""
    long = athlete.long_run_weekday
    chosen: list[int] = []
    for weekday in sorted(athlete.strength_weekdays - {rest, long, (long - 1) % DAYS_PER_WEEK}):
        if not chosen or weekday - chosen[-1] > 1:
            chosen.append(weekday)
    return tuple(chosen)


def _strength(envelope: LoadEnvelope) -> tuple[int, int]:
    """How many strength sessions, and the minutes of each."""
    if envelope.target_load < LOAD_FOR_STRENGTH:
        return 0, 0
    if envelope.phase in FULL_PHASES and envelope.target_load >= LOAD_FOR_FULL_STRENGTH:
        return 2, STRENGTH_MIN
    return 1, SHORT_STRENGTH_MIN


def _main_sport(athlete: Athlete) -> Sport:
    return athlete.endurance_sports[0]


def _intervals(athlete: Athlete, envelope: LoadEnvelope) -> tuple[Intervals, ...]:
    """The week's hard sessions: as many and as long as the load and the bound on runs allow."""
    count = min(envelope.hard_sessions, envelope.target_load // LOAD_PER_HARD_SESSION)
    chosen = []
    for number, kind in enumerate(HARD_KINDS_BY_PHASE[envelope.phase][:count], start=1):
        full = FULL_INTERVALS[kind]
        roomy = envelope.target_load >= number * LOAD_PER_FULL_HARD_SESSION
        fits = _main_sport(athlete) is not Sport.RUN or (
            full.duration_min * 60 <= envelope.longest_run_s
        )
        chosen.append(full if roomy and fits else SHORT_INTERVALS[kind])
    return tuple(chosen)


def _slots(athlete: Athlete, envelope: LoadEnvelope, layout: WeekLayout) -> tuple[Slot, ...]:
    """Places for steady sessions in the order in which they fill.

    The long one, one on each easy day, and a second one on easy and hard days for weeks that need
    it. Sports take turns, the main one first.
    """
    recovering = envelope.phase is Phase.RECOVERY
    kind, zone = (
        (SessionKind.RECOVERY, RECOVERY_ZONE) if recovering else (SessionKind.EASY, EASY_ZONE)
    )
    sports = athlete.endurance_sports
    slots = []
    for number, weekday in enumerate((layout.long, *layout.easy)):
        sport = sports[number % len(sports)]
        limits = _bounded(EASY_LIMITS[sport], sport, envelope)
        slots.append(Slot(weekday, sport, kind, zone, limits))
    if envelope.phase not in PHASES_WITHOUT_LONG:
        limits = _bounded(LONG_LIMITS[sports[0]], sports[0], envelope)
        slots[0] = Slot(layout.long, sports[0], SessionKind.LONG, EASY_ZONE, limits)
    for number, weekday in enumerate((*layout.easy, *layout.hard), start=len(slots)):
        sport = sports[number % len(sports)]
        limits = _bounded(SECOND_LIMITS, sport, envelope)
        slots.append(Slot(weekday, sport, kind, zone, limits, second=True))
    return tuple(slots)


def _bounded(limits: Limits, sport: Sport, envelope: LoadEnvelope) -> Limits:
    """The limits, for runs cut to whole steps within the envelope's longest run."""
    if sport is not Sport.RUN:
        return limits
    bound_min = envelope.longest_run_s // 60 // STEP_MIN * STEP_MIN
    return Limits(min(limits.usual_min, bound_min), min(limits.longest_min, bound_min))


def fill(slots: Sequence[Slot], aim_load: float, max_load: float) -> list[int]:
    """Minutes of the first slots such that their load comes closest to the aim.

    They start at the shortest length and grow step by step, always the one that is furthest below
    its usual length.

    Returns:
        The minutes of each slot used, in order; later slots stay empty.
    """
    minutes = [SHORTEST_MIN] * _slots_needed(slots, aim_load)
    while minutes and _steady_load(slots, minutes) > max_load:
        minutes.pop()
    while (grown := _one_step_longer(slots, minutes)) is not None:
        load, grown_load = _steady_load(slots, minutes), _steady_load(slots, grown)
        if grown_load > max_load or abs(grown_load - aim_load) >= abs(load - aim_load):
            break
        minutes = grown
    return minutes


def _slots_needed(slots: Sequence[Slot], aim_load: float) -> int:
    """How many slots hold the aim: at their usual length, before a day gets a second session.

    A second session comes only when those before it cannot hold the aim at their full length.
    """
    for needed, slot in enumerate(slots):
        lengths = [
            before.limits.longest_min if slot.second else before.limits.usual_min
            for before in slots[:needed]
        ]
        if _steady_load(slots, lengths) >= aim_load:
            return needed
    return len(slots)


def _steady_load(slots: Sequence[Slot], minutes: Sequence[int]) -> int:
    return sum(
        steady_load(slot_min, slot.zone) for slot, slot_min in zip(slots, minutes, strict=False)
    )


def _one_step_longer(slots: Sequence[Slot], minutes: Sequence[int]) -> list[int] | None:
    """The minutes with one slot grown by a step; None where every slot has its full length."""
    growing = [
        index
        for index, slot_min in enumerate(minutes)
        if slot_min + STEP_MIN <= slots[index].limits.longest_min
    ]
    if not growing:
        return None
    shortest = min(growing, key=lambda index: minutes[index] / slots[index].limits.usual_min)
    return [slot_min + STEP_MIN * (index == shortest) for index, slot_min in enumerate(minutes)]
