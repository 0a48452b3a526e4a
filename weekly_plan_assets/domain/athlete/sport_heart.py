"""The heart in one sport: threshold and zones differ between running, riding and swimming.

Maximum and resting heart rate hold for the whole athlete, and belong to `athlete`.
"""

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport

ZONE_COUNT = 5


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
