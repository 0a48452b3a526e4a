"""The folder source: `activities.json` and `wellness.json`, as the Intervals.icu API answers them.

The files are read once, when they are first needed. Nothing is judged or repaired here beyond the
shape of each row.
"""

import json
import reprlib
from collections import Counter
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Never, TypeVar

from pydantic import BaseModel, ValidationError

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.wellness import WellnessDay
from weekly_plan_assets.sources.base import SourceError

ACTIVITIES_FILE = "activities.json"
WELLNESS_FILE = "wellness.json"
NAMELESS_ATHLETE = "folder"
"""The athlete's id where no activity carries one."""

Row = TypeVar("Row", bound=BaseModel)


class ExportFolderSource:
    """One athlete's activities and wellness in a folder; one of the two files may be missing."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def athlete_id(self) -> str:
        """The athlete that the activities name."""
        return next(
            (row.athlete_id for row in self._activities if row.athlete_id), NAMELESS_ATHLETE
        )

    def first_day(self) -> date | None:
        """The first day with an activity or a wellness row; None for files without rows."""
        days = [row.day for row in self._activities] + [row.day for row in self._wellness]
        return min(days, default=None)

    def activities(self, first: date, last: date) -> list[Activity]:
        """Activities of the days `first` to `last`, both included, by start and id."""
        return [row for row in self._activities if first <= row.day <= last]

    def wellness(self, first: date, last: date) -> list[WellnessDay]:
        """Wellness of the days `first` to `last`, both included, by day."""
        return [row for row in self._wellness if first <= row.day <= last]

    @cached_property
    def _activities(self) -> list[Activity]:
        rows = self._rows(ACTIVITIES_FILE, Activity)
        self._refuse_twins(ACTIVITIES_FILE, [row.id for row in rows])
        self._refuse_two_athletes(rows)
        return sorted(rows, key=lambda row: (row.start_date_local, row.id))

    @cached_property
    def _wellness(self) -> list[WellnessDay]:
        rows = self._rows(WELLNESS_FILE, WellnessDay)
        self._refuse_twins(WELLNESS_FILE, [row.day.isoformat() for row in rows])
        return sorted(rows, key=lambda row: row.day)

    def _rows(self, file_name: str, model: type[Row]) -> list[Row]:
        return [
            self._row(file_name, index, raw, model)
            for index, raw in enumerate(self._read(file_name))
        ]

    def _read(self, file_name: str) -> list[Any]:
        self._require_any_file()
        path = self._folder / file_name
        if not path.exists():
            return []
        try:
            content = json.loads(
                path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant
            )
        except json.JSONDecodeError as error:
            raise SourceError(
                f"{path} is not JSON at line {error.lineno}, column {error.colno}: {error.msg}; "
                "export it again"
            ) from error
        except (OSError, ValueError, RecursionError) as error:
            raise SourceError(f"{path} cannot be read: {error}; export it again") from error
        if not isinstance(content, list):
            raise SourceError(
                f"{path} holds a JSON {type(content).__name__}, not the list of rows that "
                "Intervals.icu answers; export it again"
            )
        return content

    def _require_any_file(self) -> None:
        if not self._folder.is_dir():
            raise SourceError(
                f"WEEKLY_PLAN_EXPORT_DIR is {self._folder}, which is not a folder; set it to the "
                f"one that holds {ACTIVITIES_FILE} and {WELLNESS_FILE}"
            )
        if not any((self._folder / name).exists() for name in (ACTIVITIES_FILE, WELLNESS_FILE)):
            raise SourceError(
                f"{self._folder} holds neither {ACTIVITIES_FILE} nor {WELLNESS_FILE}; set "
                "WEEKLY_PLAN_EXPORT_DIR to the folder that does"
            )

    def _row(self, file_name: str, index: int, raw: object, model: type[Row]) -> Row:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            named = f" (id {raw['id']})" if isinstance(raw, dict) and "id" in raw else ""
            raise SourceError(
                f"{self._folder / file_name}: row {index}{named} {_fault(error)}; correct it or "
                "export it again"
            ) from error

    def _refuse_twins(self, file_name: str, keys: list[str]) -> None:
        twin = next((key for key, count in Counter(keys).items() if count > 1), None)
        if twin is not None:
            raise SourceError(
                f"{self._folder / file_name} holds the id {twin} more than once; export it again"
            )

    def _refuse_two_athletes(self, rows: list[Activity]) -> None:
        named = sorted({row.athlete_id for row in rows if row.athlete_id})
        if len(named) > 1:
            raise SourceError(
                f"{self._folder / ACTIVITIES_FILE} holds activities of the athletes "
                f"{' and '.join(named)}; export one athlete to a folder of their own"
            )


def _fault(error: ValidationError) -> str:
    """What is wrong with a row, by its first fault; a long value is cut short."""
    detail = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "missing":
        return f"has no {key}"
    told = f"has {key} = " if key else "is "
    return f"{told}{reprlib.repr(detail['input'])}, which is refused: {detail['msg']}"


def _refuse_constant(name: str) -> Never:
    """Python's parser takes NaN and Infinity, which JSON does not have."""
    raise ValueError(f"it holds {name}, which is not JSON (not measured is null)")
