"""Finds the files of a folder that hold training data, by their names alone."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from weekly_plan_assets.sources.files.reading import is_recording_file
from weekly_plan_assets.sources.files.strava import STRAVA_TABLE
from weekly_plan_assets.sources.files.wellness_csv import is_wellness_csv


@dataclass
class FoundFiles:
    """Paths relative to the folder, with slashes, in order."""

    recordings: list[str] = field(default_factory=list)
    strava_tables: list[str] = field(default_factory=list)
    wellness_tables: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.recordings or self.strava_tables or self.wellness_tables)


def find_files(folder: Path) -> FoundFiles:
    """All files below `folder`; what is hidden, and links, are left out."""
    found = FoundFiles()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if is_recording_file(path):
            found.recordings.append(name)
        elif path.name == STRAVA_TABLE:
            found.strava_tables.append(name)
        elif is_wellness_csv(path):
            found.wellness_tables.append(name)
    return found


def _files(folder: Path) -> list[Path]:
    paths = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())
