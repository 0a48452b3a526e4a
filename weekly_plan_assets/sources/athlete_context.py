"""What a source and the athlete's own file say about an athlete, apart from recorded training.

Which of the two takes precedence is decided in `domain.athlete.profile`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext, calendar_days
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.sources.base import TrainingSource


@dataclass
class ContextReader:
    """Read what is known about an athlete in any of some weeks, asking the source once for all.

    Every method raises `SourceError` if the source cannot be read.

    Attributes:
        weeks: The observed weeks, in order.
        file: The athlete's own.
    """

    source: TrainingSource
    weeks: Sequence[TrainingWeek]
    file: AthleteFile

    def athlete_context(self, observed: TrainingWeek) -> AthleteContext:
        """For the week after `observed`: entries of its own stretch of the calendar only."""
        first, last = calendar_days(observed)
        return AthleteContext(
            file=self.file,
            sport_settings=self._sport_settings,
            calendar=tuple(event for event in self._calendar if first <= event.day <= last),
        )

    @cached_property
    def _sport_settings(self) -> tuple[SportSettings, ...]:
        return tuple(self.source.sport_settings())

    @cached_property
    def _calendar(self) -> list[CalendarEvent]:
        first: date = calendar_days(self.weeks[0])[0]
        last: date = calendar_days(self.weeks[-1])[1]
        return self.source.calendar(first, last)
