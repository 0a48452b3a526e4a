"""Errors of the machine and of libraries in words: what a user can do about each.

The project's own errors are sentences already. An error for which nothing is found here is a
defect, and the caller reports it as one.
"""

import errno
import os
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from weekly_plan_assets.common.private_folder import OWN_FOLDER, UnsafeFolderError
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.operations.file_errors import file_sentence
from weekly_plan_assets.runs.history.history import first_history_fault, is_in_force
from weekly_plan_assets.runs.history.history_faults import FaultKind, fault_of
from weekly_plan_assets.settings import Settings

_TOO_MANY_FILES = {errno.EMFILE, errno.ENFILE}
_NO_PROCESS = {errno.EAGAIN, errno.ENOMEM}

_SEEN_LATER = {FaultKind.DAMAGED, FaultKind.DENIED}
"""Faults that stay: a lock, a full disk and a limit may be gone when the files are looked at."""

_NO_MEMORY = (
    "memory ran out; close other programs or raise the limit (ulimit -v, ulimit -u), then run the "
    "command again: what is stored stays"
)


def sentence_of(error: BaseException, settings: Settings | None) -> str | None:
    """What a user can do about an error, in one sentence; None for a defect.

    Args:
        error: What reached the command line.
        settings: Those in force; None if they cannot be read.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, UnsafeFolderError):
            return f"{cause}; {OWN_FOLDER}"
        if isinstance(cause, WeeklyPlanError):
            return str(cause)
    for cause in causes:
        known = _of_process(cause) or file_sentence(cause, settings) or _of_library(cause, settings)
        if known is not None:
            return known
    if settings is not None and "dagster" in sys.modules:
        # Content that is damaged shows itself as any error wherever Dagster reads it.
        fault = first_history_fault(settings.dagster_state_dir)
        return None if fault is None else fault.sentence
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, without the traceback that a process pool adds as a cause."""
    following: BaseException | None = error
    while following is not None and type(following).__name__ != "_RemoteTraceback":
        yield following
        original = getattr(following, "orig", None)  # SQLAlchemy's, which a process pool keeps
        following = following.__cause__ or (
            original if isinstance(original, BaseException) else None
        )


def _of_process(error: BaseException) -> str | None:
    """Errors of memory, of libraries that cannot be loaded, and of child processes."""
    code = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or code in _NO_PROCESS:
        return _NO_MEMORY
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return _NO_MEMORY
    if code in _TOO_MANY_FILES:
        return "too many files are open; raise the limit (ulimit -n), then run the command again"
    if isinstance(error, ImportError):
        return (
            f"a part of the installation cannot be loaded ({' '.join(str(error).split())}); where "
            "memory is limited (ulimit -v), raise the limit, otherwise install the project again"
        )
    if isinstance(error, BrokenProcessPool):
        return (
            "a worker process was killed, perhaps because memory ran out; run the command again: "
            "what is stored stays"
        )
    return None


def _of_history(error: sqlite3.Error, folder: Path) -> str:
    """By SQLite's error, which names no file, and by what is wrong with the files now."""
    home = os.environ.get("DAGSTER_HOME")
    if home and not is_in_force(Path(home)):
        return (
            f"Dagster's history, kept as {home}/dagster.yaml says, cannot be used ({error}); "
            "the documents in MongoDB are untouched"
        )
    said = fault_of(error, folder)
    found = first_history_fault(folder)
    if found is not None and (found.kind is said.kind or said.kind in _SEEN_LATER):
        return found.sentence
    return said.sentence


def _of_library(error: BaseException, settings: Settings | None) -> str | None:
    if isinstance(error, sqlite3.Error) and settings is not None:
        return _of_history(error, settings.dagster_state_dir)
    # A library that was not imported has raised nothing, and importing it takes long.
    if "pymongo" in sys.modules:
        from weekly_plan_assets.operations.mongo_errors import mongo_sentence  # noqa: PLC0415

        refused = mongo_sentence(error, settings)
        if refused is not None:
            return refused
    if "sqlalchemy" in sys.modules:
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

        if isinstance(error, DBAPIError) and not isinstance(error.orig, sqlite3.Error):
            return (
                "Dagster's history does not answer; check the storage that dagster.yaml in "
                f"DAGSTER_HOME names ({type(error.orig).__name__})"
            )
    return None
