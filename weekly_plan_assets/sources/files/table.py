"""CSV files as rows with their line numbers; what the columns mean belongs to their readers."""

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from weekly_plan_assets.domain.recorded.left_out import Collection, LeftOut
from weekly_plan_assets.sources.base import Problem
from weekly_plan_assets.sources.files.contents import read_content
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.limits import MIB, at_most

MOST_BYTES = 16 * MIB
"""Twenty years of two activities a day have 12 MiB in Strava's table."""

MOST_ROWS = 100_000
"""Ten a day for 27 years."""

MOST_COLUMNS = 1_000
"""Strava's table has about a hundred."""


COMMA = ","
DELIMITERS = (COMMA, ";", "\t")
"""Between cells; spreadsheets write others where the comma is the decimal point."""

_DELIMITER_HINT = re.compile(r"sep=([,;\t])[ \t]*\r?\n", re.IGNORECASE)
"""The line that names the delimiter for a spreadsheet."""

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


class TableFault(NamedTuple):
    """What could not be used of a table.

    Attributes:
        reason: What is wrong, in a sentence with its line.
        id: The row's id; None if it has none.
        day: The row's day, where it is known.
        key: The field whose value is missing; None if all of the row is.
    """

    reason: str
    id: str | None = None
    day: date | None = None
    key: str | None = None

    def problem(self, table: str, collection: Collection) -> Problem:
        """The problem that it is for the rows of a collection."""
        left_out = LeftOut(
            collection=collection,
            id=self.id,
            day=self.day,
            key=self.key,
            reason=f"{table}: {self.reason}",
        )
        return Problem(table, self.reason, left_out)


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The header's names as they stand, and the rows below it.

    Attributes:
        rows: Line number and cells of each row that is not blank; as many cells as the header has.
        misfits: The same of those rows that have more cells or fewer.
        fault: What is wrong with the text as a whole, or None.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    misfits: list[tuple[int, list[str]]] = field(default_factory=list)
    fault: str | None = None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return iter(self.rows)


def read_table(path: Path) -> CsvTable:
    """The table of a file with commas between its cells, or semicolons or tabs.

    Cells that are empty at the end of a row may be missing or too many.

    Raises:
        FileError: It cannot be read, holds too much, or no row at all fits the header.
    """
    try:
        text, fault = _decoded(read_content(path, MOST_BYTES))
        lines = list(_lines(text))
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}; export it again") from error
    except (FileError, csv.Error) as error:
        raise FileError(f"cannot be read: {error}; export it again") from error
    except MemoryError as error:
        raise FileError("cannot be read: it needs more memory than there is") from error
    if not lines:
        raise FileError("is empty; export it again")
    (_, header), *rows = lines
    fitted = [(line, _fitted(row, len(header))) for line, row in rows]
    table = CsvTable(
        header,
        [(line, row) for line, row in fitted if len(row) == len(header)],
        [(line, row) for line, row in fitted if len(row) != len(header)],
        fault,
    )
    if table.misfits and not table.rows:
        raise FileError(f"{misfit(table, *table.misfits[0])}; export it again")
    return table


def misfit(table: CsvTable, line: int, cells: list[str]) -> str:
    """What is wrong with a row that does not fit the header."""
    return f"line {line} has {len(cells)} cells under a header of {len(table.header)}"


def _fitted(row: list[str], count: int) -> list[str]:
    """The row without empty cells that are too many, and with those that are missing at its end."""
    if len(row) > count and not any(row[count:]):
        return row[:count]
    return row


def _decoded(content: bytes) -> tuple[str, str | None]:
    """The text, in UTF-8 or, where its first bytes say so, UTF-16; and what is wrong with it."""
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding, name = ("utf-16", "UTF-16") if is_utf_16 else ("utf-8-sig", "UTF-8")
    try:
        return content.decode(encoding), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fault = f"line {line} is not in {name}; such characters were replaced"
        return content.decode(encoding, errors="replace"), fault


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that is not blank."""
    hint = _DELIMITER_HINT.match(text)
    text = text[hint.end() :] if hint else text
    first = text.partition("\n")[0]
    delimiter = hint[1] if hint else max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    has_comma = delimiter != COMMA
    for count, row in enumerate(reader):
        at_most(count, MOST_ROWS, "rows")
        at_most(len(row), MOST_COLUMNS, "columns")
        if row:
            cells = [cell.strip() for cell in row]
            if has_comma:
                cells = [
                    cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell
                    for cell in cells
                ]
            yield reader.line_num + (1 if hint else 0), cells


def cell_number(text: str) -> float | None:
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
