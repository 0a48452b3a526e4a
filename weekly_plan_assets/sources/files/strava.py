"""Reads `activities.csv` of a Strava bulk export.

Some names stand twice in its header: first in the units of the athlete's screen, then in SI units.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from weekly_plan_assets.sources.files.activity_types import type_of_strava
from weekly_plan_assets.sources.files.recording import FileError, Recording, measured_hr
from weekly_plan_assets.sources.files.table import number, read_table
from weekly_plan_assets.sources.json_rows import first_fault

STRAVA_TABLE = "activities.csv"

NEEDED = ("Activity ID", "Activity Date", "Activity Type")

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
        file_name: Its file relative to the export's folder; None where it has none.
        recording: What the row itself says.
    """

    activity_id: str
    file_name: str | None
    recording: Recording


def read_strava_table(path: Path) -> tuple[list[StravaRow], list[str]]:
    """The activities of the table, and a sentence for each row that cannot be read.

    Raises:
        FileError: It is not Strava's table, or not in English.
    """
    table = read_table(path)
    missing = [name for name in NEEDED if name not in table.header]
    if missing:
        raise FileError(
            f"has no column {missing[0]!r}; export from Strava with English as its language"
        )
    rows, faults = [], []
    for line, cells in table:
        try:
            rows.append(_row(_Cells(table.header, cells)))
        except ValidationError as error:
            faults.append(f"line {line} is left out: it {first_fault(error)}")
        except ValueError as error:
            faults.append(f"line {line} is left out: {error}")
    return rows, faults


def filled(recording: Recording, row: StravaRow) -> Recording:
    """A file's recording under the name and type of its row, its gaps filled from there."""
    told = row.recording
    gaps = {key: value for key, value in told if getattr(recording, key) is None}
    return recording.model_copy(update=gaps | {"type": told.type, "name": told.name})


class _Cells:
    """One row by its column names."""

    def __init__(self, header: list[str], cells: list[str]) -> None:
        self._pairs = list(zip(header, cells, strict=True))

    def text(self, name: str) -> str:
        """The first cell under `name`; empty where there is no such column."""
        return next((cell for column, cell in self._pairs if column == name), "")

    def number(self, name: str, *, only_repeated: bool = False) -> float | None:
        """The number in the last column called `name`, which is the one in SI units.

        Args:
            name: The column's name.
            only_repeated: A column that stands once is in the units of the screen: not known.
        """
        cells = [cell for column, cell in self._pairs if column == name]
        if not cells or (only_repeated and len(cells) == 1):
            return None
        try:
            return number(cells[-1])
        except ValueError as error:
            raise ValueError(
                f"{name} is {cells[-1]!r}, which is not a number with a decimal point"
            ) from error


def _row(cells: _Cells) -> StravaRow:
    activity_id = cells.text("Activity ID")
    if not activity_id:
        raise ValueError("it has no Activity ID")
    moving_s, elapsed_s = cells.number("Moving Time"), cells.number("Elapsed Time")
    return StravaRow(
        activity_id=activity_id,
        file_name=cells.text("Filename") or None,
        recording=Recording(
            start=_moment(cells.text("Activity Date")),
            type=type_of_strava(cells.text("Activity Type")),
            name=cells.text("Activity Name") or None,
            moving_time_s=None if moving_s is None else round(moving_s),
            elapsed_time_s=None if elapsed_s is None else round(elapsed_s),
            distance_m=cells.number("Distance", only_repeated=True),
            average_hr_bpm=measured_hr(cells.number("Average Heart Rate")),
            max_hr_bpm=measured_hr(cells.number("Max Heart Rate")),
        ),
    )


def _moment(text: str) -> datetime:
    # Newer exports have a narrow space before AM and PM.
    plain = " ".join(text.split())
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"Activity Date is {text!r}, which is not a time as Strava writes it")
