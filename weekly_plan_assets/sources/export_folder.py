"""The folder source: whatever an athlete has of their training, mixed in one folder.

Intervals.icu JSON (`activities.json`, `wellness.json`, and beside them `sport_settings.json` and
`events.json`), a Strava bulk export, FIT, GPX and TCX
files, wellness as CSV. Here they become one athlete's rows; how each is read belongs to `files`.
Everything is read once, when it is first needed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.athlete_file import AthleteFile
from weekly_plan_assets.domain.calendar import CalendarEvent
from weekly_plan_assets.domain.reckoned_fitness import with_reckoned_fitness
from weekly_plan_assets.domain.sport_settings import SportSettings
from weekly_plan_assets.domain.wellness import WellnessDay
from weekly_plan_assets.sources.base import Problem, SourceError
from weekly_plan_assets.sources.files.activities import FolderActivities
from weekly_plan_assets.sources.files.conversion import OwnNumbers
from weekly_plan_assets.sources.files.finding import FoundFiles, find_files
from weekly_plan_assets.sources.files.importing import ImportedFiles, Progress, import_files
from weekly_plan_assets.sources.files.json_rows import read_json_rows, refuse_twins
from weekly_plan_assets.sources.files.recording import FileError
from weekly_plan_assets.sources.files.wellness_csv import read_wellness_csv

ACTIVITIES_FILE = "activities.json"
WELLNESS_FILE = "wellness.json"
SPORT_SETTINGS_FILE = "sport_settings.json"
EVENTS_FILE = "events.json"
NAMELESS_ATHLETE = "folder"
"""The athlete's id where no activity carries one."""


class ExportFolderSource:
    """One athlete's activities and wellness in a folder; any part of them may be missing."""

    name = "folder"

    def __init__(
        self,
        folder: Path,
        *,
        timezone: str = "UTC",
        athlete: AthleteFile | None = None,
        cache_dir: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        """A source that reads `folder`.

        Args:
            folder: Where the files lie; recordings may lie anywhere below.
            timezone: The athlete's zone, for recordings that know no local time.
            athlete: What they tell of themselves, for zone times, TRIMP and load of recordings;
                the activities of Intervals.icu fill what it does not tell.
            cache_dir: Where to remember what came of each file; None reads all of them anew.
            progress: Told how many recordings of how many are read.
        """
        self._folder = folder
        self._zone = ZoneInfo(timezone)
        self._athlete = athlete or AthleteFile()
        self._cache_dir = cache_dir
        self._progress = progress

    @cached_property
    def athlete_id(self) -> str:
        """The athlete that the activities of Intervals.icu name."""
        return next(
            (row.athlete_id for row in self._json_activities if row.athlete_id), NAMELESS_ATHLETE
        )

    @property
    def parsed_count(self) -> int:
        """How many recordings had to be parsed; the others were known and unchanged."""
        return self._imported.parsed_count

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The files that could not be read, or not wholly; the others are not affected."""
        return self._file_activities[1]

    def first_day(self) -> date | None:
        """The first day with an activity or a wellness row; None for files without rows."""
        days = [row.day for row in self._activities] + [row.day for row in self._told_wellness]
        return min(days, default=None)

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        return [row for row in self._activities if first <= row.day <= last]

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day.

        Fitness is reckoned from load where the folder does not tell it, see `reckoned_fitness`.
        """
        return [row for row in self._wellness if first <= row.day <= last]

    def sport_settings(self) -> list[SportSettings]:
        """Thresholds and zones, as Intervals.icu answered them."""
        return read_json_rows(self._folder / SPORT_SETTINGS_FILE, SportSettings)

    def calendar(self, first: date, last: date) -> list[CalendarEvent]:
        """Calendar entries of the days `first` to `last`, both included, by start."""
        rows = read_json_rows(self._folder / EVENTS_FILE, CalendarEvent)
        inside = [row for row in rows if first <= row.day <= last]
        return sorted(inside, key=lambda row: (row.start_date_local, row.id))

    @cached_property
    def _activities(self) -> list[Activity]:
        rows = {row.id: row for row in self._json_activities}
        for activity in self._file_activities[0]:
            known = rows.get(activity.id)
            # Of an activity from Strava, the API of Intervals.icu tells no more than its id.
            if known is None or known.type is None:
                rows[activity.id] = activity
        return sorted(rows.values(), key=lambda row: (row.start_date_local, row.id))

    @cached_property
    def _json_activities(self) -> list[Activity]:
        self._require_any_file()
        path = self._folder / ACTIVITIES_FILE
        rows = read_json_rows(path, Activity)
        refuse_twins(path, [row.id for row in rows])
        self._refuse_two_athletes(rows)
        return rows

    @cached_property
    def _file_activities(self) -> tuple[list[Activity], tuple[Problem, ...]]:
        reader = FolderActivities(self._folder, self._imported.by_path, self._own_numbers)
        activities = reader.read(self._found.strava_tables)
        return activities, tuple(reader.problems)

    @cached_property
    def _own_numbers(self) -> OwnNumbers:
        observed = Athlete.observed(self.athlete_id, self._json_activities)
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
        return with_reckoned_fitness(
            self._told_wellness,
            self._activities,
            today=datetime.now(self._zone).date(),
            strength_feeds_ctl=self._athlete.strength_feeds_ctl,
        )

    @cached_property
    def _told_wellness(self) -> list[WellnessDay]:
        self._require_any_file()
        path = self._folder / WELLNESS_FILE
        rows = read_json_rows(path, WellnessDay)
        refuse_twins(path, [row.day.isoformat() for row in rows])
        if self._found.wellness_tables:
            rows = self._filled_from_tables(rows)
        return rows

    def _filled_from_tables(self, rows: Sequence[WellnessDay]) -> list[WellnessDay]:
        """The days with what the tables measured and no earlier file did."""
        days: dict[str, dict[str, Any]] = {row.day.isoformat(): row.model_dump() for row in rows}
        for table in self._found.wellness_tables:
            path = self._folder / table
            try:
                told = read_wellness_csv(path)
            except FileError as error:
                raise SourceError(f"{path} {error}") from error
            for values in told:
                day = days.setdefault(values["id"], {})
                day.update({key: value for key, value in values.items() if day.get(key) is None})
        return [WellnessDay.model_validate(day) for day in days.values()]

    def _require_any_file(self) -> None:
        if not self._folder.is_dir():
            raise SourceError(
                f"WEEKLY_PLAN_EXPORT_DIR is {self._folder}, which is not a folder; set it to the "
                "one that holds your training data"
            )
        names = (ACTIVITIES_FILE, WELLNESS_FILE)
        if not any((self._folder / name).exists() for name in names) and not self._found:
            raise SourceError(
                f"{self._folder} holds neither {ACTIVITIES_FILE} nor {WELLNESS_FILE}, nor a Strava "
                "export, nor FIT, GPX or TCX files, nor wellness.csv; set WEEKLY_PLAN_EXPORT_DIR "
                "to the folder that does, unpacked"
            )

    def _refuse_two_athletes(self, rows: Sequence[Activity]) -> None:
        named = sorted({row.athlete_id for row in rows if row.athlete_id})
        if len(named) > 1:
            raise SourceError(
                f"{self._folder / ACTIVITIES_FILE} holds activities of the athletes "
                f"{' and '.join(named)}; export one athlete to a folder of their own"
            )
