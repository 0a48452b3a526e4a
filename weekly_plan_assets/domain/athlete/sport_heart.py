"""The heart in one sport: threshold and zones, and which heart rates go together.

They differ between running, riding and swimming. Maximum and resting heart rate hold for the whole
athlete, and belong to `athlete`.
"""

from itertools import pairwise

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete_file import HEART_RATES
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.value_limits import (
    MAX_HR_BPM,
    RESTING_HR_BPM,
    THRESHOLD_HR_BPM,
    ZONE_BOUND_BPM,
)

ZONE_COUNT = 5

Rates = dict[str, int | None]
"""Heart rates in bpm by the names of the profile's own fields."""

_LIMITS_BPM = {
    "resting_hr_bpm": RESTING_HR_BPM,
    "threshold_hr_bpm": THRESHOLD_HR_BPM,
    "max_hr_bpm": MAX_HR_BPM,
}


class SportHeart(Document):
    """Threshold and zones of one sport, where they are known for it.

    Attributes:
        threshold_hr_bpm: Heart rate at threshold in this sport; None if it is not known.
        zone_upper_bpm: Upper bounds of zones 1 to 5; None if they are not known.
    """

    sport: Sport
    threshold_hr_bpm: int | None = Field(default=None, gt=0)
    zone_upper_bpm: tuple[int, ...] | None = Field(
        default=None, min_length=ZONE_COUNT, max_length=ZONE_COUNT
    )


class EasyCeiling(Document):
    """The heart rate that easy sessions of a sport stay below."""

    sport: Sport
    bpm: int = Field(gt=0)


def five_zones(uppers_bpm: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Recorded zones as five: Friel's 5a, 5b and 5c are one zone. None if they make no five."""
    if uppers_bpm is None or len(uppers_bpm) < ZONE_COUNT:
        return None
    five = (*uppers_bpm[: ZONE_COUNT - 1], uppers_bpm[-1])
    return five if ascends(five) and all(map(ZONE_BOUND_BPM.hold, five)) else None


def fitting(rates_bpm: Rates, key: str, bpm: int | None) -> int | None:
    """The heart rate, where it can be true and does not contradict the others; else None."""
    if bpm is None or not _LIMITS_BPM[key].hold(bpm):
        return None
    return bpm if in_order({**rates_bpm, key: bpm}) else None


def in_order(rates_bpm: Rates) -> bool:
    """Whether resting, threshold and maximum ascend, as far as they are known."""
    known = (rates_bpm.get(key) for key in HEART_RATES)
    return ascends(tuple(bpm for bpm in known if bpm is not None))


def ascends(rates_bpm: tuple[int, ...]) -> bool:
    """Whether each is higher than the one before, and all are above 0."""
    return all(lower < higher for lower, higher in pairwise((0, *rates_bpm)))
