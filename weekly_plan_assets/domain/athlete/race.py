"""A goal race as a profile keeps it. How hard it will be belongs to `race_effort`."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport


class RacePriority(StrEnum):
    """A: the season is built for it. B: a small taper. C: trained through."""

    A = "A"
    B = "B"
    C = "C"


class Race(Document):
    """A goal race."""

    date: date
    priority: RacePriority
    name: str | None = None
    sport: Sport | None = None
    distance_m: float | None = Field(default=None, gt=0)
    target_time_s: int | None = Field(default=None, gt=0)
