"""How much training load the days of a week can hold.

Which days have how much room comes from the athlete; what a week should hold belongs to
`load_bounds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from weekly_plan_assets.domain.plan.session_load import LoadRates
from weekly_plan_assets.domain.plan.session_zones import (
    EASY_ZONE,
    RECOVERY_ZONE,
    THRESHOLD_ZONE,
)
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

TRAINED_DAYS = DAYS_PER_WEEK - 1
"""One day a week is without a session."""

STEP_S = 5 * SECONDS_PER_MINUTE
"""Sessions are planned in whole five minutes."""

SHORTEST_DAY_S = 20 * 60
"""No week is sure to use a day with less room. Project convention."""

USED_SHARE = 0.6
"""Of the room of a limited day, so much is sure to become easy endurance time: warm-up and
cool-down are easier, strength work takes its share. Project convention."""

SURE_SESSION_S = 75 * 60
"""A day is sure to hold one easy session as long as the longest run, up to 75 min: an athlete's
load may come from another sport than the planned one. Project convention."""

EASY_ENDS_S = 10 * 60
"""So much of an easy session is warm-up and cool-down, in zone 1 (coaching practice)."""

LONGEST_DAY_S = 5 * 60 * 60
"""A day without a limit holds a long ride, at most. Project convention."""


Rooms = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class WeekRoom:
    """The load that a week can hold beside its races.

    Attributes:
        sure_load: Easy training that any plan finds place for.
        easy_load: All the time of its days, easy.
        most_load: All the time of its days, as much of it hard as a week may have.
    """

    sure_load: float
    easy_load: float
    most_load: float


def room_for_time_s(rooms: Rooms) -> int | None:
    """Seconds that days can hold, one of them left for rest; None if any has no limit."""
    known_s = [room_s for room_s in rooms if room_s is not None]
    return None if len(known_s) < len(rooms) else sum(known_s) - min(known_s, default=0)


def week_room(
    rooms: Rooms,
    *,
    sure_rooms: Rooms,
    most_sessions: int,
    race_days: int,
    longest_run_s: int,
    max_hard_share: float,
    rates: Sequence[LoadRates],
) -> WeekRoom:
    """The room of the days.

    Args:
        rooms: Seconds available on each day without a race; None if any number is.
        sure_rooms: The same for a single session that is sure to find a place.
        most_sessions: No week has more sessions than these.
        race_days: How many of the seven days have a race.
        longest_run_s: No run may be longer.
        max_hard_share: Largest share of the time in hard zones.
        rates: What an hour brings in each of the athlete's sports: the least is sure, the most is
            possible.
    """
    days = max(0, TRAINED_DAYS - race_days)
    sure_s = min(longest_run_s, SURE_SESSION_S)
    sure_loads = (
        _largest([_sure_load(room, sure_s, one) for room in sure_rooms], min(days, most_sessions))
        for one in rates
    )
    all_s = _largest(
        [LONGEST_DAY_S if room is None else _whole_steps(room) for room in rooms], days
    )
    hard_s = max_hard_share * all_s
    return WeekRoom(
        sure_load=min(sure_loads),
        easy_load=max(_load(all_s, EASY_ZONE, rates)),
        most_load=max(_load(all_s - hard_s, EASY_ZONE, rates))
        + max(_load(hard_s, THRESHOLD_ZONE, rates)),
    )


def _load(seconds: float, zone: int, rates: Sequence[LoadRates]) -> list[float]:
    return [one.load(seconds / SECONDS_PER_MINUTE, zone) for one in rates]


def _sure_load(room_s: int | None, session_s: int, rates: LoadRates) -> float:
    """What a day is sure to bring by an easy session that takes no more than `session_s`."""
    if room_s is None:
        return _easy_load(session_s, rates)
    if room_s < SHORTEST_DAY_S:
        return 0.0
    used_s = _whole_steps(USED_SHARE * room_s)
    return min(rates.load(used_s / SECONDS_PER_MINUTE, EASY_ZONE), _easy_load(session_s, rates))


def _easy_load(session_s: int, rates: LoadRates) -> int:
    """The load of an easy session of whole steps with its ends, whole as a plan states it."""
    ends_s = min(EASY_ENDS_S, session_s)
    middle_s = max(0, _whole_steps(session_s) - ends_s)
    ends = rates.load(ends_s / SECONDS_PER_MINUTE, RECOVERY_ZONE)
    return floor(ends + rates.load(middle_s / SECONDS_PER_MINUTE, EASY_ZONE))


def _whole_steps(seconds: float) -> int:
    return int(seconds) // STEP_S * STEP_S


def _largest(amounts: Sequence[float], count: int) -> float:
    return sum(sorted(amounts, reverse=True)[:count])
