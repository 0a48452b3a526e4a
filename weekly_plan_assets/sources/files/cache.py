"""Remembers what came of each file, so that an unchanged one is not parsed again.

What a file says is kept, not what follows from the athlete's numbers: those may change at any time
without a file being read again. The cache may be deleted at any time.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from weekly_plan_assets.common.private_folder import private_folder
from weekly_plan_assets.sources.files.file_reading import PARSER_VERSION, ParsedFile

BUSY_S = 30
"""How long to wait for another import that writes to the same cache."""


@dataclass(frozen=True, slots=True)
class FileState:
    """By what a file is known to be unchanged."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> "FileState":
        """The state of the file now.

        Raises:
            OSError: It is gone, or not to be seen.
        """
        found = path.stat()
        return cls(found.st_size, found.st_mtime_ns)


class ImportCache:
    """One SQLite file for one folder of recordings."""

    def __init__(self, cache_dir: Path, folder: Path) -> None:
        """The cache of `folder`, made in `cache_dir` where there is none; a damaged one is redone.

        Raises:
            OSError: `cache_dir` cannot be written.
            sqlite3.Error: The database can be neither used nor redone.
        """
        name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
        self._path = private_folder(cache_dir) / f"{name}.sqlite"
        try:
            self._prepare()
        except sqlite3.OperationalError:
            # Busy, or not to be written: nothing says that it is damaged.
            raise
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            self._prepare()

    def known(self, states: Mapping[str, FileState]) -> dict[str, ParsedFile]:
        """What came of those files that have not changed since; the others are forgotten."""
        with closing(self._connect()) as database, database:
            rows = database.execute(
                "SELECT path, size, mtime_ns, parsed FROM files WHERE parser_version = ?",
                (PARSER_VERSION,),
            ).fetchall()
            valid = {
                path: parsed
                for key, size, mtime_ns, text in rows
                if states.get(path := _path(key)) == FileState(size, mtime_ns)
                and (parsed := _parsed(text)) is not None
            }
            stored = database.execute("SELECT path FROM files").fetchall()
            gone = [(key,) for (key,) in stored if _path(key) not in valid]
            database.executemany("DELETE FROM files WHERE path = ?", gone)
        return valid

    def keep(self, files: Iterable[tuple[str, FileState, ParsedFile]]) -> None:
        """Remember what came of each file, all of them or none."""
        rows = [
            (_key(path), state.size, state.mtime_ns, PARSER_VERSION, parsed.model_dump_json())
            for path, state, parsed in files
            if parsed.content_id is not None
        ]
        with closing(self._connect()) as database, database:
            database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)

    def _prepare(self) -> None:
        with closing(self._connect()) as database, database:
            (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            database.execute(
                "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER NOT NULL, "
                "mtime_ns INTEGER NOT NULL, parser_version INTEGER NOT NULL, parsed TEXT NOT NULL)"
            )

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_S)


def _key(path: str) -> str | bytes:
    """A path as SQLite takes it: a name may hold bytes that are not UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return path.encode(errors="surrogatepass")
    return path


def _path(key: str | bytes) -> str:
    return key if isinstance(key, str) else key.decode(errors="surrogatepass")


def _parsed(text: str) -> ParsedFile | None:
    try:
        return ParsedFile.model_validate_json(text)
    except ValidationError:
        return None
