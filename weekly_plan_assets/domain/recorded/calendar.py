"""What stands on an athlete's calendar: races, illness, holidays, the days that can be trained.

What a planner makes of it lies elsewhere.
"""

from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from weekly_plan_assets.domain.recorded.field_types import (
    AnyClock,
    Id,
    LocalClock,
    Number,
    Texts,
    WholeNumber,
)
from weekly_plan_assets.domain.units import MINUTES_PER_DAY, SECONDS_PER_MINUTE

RACE_CATEGORIES = frozenset({"RACE_A", "RACE_B", "RACE_C"})
ABSENCE_CATEGORIES = frozenset({"SICK", "INJURED", "HOLIDAY"})
UNFORESEEN_CATEGORIES = frozenset({"SICK", "INJURED"})


LEAST_TRAINING_S = 600
"""A `max_training_time` below this is taken for minutes (project convention).

Its unit is not documented. All other durations of the API are seconds, and so is this one where it
makes sense: as seconds, a smaller number would be less than ten minutes of training, and a number
from here on would be more than ten hours if it were minutes.
"""


class CalendarEvent(BaseModel):
    """One entry; documents carry the key names of the Intervals.icu API. Unknown keys are kept.

    Attributes:
        category: `RACE_A`, `SICK`, `WORKOUT` and others, in the words of Intervals.icu.
        end_date_local: When it is over; an entry of one day ends as the next day begins.
        distance_m: Distance of a race or a planned workout.
        moving_time_s: How long a race or a planned workout is expected to take.
        training_availability: `NORMAL`, `LIMITED` or `UNAVAILABLE`.
        max_training_time: How long can be trained a day where it is limited, see
            `LEAST_TRAINING_S`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )

    id: Id
    category: str | None = None
    start_date_local: LocalClock
    end_date_local: AnyClock | None = None
    type: str | None = None
    name: str | None = None
    distance_m: Number | None = Field(default=None, alias="distance")
    moving_time_s: WholeNumber | None = Field(default=None, alias="moving_time")
    training_availability: str | None = None
    max_training_time: Number | None = None
    can_train_sports: Texts | None = None

    @property
    def day(self) -> date:
        """The local calendar day on which it begins."""
        return self.start_date_local.date()

    @property
    def last_day(self) -> date:
        """The local calendar day on which it ends: midnight still belongs to the day before."""
        ends = self.end_date_local
        if ends is None or ends.date() <= self.day:
            return self.day
        return ends.date() - timedelta(days=1) if ends.time() == time.min else ends.date()

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its local calendar days."""
        return self.day <= day <= self.last_day

    @property
    def is_race(self) -> bool:
        """Whether the athlete competes."""
        return self.category in RACE_CATEGORIES

    @property
    def is_absence(self) -> bool:
        """Whether the athlete is ill, injured or away."""
        return self.category in ABSENCE_CATEGORIES

    @property
    def is_unforeseen(self) -> bool:
        """Whether nobody can know of it before it begins."""
        return self.category in UNFORESEEN_CATEGORIES

    @property
    def limits_days(self) -> bool:
        """Whether it says how long, or what, can be trained on its days."""
        return self.available_min is not None or bool(self.can_train_sports)

    @property
    def available_min(self) -> int | None:
        """Minutes that can be trained on each of its days; None if it sets no limit."""
        if self.training_availability == "UNAVAILABLE":
            return 0
        limit = self.max_training_time
        if self.training_availability != "LIMITED" or limit is None or limit < 0:
            return None
        minutes = limit if limit < LEAST_TRAINING_S else limit // SECONDS_PER_MINUTE
        return int(min(minutes, MINUTES_PER_DAY))

    @field_serializer("start_date_local", "end_date_local")
    def _clock_as_sent(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.isoformat()
