"""What steers a step, in the units that calendars and watches know: translated, never copied.

A heart-rate zone of the plan is not a zone of somebody else's settings, and bpm are dropped by
Intervals.icu without a word. So heart rates become shares of the athlete's own threshold.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.athlete.targets import HR_SETTLES_S
from weekly_plan_assets.domain.plan.session_parts import Stretch, Target, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import Sport

OPEN_LOW_SHARE = 0.5
"""Where only an upper limit matters, the lower end of a range is this share of it: nobody who moves
is below. Project convention; the formats have no open ranges."""


LAST_ZONE_THERE = 7
"""Intervals.icu has up to seven zones of heart rate; our fifth holds the last three (Friel's 5a, 5b
and 5c)."""


class SteeringUnit(StrEnum):
    """How a range is written in the text of Intervals.icu."""

    THRESHOLD_HR_PERCENT = "% LTHR"
    MAX_HR_PERCENT = "% HR"
    HR_ZONE = "HR"
    WATTS = "w"
    PACE_KM = "/km Pace"
    PACE_100M = "/100m Pace"


@dataclass(frozen=True, slots=True)
class SteeredBy:
    """A range in a unit.

    Attributes:
        low: The lower number: percent, zone, watts, or seconds of the faster pace.
        high: The upper number.
        target: The plan's own, in bpm, watts or seconds, for formats that take those.
    """

    unit: SteeringUnit
    low: int
    high: int
    target: Target

    @property
    def kind(self) -> TargetKind:
        """By what it steers."""
        return self.target.kind


def steering_of(
    stretch: Stretch, sport: Sport, athlete: Athlete | None, *, after_s: int | None = None
) -> SteeredBy | None:
    """What steers a stretch: the first of its targets that is a number; None if only effort does.

    Rides go by their course, not by pace; and heart rate still climbs in a recovery from short
    work, where a watch would only complain.

    Args:
        stretch: With the targets of the plan.
        sport: That of the session.
        athlete: Whose threshold heart rate counts; None if it is not known.
        after_s: Seconds of the work that a recovery follows; None for what is no recovery.
    """
    settles = after_s is None or after_s >= HR_SETTLES_S
    for target in stretch.targets:
        match target.kind:
            case TargetKind.POWER:
                return _ranged(SteeringUnit.WATTS, target)
            case TargetKind.PACE if sport is not Sport.RIDE:
                swum = sport is Sport.SWIM
                return _ranged(SteeringUnit.PACE_100M if swum else SteeringUnit.PACE_KM, target)
            case TargetKind.HR if settles:
                return _heart_rate(target, stretch, sport, athlete)
            case _:
                continue
    return None


def _ranged(unit: SteeringUnit, target: Target) -> SteeredBy:
    high = round(target.high)
    low = target.low
    if not low:  # a pace without its faster end is that pace
        low = high if target.kind is TargetKind.PACE else OPEN_LOW_SHARE * high
    return SteeredBy(unit, min(round(low), high), high, target)


def _heart_rate(
    target: Target, stretch: Stretch, sport: Sport, athlete: Athlete | None
) -> SteeredBy:
    """A share of the threshold in the sport, else of the maximum, else the zone."""
    heart = None if athlete is None else athlete.heart_in(sport)
    if heart is not None and heart.threshold_hr_bpm is not None:
        return _share(SteeringUnit.THRESHOLD_HR_PERCENT, target, heart.threshold_hr_bpm)
    if athlete is not None and athlete.max_hr_bpm is not None:
        return _share(SteeringUnit.MAX_HR_PERCENT, target, athlete.max_hr_bpm)
    last = LAST_ZONE_THERE if stretch.zone == ZONE_COUNT else stretch.zone
    return SteeredBy(SteeringUnit.HR_ZONE, stretch.zone, last, target)


def _share(unit: SteeringUnit, target: Target, of_bpm: int) -> SteeredBy:
    """The range in percent, rounded inwards, so that no beat is added to it."""
    high = floor(100 * target.high / of_bpm)
    if target.low is None:
        return SteeredBy(unit, round(OPEN_LOW_SHARE * high), high, target)
    low = ceil(100 * target.low / of_bpm)
    if low > high:  # narrower than a percent
        low = high = round(100 * (target.low + target.high) / 2 / of_bpm)
    return SteeredBy(unit, low, high, target)
