"""Files that a user hands in, such as those of a bundle or a backup: regular, bounded, readable.

What a file means is said by the caller.
"""

import json
import math
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any

from weekly_plan_assets.errors import WeeklyPlanError

MAX_JSON_BYTES = 32 * 1024 * 1024
"""A document of MongoDB holds up to 16 MB of BSON; as indented JSON it takes up to twice that."""

MAX_NESTING = 200
"""MongoDB stores no document that is nested deeper."""

_INT64 = range(-(2**63), 2**63)
_LONGEST_INTEGER = 20


class HandedFileError(WeeklyPlanError, ValueError):
    """A file that is not what it should be; the message names the file, without its folder."""


def open_handed_file(path: Path) -> BufferedReader:
    """A regular file, open for reading; links and devices may lead anywhere or never end.

    Raises:
        HandedFileError: It is something else.
        OSError: It is not there, or cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise HandedFileError(f"{path.name} is a link, a folder or a device, and not a file")
    return path.open("rb")


def read_handed_file(path: Path) -> bytes:
    """The content of a regular file of a size that JSON documents have.

    Raises:
        HandedFileError: It is something else, or too large.
        OSError: It is not there, or cannot be read.
    """
    with open_handed_file(path) as file:
        content = file.read(MAX_JSON_BYTES + 1)
    if len(content) > MAX_JSON_BYTES:
        raise HandedFileError(
            f"{path.name} holds more than {MAX_JSON_BYTES // 1024**2} MiB, which no document does"
        )
    return content


def json_document(content: bytes, name: str) -> dict[str, Any]:
    """A JSON object that could be a stored document.

    Args:
        content: What the file holds.
        name: Name of the file, for the error.

    Raises:
        HandedFileError: It is not UTF-8, not JSON, no object, nested too deeply, or holds a number
            or text that MongoDB cannot store.
    """
    try:
        document = json.loads(
            content.decode(),
            parse_int=_stored_integer,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except UnicodeDecodeError:
        raise HandedFileError(f"{name} is not UTF-8") from None
    except RecursionError:
        raise HandedFileError(_too_deep(name)) from None
    except ValueError as error:
        raise HandedFileError(f"{name} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise HandedFileError(f"{name} holds {_kind(document)} where a JSON object is expected")
    _refuse_unstorable(document, name)
    return document


def _refuse_unstorable(document: dict[str, Any], name: str) -> None:
    """Level by level: a document may be nested deeper than Python can follow."""
    level: list[object] = [document]
    for _ in range(MAX_NESTING):
        texts = [one for one in level if isinstance(one, str)]
        if not _is_unicode("".join(texts)):
            raise HandedFileError(f"{name} holds half of a character (a lone surrogate)")
        level = [inner for one in level for inner in _within(one)]
        if not level:
            return
    raise HandedFileError(_too_deep(name))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _within(value: object) -> Iterator[object]:
    """The keys and values of an object, the elements of a list."""
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _stored_integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER or int(digits) not in _INT64:
        raise ValueError(f"the number {digits[:_LONGEST_INTEGER]}... does not fit 64 bits")
    return int(digits)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:_LONGEST_INTEGER]} is not finite")
    return number


def _too_deep(name: str) -> str:
    return f"{name} is nested more than {MAX_NESTING} levels deep, which no document is"


def _kind(value: object) -> str:
    return {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(
        type(value), "a number"
    )
