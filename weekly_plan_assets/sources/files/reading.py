"""Reads one file of any of the formats, gzipped or plain; a broken one is told, never raised."""

import gzip
import hashlib
import zlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from weekly_plan_assets.sources.files.fit import read_fit
from weekly_plan_assets.sources.files.gpx import read_gpx
from weekly_plan_assets.sources.files.recording import FileError, Recording
from weekly_plan_assets.sources.files.tcx import read_tcx
from weekly_plan_assets.sources.json_rows import first_fault

PARSER_VERSION = 1
"""Raise it with every change of what a reader makes of a file: the files are then read again."""

SUFFIXES = (".fit", ".gpx", ".tcx")

LARGEST_FILE_BYTES = 256 * 1024**2
"""No recording is larger unpacked; a small archive that grows beyond is an attack or a mistake."""

REFUSED = "refused"
"""Stands for content that was not unpacked."""


class ParsedFile(BaseModel):
    """What came of a file.

    Attributes:
        content_id: Stands for the unpacked content; None where it could not be read off the disk,
            which may work the next time.
        fault: What is wrong with the file. It can still have recordings.
    """

    model_config = ConfigDict(frozen=True)

    content_id: str | None
    recordings: tuple[Recording, ...] = ()
    fault: str | None = None


def is_recording_file(path: Path) -> bool:
    """Whether the name is that of a FIT, GPX or TCX file, gzipped or not."""
    return _plain_name(path).endswith(SUFFIXES)


def parse_file(path: Path) -> ParsedFile:
    """The recordings of a file, or what is wrong with it."""
    try:
        content = _content(path)
    except FileError as error:
        return ParsedFile(content_id=REFUSED, fault=str(error))
    except OSError as error:
        return ParsedFile(content_id=None, fault=f"it cannot be read: {error.strerror or error}")
    content_id = hashlib.sha256(content).hexdigest()[:16]
    try:
        recordings, fault = _read(_plain_name(path), content)
    except FileError as error:
        return ParsedFile(content_id=content_id, fault=str(error))
    except ValidationError as error:
        return ParsedFile(content_id=content_id, fault=f"it {first_fault(error)}")
    except Exception as error:  # noqa: BLE001 - libraries fail in any way on what strangers write
        reason = f"it is broken: {type(error).__name__}: {error}"
        return ParsedFile(content_id=content_id, fault=reason)
    return ParsedFile(content_id=content_id, recordings=recordings, fault=fault)


def _read(name: str, content: bytes) -> tuple[tuple[Recording, ...], str | None]:
    if not content:
        raise FileError("it is empty")
    if name.endswith(".fit"):
        return read_fit(content)
    return (read_gpx if name.endswith(".gpx") else read_tcx)(content), None


def _content(path: Path) -> bytes:
    """The unpacked content.

    Raises:
        FileError: It is too large, or no whole gzip archive.
        OSError: The disk does not give it.
    """
    with path.open("rb") as packed:
        if path.suffix.lower() != ".gz":
            return _at_most(packed.read(LARGEST_FILE_BYTES + 1))
        try:
            with gzip.open(packed) as unpacked:
                return _at_most(unpacked.read(LARGEST_FILE_BYTES + 1))
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise FileError(f"it is not a whole gzip file: {error}") from error


def _at_most(content: bytes) -> bytes:
    if len(content) > LARGEST_FILE_BYTES:
        raise FileError(f"it holds more than {LARGEST_FILE_BYTES // 1024**2} MiB")
    return content


def _plain_name(path: Path) -> str:
    return path.name.lower().removesuffix(".gz")
