"""What stands on an athlete's calendar: races, illness, holidays, the days that can be trained.

What a planner makes of it lies elsewhere.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from weekly_plan_assets.domain.told import LocalClock

RACE_CATEGORIES = frozenset({"RACE_A", "RACE_B", "RACE_C"})
ABSENCE_CATEGORIES = frozenset({"SICK", "INJURED", "HOLIDAY"})


class CalendarEvent(BaseModel):
    """One entry; documents carry the key names of the Intervals.icu API. Unknown keys are kept.

    Attributes:
        category: `RACE_A`, `SICK`, `WORKOUT` and others, in the words of Intervals.icu.
        end_date_local: When it is over; an entry of one day ends as the next day begins.
        training_availability: `NORMAL`, `LIMITED` or `UNAVAILABLE`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )

    id: str = Field(min_length=1)
    category: str | None = None
    start_date_local: LocalClock
    end_date_local: LocalClock | None = None
    type: str | None = None
    name: str | None = None
    training_availability: str | None = None
    can_train_sports: tuple[str, ...] | None = None

    @property
    def day(self) -> date:
        """The local calendar day on which it begins."""
        return self.start_date_local.date()

    @property
    def is_race(self) -> bool:
        """Whether the athlete competes."""
        return self.category in RACE_CATEGORIES

    @property
    def is_absence(self) -> bool:
        """Whether the athlete is ill, injured or away."""
        return self.category in ABSENCE_CATEGORIES
