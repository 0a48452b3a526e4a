"""Moves what is damaged of Dagster's history aside, so that a new one can begin.

Nothing is deleted: what was moved stays next to the history until the user deletes it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from weekly_plan_assets.runs.history.history import (
    LOCKS,
    faults_of,
    is_empty_log,
    is_log,
    run_of_log,
)
from weekly_plan_assets.runs.history.history_faults import (
    FaultKind,
    HistoryError,
    HistoryFault,
    processes_named,
    users_of,
)

_PARTS = ("", "-wal", "-shm", "-journal")
"""What follows the name of a database in the names of its files."""

_MENDED = {FaultKind.DAMAGED, FaultKind.OTHER_VERSION}


@dataclass(frozen=True, slots=True)
class Repair:
    """The files that were moved aside.

    Attributes:
        aside: The folder where it is now.
        is_whole: Whether it is the whole history, or only logs of single runs.
        unsettled: Ids of the Dagster runs of commands that were killed and that no later command
            had settled yet; without their history none will.
    """

    aside: Path
    is_whole: bool
    unsettled: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What was done, and what it means."""
        if self.is_whole:
            return (
                f"Dagster's history was moved to {self.aside} and the next run begins a new one; "
                "its list of runs and the state of its schedules and sensors are there, the "
                "documents in MongoDB are untouched"
            )
        moved = (
            f", and what is left of them was moved to {self.aside}" if self.aside.exists() else ""
        )
        return f"damaged logs of single runs were replaced by empty ones{moved}"


def repair_history(folder: Path, make_log: Callable[[str], None]) -> Repair | None:
    """Move aside what is damaged of the history in a folder: all of it, or the logs of some runs.

    Args:
        folder: The history.
        make_log: Makes an empty log for a Dagster run, by its id.

    Returns:
        What was moved; None if nothing is damaged.

    Raises:
        HistoryError: A process uses the history, or it cannot be read or written.
    """
    faults = list(faults_of(folder))
    for fault in faults:
        if fault.kind not in _MENDED:
            raise HistoryError(fault.sentence)
    if not faults:
        return None
    users = users_of(folder)
    if users:
        raise HistoryError(
            f"Dagster's history in {folder} is used by {processes_named(users)}; close that first, "
            "then repair it"
        )
    aside = folder.with_name(f"{folder.name}-damaged-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}")
    try:
        if all(is_log(fault.path) or is_empty_log(fault.path) for fault in faults):
            _move_files(folder, aside, faults)
            for fault in faults:
                if is_log(fault.path):
                    make_log(run_of_log(fault.path))
            return Repair(aside, is_whole=False)
        unsettled = tuple(path.stem for path in (folder / LOCKS).glob("*.lock"))
        folder.rename(aside)
    except OSError as error:
        raise HistoryError(
            f"Dagster's history in {folder} cannot be moved to {aside} ({error.strerror}); move "
            "the folder away yourself, then run again"
        ) from error
    return Repair(aside, is_whole=True, unsettled=unsettled)


def _move_files(folder: Path, aside: Path, faults: Iterable[HistoryFault]) -> None:
    for fault in faults:
        for part in _PARTS:
            path = fault.path.with_name(fault.path.name + part)
            if path.exists():
                target = aside / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
