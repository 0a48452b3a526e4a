"""Examines one SQLite file of Dagster's history.

Files are opened by SQLite alone: a process that opens such a file otherwise and closes it loses the
locks that its own SQLite holds on it. Nothing is written.
"""

import json
import re
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from weekly_plan_assets.runs.history.history_faults import FaultKind, HistoryFault, fault_of

BUSY_S = 3.0
"""A run that is alive holds the lock for milliseconds at a time."""

RUN_STATUSES = frozenset(
    {
        *("QUEUED", "NOT_STARTED", "MANAGED", "STARTING", "STARTED"),
        *("SUCCESS", "FAILURE", "CANCELING", "CANCELED", "SUSPENDED"),
    }
)
"""Those of Dagster, which a test compares: importing Dagster takes longer than the whole look."""

_JSON = {
    *("run_body", "event", "evaluation_event", "last_materialization", "asset_key"),
    *("job_body", "instigator_body", "tick_body"),
}
_TIMES = {"DATETIME", "TIMESTAMP"}


def fault_in(path: Path, tables: Collection[str], *, thorough: bool = True) -> HistoryFault | None:
    """The first fault of a file; the others mostly follow from it. None: there is none.

    Args:
        path: The file.
        tables: Which it must have.
        thorough: Whether all of its content is read; otherwise whether it is there, is a database
            and has its tables, which takes less than a millisecond.
    """
    try:
        if not path.exists():
            return HistoryFault(path, FaultKind.DAMAGED, "is missing")
        if not path.is_file():
            return HistoryFault(path, FaultKind.DAMAGED, "is not a file")
    except OSError as error:
        return HistoryFault(path, FaultKind.DENIED, f"cannot be read ({error.strerror})")
    try:
        with closing(_opened(path)) as connection:
            return _fault(path, connection, tables, thorough=thorough)
    except sqlite3.Error as error:
        return fault_of(error, path)
    except UnicodeDecodeError:  # SQLite's own message, when it quotes what is damaged
        return HistoryFault(path, FaultKind.DAMAGED, "is damaged (its schema cannot be read)")


def history_rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows that a query finds in a file.

    Raises:
        sqlite3.Error: The file cannot be read.
        UnicodeDecodeError: Neither can a text in it.
    """
    with closing(_opened(path)) as connection:
        connection.text_factory = str
        return connection.execute(query).fetchall()


def _opened(path: Path) -> sqlite3.Connection:
    # Read and write, because a file that was not closed properly must be recovered first; but a
    # file that is missing is not made.
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_S)
    connection.text_factory = bytes
    return connection


def _fault(
    path: Path, connection: sqlite3.Connection, tables: Collection[str], *, thorough: bool
) -> HistoryFault | None:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {name.decode(errors="replace") for (name,) in names}
    missing = sorted(set(tables) - found)
    if missing:
        return HistoryFault(path, FaultKind.DAMAGED, f"is damaged (it has no table {missing[0]})")
    if not thorough:
        return None
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != b"ok":
        reason = " ".join(verdict.decode(errors="replace").split())
        return HistoryFault(path, FaultKind.DAMAGED, f"is damaged ({reason})")
    revisions = [
        revision.decode(errors="replace")
        for (revision,) in connection.execute("SELECT version_num FROM alembic_version")
    ]
    unknown = set(revisions) - known_revisions()
    if unknown or not revisions:
        reason = f"has a schema that the installed Dagster does not know ({', '.join(revisions)})"
        return HistoryFault(path, FaultKind.OTHER_VERSION, reason)
    for table in sorted(tables):
        for unreadable in _unreadable(connection, table):
            return HistoryFault(path, FaultKind.DAMAGED, f"is damaged ({unreadable})")
    connection.execute("BEGIN IMMEDIATE")  # fails where the file is locked or not to be written
    connection.rollback()
    return None


def _unreadable(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """Values of a table that Dagster cannot read, though the file as such is sound."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    checks = [_check_of(table, name.decode(), kind.decode()) for _, name, kind, *_ in columns]
    names = [name.decode() for _, name, *_ in columns]
    for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
        for name, check, value in zip(names, checks, row, strict=True):
            if value is None:
                continue
            try:
                check(value)
            except (ValueError, RecursionError, zlib.error):
                yield f"{name} of row {row[0]} in table {table} cannot be read"


def _check_of(table: str, column: str, kind: str) -> Callable[[Any], object]:
    if column in _JSON:
        return json.loads
    if column == "snapshot_body":
        return _compressed_json
    if (table, column) == ("runs", "status"):
        return _status
    return _time if kind.upper() in _TIMES else _text


def _text(value: Any) -> None:
    if isinstance(value, bytes):
        value.decode()


def _time(value: Any) -> None:
    if isinstance(value, bytes):
        datetime.fromisoformat(value.decode())


def _status(value: Any) -> None:
    if value.decode() not in RUN_STATUSES:
        raise ValueError(value)


def _compressed_json(value: Any) -> None:
    json.loads(zlib.decompress(value))


@cache
def known_revisions() -> frozenset[str]:
    """The revisions of its schema that the installed Dagster knows."""
    spec = find_spec("dagster")
    if spec is None or spec.origin is None:
        return frozenset()
    scripts = Path(spec.origin).parent.joinpath("_core", "storage", "alembic", "versions")
    found = (
        re.search(r'^revision = "(\w+)"', script.read_text(), re.MULTILINE)
        for script in scripts.glob("*.py")
    )
    return frozenset(match[1] for match in found if match)
