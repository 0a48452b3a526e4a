"""Reads `activities.csv` of a Strava bulk export.

Some names stand twice in its header: first in the units of the athlete's screen, then in SI units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from weekly_plan_assets.sources.files.activity_types import OTHER_TYPE, type_of_strava
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.recording import (
    FARTHEST_M,
    LONGEST_TIME_S,
    Recording,
    measured_hr,
)
from weekly_plan_assets.sources.files.table import TableFault, cell_number, misfit, read_table
from weekly_plan_assets.sources.json_rows import first_fault

STRAVA_TABLE = "activities.csv"

NEEDED = ("Activity ID", "Activity Date", "Activity Type")

NAMES_OF_STRAVA = frozenset(
    {"activity id", "activity date", "relative effort", "athlete weight", "filename"}
)
NAMES_OF_OTHERS = frozenset(
    {"id", "date", "name", "type", "title", "distance", "time", "moving time", "activity type"}
    | {"start_date_local", "start time", "duration", "avg hr", "calories"}
)
"""By some of the names in its header, in small letters, whose table it is."""

DATE_FORMATS = (
    "%b %d, %Y, %I:%M:%S %p",
    "%d %b %Y, %H:%M:%S",
    "%b %d, %Y, %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
)
"""How Strava writes times in the varieties of English; always in UTC."""


@dataclass(frozen=True, slots=True)
class StravaRow:
    """One activity of the export.

    Attributes:
        file_name: Its file relative to the export's folder; None if it has none.
        recording: What the row itself says.
    """

    activity_id: str
    file_name: str | None
    recording: Recording


def read_strava_table(path: Path) -> tuple[list[StravaRow], list[TableFault]]:
    """The activities of the table, and what could not be used of it.

    Raises:
        FileError: It is not Strava's table, or not in English.
    """
    table = read_table(path)
    missing = [name for name in NEEDED if name not in table.header]
    if missing:
        raise FileError(_not_strava(table.header, missing[0]))
    rows, faults = [], [TableFault(table.fault)] if table.fault else []
    for line, row in table.misfits:
        cells = _Cells(table.header, row)
        reason = f"{misfit(table, line, row)}; it is left out"
        faults.append(TableFault(reason, *_name_and_day(cells)))
    for line, row in table:
        cells = _Cells(table.header, row)
        try:
            rows.append(_row(cells))
        except ValidationError as error:
            reason = f"line {line} is left out: it {first_fault(error)}"
            faults.append(TableFault(reason, *_name_and_day(cells)))
        except ValueError as error:
            reason = f"line {line} is left out: {error}"
            faults.append(TableFault(reason, *_name_and_day(cells)))
        else:
            faults += [
                TableFault(
                    f"line {line}: {fault}; the value is left out", *_name_and_day(cells), key
                )
                for key, fault in cells.faults
            ]
    return rows, faults


def _not_strava(header: Sequence[str], missing: str) -> str:
    """What to say of a table without Strava's columns: those of other programs are also so called.

    Strava's own in another language has none of the names that others use.
    """
    names = {name.lower() for name in header}
    if not names & NAMES_OF_STRAVA and names & NAMES_OF_OTHERS:
        return (
            f"has the columns {', '.join(header[:5])}, which are not read; put the recordings "
            "themselves (FIT, GPX, TCX) or the activities.json of Intervals.icu into the folder"
        )
    return f"has no column {missing!r}; export from Strava with English as its language"


def _name_and_day(cells: "_Cells") -> tuple[str | None, date | None]:
    """The id and the day of a row, as far as it has them; the day is that of UTC."""
    try:
        day = _moment(cells.text("Activity Date")).date()
    except ValueError:
        day = None
    return cells.text("Activity ID") or None, day


def filled(recording: Recording, row: StravaRow) -> Recording:
    """A file's recording under the name and type of its row, its gaps filled from there.

    A row without a sport of its own leaves that of the file.
    """
    from_table = row.recording
    kind = recording.type if from_table.type == OTHER_TYPE else from_table.type
    gaps = {key: value for key, value in from_table if getattr(recording, key) is None}
    return recording.model_copy(update=gaps | {"type": kind, "name": from_table.name})


class _Cells:
    """One row by its column names."""

    def __init__(self, header: list[str], cells: list[str]) -> None:
        self._pairs = list(zip(header, cells, strict=False))
        self.faults: list[tuple[str, str]] = []

    def text(self, name: str) -> str:
        """The first cell under `name`; empty where there is no such column."""
        return next((cell for column, cell in self._pairs if column == name), "")

    def number(self, name: str, key: str, *, only_repeated: bool = False) -> float | None:
        """The number in the last column called `name`, which is the one in SI units.

        One that is below 0 or no number is left out, and becomes a fault.

        Args:
            name: The column's name.
            key: The field that the number is for.
            only_repeated: A column that stands once is in the units of the screen: not known.
        """
        cells = [cell for column, cell in self._pairs if column == name]
        if not cells or (only_repeated and len(cells) == 1):
            return None
        try:
            value = cell_number(cells[-1])
        except ValueError:
            fault = f"{name} is {cells[-1]!r}, which is not a number with a decimal point"
            self.faults.append((key, fault))
            return None
        if value is not None and not 0 <= value <= FARTHEST_M:
            self.faults.append((key, f"{name} is {cells[-1]}, which cannot be"))
            return None
        return value or None


def _row(cells: _Cells) -> StravaRow:
    activity_id = cells.text("Activity ID")
    if not activity_id:
        raise ValueError("it has no Activity ID")
    moving_s = cells.number("Moving Time", "moving_time")
    elapsed_s = cells.number("Elapsed Time", "elapsed_time")
    return StravaRow(
        activity_id=activity_id,
        file_name=cells.text("Filename") or None,
        recording=Recording(
            start=_moment(cells.text("Activity Date")),
            type=type_of_strava(cells.text("Activity Type")),
            name=cells.text("Activity Name") or None,
            moving_time_s=_whole_s(moving_s),
            elapsed_time_s=_whole_s(elapsed_s),
            distance_m=cells.number("Distance", "distance", only_repeated=True),
            average_hr_bpm=measured_hr(cells.number("Average Heart Rate", "average_heartrate")),
            max_hr_bpm=measured_hr(cells.number("Max Heart Rate", "max_heartrate")),
        ),
    )


def _whole_s(time_s: float | None) -> int | None:
    return None if time_s is None else round(min(time_s, LONGEST_TIME_S))


def _moment(text: str) -> datetime:
    # Newer exports have a narrow space before AM and PM.
    plain = " ".join(text.split())
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"Activity Date is {text!r}, which is not a time as Strava writes it")
