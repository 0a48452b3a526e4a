"""What every source of training data is, and how it says that it cannot be read."""

from datetime import date
from typing import Protocol

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.wellness import WellnessDay


class SourceError(RuntimeError):
    """A source that cannot be read; one sentence that says what is wrong and the way out."""


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

    def first_day(self) -> date | None:
        """The first day with any data; None for a source without any."""
        ...

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        ...

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        ...
