"""Which day of the week is for what: an exact search over all placements.

A week has few places: seven for the long session, 22 pairs of days for hard sessions, seven for
the day of rest. All combinations that the hard constraints leave are tried, and the best is taken
in the order of the preferences below, which no weights mix. That is complete, gives the same week
every time, and takes well under a millisecond. A general solver (CP-SAT) would find the same
placement: at the price of a dependency of 100 MB, seconds of import, and a search whose result
among equals depends on its version. Durations follow in `durations`.

Hard constraints, which no placement breaks: room on the day; hard sessions 48 h apart, also from
races and anchored hard ones, and none on the two days before an A race; one day without anything;
the long session not on a hard day.

Weekdays count from 0, Monday.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from weekly_plan_assets.domain.envelope.commitments import HARD_SPACING_DAYS
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.planners.week_constraints import (
    RACE_REST_DAYS,
    SHORTEST_S,
    DayConstraints,
    Demands,
)

REST_PREFERENCE = (0, 4, 1, 3, 2, 5, 6)
"""Weekdays in the order in which they are taken for rest: Monday, Friday, then the others."""

LONG_ROOM_S = 60 * 60
"""A day has room for the long session from here, or from the longest run allowed if less."""

HARD_ROOM_S = 60 * 60
"""A hard session of full length fits into such a day."""

HARD_SETS = tuple(
    days
    for count in range(3)
    for days in combinations(range(DAYS_PER_WEEK), count)
    if all(later - earlier >= HARD_SPACING_DAYS for earlier, later in combinations(days, 2))
)
"""Every way to place up to two hard sessions."""


Preferences = tuple[int, int, bool, int, int, bool, bool, int, bool, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """What weekdays are for; None if no day can be.

    `rest` is the day that is kept free whatever else is free.
    """

    long: int | None
    hard: tuple[int, ...]
    rest: int | None
    strength: tuple[int, ...] = ()


def best_layout(
    demands: Demands, *, hard_count: int, wants_long: bool, long_is_hard: bool = False
) -> Layout:
    """The placement that meets the preferences best, with at most so many hard sessions.

    The place of the long session comes first, so it is fixed first: the athlete's day if it has
    room, else the roomiest.

    Args:
        demands: What the week demands.
        hard_count: Hard sessions beside the long one.
        wants_long: Whether there is a long session.
        long_is_hard: Whether it counts as a hard one, so that no other may be near.
    """
    for long in _long_days(demands, wants_long=wants_long):
        if long is not None and long_is_hard and not demands.days[long].may_be_hard:
            continue
        found = list(_placements(demands, long, hard_count, apart=long_is_hard))
        if found:
            return min(found, key=lambda layout: _preferences(demands, layout))
    return Layout(None, (), None)


def with_strength(demands: Demands, layout: Layout, count: int, duration_s: int) -> Layout:
    """The layout with up to `count` strength sessions on the athlete's strength weekdays.

    In this order: one at all; none before the long run or a hard day, and no two on neighbouring
    days; as many as wanted; none on top of a hard session; early in the week.
    """
    free = [
        day.weekday
        for day in demands.days
        if day.weekday in demands.athlete.strength_weekdays - {layout.rest, layout.long}
        and day.before_race is None
        and day.room_s >= duration_s + (HARD_ROOM_S if day.weekday in layout.hard else 0)
        and day.second_s >= duration_s
    ]
    hard = {day.weekday for day in demands.days if _is_hard(day)} | set(layout.hard)

    long = layout.long if layout.long is not None else demands.anchored_long_weekday

    def preferences(days: tuple[int, ...]) -> tuple[bool, int, int, int, tuple[int, ...]]:
        before = sum(_next(day) == long or _next(day) in hard for day in days)
        neighbours = sum(_next(day) in days for day in days)
        return not days, before + neighbours, -len(days), -len(hard & set(days)), days

    choices = [days for size in range(count + 1) for days in combinations(free, size)]
    return Layout(layout.long, layout.hard, layout.rest, min(choices, key=preferences))


def _long_days(demands: Demands, *, wants_long: bool) -> list[int | None]:
    """Days for the long session, the best first, and no day at the end."""
    if not wants_long:
        return [None]
    longest_s = demands.envelope.longest_run_s
    wanted = demands.athlete.long_run_weekday

    def preferences(day: DayConstraints) -> tuple[bool, bool, int, bool]:
        roomy = day.first_s >= min(LONG_ROOM_S, max(SHORTEST_S, longest_s))
        kept = day.weekday == wanted and roomy
        return day.before_race is not None, not kept, -day.first_s, day.weekday != wanted

    sport = demands.long_sport
    days = sorted(
        (day for day in demands.days if day.may_be_long and sport in day.sports), key=preferences
    )
    return [*(day.weekday for day in days), None]


def _placements(
    demands: Demands, long: int | None, hard_count: int, *, apart: bool
) -> Iterator[Layout]:
    """All placements that the hard constraints leave; `apart` also from the long session."""
    may_be_hard = {day.weekday for day in demands.days if day.may_be_hard} - {long}
    if apart and long is not None:
        may_be_hard = {day for day in may_be_hard if abs(day - long) >= HARD_SPACING_DAYS}
    free = [day.weekday for day in demands.days if not day.is_fixed and day.weekday != long]
    for hard in HARD_SETS:
        if len(hard) <= hard_count and may_be_hard.issuperset(hard):
            for rest in free:
                if rest not in hard:
                    yield Layout(long, hard, rest)
    if long is None and not free:
        yield Layout(None, (), None)


def _preferences(demands: Demands, layout: Layout) -> Preferences:
    """What makes one placement better than another, the weightiest first; less is better."""
    days = demands.days
    rest = None if layout.rest is None else days[layout.rest]
    long = layout.long if layout.long is not None else demands.anchored_long_weekday
    beside_long = sum(_distance(day, long) < HARD_SPACING_DAYS for day in layout.hard)
    return (
        # As many hard sessions as the envelope wants.
        -len(layout.hard),
        # No hard session on the day before or after the long one.
        beside_long,
        # Hard sessions 48 h apart also from those of the week after.
        _wraps(layout.hard),
        # Hard sessions on days with room for their full length.
        sum(days[day].first_s < HARD_ROOM_S for day in layout.hard),
        # Hard sessions on days on which the athlete usually trains.
        sum(not demands.is_usual(day) for day in layout.hard),
        # Rest where there is no room to train anyway.
        rest is not None and rest.shortest_s > 0,
        # Rest two days before a race: the day before it is for shaking the legs out.
        rest is not None and rest.before_race != RACE_REST_DAYS,
        # Rest on a day on which the athlete seldom trains.
        0 if layout.rest is None else demands.weeks_with(layout.rest),
        # Rest on a day that is not for strength.
        layout.rest in demands.athlete.strength_weekdays,
        # Rest on Monday or Friday.
        0 if layout.rest is None else REST_PREFERENCE.index(layout.rest),
        # Hard sessions soon after the long one has been recovered from.
        tuple(sorted((day - (long or 0)) % DAYS_PER_WEEK for day in layout.hard)),
    )


def _is_hard(day: DayConstraints) -> bool:
    return bool(day.races) or any(one.is_hard for one in day.anchored)


def _next(weekday: int) -> int:
    return (weekday + 1) % DAYS_PER_WEEK


def _distance(weekday: int, other: int | None) -> int:
    """Days between two weekdays, the shorter way round; a week where there is no other."""
    if other is None:
        return DAYS_PER_WEEK
    return min((weekday - other) % DAYS_PER_WEEK, (other - weekday) % DAYS_PER_WEEK)


def _wraps(hard: tuple[int, ...]) -> bool:
    """Whether the last hard day lies too close to the first of the week after."""
    return len(hard) > 1 and hard[0] + DAYS_PER_WEEK - hard[-1] < HARD_SPACING_DAYS
