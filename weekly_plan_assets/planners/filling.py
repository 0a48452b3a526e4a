"""How long the easy sessions of a week are: they grow in whole steps until the load is right.

Where sessions lie is decided in `layout`, what they are made of in `library`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.domain.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.planners.demands import SHORTEST_S, Demands
from weekly_plan_assets.planners.layout import Layout
from weekly_plan_assets.planners.library import (
    EASY_ZONE,
    RECOVERY_ZONE,
    STEP_S,
    Goal,
    Style,
    Workout,
    steady_load,
    steady_workout,
)

TOLERANCE = 0.05
"""A load this close to the target has met it. Project convention."""

MAX_MONOTONY = 2.0
"""Mean by SD of the daily loads that a week stays below (Foster 1998; convention)."""

MAX_LONG_RUN_SHARE = 0.3
RUNS_FOR_LONG_SHARE = 4
"""The long run of the time of all runs, from four runs a week (Daniels: 25-30 %; practice)."""

EASY_OFFSETS = (3, 5, 2, 4, 6, 1)
"""Days after the long session, in the order in which easy sessions fill them: spread out first."""

FREQUENT_PHASES = frozenset({Phase.TAPER, Phase.RACE_WEEK})
TAPERED_LENGTH = 0.6
"""A taper cuts the length of sessions, not their number (Bosquet 2007, meta-analysis: volume -41
to -60 %, frequency kept)."""

AFTER_HARD_LENGTH = 0.7
"""An easy session on the day after a hard or long one is so much shorter than others: hard days
hard, easy days easy (coaching practice), which also keeps monotony low."""

STRIDES_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC, Phase.TAPER, Phase.RACE_WEEK})


Faults = tuple[float, bool, bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of an easy session: what is usual in a mid-sized week, and the most that is."""

    usual_s: float
    longest_s: int


def _minutes(usual: int, longest: int) -> Limits:
    return Limits(60 * usual, 60 * longest)


