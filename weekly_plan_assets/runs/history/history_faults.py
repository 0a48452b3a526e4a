"""What can be wrong with a file of Dagster's history, in words, each with the way on."""

import os
import sqlite3
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from weekly_plan_assets.errors import WeeklyPlanError

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DENIED = {
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR),
}


_FEWEST_FILES = 128
"""Sixteen logs of runs are kept open, with three files each."""
_FILES_OF_A_DATABASE = 4
"""Itself, its write-ahead log, the index of that, and the folder."""


class HistoryError(WeeklyPlanError):
    """Dagster's history cannot be used; the message names the file and the way on."""


class FaultKind(StrEnum):
    """What has to be done about a fault."""

    DAMAGED = "damaged"
    IN_USE = "in use"
    DENIED = "denied"
    FULL = "full"
    LIMIT = "limit"
    OTHER_VERSION = "other version"
    GONE = "gone"

    @property
    def way_on(self) -> str:
        """What to do, as the end of a sentence."""
        return _WAYS_ON[self]


_WAYS_ON = {
    FaultKind.DAMAGED: "`weekly-plan doctor --repair` moves what is damaged aside, and the next "
    "run goes on with a new history",
    FaultKind.IN_USE: "close it, then try again",
    FaultKind.DENIED: "make the file and its folder readable and writable for you, or set "
    "WEEKLY_PLAN_STATE_DIR to a folder of yours",
    FaultKind.FULL: "make room there, or set WEEKLY_PLAN_STATE_DIR to a folder on another disk",
    FaultKind.LIMIT: "raise the limit on open files (ulimit -n)",
    FaultKind.OTHER_VERSION: "install the version of Dagster that wrote it, or let "
    "`weekly-plan doctor --repair` move it aside",
    FaultKind.GONE: "put it back, or run again to begin a new history",
}


@dataclass(frozen=True, slots=True)
class HistoryFault:
    """One file of Dagster's history that cannot be used, or its whole folder.

    Attributes:
        reason: Continues a sentence that begins with the path.
    """

    path: Path
    kind: FaultKind
    reason: str

    @property
    def sentence(self) -> str:
        """What is wrong, what is not affected, and the way on."""
        return (
            f"Dagster's history cannot be used: {self.path} {self.reason}; the documents in "
            f"MongoDB are untouched; {self.kind.way_on}"
        )


def fault_of(error: sqlite3.Error, path: Path) -> HistoryFault:
    """What an error of SQLite says of the file."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _LOCKED:
        return HistoryFault(path, FaultKind.IN_USE, _used_by(path))
    if code == sqlite3.SQLITE_FULL:
        return HistoryFault(path, FaultKind.FULL, "cannot be written, because the disk is full")
    if code == sqlite3.SQLITE_CANTOPEN and not _more_files_open():
        return HistoryFault(path, FaultKind.LIMIT, "cannot be opened, too many files are open")
    if code in _DENIED:
        return HistoryFault(path, FaultKind.DENIED, f"cannot be written or read ({error})")
    return HistoryFault(path, FaultKind.DAMAGED, f"is damaged ({error})")


def _more_files_open() -> bool:
    """Whether this process may open as many files as the history needs."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on every system

        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if allowed != resource.RLIM_INFINITY and allowed < _FEWEST_FILES:
            return False
    try:
        with ExitStack() as opened:
            for _ in range(_FILES_OF_A_DATABASE):
                opened.enter_context(Path(os.devnull).open("rb"))
    except OSError:
        return False
    return True


def users_of(path: Path) -> list[psutil.Process]:
    """The other processes that have a file open, or any file below a folder.

    Only those of this user are seen, unless the user is root.
    """
    own = psutil.Process().pid
    return [
        process
        for process in psutil.process_iter()
        if process.pid != own and any(path in (file, *file.parents) for file in _opened(process))
    ]


def processes_named(processes: list[psutil.Process]) -> str:
    """Processes as a person finds them: by number and command."""
    return ", ".join(f"process {process.pid} ({_name(process)})" for process in processes)


def _used_by(path: Path) -> str:
    return f"is used by {processes_named(users_of(path)) or 'another process'}"


def _opened(process: psutil.Process) -> list[Path]:
    try:
        return [Path(file.path) for file in process.open_files()]
    except psutil.Error:
        return []


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return "ended meanwhile"
