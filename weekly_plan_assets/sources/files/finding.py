"""Finds the files of a folder that hold training data, by their names and kinds alone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.sources.base import Problem, SourceError
from weekly_plan_assets.sources.files.contents import refuse_irregular
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.file_reading import is_recording_file
from weekly_plan_assets.sources.files.strava import STRAVA_TABLE
from weekly_plan_assets.sources.files.wellness_csv import is_wellness_csv

DEEPEST_FOLDER = 40
"""Folders within folders; nobody sorts recordings that finely."""

MOST_ENTRIES = 1_000_000
"""Files and folders below the folder; one that holds more is not that of training data."""


@dataclass
class FoundFiles:
    """Paths relative to the folder, with slashes, in order.

    Attributes:
        problems: What stands where a file should, and folders that cannot be looked into.
    """

    recordings: list[str] = field(default_factory=list)
    strava_tables: list[str] = field(default_factory=list)
    wellness_tables: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.recordings or self.strava_tables or self.wellness_tables or self.problems)


def find_files(folder: Path) -> FoundFiles:
    """All files below `folder` but hidden ones, and links to files below it.

    Raises:
        SourceError: The folder holds more than anybody's training data.
    """
    found = FoundFiles()
    walk = _Walk(folder, found.problems)
    for name in sorted(walk.names(), key=lambda name: name.split("/")):
        path = folder / name
        if is_recording_file(path):
            found.recordings.append(name)
        elif path.name == STRAVA_TABLE:
            found.strava_tables.append(name)
        else:
            found.wellness_tables.append(name)
    return found


def refuse_foreign(folder: Path, path: Path) -> None:
    """Do nothing for a regular file below `folder`, or a link to one.

    Raises:
        FileError: It is something else, or a link that leads to nothing or out of the folder.
        OSError: It cannot be looked at.
    """
    if path.is_symlink():
        if not path.exists():
            raise FileError("it is a link to nothing")
        if not path.resolve().is_relative_to(folder.resolve()):
            raise FileError("it is a link that leads out of the folder, and is not followed")
        if path.is_dir():
            raise FileError("it is a link to a folder, and is not followed")
    refuse_irregular(path.stat().st_mode)


class _Walk:
    """Looks through a folder, one level after the other; what it cannot take becomes a problem."""

    def __init__(self, folder: Path, problems: list[Problem]) -> None:
        self._folder = folder
        self._problems = problems
        self._seen = 0

    def names(self) -> Iterator[str]:
        """The names of all files that may hold training data."""
        waiting = [("", 0)]
        while waiting:
            below, depth = waiting.pop()
            for name, is_folder in self._entries(below):
                if not is_folder:
                    if _is_of_training(self._folder / name) and self._is_taken(name):
                        yield name
                elif depth < DEEPEST_FOLDER:
                    waiting.append((f"{name}/", depth + 1))
                else:
                    reason = f"it is more than {DEEPEST_FOLDER} folders deep, and left out"
                    self._problems.append(Problem(name, reason))

    def _entries(self, below: str) -> list[tuple[str, bool]]:
        """What one folder holds: names, and whether each is a folder."""
        found = []
        try:
            with os.scandir(self._folder / below) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        found.append((f"{below}{entry.name}", entry.is_dir(follow_symlinks=False)))
                        self._count()
        except OSError as error:
            reason = f"it cannot be looked into: {error.strerror or error}"
            self._problems.append(Problem(below or ".", reason))
        return found

    def _count(self) -> None:
        self._seen += 1
        if self._seen > MOST_ENTRIES:
            raise SourceError(
                f"{one_line(str(self._folder))} holds more than {MOST_ENTRIES:,} files; set "
                "WEEKLY_PLAN_EXPORT_DIR to the folder that holds nothing but your training data"
            )

    def _is_taken(self, name: str) -> bool:
        """Whether it can be read; else it becomes a problem."""
        try:
            refuse_foreign(self._folder, self._folder / name)
        except FileError as error:
            self._problems.append(Problem(name, str(error)))
        except OSError as error:
            reason = f"it cannot be looked at: {error.strerror or error}"
            self._problems.append(Problem(name, reason))
        else:
            return True
        return False


def _is_of_training(path: Path) -> bool:
    """Whether the name is that of a file of training data, or a link to a folder of such files."""
    is_file = is_recording_file(path) or path.name == STRAVA_TABLE or is_wellness_csv(path)
    return is_file or (path.is_symlink() and path.is_dir())
