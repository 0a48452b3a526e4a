"""What every source of training data is, and how it says that it cannot be read."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.domain.athlete.athlete_id import Identity
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.errors import WeeklyPlanError


class SourceError(WeeklyPlanError, RuntimeError):
    """A source that cannot be read; one sentence that says what is wrong and the way out."""


LONGEST_PROBLEM = 500
"""Characters of a line; a reason may repeat what a file holds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of a source, such as a file; the other parts are not affected.

    Attributes:
        path: The file, or the address that was asked.
        reason: What is wrong with it.
        left_out: What is missing for that reason, where its row is known.
    """

    path: str
    reason: str
    left_out: LeftOut | None = None

    def __str__(self) -> str:
        return one_line(f"{self.path}: {self.reason}")[:LONGEST_PROBLEM]


def require_own(named: str, own_id: str | None, where: str) -> None:
    """Refuse data that name another athlete than the one whose id was given.

    Args:
        named: Whom the data name.
        own_id: The id that the athlete gave; None if they gave none.
        where: What names them.

    Raises:
        SourceError: They are two.
    """
    if own_id is not None and own_id != named:
        raise SourceError(
            f"{where} is of athlete {named}, but the id that was given (WEEKLY_PLAN_ATHLETE_ID, "
            f"or id in the file that WEEKLY_PLAN_ATHLETE names) is {own_id}; use the data, the "
            "file and the id of one athlete"
        )


class TrainingSource(Protocol):
    """Activities and wellness of one athlete, by local calendar day.

    Every method raises `SourceError` if the data cannot be read.
    """

    @property
    def name(self) -> str:
        """How the source is called in settings and messages."""
        ...

    @property
    def athlete_id(self) -> str:
        """Whose data it is."""
        ...

    @property
    def identity(self) -> Identity:
        """How it is known whose data it is."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, or not wholly."""
        ...

    def left_out(self, collection: Collection, first: date, last: date) -> list[LeftOut]:
        """Rows and values that could not be used of these days, once they were asked for.

        A row without a known day is included where the source answered it for these days.
        """
        ...

    @property
    def absent_keys(self) -> tuple[str, ...]:
        """Keys of the athlete's own file that this source needs and are not set."""
        ...

    @property
    def import_summary(self) -> str | None:
        """How many files were read, and how; None if no recording was."""
        ...

    def first_day(self) -> date | None:
        """The first day with any data; None for a source without any."""
        ...

    def last_day(self) -> date | None:
        """The last day on which something was recorded; None for a source without any."""
        ...

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        ...

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        ...

    def sport_settings(self) -> list[SportSettings]:
        """Thresholds and zones for each group of sports; none where the source knows none."""
        ...

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """Calendar entries of the days `first` to `last`, both included, by start."""
        ...
