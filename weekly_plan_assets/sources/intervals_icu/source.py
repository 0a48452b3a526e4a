"""The Intervals.icu source: which days and fields of an athlete the project asks the API for.

How a question is asked, and what happens when it fails, lies in `client`.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.calendar import CalendarEvent
from weekly_plan_assets.domain.sport_settings import SportSettings
from weekly_plan_assets.domain.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient

OWNER = "0"
"""Stands for whoever the key belongs to."""

PAGE_DAYS = 364
"""Days of one request: a year of activities is an answer of a moderate size."""

FIRST_DAY = date(2000, 1, 1)
"""No device of before is looked for."""

ACTIVITY_FIELDS = (
    *("id", "icu_athlete_id", "start_date", "start_date_local", "timezone"),
    *("type", "sub_type", "name", "source", "paired_event_id"),
    *("distance", "moving_time", "elapsed_time", "average_speed", "max_speed"),
    *("icu_training_load", "hr_load_type", "trimp", "icu_ctl", "icu_atl", "icu_intensity"),
    *("average_heartrate", "max_heartrate", "lthr", "icu_resting_hr", "athlete_max_hr"),
    *("icu_hr_zones", "icu_hr_zone_times", "interval_summary"),
    *("icu_rpe", "feel", "compliance"),
)
WELLNESS_FIELDS = (
    *("id", "updated", "ctl", "atl", "rampRate", "ctlLoad", "atlLoad"),
    *("restingHR", "hrv", "hrvSDNN", "sleepSecs", "sleepScore", "sleepQuality", "steps", "weight"),
    *("soreness", "fatigue", "stress", "mood", "motivation", "injury", "readiness"),
)


class _AthleteAnswer(BaseModel):
    """Who a key belongs to. Everything else of the answer, the key itself too, is let go."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str = Field(min_length=1)


class IntervalsSource:
    """One athlete of Intervals.icu. Every question goes to the API anew."""

    name = "intervals"
    problems: tuple[Problem, ...] = ()

    def __init__(self, client: IntervalsClient, today: date, athlete_id: str = OWNER) -> None:
        """A source that asks nothing yet.

        Args:
            client: With the athlete's key.
            today: The athlete's local day.
            athlete_id: Whom to read; `OWNER` for whoever the key belongs to.
        """
        self._client = client
        self._today = today
        self._path = f"/athlete/{athlete_id}"

    @cached_property
    def athlete_id(self) -> str:
        """The athlete's own id; the first question shows whether key and athlete are right."""
        return self._client.object(self._path, _AthleteAnswer).id

    def first_day(self) -> date | None:
        """The first day with an activity or a wellness row; None for an athlete without any."""
        everything = FIRST_DAY, self._today
        activities = self._activities(*everything, ("id", "start_date_local"))
        wellness = self._wellness(*everything, ("id",))
        days = [row.day for row in activities] + [row.day for row in wellness]
        return min(days, default=None)

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        rows = {
            # One that was moved to a later day between two requests comes twice; the last is right.
            row.id: row
            for begin, end in _pages(first, last)
            for row in self._activities(begin, end, ACTIVITY_FIELDS)
            if begin <= row.day <= end
        }
        return sorted(rows.values(), key=lambda row: (row.start_date_local, row.id))

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        rows = [
            row
            for begin, end in _pages(first, last)
            for row in self._wellness(begin, end, WELLNESS_FIELDS)
            if begin <= row.day <= end
        ]
        return sorted(rows, key=lambda row: row.day)

    def sport_settings(self) -> list[SportSettings]:
        """Thresholds and zones, as the athlete set them for each group of sports."""
        return self._client.rows(f"{self._path}/sport-settings", SportSettings, {})

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """Calendar entries of the days `first` to `last`, both included, by start."""
        query = {"oldest": first.isoformat(), "newest": last.isoformat()}
        rows = self._client.rows(f"{self._path}/events", CalendarEvent, query)
        return sorted(rows, key=lambda row: (row.start_date_local, row.id))

    def _activities(self, first: date, last: date, fields: Sequence[str]) -> list[Activity]:
        query = {
            "oldest": first.isoformat(),
            # A bare day may mean its first moment.
            "newest": f"{last.isoformat()}T23:59:59",
            "fields": ",".join(fields),
        }
        return self._client.rows(f"{self._path}/activities", Activity, query)

    def _wellness(self, first: date, last: date, fields: Sequence[str]) -> list[WellnessDay]:
        query = {
            "oldest": first.isoformat(),
            "newest": last.isoformat(),
            "fields": ",".join(fields),
        }
        return self._client.rows(f"{self._path}/wellness", WellnessDay, query)


def _pages(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each request, none longer than `PAGE_DAYS`."""
    while first <= last:
        end = min(first + timedelta(days=PAGE_DAYS - 1), last)
        yield first, end
        first = end + timedelta(days=1)
