"""What an hour of a sport brings an athlete, next to the table that holds for anybody.

Sources calculate load from pace, power or heart rate, each against thresholds of its own, so that
an easy hour of one athlete is 40 and that of another 60. A plan that is to hold as much load as
the weeks before it must count as they were counted. The table belongs to `session_load`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, LoadRates
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE, HARD_AMOUNT_S
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE, Sport
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek

CALIBRATION_WEEKS = 12
"""Weeks whose sessions say what an hour brings, the same as those of a habit. Convention."""

LEAST_SESSIONS = 6
"""Fewer sessions say nothing. Project convention."""

PRIOR_SESSIONS = 10
"""The table weighs as much as so many sessions. Project convention."""

LEAST_SCALE, GREATEST_SCALE = 0.5, 2.0
"""An hour that brings less or more than these times the table is a fault of the source: twice the
table would be an hour of zone 2 recorded like one at threshold. Project convention."""

HARD_BY_EASY = (0.8, 1.25)
"""So far hard work may differ from easy work, next to the table: an hour in zone 3 brings more than
one in zone 2 for anybody. Project convention."""

SHORTEST_SESSION_S = 15 * SECONDS_PER_MINUTE
"""Shorter sessions are parts of others. Project convention."""

FIVE_ZONES = 5


class LoadScale(Document):
    """What an hour of one sport brings, in parts of the table.

    Attributes:
        easy: For zones 1 and 2; 1 is the table.
        hard: For zones 3 to 5.
        easy_sessions: How many sessions without much hard work say so.
        hard_sessions: How many with hard work; `hard` is `easy` where they are too few.
    """

    sport: Sport
    easy: float = Field(ge=LEAST_SCALE, le=GREATEST_SCALE)
    hard: float = Field(gt=0)
    easy_sessions: int = Field(ge=0)
    hard_sessions: int = Field(ge=0)

    @property
    def rates(self) -> LoadRates:
        """What an hour brings in each zone."""
        return TABLE_RATES.scaled(self.easy, self.hard)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A session whose load and duration are known; `zones_s` is None where they are not."""

    load: float
    duration_s: int
    zones_s: tuple[int, ...] | None

    @property
    def hard_s(self) -> int:
        """Seconds in zone 3 and above, as far as they are known."""
        return sum((self.zones_s or ())[HARD_FROM_ZONE - 1 :])

    @property
    def is_hard(self) -> bool:
        """Whether it holds what makes a hard day."""
        zones_s = self.zones_s or ()
        return any(sum(zones_s[zone - 1 :]) >= least for zone, least in HARD_AMOUNT_S.items())


def load_scales(
    sessions: Sequence[CountedSession], observed: TrainingWeek
) -> tuple[LoadScale, ...]:
    """The scale of each endurance sport that was recorded often enough, in the order of sports.

    Easy sessions are compared with an hour of zone 2, which is what an easy session is planned as,
    whatever zones their time was counted in. Of hard sessions the part from zone 3 up is compared
    with the table, after the rest was taken off as easy. Medians, so that a few odd sessions move
    nothing; with few sessions the table counts as well.

    Args:
        sessions: Those that count.
        observed: The last week that is looked at, of `CALIBRATION_WEEKS`.
    """
    recorded = _recorded(sessions, observed)
    scales = []
    for sport, of_sport in sorted(recorded.items(), key=lambda item: list(Sport).index(item[0])):
        easy_ratios = [
            one.load / (one.duration_s * _per_second(EASY_ZONE))
            for one in of_sport
            if not one.is_hard
        ]
        if len(easy_ratios) < LEAST_SESSIONS:
            continue
        easy = _clamped(_shrunk(easy_ratios, 1.0), LEAST_SCALE, GREATEST_SCALE)
        hard_ratios = list(_hard_ratios(of_sport, easy))
        hard = _shrunk(hard_ratios, easy) if len(hard_ratios) >= LEAST_SESSIONS else easy
        low, high = (easy * share for share in HARD_BY_EASY)
        scales.append(
            LoadScale(
                sport=sport,
                easy=round(easy, 3),
                hard=round(_clamped(hard, low, high), 3),
                easy_sessions=len(easy_ratios),
                hard_sessions=len(hard_ratios),
            )
        )
    return tuple(scales)


def _recorded(
    sessions: Sequence[CountedSession], observed: TrainingWeek
) -> dict[Sport, list[_Recorded]]:
    """The sessions of the last weeks that can be compared, by endurance sport."""
    first = observed.shift(1 - CALIBRATION_WEEKS).start
    recorded: dict[Sport, list[_Recorded]] = {}
    for one in sessions:
        sport = SPORTS_BY_ACTIVITY_TYPE.get(one.activity.type or "")
        if sport is None or not first <= one.activity.day <= observed.end:
            continue
        if one.load and one.duration_s and one.duration_s >= SHORTEST_SESSION_S:
            zones_s = _five(one.activity.hr_zone_times_s)
            recorded.setdefault(sport, []).append(_Recorded(one.load, one.duration_s, zones_s))
    return recorded


def _five(times_s: Sequence[int] | None) -> tuple[int, ...] | None:
    """Times in five zones; Friel's 5a, 5b and 5c are one. None with fewer than five."""
    if times_s is None or len(times_s) < FIVE_ZONES or not any(times_s):
        return None
    return (*times_s[: FIVE_ZONES - 1], sum(times_s[FIVE_ZONES - 1 :]))


def _hard_ratios(sessions: Sequence[_Recorded], easy: float) -> Iterator[float]:
    """For each hard session what its hard part brought, by the table."""
    for one in sessions:
        if not one.is_hard or one.zones_s is None:
            continue
        easy_s = max(0, one.duration_s - one.hard_s)
        brought = one.load - easy * easy_s * _per_second(EASY_ZONE)
        by_table = sum(
            time_s * _per_second(zone)
            for zone, time_s in enumerate(one.zones_s, start=1)
            if zone >= HARD_FROM_ZONE
        )
        if brought > 0:
            yield brought / by_table


def _per_second(zone: int) -> float:
    return TABLE_RATES.per_hour(zone) / SECONDS_PER_HOUR


def _shrunk(ratios: Sequence[float], prior: float) -> float:
    """The median, drawn towards what is held without these sessions, the more the fewer."""
    count = len(ratios)
    return (count * median(ratios) + PRIOR_SESSIONS * prior) / (count + PRIOR_SESSIONS)


def _clamped(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)
