"""How much hard work one session may hold, by what recorded sessions held.

Which hard workout a week gets is a planner's choice; these bounds hold for every planner.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.session_zones import from_zone_s
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.hard_work import hard_zone_times_s
from weekly_plan_assets.domain.recorded.sport_types import (
    ACTIVITY_TYPES_BY_SPORT,
)
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek

HARD_ZONES = (3, 4, 5)

ALWAYS_S = {3: 20 * SECONDS_PER_MINUTE, 4: 15 * SECONDS_PER_MINUTE, 5: 10 * SECONDS_PER_MINUTE}
"""So much work from a zone up is right for anybody who may train hard at all (practice)."""

MORE_SHARE = 1.5
MORE_S = 5 * SECONDS_PER_MINUTE
"""Half as much again and 5 min are the widest step between two workouts that follow each other
(practice); heart rate, which lags, records less than was done."""

KNOWN_SHARE = 0.8
"""Part of the sessions whose zone times must be known. Project convention, as for load."""

ByZone = Annotated[tuple[int, ...], Field(min_length=3, max_length=3)]


class HardLimit(Document):
    """The most work that one session of a sport may hold.

    Attributes:
        most_s: Seconds from zone 3, from zone 4 and from zone 5 up.
    """

    sport: Sport
    most_s: ByZone

    def allows(self, zone_times_s: Mapping[int, int]) -> bool:
        """Whether a session with these seconds in each zone holds no more."""
        return all(
            from_zone_s(zone_times_s, zone) <= most_s
            for zone, most_s in zip(HARD_ZONES, self.most_s, strict=True)
        )


def hard_limits(
    observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> tuple[HardLimit, ...]:
    """The limits of the sports whose zone times are known, by the last `HABIT_WEEKS` weeks."""
    first = observed.shift(1 - HABIT_WEEKS).start
    recent = [one for one in sessions if first <= one.activity.day <= observed.end]
    return tuple(_limits(recent))


def _limits(recent: Sequence[CountedSession]) -> Iterator[HardLimit]:
    for sport, types in ACTIVITY_TYPES_BY_SPORT.items():
        times_s = [hard_zone_times_s(one) for one in recent if one.activity.type in types]
        known = [one for one in times_s if one is not None]
        if not known or len(known) < KNOWN_SHARE * len(times_s):
            continue
        yield HardLimit(
            sport=sport,
            most_s=tuple(
                max(
                    ALWAYS_S[zone],
                    int(MORE_SHARE * max(from_zone_s(one, zone) for one in known)) + MORE_S,
                )
                for zone in HARD_ZONES
            ),
        )
