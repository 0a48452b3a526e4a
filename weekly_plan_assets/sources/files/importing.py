"""Parses the recording files of a folder, each of them once.

Which of the recordings count as activities belongs to `activities`.
"""

import logging
import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.files.cache import FileState, ImportCache
from weekly_plan_assets.sources.files.reading import ParsedFile, parse_file

log = logging.getLogger(__name__)

POOL_FROM_FILES = 100
"""With fewer files a pool of processes takes longer to start than it saves."""

MOST_PROCESSES = 8
KEPT_AT_ONCE = 100
"""Files after which the cache is written: an import that is interrupted goes on from there."""

Progress = Callable[[int, int], None]
"""Told how many files of how many are read."""


@dataclass(frozen=True)
class ImportedFiles:
    """What came of each file, by its path relative to the folder, in the order asked.

    Attributes:
        parsed_count: How many of them had to be parsed; the others were known and unchanged.
    """

    by_path: dict[str, ParsedFile]
    parsed_count: int


def import_files(
    folder: Path,
    paths: Sequence[str],
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> ImportedFiles:
    """Read the files at `paths` below `folder`; only those that the cache does not know.

    Raises:
        SourceError: A file went away, or a process that reads files was killed.
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
    return ImportedFiles({path: found[path] for path in states}, len(unread))


def _states(folder: Path, paths: Sequence[str]) -> dict[str, FileState]:
    try:
        return {path: FileState.of(folder / path) for path in paths}
    except OSError as error:
        raise SourceError(
            f"{error.filename} cannot be looked at: {error.strerror}; run again"
        ) from error


def _parse(folder: Path, paths: Sequence[str]) -> Iterator[ParsedFile]:
    """What came of each file, in their order; many files are shared out among processes."""
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    files = [folder / path for path in paths]
    if len(files) < POOL_FROM_FILES or processes == 1:
        yield from map(parse_file, files)
        return
    # A fresh process is safe beside the threads of Dagster and pymongo; a forked one is not.
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            yield from pool.map(parse_file, files, chunksize=8)
    except BrokenProcessPool as error:
        raise SourceError(
            "a process that reads recordings was killed, perhaps for want of memory; what was "
            "read before is kept, so run again"
        ) from error


class _Memory:
    """The cache, if there is one that works: an import goes on without."""

    def __init__(self, cache_dir: Path | None, folder: Path, states: dict[str, FileState]) -> None:
        self._states = states
        self._cache: ImportCache | None = None
        self._waiting: list[tuple[str, FileState, ParsedFile]] = []
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
        if len(self._waiting) >= KEPT_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what is not yet written."""
        if self._cache and self._waiting:
            try:
                self._cache.keep(self._waiting)
            except sqlite3.Error as error:
                self._give_up(error)
        self._waiting.clear()

    def _give_up(self, error: Exception) -> None:
        self._cache = None
        log.warning("files will be read anew next time, because their cache failed: %s", error)
