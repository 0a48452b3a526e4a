"""Reads wellness from a CSV file, under the field names of the Intervals.icu API."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.table import TableFault, cell_number, misfit, read_table

DAY_COLUMNS = ("date", "id")

NUMBERS = (
    *("ctl", "atl", "rampRate", "ctlLoad", "atlLoad", "weight", "restingHR", "hrv", "hrvSDNN"),
    *("sleepSecs", "sleepScore", "sleepQuality", "avgSleepingHR", "soreness", "fatigue", "stress"),
    *("mood", "motivation", "injury", "spO2", "systolic", "diastolic", "hydration"),
    *("hydrationVolume", "readiness", "baevskySI", "bloodGlucose", "lactate", "bodyFat", "abdomen"),
    *("vo2max", "steps", "respiration", "kcalConsumed", "carbohydrates", "protein", "fatTotal"),
)
"""The measured fields of the API; other columns are left out."""


def is_wellness_csv(path: Path) -> bool:
    """Whether the name is that of a wellness table, such as `wellness.csv`."""
    return path.name.lower().endswith("wellness.csv")


def read_wellness_csv(path: Path) -> tuple[list[dict[str, Any]], list[TableFault]]:
    """Days with the keys of the API, and what could not be used of the table.

    An empty cell is None, not measured. Column names match whatever their case, spaces and
    underscores. Of two rows of one day the first counts.

    Raises:
        FileError: It cannot be read, or no row of it can be used.
    """
    table = read_table(path)
    names = [_plain(name) for name in table.header]
    day_index = next((names.index(name) for name in DAY_COLUMNS if name in names), None)
    columns = [(names.index(_plain(key)), key) for key in NUMBERS if _plain(key) in names]
    if day_index is None or not columns:
        raise FileError(
            f"has the columns {', '.join(table.header)}; it needs date, and at least one of "
            "restingHR, hrv, sleepSecs, sleepScore, steps, weight, with commas between"
        )
    faults = [TableFault(table.fault)] if table.fault else []
    for line, cells in table.misfits:
        day = _day(cells[day_index]) if day_index < len(cells) else None
        reason = f"{misfit(table, line, cells)}; it is left out"
        faults.append(TableFault(reason, None if day is None else day.isoformat(), day))
    days: dict[str, dict[str, Any]] = {}
    for line, cells in table:
        values, row_faults = _values(line, cells, day_index, columns)
        if values and values["id"] in days:
            row_faults = [TableFault(f"line {line} has the day {values['id']} more than once")]
        elif values:
            days[values["id"]] = values
        faults += row_faults
    if faults and not any(len(day) > 1 for day in days.values()):
        raise FileError(faults[0].reason)
    return list(days.values()), faults


def _values(
    line: int, cells: list[str], day_index: int, columns: list[tuple[int, str]]
) -> tuple[dict[str, Any], list[TableFault]]:
    """A day's values, without those that are no numbers; nothing without a day."""
    day = _day(cells[day_index])
    if day is None:
        text = cells[day_index]
        reason = f"line {line} has the date {text!r}, which is not like 2024-01-31; it is left out"
        return {}, [TableFault(reason)]
    values: dict[str, Any] = {"id": day.isoformat()}
    faults = []
    for index, key in columns:
        try:
            values[key] = cell_number(cells[index])
        except ValueError:
            reason = (
                f"line {line} has {key} = {cells[index]!r}, which is not a number with a decimal "
                "point; the value is left out"
            )
            faults.append(TableFault(reason, day.isoformat(), day, key))
    return values, faults


_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)


def _day(text: str) -> date | None:
    """A day as year, month and day; other orders could be meant in two ways."""
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