EASY_LIMITS = {
    Sport.RUN: _minutes(45, 75),
    Sport.RIDE: _minutes(60, 180),
    Sport.SWIM: _minutes(45, 75),
}
LONG_LIMITS = {
    Sport.RUN: _minutes(70, 150),
    Sport.RIDE: _minutes(90, 300),
    Sport.SWIM: _minutes(60, 90),
}
SECOND_LIMITS = _minutes(30, 75)
SHAKE_OUT_LIMITS = _minutes(20, 30)
"""The most of a long run is Daniels' 150 min (practice); the others are project convention."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an easy session whose length is still open.

    Attributes:
        second: Whether the day has another endurance session already.
    """

    weekday: int
    sport: Sport
    kind: SessionKind
    goal: Goal
    limits: Limits
    style: Style = Style.STEADY
    second: bool = False

    def load(self, duration_s: int) -> int:
        """The load of the session at this length."""
        zone = RECOVERY_ZONE if self.kind is SessionKind.RECOVERY else EASY_ZONE
        return steady_load(zone, duration_s, self.style) if duration_s else 0

    def workout(self, duration_s: int) -> Workout:
        """The session at this length."""
        return steady_workout(self.sport, self.kind, self.goal, duration_s, self.style)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before easy sessions are added.

    Attributes:
        load_by_day: Of fixed, hard and strength sessions, Monday first.
        room_s: Seconds left on each day.
        shortest_s: The shortest session of each day.
        run_s: Seconds of each run that stands.
    """

    load_by_day: tuple[int, ...]
    room_s: tuple[int, ...]
    shortest_s: tuple[int, ...]
    run_s: tuple[int, ...]
    target_load: int
    max_load: int

    @property
    def load(self) -> int:
        """Of all that stands."""
        return sum(self.load_by_day)


def easy_slots(
    demands: Demands, layout: Layout, *, varied: bool, recovering: bool, spares_races: bool
) -> tuple[Slot, ...]:
    """Places for easy sessions in the order in which they fill.

    The long one, one on each easy day, and a second one for weeks that need it. Sports take turns,
    the main one first.

    Args:
        demands: What the week demands.
        layout: What its days are for.
        varied: Whether there may be strides and a steady finish.
        recovering: Whether easy sessions are done as recovery, in zone 1.
        spares_races: Whether sessions next to a race are short or recovery.
    """
    athlete = demands.athlete
    first, second = _easy_weekdays(demands, layout)
    kind, goal = (
        (SessionKind.RECOVERY, Goal.RECOVERY) if recovering else (SessionKind.EASY, Goal.EASY)
    )
    slots = [] if layout.long is None else [_long_slot(demands, layout.long, varied=varied)]
    for number, weekday in enumerate((*first, *second)):
        sport = athlete.endurance_sports[len(slots) % len(athlete.endurance_sports)]
        is_second = number >= len(first)
        limits = SECOND_LIMITS if is_second else EASY_LIMITS[sport]
        slots.append(Slot(weekday, sport, kind, goal, limits, second=is_second))
    slots = [_after_hard(slot, layout) for slot in slots]
    if spares_races:
        slots = [_near_race(slot, demands) for slot in slots]
    slots = _bounded(slots, demands)
    if varied and demands.envelope.phase in STRIDES_PHASES:
        slots = _with_strides(slots)
    return tuple(slots)


def _easy_weekdays(demands: Demands, layout: Layout) -> tuple[list[int], list[int]]:
    """Days for an easy session, and days for one beside another, hard ones first.

    Hard days take what is more, so that easy days stay easy.
    """
    long = layout.long if layout.long is not None else demands.anchored_long_weekday
    start = demands.athlete.long_run_weekday if long is None else long
    order = [(start + offset) % DAYS_PER_WEEK for offset in EASY_OFFSETS]
    order = order if layout.long is not None else [*order, start]
    open_days = [day for day in order if day != layout.rest and not demands.days[day].races]
    taken = {
        day.weekday
        for day in demands.days
        if any(one.sport is not Sport.STRENGTH for one in day.anchored)
    } | set(layout.hard)
    first = [day for day in open_days if day not in taken]
    beside_a_race = {day.weekday for day in demands.days if day.before_race is not None}
    fresh = [day for day in open_days if not _is_after_hard(day, layout)]
    second = [day for day in (*layout.hard, *fresh, *open_days) if day not in beside_a_race]
    return first, [*dict.fromkeys(second)]


def _is_after_hard(weekday: int, layout: Layout) -> bool:
    return (weekday - 1) % DAYS_PER_WEEK in {*layout.hard, layout.long}


def _long_slot(demands: Demands, weekday: int, *, varied: bool) -> Slot:
    sport = demands.main_sport
    finish = varied and demands.envelope.phase is Phase.SPECIFIC
    return Slot(
        weekday,
        sport,
        SessionKind.LONG,
        Goal.LONG_FINISH if finish else Goal.LONG,
        LONG_LIMITS[sport],
        Style.FINISH if finish else Style.STEADY,
    )


def _after_hard(slot: Slot, layout: Layout) -> Slot:
    """The slot as it is; shorter on the day after a hard or the long session."""
    if slot.second or not _is_after_hard(slot.weekday, layout):
        return slot
    usual_s = AFTER_HARD_LENGTH * slot.limits.usual_s
    return replace(slot, limits=replace(slot.limits, usual_s=usual_s))


def _near_race(slot: Slot, demands: Demands) -> Slot:
    """The slot as it is; short on the eve of a race, recovery on the day after one."""
    if demands.days[slot.weekday].before_race == 1:
        easy = slot.kind is not SessionKind.LONG
        goal = Goal.SHAKE_OUT if easy else slot.goal
        kind = SessionKind.EASY if easy else slot.kind
        return replace(slot, kind=kind, goal=goal, limits=SHAKE_OUT_LIMITS)
    if slot.weekday and demands.days[slot.weekday - 1].races and slot.kind is SessionKind.EASY:
        return replace(slot, kind=SessionKind.RECOVERY, goal=Goal.RECOVERY)
    return slot


def _bounded(slots: Sequence[Slot], demands: Demands) -> list[Slot]:
    """The slots with shorter sessions in a taper.

    A run is no longer than the envelope allows, and no easy run longer than the long one can be.
    """
    envelope = demands.envelope
    tapered = envelope.phase in FREQUENT_PHASES
    run_s = envelope.longest_run_s // STEP_S * STEP_S
    bounded = []
    for slot in slots:
        usual_s = slot.limits.usual_s * (TAPERED_LENGTH if tapered else 1)
        longest_s = slot.limits.longest_s
        if slot.sport is Sport.RUN:
            usual_s, longest_s = min(usual_s, run_s), min(longest_s, run_s)
        if slot.sport is Sport.RUN and slot.kind is SessionKind.LONG:
            run_s = min(longest_s, demands.days[slot.weekday].room_s)
        bounded.append(replace(slot, limits=Limits(max(usual_s, SHORTEST_S), longest_s)))
    return bounded


def _with_strides(slots: Sequence[Slot]) -> list[Slot]:
    """The slots with strides in the first easy run, and in that on the eve of a race."""
    done = False
    varied = []
    for slot in slots:
        is_run = slot.sport is Sport.RUN and slot.kind is SessionKind.EASY and not slot.second
        if slot.goal is Goal.SHAKE_OUT and is_run:
            varied.append(replace(slot, style=Style.STRIDES))
        elif is_run and not done:
            varied.append(replace(slot, style=Style.STRIDES, goal=Goal.STRIDES))
            done = True
        else:
            varied.append(slot)
    return varied


def fill(slots: Sequence[Slot], frame: Frame) -> tuple[int, ...]:
    """Seconds of each slot, 0 where it stays empty, so that the load comes closest to the target.

    As many slots are used as hold the target at their usual length; then others, the closest
    number first, where that meets the target, the bound on monotony or the bound on the share of
    the long run, better. No day gets a second session for the sake of these.
    """
    wanted = _slots_wanted(slots, frame)
    most = max(wanted, sum(not slot.second for slot in slots))
    best: tuple[int, ...] = ()
    best_faults: Faults | None = None
    for count in sorted(range(most + 1), key=lambda count: (abs(count - wanted), count)):
        durations = _grown(slots[:count], frame)
        faults = _faults(slots, durations, frame)
        if best_faults is None or faults < best_faults:
            best, best_faults = durations, faults
        if not any(best_faults):
            break
    return best + (0,) * (len(slots) - len(best))


def _slots_wanted(slots: Sequence[Slot], frame: Frame) -> int:
    """How many slots hold the target: at their usual length, before a day gets a second session.

    A second session comes only when those before it cannot hold the target at their full length.
    """
    aim = frame.target_load - frame.load
    for count, slot in enumerate(slots):
        held = sum(
            one.load(min(_length(one, full=slot.second), frame.room_s[one.weekday]))
            for one in slots[:count]
        )
        if held >= aim:
            return count
    return len(slots)


def _length(slot: Slot, *, full: bool) -> int:
    return slot.limits.longest_s if full else int(slot.limits.usual_s)


def _grown(slots: Sequence[Slot], frame: Frame) -> tuple[int, ...]:
    """The slots at the shortest length that fits, grown step by step towards the target.

    The one that is furthest below its usual length grows first.
    """
    room_s = list(frame.room_s)
    durations: list[int] = []
    load = frame.load
    for slot in slots:
        shortest_s = min(frame.shortest_s[slot.weekday], slot.limits.longest_s)
        fits = shortest_s <= room_s[slot.weekday]
        fits = fits and load + slot.load(shortest_s) <= frame.max_load
        # Without its long session a week has no easy one: the first would be the long one.
        fits = fits and not (durations and slots[0].kind is SessionKind.LONG and not durations[0])
        durations.append(shortest_s if fits else 0)
        room_s[slot.weekday] -= durations[-1]
        load += slot.load(durations[-1])
    for index, duration_s in _growth(slots, durations):
        slot = slots[index]
        if room_s[slot.weekday] < STEP_S or durations[index] != duration_s - STEP_S:
            continue
        grown = load - slot.load(durations[index]) + slot.load(duration_s)
        closer = abs(grown - frame.target_load) < abs(load - frame.target_load)
        if grown > frame.max_load or not closer:
            break
        room_s[slot.weekday] -= STEP_S
        durations[index], load = duration_s, grown
    return tuple(durations)


def _growth(slots: Sequence[Slot], durations: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Every step that any slot can grow: the slot's index and its new length, in order."""
    steps = [
        ((duration_s - STEP_S) / slot.limits.usual_s, index, duration_s)
        for index, (slot, shortest_s) in enumerate(zip(slots, durations, strict=True))
        if shortest_s
        for duration_s in range(shortest_s + STEP_S, slot.limits.longest_s + 1, STEP_S)
    ]
    return ((index, duration_s) for _, index, duration_s in sorted(steps))


