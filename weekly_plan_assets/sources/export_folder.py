"""The folder source: whatever an athlete has of their training, mixed in one folder.

Intervals.icu JSON (`activities.json`, `wellness.json`, and beside them `sport_settings.json` and
`events.json`), a Strava bulk export, FIT, GPX and TCX
files, wellness as CSV. Here they become one athlete's rows; how each is read belongs to `files`.
Everything is read once, when it is first needed.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.athlete_id import NAMELESS_ATHLETE, Identity
from weekly_plan_assets.domain.metrics.estimated_fitness import with_estimated_fitness
from weekly_plan_assets.domain.recorded.activity import MANUAL_SOURCE, Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.domain.recorded.reset_clocks import RESET_WAY_OUT, reset_days
from weekly_plan_assets.domain.recorded.same_athlete import last_recorded
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem, SourceError, require_own
from weekly_plan_assets.sources.files.conversion import OwnNumbers
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.files_source import FolderActivities
from weekly_plan_assets.sources.files.finding import FoundFiles, find_files
from weekly_plan_assets.sources.files.importing import ImportedFiles, Progress, import_files
from weekly_plan_assets.sources.files.json_rows import RowsFile
from weekly_plan_assets.sources.files.limits import MIB
from weekly_plan_assets.sources.files.wellness_csv import read_wellness_csv
from weekly_plan_assets.sources.json_rows import ParsedRows, say_problems

ACTIVITIES_FILE = RowsFile("activities.json", Activity, most_bytes=128 * MIB, most_rows=100_000)
"""Twenty years of two activities a day, with all that is known of each, have 70 MiB."""

WELLNESS_FILE = RowsFile("wellness.json", WellnessDay, most_bytes=64 * MIB, most_rows=100_000)
"""Fifty years have 18 MiB."""

SPORT_SETTINGS_FILE = RowsFile("sport_settings.json", SportSettings, most_bytes=MIB, most_rows=100)
"""One row for each group of sports. They are kept with every run, in one document."""

EVENTS_FILE = RowsFile("events.json", CalendarEvent, most_bytes=8 * MIB, most_rows=10_000)
"""Ten years of a planned workout a day have 7 MiB. Those around a week are kept with its run, in a
document, which MongoDB takes up to 16 MiB."""


class ExportFolderSource:
    """One athlete's activities and wellness in a folder; any part of them may be missing."""

    name = "folder"

    def __init__(
        self,
        folder: Path,
        *,
        timezone: str = "UTC",
        own_id: str | None = None,
        athlete: AthleteFile | None = None,
        cache_dir: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        """A source that reads `folder`.

        Args:
            folder: Where the files lie; recordings may lie anywhere below.
            timezone: The athlete's zone, for recordings that know no local time.
            own_id: The id that the athlete gave; files of a watch name nobody.
            athlete: Their own numbers, for zone times, TRIMP and load of recordings;
                the activities of Intervals.icu fill what it does not tell.
            cache_dir: Where to remember what came of each file; None reads all of them again.
            progress: Called with how many recordings of how many are read.
        """
        self._folder = folder
        self._zone = ZoneInfo(timezone)
        self._own_id = own_id
        self._athlete = athlete or AthleteFile()
        self._cache_dir = cache_dir
        self._progress = progress
        self._clock_problems: list[Problem] = []

    @cached_property
    def athlete_id(self) -> str:
        """The athlete that the activities of Intervals.icu name, else the id that was given.

        Raises:
            SourceError: They name another athlete than the one whose id was given.
        """
        named = self._named_athlete
        if named is None:
            return self._own_id or NAMELESS_ATHLETE
        require_own(named, self._own_id, str(self._folder / ACTIVITIES_FILE.name))
        return named

    @property
    def identity(self) -> Identity:
        """Whether the files name the athlete, the athlete gave an id, or neither."""
        if self._named_athlete is not None:
            return Identity.NAMED
        return Identity.UNKNOWN if self._own_id is None else Identity.GIVEN

    @property
    def _named_athlete(self) -> str | None:
        return next((row.athlete_id for row in self._json_activities.rows if row.athlete_id), None)

    @property
    def absent_keys(self) -> tuple[str, ...]:
        """The heart rates by which recordings get a load, and the id, as far as they are absent."""
        athlete = self._own_numbers.athlete
        rates = (
            *(("resting_hr_bpm",) if athlete.resting_hr_bpm is None else ()),
            *(("max_hr_bpm",) if athlete.max_hr_bpm is None else ()),
        )
        no_id = self.identity is Identity.UNKNOWN
        return (*(rates if self._file_activities[0] else ()), *(("id",) if no_id else ()))

    @property
    def parsed_count(self) -> int:
        """How many recordings had to be parsed; the others were known and unchanged."""
        return self._imported.parsed_count

    @property
    def quick_count(self) -> int:
        """How many FIT files the quick reader took whole; the others needed fitdecode."""
        return self._imported.quick_count

    @property
    def import_summary(self) -> str | None:
        """How many recordings were read, and how; None if there are none."""
        return self._imported.summary

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The files that could not be read, or not wholly; the others are not affected."""
        files, _ = self._file_activities[1], self._activities
        return (
            *self._found.problems,
            *self._json_activities.problems,
            *self._json_wellness.problems,
            *files,
            *self._wellness_tables[1],
            *self._clock_problems,
        )

    def left_out(self, collection: Collection, first: date, last: date) -> list[LeftOut]:
        """What could not be used of the rows of these days; a row of no known day is of none."""
        left_out = (problem.left_out for problem in self.problems)
        return [
            one
            for one in left_out
            if one is not None and one.collection == collection and one.day is not None
            if first <= one.day <= last
        ]

    def first_day(self) -> date | None:
        """The first day with an activity or a wellness row; None for files without rows."""
        days = [row.day for row in self._activities] + [row.day for row in self._wellness_of_files]
        return min(days, default=None)

    def last_day(self) -> date | None:
        """The last day up to today with a session or a measured value of wellness."""
        today = datetime.now(self._zone).date()
        return last_recorded(self._activities, self._wellness_of_files, today)

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        return [row for row in self._activities if first <= row.day <= last]

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day.

        Fitness is calculated from load where the folder lacks it, see `estimated_fitness`.
        """
        return [row for row in self._wellness if first <= row.day <= last]

    def sport_settings(self) -> list[SportSettings]:
        """Thresholds and zones, as Intervals.icu answered them."""
        return say_problems(SPORT_SETTINGS_FILE.read(self._folder))

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """What the athlete had on the calendar from `first` to `last`, both included, by start.

        Delivered plans are left out, as from the API.
        """
        rows = say_problems(EVENTS_FILE.read(self._folder))
        inside = [row for row in rows if first <= row.day <= last and not row.is_delivered]
        return sorted(inside, key=lambda row: (row.start_date_local, row.id))

    @cached_property
    def _activities(self) -> list[Activity]:
        rows = {row.id: row for row in self._json_activities.rows}
        for activity in self._file_activities[0]:
            known = rows.get(activity.id)
            # Of an activity from Strava, the API of Intervals.icu sends no more than its id.
            if known is None or known.type is None:
                rows[activity.id] = activity
        reset = {row.id for row in self._dated_by_reset_clocks(rows.values())}
        kept = (row for row in rows.values() if row.id not in reset)
        return sorted(kept, key=lambda row: (row.start_date_local, row.id))

    def _dated_by_reset_clocks(self, rows: Iterable[Activity]) -> list[Activity]:
        """The sessions whose date is that of a reset clock; each becomes a problem."""
        recorded = [row for row in rows if row.source != MANUAL_SOURCE]
        days = reset_days(row.day for row in recorded)
        found = [row for row in recorded if row.day in days]
        for row in found:
            path = str((row.model_extra or {}).get("file_name") or ACTIVITIES_FILE.name)
            reason = f"its session of {row.day} {RESET_WAY_OUT}"
            self._clock_problems.append(Problem(path, reason))
        return found

    @cached_property
    def _json_activities(self) -> ParsedRows[Activity]:
        self._require_any_file()
        answer = ACTIVITIES_FILE.read(self._folder)
        self._refuse_two_athletes(answer.rows)
        return answer

    @cached_property
    def _json_wellness(self) -> ParsedRows[WellnessDay]:
        self._require_any_file()
        return WELLNESS_FILE.read(self._folder)

    @cached_property
    def _file_activities(self) -> tuple[list[Activity], tuple[Problem, ...]]:
        reader = FolderActivities(self._folder, self._imported.by_path, self._own_numbers)
        activities = reader.read(self._found.strava_tables)
        return activities, tuple(reader.problems)

    @cached_property
    def _own_numbers(self) -> OwnNumbers:
        observed = Athlete.observed(self.athlete_id, self._json_activities.rows)
        return OwnNumbers(
            self._zone, observed.with_own(self._athlete), self._athlete.impulse_weighting
        )

    @cached_property
    def _imported(self) -> ImportedFiles:
        return import_files(self._folder, self._found.recordings, self._cache_dir, self._progress)

    @cached_property
    def _found(self) -> FoundFiles:
        return find_files(self._folder)

    @cached_property
    def _wellness(self) -> list[WellnessDay]:
        return with_estimated_fitness(
            self._wellness_of_files,
            self._activities,
            today=datetime.now(self._zone).date(),
            strength_feeds_ctl=self._athlete.strength_feeds_ctl,
        )

    @cached_property
    def _wellness_of_files(self) -> list[WellnessDay]:
        rows = self._json_wellness.rows
        tables = self._wellness_tables[0]
        return _filled_from_tables(rows, tables) if tables else rows

    @cached_property
    def _wellness_tables(self) -> tuple[list[list[dict[str, Any]]], list[Problem]]:
        """The days of each table, and what could not be used of them."""
        tables: list[list[dict[str, Any]]] = []
        problems: list[Problem] = []
        for table in self._found.wellness_tables:
            try:
                days, faults = read_wellness_csv(self._folder / table)
            except FileError as error:
                problems.append(Problem(table, str(error)))
            else:
                tables.append(days)
                problems += [fault.problem(table, "wellness") for fault in faults]
        return tables, problems

    def _require_any_file(self) -> None:
        if not self._folder.is_dir():
            raise SourceError(
                f"WEEKLY_PLAN_EXPORT_DIR is {self._folder}, which is not a folder; set it to the "
                "one that holds your training data"
            )
        names = (ACTIVITIES_FILE.name, WELLNESS_FILE.name)
        if not any(os.path.lexists(self._folder / name) for name in names) and not self._found:
            raise SourceError(
                f"{self._folder} holds neither {' nor '.join(names)}, nor a Strava "
                "export, nor FIT, GPX or TCX files, nor wellness.csv; set WEEKLY_PLAN_EXPORT_DIR "
                "to the folder that does, unpacked"
            )

    def _refuse_two_athletes(self, rows: Sequence[Activity]) -> None:
        named = sorted({row.athlete_id for row in rows if row.athlete_id})
        if len(named) > 1:
            raise SourceError(
                f"{self._folder / ACTIVITIES_FILE.name} holds activities of the athletes "
                f"{' and '.join(named)}; export one athlete to a folder of their own"
            )


def _filled_from_tables(
    rows: Sequence[WellnessDay], tables: Sequence[list[dict[str, Any]]]
) -> list[WellnessDay]:
    """The days with what the tables measured and no earlier file did."""
    days: dict[str, dict[str, Any]] = {row.day.isoformat(): row.model_dump() for row in rows}
    for table in tables:
        for values in table:
            day = days.setdefault(values["id"], {})
            day.update({key: value for key, value in values.items() if day.get(key) is None})
    return [WellnessDay.model_validate(day) for day in days.values()]
