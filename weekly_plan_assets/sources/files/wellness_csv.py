"""Reads wellness from a CSV file, under the field names of the Intervals.icu API."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from weekly_plan_assets.sources.files.recording import FileError
from weekly_plan_assets.sources.files.table import Table, number, read_table

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


def read_wellness_csv(path: Path) -> list[dict[str, Any]]:
    """Days with the keys of the API; an empty cell is None, not measured.

    Column names match whatever their case, spaces and underscores.

    Raises:
        FileError: It has no day, a value that is no number, or the same day twice.
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
    days = list(_days(table, day_index, columns))
    seen: set[str] = set()
    for day in days:
        if day["id"] in seen:
            raise FileError(f"holds the day {day['id']} more than once; export it again")
        seen.add(day["id"])
    return days


def _days(table: Table, day_index: int, columns: list[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    for line, cells in table:
        values: dict[str, Any] = {"id": _day(line, cells[day_index])}
        for index, key in columns:
            try:
                values[key] = number(cells[index])
            except ValueError as error:
                raise FileError(
                    f"line {line} has {key} = {cells[index]!r}, which is not a number with a "
                    "decimal point; export it in English notation"
                ) from error
        yield values


def _day(line: int, text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise FileError(
            f"line {line} has the date {text!r}, which is not like 2024-01-31; export it so"
        ) from error


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
