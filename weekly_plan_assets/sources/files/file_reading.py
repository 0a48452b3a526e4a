"""Reads one file of any format, gzipped or plain; a broken one is reported, never raised."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.sources.files.contents import Unpacked, read_unpacked
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.fit.recordings import read_fit
from weekly_plan_assets.sources.files.gpx import read_gpx
from weekly_plan_assets.sources.files.limits import MIB, Deadline
from weekly_plan_assets.sources.files.recording import Recording
from weekly_plan_assets.sources.files.tcx import read_tcx
from weekly_plan_assets.sources.json_rows import first_fault

PARSER_VERSION = 6
"""Raise it with every change of what a reader makes of a file: the files are then read again."""

SUFFIXES = (".fit", ".gpx", ".tcx")

LARGEST_FIT_BYTES = 64 * MIB
"""Ten days at a record of 70 bytes a second."""

LARGEST_XML_BYTES = 256 * MIB
"""Ten days at a point of 300 bytes a second; a small archive that grows beyond is an attack."""

LONGEST_FAULT = 300
"""Characters of a sentence; some libraries repeat what the file holds."""

REFUSED = "refused"
"""Stands for content that was not unpacked."""


class ParsedFile(BaseModel):
    """What came of a file.

    Attributes:
        content_id: Stands for the unpacked content; None if it could not be read off the disk,
            which may work the next time.
        fault: What is wrong with the file. It can still have recordings.
        is_quick: Whether the quick reader took all of a FIT file; None for other files.
    """

    model_config = ConfigDict(frozen=True)

    content_id: str | None
    recordings: tuple[Recording, ...] = ()
    fault: str | None = None
    is_quick: bool | None = None


def is_recording_file(path: Path) -> bool:
    """Whether the name is that of a FIT, GPX or TCX file, gzipped or not."""
    return _plain_name(path).endswith(SUFFIXES)


def parse_file(path: Path) -> ParsedFile:
    """The recordings of a file, or what is wrong with it."""
    try:
        content, damage = _content(path)
    except FileError as error:
        return ParsedFile(content_id=REFUSED, fault=str(error))
    except OSError as error:
        return ParsedFile(content_id=None, fault=f"it cannot be read: {error.strerror or error}")
    content_id = hashlib.sha256(content).hexdigest()[:16]
    try:
        parsed = _read(_plain_name(path), content, content_id)
        return parsed.model_copy(update={"fault": _sentence(damage)}) if damage else parsed
    except FileError as error:
        reason = str(error)
    except ValidationError as error:
        reason = f"it {first_fault(error)}"
    except MemoryError:
        reason = "it needs more memory than there is"
    except Exception as error:  # noqa: BLE001 - libraries fail in any way on what strangers write
        reason = f"it is broken: {type(error).__name__}: {error}"
    return ParsedFile(content_id=content_id, fault=_sentence(damage or reason))


def _read(name: str, content: bytes, content_id: str) -> ParsedFile:
    if not content:
        raise FileError("it is empty")
    deadline = Deadline()
    if name.endswith(".fit"):
        recordings, fault, is_quick = read_fit(content, deadline)
        return ParsedFile(
            content_id=content_id,
            recordings=recordings,
            fault=_sentence(fault) if fault else None,
            is_quick=is_quick,
        )
    read = read_gpx if name.endswith(".gpx") else read_tcx
    recordings, fault = read(content, deadline)
    return ParsedFile(
        content_id=content_id,
        recordings=recordings,
        fault=_sentence(fault) if fault else None,
    )


def _content(path: Path) -> Unpacked:
    is_fit = _plain_name(path).endswith(".fit")
    return read_unpacked(path, LARGEST_FIT_BYTES if is_fit else LARGEST_XML_BYTES)


def _sentence(reason: str) -> str:
    return one_line(reason)[:LONGEST_FAULT]


def _plain_name(path: Path) -> str:
    return path.name.lower().removesuffix(".gz")
