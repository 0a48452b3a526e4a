"""What every source of training data is, and how it says that it cannot be read."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.calendar import CalendarEvent
from weekly_plan_assets.domain.sport_settings import SportSettings
from weekly_plan_assets.domain.wellness import WellnessDay


class SourceError(RuntimeError):
    """A source that cannot be read; one sentence that says what is wrong and the way out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of a source, a file say; the other parts are not affected."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class TrainingSource(Protocol):
    """Activities and wellness of one athlete, by local calendar day.

    Whatever is asked of it raises `SourceError` where the data cannot be read.
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
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, or not wholly."""
        ...

    def first_day(self) -> date | None:
        """The first day with any data; None for a source without any."""
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
