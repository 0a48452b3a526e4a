"""How much hard work recorded sessions held, and in which of five heart-rate zones.

Whether a session counts as hard at all belongs to `session_kind`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from weekly_plan_assets.domain.plan.session_zones import longest_zone
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE, Sport
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE

ZONES_NEEDED = 5
LEAST_WORK_S = 5 * SECONDS_PER_MINUTE
"""Less is no work, but a hill or a few strides. Project convention."""


@dataclass(frozen=True, slots=True)
class HardWork:
    """The hard part of a recorded session.

    Attributes:
        zone: The zone from 3 up with most time, the harder of two equal ones.
        work_s: Seconds from zone 3 up.
    """

    day: date
    sport: Sport
    zone: int
    work_s: int


def hard_work(sessions: Sequence[CountedSession]) -> tuple[HardWork, ...]:
    """The hard work of the endurance sessions whose zone times are known, by day."""
    found = []
    for one in sessions:
        sport = SPORTS_BY_ACTIVITY_TYPE.get(one.activity.type or "")
        hard = hard_zone_times_s(one)
        if sport is None or hard is None or sum(hard.values()) < LEAST_WORK_S:
            continue
        zone = longest_zone(hard) or HARD_FROM_ZONE
        found.append(HardWork(one.activity.day, sport, zone, sum(hard.values())))
    return tuple(sorted(found, key=lambda one: one.day))


def hard_zone_times_s(session: CountedSession) -> dict[int, int] | None:
    """Seconds in zones 3 to 5; Friel's 5a, 5b and 5c are one. None if they are not known."""
    times_s = session.activity.hr_zone_times_s
    if times_s is None or len(times_s) < ZONES_NEEDED:
        return None
    five = (*times_s[: ZONES_NEEDED - 1], sum(times_s[ZONES_NEEDED - 1 :]))
    return {zone: max(0, five[zone - 1]) for zone in range(HARD_FROM_ZONE, ZONES_NEEDED + 1)}
