"""What stands on an athlete's calendar: races, illness, holidays, limits of days, and notes.

What a planner makes of it lies elsewhere.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from weekly_plan_assets.domain.plan.session_id import is_own
from weekly_plan_assets.domain.recorded.field_types import (
    AnyClock,
    Id,
    LocalClock,
    Number,
    Texts,
    WholeNumber,
)
from weekly_plan_assets.domain.units import MINUTES_PER_DAY, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek

RACE_CATEGORIES = frozenset({"RACE_A", "RACE_B", "RACE_C"})
ABSENCE_CATEGORIES = frozenset({"SICK", "INJURED", "HOLIDAY"})
UNFORESEEN_CATEGORIES = frozenset({"SICK", "INJURED"})
NOTE_CATEGORY = "NOTE"

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
    def is_note(self) -> bool:
        """Whether it is a note."""
        return self.category == NOTE_CATEGORY

    @property
    def written(self) -> str:
        """Name and description, as the athlete wrote them; empty for neither."""
        description = (self.model_extra or {}).get("description")
        parts = (self.name, description if isinstance(description, str) else None)
        return ": ".join(" ".join(part.split()) for part in parts if part and part.strip())

    @property
    def updated_day(self) -> date | None:
        """The day in UTC on which it was last changed; None if the source does not say."""
        try:
            return datetime.fromisoformat(str((self.model_extra or {}).get("updated"))).date()
        except ValueError:
            return None

    @property
    def is_delivered(self) -> bool:
        """Whether the project put it there, which makes it no word of the athlete's."""
        return is_own((self.model_extra or {}).get("external_id"))

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


class CalendarNote(NamedTuple):
    """What an athlete wrote into their calendar, for one day or from that day on."""

    day: date
    text: str


def is_known_note(event: CalendarEvent, observed: TrainingWeek) -> bool:
    """Whether it is a note about the observed week or the next that could be read at its end.

    A note about days ahead may have been written, or changed, when they were over: it counts if it
    has not been touched since the Monday after the observed week.
    """
    return event.is_note and _could_be_read(event, observed)


def known_notes(
    calendar: Iterable[CalendarEvent], observed: TrainingWeek
) -> tuple[CalendarNote, ...]:
    """What could be read at the end of the observed week: notes, and words about absences."""
    return tuple(
        CalendarNote(event.day, text)
        for event in sorted(calendar, key=lambda one: (one.day, one.id))
        if (event.is_note or event.is_absence) and _could_be_read(event, observed)
        for text in [event.written]
        if text
    )


def _could_be_read(event: CalendarEvent, observed: TrainingWeek) -> bool:
    planned = observed.next()
    if event.last_day < observed.start or event.day > planned.end:
        return False
    updated = event.updated_day
    return event.day <= observed.end or (updated is not None and updated <= planned.start)
