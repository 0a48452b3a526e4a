"""The content of a file that anybody may have written: regular files only, and never too much.

A named pipe would be waited for without end, and a device may have no end at all.
"""

import gzip
import io
import os
import stat
import zlib
from pathlib import Path
from typing import IO, NamedTuple

from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.limits import MIB

MOST_PACKED_BYTES = 64 * MIB
"""Of a gzip archive; the largest recordings are packed to a few MiB."""

_GZIP = b"\x1f\x8b"
_GZIP_BITS = 31
_CHUNK_BYTES = 4096

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}

_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Opening a named pipe that nobody writes to returns at once. Windows has neither flag."""


def read_content(path: Path, most_bytes: int) -> bytes:
    """The content of a regular file.

    Raises:
        FileError: It is no regular file, or larger than `most_bytes`.
        OSError: The disk does not give it.
    """
    with open_regular(path) as file:
        return _limited(file, most_bytes, os.fstat(file.fileno()).st_size)


class Unpacked(NamedTuple):
    """The content of a file, and what is wrong with its archive, or None."""

    content: bytes
    fault: str | None


def read_unpacked(path: Path, most_bytes: int) -> Unpacked:
    """The content of a regular file, unpacked where its name says that it is gzipped.

    An archive that breaks off is unpacked as far as it goes; a file that is called one but was
    never packed is taken as it is.

    Raises:
        FileError: It is no regular file, larger than `most_bytes` unpacked, or nothing of it can be
            unpacked.
        OSError: The disk does not give it.
    """
    if path.suffix.lower() != ".gz":
        return Unpacked(read_content(path, most_bytes), None)
    try:
        with open_regular(path) as packed:
            # An archive may unpack to nothing for as long as it goes on.
            refuse_more(os.fstat(packed.fileno()).st_size, MOST_PACKED_BYTES)
            with gzip.open(packed) as unpacked:
                return Unpacked(_limited(unpacked, most_bytes, MIB), None)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        fault = f"it is not a whole gzip file: {error}"
        content = _as_far_as_it_goes(path, most_bytes)
        if not content:
            raise FileError(fault) from error
        return Unpacked(content, fault)


def _as_far_as_it_goes(path: Path, most_bytes: int) -> bytes:
    """What can be unpacked of a damaged archive; the content itself where it was never packed."""
    packed = read_content(path, MOST_PACKED_BYTES)
    if not packed.startswith(_GZIP):
        return packed
    unpacking = zlib.decompressobj(wbits=_GZIP_BITS)
    gathered = bytearray()
    for begin in range(0, len(packed), _CHUNK_BYTES):
        try:
            gathered += unpacking.decompress(packed[begin : begin + _CHUNK_BYTES], most_bytes + 1)
        except zlib.error:
            break
        refuse_more(len(gathered), most_bytes)
    return bytes(gathered)


def open_regular(path: Path) -> IO[bytes]:
    """The file, open for reading.

    Raises:
        FileError: It is no regular file.
        OSError: It cannot be opened.
    """
    refuse_irregular(path.stat().st_mode)
    handle = os.open(path, os.O_RDONLY | _WITHOUT_WAITING | getattr(os, "O_BINARY", 0))
    try:
        # Another file may have taken its place since.
        refuse_irregular(os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def refuse_irregular(mode: int) -> None:
    """Do nothing for the mode of a regular file.

    Raises:
        FileError: It is the mode of something else.
    """
    if not stat.S_ISREG(mode):
        raise FileError(f"it is {_KINDS.get(stat.S_IFMT(mode), 'no regular file')}, not a file")


def refuse_more(size: int, most_bytes: int) -> None:
    """Do nothing for a size within the limit.

    Raises:
        FileError: It is above.
    """
    if size > most_bytes:
        raise FileError(f"it holds more than {most_bytes // MIB} MiB")


def _limited(file: IO[bytes] | gzip.GzipFile, most_bytes: int, expected_bytes: int) -> bytes:
    """Everything in a file; reading more at once than it holds takes that much memory."""
    refuse_more(expected_bytes, most_bytes)
    gathered = io.BytesIO()
    while chunk := file.read(expected_bytes + 1):
        gathered.write(chunk)
        refuse_more(gathered.tell(), most_bytes)
    return gathered.getvalue()