def _faults(slots: Sequence[Slot], durations: Sequence[int], frame: Frame) -> Faults:
    """What is not as it should be, the worst first; all of it 0 or False in a good week."""
    by_day = list(frame.load_by_day)
    for slot, duration_s in zip(slots, durations, strict=False):
        by_day[slot.weekday] += slot.load(duration_s)
    miss = abs(sum(by_day) - frame.target_load)
    return (
        miss if miss > TOLERANCE * frame.target_load else 0,
        pstdev(by_day) * MAX_MONOTONY < fmean(by_day),
        _long_run_share(slots, durations, frame) > MAX_LONG_RUN_SHARE,
    )


def _long_run_share(slots: Sequence[Slot], durations: Sequence[int], frame: Frame) -> float:
    """The part of the long run in the time of all runs; 0 where there are too few to say."""
    runs = [
        (duration_s, slot.kind is SessionKind.LONG)
        for slot, duration_s in zip(slots, durations, strict=False)
        if slot.sport is Sport.RUN and duration_s
    ]
    if len(runs) + len(frame.run_s) < RUNS_FOR_LONG_SHARE:
        return 0.0
    whole_s = sum(frame.run_s) + sum(duration_s for duration_s, _ in runs)
    return max((duration_s for duration_s, long in runs if long), default=0) / whole_s
