"""Dagster's history in the state folder: which files it has, and whether they can be used.

How one file is examined is in `history_file`; how a damaged history is moved aside is in
`history_repair`.
"""

import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import yaml

from weekly_plan_assets.runs.history.history_faults import FaultKind, HistoryError, HistoryFault
from weekly_plan_assets.runs.history.history_file import fault_in, history_rows

MADE = "made-by-dagster-"
"""Begins the name of a file that is made when all others are there."""

RUNS = Path("history", "runs.db")
LOGS = Path("history", "runs")
"""The folder that holds the log of each run, in a file named after the run."""
INDEX = LOGS / "index.db"
EMPTY_LOG = LOGS / "empty"
"""The folder that holds the file of which each new log is a copy."""
SCHEDULES = Path("schedules", "schedules.db")
LOCKS = Path("headless")
"""The folder of locks that commands hold while their runs are under way, named after the runs."""

_LOG_TABLES = frozenset({"event_logs", "asset_keys", "asset_event_tags", "asset_check_executions"})
TABLES: Mapping[Path, Collection[str]] = {
    RUNS: {"runs", "run_tags", "snapshots", "bulk_actions", "kvs", "instance_info"},
    INDEX: _LOG_TABLES,
    SCHEDULES: {"jobs", "instigators", "job_ticks"},
}
"""The tables without which Dagster does nothing, by file."""

_STORAGE = ("weekly_plan_assets.runs.instance_storage", "StateFolderStorage")
"""What `dagster.yaml` names for it; compute logs are in the state folder with any storage."""

_ENDED = "SELECT run_id FROM runs WHERE status IN ('SUCCESS', 'FAILURE', 'CANCELED')"


def is_in_force(dagster_home: Path) -> bool:
    """Whether the `dagster.yaml` in a folder keeps the history in the state folder."""
    try:
        settings = yaml.safe_load(dagster_home.joinpath("dagster.yaml").read_text())
        storage = settings["storage"]["custom"]
        return bool((storage["module"], storage["class"]) == _STORAGE)
    except (OSError, ValueError, LookupError, TypeError, yaml.YAMLError):
        return False


def is_kept_elsewhere() -> bool:
    """Whether DAGSTER_HOME names a folder whose `dagster.yaml` has another storage."""
    home = os.environ.get("DAGSTER_HOME")
    return bool(home) and not is_in_force(Path(str(home)))


def is_made(folder: Path) -> bool:
    """Whether a history was made in a folder; until then its files may be missing."""
    return any(folder.glob(f"{MADE}*"))


def require_files(folder: Path) -> None:
    """Refuse a history that lacks a file or a table, where Dagster would make an empty one instead.

    Takes a millisecond a file, so that every process does it when it opens the history.

    Raises:
        HistoryError: A file is missing, is empty, is locked or is no database.
    """
    if not is_made(folder):
        return
    for name, tables in TABLES.items():
        fault = fault_in(folder / name, tables, thorough=False)
        if fault is not None:
            raise HistoryError(fault.sentence)


def faults_of(folder: Path) -> Iterator[HistoryFault]:
    """What is wrong with the history in a folder, at most one fault a file.

    Reads all of it: a few milliseconds for each run.
    """
    if is_made(folder):
        looked_at = TABLES
    else:  # never made, or being made for the first time
        looked_at = {name: tables for name, tables in TABLES.items() if (folder / name).exists()}
    shared = {name: fault_in(folder / name, tables) for name, tables in looked_at.items()}
    yield from (fault for fault in shared.values() if fault is not None)
    for path in (folder / EMPTY_LOG).glob("*.db"):
        fault = fault_in(path, _LOG_TABLES)
        if fault is not None:
            yield fault
    if RUNS in shared and shared[RUNS] is None:
        yield from _faults_of_logs(folder)


def is_log(path: Path) -> bool:
    """Whether a file is the log of one run: without it, all other runs can be read."""
    return path.parent.name == LOGS.name and path.name != INDEX.name


def run_of_log(path: Path) -> str:
    """The Dagster run that a log is of; empty for `.db`, which is of what happened in no run."""
    return path.name.removesuffix(".db")


def is_empty_log(path: Path) -> bool:
    """Whether a file is the one of which each new log is a copy; it is made where it is missing."""
    return path.parent.name == EMPTY_LOG.name


def _faults_of_logs(folder: Path) -> Iterator[HistoryFault]:
    try:
        ended = {str(run_id) for (run_id,) in history_rows(folder / RUNS, _ENDED)}
    except (sqlite3.Error, UnicodeDecodeError):
        return  # damaged since it was looked at
    # The log of a run that has only begun may not be there yet.
    there = {run_of_log(path) for path in (folder / LOGS).glob("*.db")} - {INDEX.stem}
    for run_id in sorted(ended | there):
        fault = fault_in(folder / LOGS / f"{run_id}.db", _LOG_TABLES)
        if fault is not None:
            yield fault


_opened: set[Path] = set()


def remember_opened(folder: Path) -> None:
    """Remember that this process uses the history in a folder, so that its loss can be named."""
    _opened.add(folder.absolute())


def was_opened(folder: Path) -> bool:
    """Whether this process uses the history in a folder."""
    return folder.absolute() in _opened


def lost(folder: Path) -> HistoryFault | None:
    """The fault of a history that this process uses and that is not there any more."""
    if was_opened(folder) and not is_made(folder):
        return HistoryFault(folder, FaultKind.GONE, "was moved or deleted while it was in use")
    return None


def first_history_fault(folder: Path) -> HistoryFault | None:
    """Why the history in a folder cannot be used; None: nothing is wrong with it.

    None, too, where Dagster keeps its history elsewhere: what is left in the folder is not used.
    """
    if is_kept_elsewhere():
        return None
    return lost(folder) or next(faults_of(folder), None)
