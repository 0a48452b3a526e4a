"""A source whose rows are all at hand: what a small source of another package starts from."""

from collections.abc import Iterable
from datetime import date

from weekly_plan_assets.domain.athlete.athlete_id import Identity
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem


class InMemorySource:
    """Serves rows that were read before; a `TrainingSource` without settings and calendar."""

    identity = Identity.NAMED
    import_summary: str | None = None
    absent_keys: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __init__(
        self,
        name: str,
        athlete_id: str,
        activities: Iterable[Activity] = (),
        wellness: Iterable[WellnessDay] = (),
    ) -> None:
        """Keep the rows.

        Args:
            name: What the source is called in settings and messages.
            athlete_id: Whose rows these are.
            activities: In any order.
            wellness: In any order, one row a day.
        """
        self.name = name
        self.athlete_id = athlete_id
        self._activities = sorted(activities, key=lambda row: (row.start_date_local, row.id))
        self._wellness = sorted(wellness, key=lambda row: row.day)

    def left_out(self, collection: Collection, first: date, last: date) -> list[LeftOut]:  # noqa: ARG002
        """Nothing: what cannot be used never became a row."""
        return []

    def first_day(self) -> date | None:
        """The first day with a row."""
        return min(self._days(), default=None)

    def last_day(self) -> date | None:
        """The last day with a row."""
        return max(self._days(), default=None)

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        return [row for row in self._activities if first <= row.day <= last]

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        return [row for row in self._wellness if first <= row.day <= last]

    def sport_settings(self) -> list[SportSettings]:
        """None are known."""
        return []

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:  # noqa: ARG002
        """No entries are known."""
        return []

    def _days(self) -> Iterable[date]:
        yield from (row.day for row in self._activities)
        yield from (row.day for row in self._wellness)
