"""The Intervals.icu source: which days and fields of an athlete the project asks the API for.

How a question is asked, and what happens when it fails, belongs to `client`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from weekly_plan_assets.domain.athlete.athlete_id import Identity
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.field_types import Id
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.reset_clocks import RESET_WAY_OUT, reset_days
from weekly_plan_assets.domain.recorded.same_athlete import MEASURED, last_recorded
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem, require_own
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets.sources.json_rows import ParsedRows, Row, say_problems

OWNER = "0"
"""Stands for the owner of the key or token."""

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
    *("icu_ftp", "icu_rolling_ftp", "icu_average_watts", "icu_weighted_avg_watts"),
    *("threshold_pace", "icu_zone_times", "pace_zone_times", "icu_lap_count", "race"),
    *("icu_rpe", "feel", "description", "compliance"),
)
WELLNESS_FIELDS = (
    *("id", "updated", "ctl", "atl", "rampRate", "ctlLoad", "atlLoad"),
    *("restingHR", "hrv", "hrvSDNN", "sleepSecs", "sleepScore", "sleepQuality", "steps", "weight"),
    *("soreness", "fatigue", "stress", "mood", "motivation", "injury", "readiness"),
)


class _AthleteAnswer(BaseModel):
    """Who a key or token belongs to; all else of the answer, the key itself too, is let go."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: Id


class IntervalsSource:
    """One athlete of Intervals.icu. Every question goes to the API again."""

    name = "intervals"
    import_summary: str | None = None
    identity = Identity.NAMED
    absent_keys: tuple[str, ...] = ()

    def __init__(
        self,
        client: IntervalsClient,
        today: date,
        athlete_id: str = OWNER,
        own_id: str | None = None,
    ) -> None:
        """A source that asks nothing yet.

        Args:
            client: With the athlete's key or token.
            today: The athlete's local day.
            athlete_id: The athlete to read; `OWNER` for the owner of the key or token.
            own_id: The id that the athlete gave; the account must be theirs.
        """
        self._own_id = own_id
        self._client = client
        self._today = today
        self._path = f"/athlete/{athlete_id}"
        self._named: str | None = None
        self._problems: dict[str, Problem] = {}
        self._left_out: dict[tuple[Collection, date, date], list[LeftOut]] = {}

    @property
    def athlete_id(self) -> str:
        """The athlete's own id; the first question shows whether key and athlete are right."""
        if self._named is None:
            named = self._client.object(self._path, _AthleteAnswer).id
            require_own(named, self._own_id, "the account of Intervals.icu")
            self._named = named
        return self._named

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The rows and values that could not be used in any answer so far."""
        return tuple(self._problems.values())

    def left_out(self, collection: Collection, first: date, last: date) -> list[LeftOut]:
        """What could not be used of the answers for the days `first` to `last`."""
        return self._left_out.get((collection, first, last), [])

    def first_day(self) -> date | None:
        """The first day with an activity or a wellness row; None for an athlete without any.

        A session that a reset clock has dated is named, and begins no history.
        """
        first, last = FIRST_DAY, self._today
        activities = self._activities(first, last, ("id", "start_date_local")).rows
        wellness = self._wellness(first, last, ("id",)).rows
        days_of_rows = [*(row.day for row in activities), *(row.day for row in wellness)]
        reset = reset_days(days_of_rows)
        for day in sorted(reset & {row.day for row in activities}):
            problem = Problem("/activities", f"a session of {day} {RESET_WAY_OUT}")
            self._problems[str(problem)] = problem
        days = [day for day in days_of_rows if day not in reset]
        return min((day for day in days if first <= day <= last), default=None)

    def last_day(self) -> date | None:
        """The last day up to today with a session or a measured value of wellness.

        The year up to today is asked; who recorded nothing in it has none.
        """
        first, last = self._today - timedelta(days=PAGE_DAYS - 1), self._today
        activities = self._activities(first, last, ("id", "start_date_local")).rows
        wellness = self._wellness(first, last, ("id", *MEASURED)).rows
        return last_recorded(activities, wellness, last)

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        rows: dict[str, Activity] = {}
        left_out: list[LeftOut] = []
        for begin, end in _pages(first, last):
            page = self._activities(begin, end, ACTIVITY_FIELDS)
            # One that was moved to a later day between two requests comes twice; the last is right.
            rows |= {row.id: row for row in page.rows if begin <= row.day <= end}
            left_out += _between(page.left_out, begin, end)
        self._left_out["activities", first, last] = left_out
        return sorted(rows.values(), key=lambda row: (row.start_date_local, row.id))

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        rows: list[WellnessDay] = []
        left_out: list[LeftOut] = []
        for begin, end in _pages(first, last):
            page = self._wellness(begin, end, WELLNESS_FIELDS)
            rows += [row for row in page.rows if begin <= row.day <= end]
            left_out += _between(page.left_out, begin, end)
        self._left_out["wellness", first, last] = left_out
        return sorted(rows, key=lambda row: row.day)

    def sport_settings(self) -> list[SportSettings]:
        """Thresholds and zones, as the athlete set them for each group of sports."""
        answer = self._rows("/sport-settings", SportSettings, {})
        return say_problems(answer)

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """What the athlete has on the calendar from `first` to `last`, both included, by start.

        Delivered plans are left out: a planned session is no commitment of the athlete's, and a
        note of ours not their words.
        """
        answer = self._rows("/events", CalendarEvent, _days(first, last))
        rows = [row for row in say_problems(answer) if not row.is_delivered]
        return sorted(rows, key=lambda row: (row.start_date_local, row.id))

    def _activities(self, first: date, last: date, fields: Sequence[str]) -> ParsedRows[Activity]:
        # A bare day may mean its first moment.
        query = {**_days(first, last), "newest": f"{last.isoformat()}T23:59:59"}
        return self._rows("/activities", Activity, query, fields)

    def _wellness(self, first: date, last: date, fields: Sequence[str]) -> ParsedRows[WellnessDay]:
        return self._rows("/wellness", WellnessDay, _days(first, last), fields)

    def _rows(
        self,
        path: str,
        model: type[Row],
        query: Mapping[str, str],
        fields: Sequence[str] | None = None,
    ) -> ParsedRows[Row]:
        answer = self._client.rows(f"{self._path}{path}", model, query, fields=fields)
        self._problems |= {str(problem): problem for problem in answer.problems}
        return answer


def _days(first: date, last: date) -> dict[str, str]:
    return {"oldest": first.isoformat(), "newest": last.isoformat()}


def _between(left_out: Sequence[LeftOut], first: date, last: date) -> list[LeftOut]:
    """What is of these days, or of a day that is not known."""
    return [one for one in left_out if one.day is None or first <= one.day <= last]


def _pages(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each request, none longer than `PAGE_DAYS`."""
    while first <= last:
        end = min(first + timedelta(days=PAGE_DAYS - 1), last)
        yield first, end
        first = end + timedelta(days=1)
