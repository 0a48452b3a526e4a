"""Parses the recording files of a folder, each of them once.

Which of the recordings count as activities belongs to `activities`.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from weekly_plan_assets.common.child_process import worker_pool
from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.files.cache import FileState, ImportCache
from weekly_plan_assets.sources.files.file_reading import REFUSED, ParsedFile, parse_file

log = logging.getLogger(__name__)

POOL_FROM_FILES = 100
"""With fewer files a pool of processes takes longer to start than it saves."""

MOST_PROCESSES = 8
FILES_AT_ONCE = 8
"""Handed to a process together."""

DEATHS_OF_A_CULPRIT = 2
"""Once a process may be killed for another reason, for want of memory or by a user."""

KILLED = (
    "the process that read it was killed twice, perhaps for want of memory; it is tried again when "
    "it changes"
)

KEPT_AT_ONCE = 100
KEPT_AFTER_S = 2.0
"""Files, or the time, after which the cache is written: an import that is interrupted goes on from
there, and does not read again what took long."""

Progress = Callable[[int, int], None]
"""Called with how many files of how many are read."""


@dataclass(frozen=True)
class ImportedFiles:
    """What came of each file, by its path relative to the folder, in the order asked.

    Attributes:
        parsed_count: How many of them had to be parsed; the others were known and unchanged.
    """

    by_path: dict[str, ParsedFile]
    parsed_count: int

    @property
    def summary(self) -> str | None:
        """How many files were read, and how; None for no files."""
        if not self.by_path:
            return None
        return (
            f"{self.parsed_count} of {len(self.by_path)} recordings read, the others unchanged; "
            f"the quick reader took {self.quick_count} of {self.fit_count} FIT files"
        )

    @cached_property
    def fit_count(self) -> int:
        """How many of them are FIT files that could be read."""
        return sum(parsed.is_quick is not None for parsed in self.by_path.values())

    @cached_property
    def quick_count(self) -> int:
        """How many of those the quick reader took; the others needed fitdecode."""
        return sum(parsed.is_quick is True for parsed in self.by_path.values())


def import_files(
    folder: Path,
    paths: Sequence[str],
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> ImportedFiles:
    """Read the files at `paths` below `folder`; only those that the cache does not know.

    Raises:
        SourceError: A file went away.
    """
    states = _states(folder, paths)
    memory = _Memory(cache_dir, folder, states)
    found = memory.known
    unread = [path for path in states if path not in found]
    for count, (path, parsed) in enumerate(zip(unread, _parse(folder, unread), strict=True), 1):
        found[path] = parsed
        memory.keep(path, parsed)
        if progress:
            progress(count, len(unread))
    memory.write()
    imported = ImportedFiles({path: found[path] for path in states}, len(unread))
    if unread:
        log.info("%s", imported.summary)
    return imported


def _states(folder: Path, paths: Sequence[str]) -> dict[str, FileState]:
    try:
        return {path: FileState.of(folder / path) for path in paths}
    except OSError as error:
        raise SourceError(
            f"{one_line(str(error.filename))} cannot be looked at: {error.strerror}; run again"
        ) from error


def _parse(folder: Path, paths: Sequence[str]) -> Iterator[ParsedFile]:
    """What came of each file, in their order; many files are shared out among processes."""
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    files = [folder / path for path in paths]
    if len(files) < POOL_FROM_FILES or processes == 1:
        yield from map(parse_file, files)
        return
    done = 0
    while done < len(files):
        try:
            for parsed in _shared_out(files[done:], processes, FILES_AT_ONCE):
                yield parsed
                done += 1
        except BrokenProcessPool:
            log.warning("a process that reads recordings was killed; the others go on")
            suspects = files[done : done + 2 * processes * FILES_AT_ONCE]
            yield from _one_by_one(suspects)
            done += len(suspects)


def _one_by_one(files: Sequence[Path]) -> Iterator[ParsedFile]:
    """What came of each file; one that kills the process which reads it is known by that."""
    done = deaths = 0
    while done < len(files):
        try:
            for parsed in _shared_out(files[done:], 1, 1):
                yield parsed
                done, deaths = done + 1, 0
        except BrokenProcessPool:
            deaths += 1
            if deaths == DEATHS_OF_A_CULPRIT:
                yield ParsedFile(content_id=REFUSED, fault=KILLED)
                done, deaths = done + 1, 0


def _shared_out(files: Sequence[Path], processes: int, at_once: int) -> Iterator[ParsedFile]:
    with worker_pool(processes) as pool:
        yield from pool.map(parse_file, files, chunksize=at_once)


class _Memory:
    """The cache, if there is one that works: an import goes on without."""

    def __init__(self, cache_dir: Path | None, folder: Path, states: dict[str, FileState]) -> None:
        self._states = states
        self._cache: ImportCache | None = None
        self._waiting: list[tuple[str, FileState, ParsedFile]] = []
        self._written_s = time.monotonic()
        self.known: dict[str, ParsedFile] = {}
        if cache_dir is None or not states:
            return
        try:
            self._cache = ImportCache(cache_dir, folder)
            self.known = self._cache.known(states)
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def keep(self, path: str, parsed: ParsedFile) -> None:
        """Remember what came of a file, written together with others."""
        self._waiting.append((path, self._states[path], parsed))
        waited_s = time.monotonic() - self._written_s
        if len(self._waiting) >= KEPT_AT_ONCE or waited_s >= KEPT_AFTER_S:
            self.write()

    def write(self) -> None:
        """Write what is not yet written."""
        if self._cache and self._waiting:
            try:
                self._cache.keep(self._waiting)
            except sqlite3.Error as error:
                self._give_up(error)
        self._waiting.clear()
        self._written_s = time.monotonic()

    def _give_up(self, error: Exception) -> None:
        self._cache = None
        log.warning("files will be read again next time, because their cache failed: %s", error)
