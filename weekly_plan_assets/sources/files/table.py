"""CSV files as rows with their line numbers; what the columns mean belongs to their readers."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weekly_plan_assets.sources.files.recording import FileError


@dataclass(frozen=True, slots=True)
class Table:
    """The header's names as they stand, and the rows below it."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    """Line number and cells of each row that is not blank; as many cells as the header has."""

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return iter(self.rows)


def read_table(path: Path) -> Table:
    """The table of a comma-separated file.

    Raises:
        FileError: It cannot be read, is not UTF-8 text, or a row does not fit the header.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"cannot be read: {error}; export it again") from error
    if not lines:
        raise FileError("is empty; export it again")
    (_, header), *rows = lines
    for line, row in rows:
        if len(row) != len(header):
            raise FileError(
                f"line {line} has {len(row)} cells under a header of {len(header)}; export it "
                "again, with commas between cells and points in numbers"
            )
    return Table(header, rows)


def number(text: str) -> float | None:
    """The number in a cell; None for an empty one.

    Raises:
        ValueError: It is not a number with a decimal point.
    """
    if not text:
        return None
    value = float(text) if "_" not in text else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return value
