"""Takes in the body of an HTTP answer part by part, unpacked, and never more than is allowed.

Libraries unpack all that a part holds, which may be a thousand times its size, through as many
layers as the server names. What an answer means is not known here.
"""

import zlib
from collections.abc import Iterable

from weekly_plan_assets.errors import WeeklyPlanError

GZIP = frozenset({"gzip", "x-gzip"})
"""The one encoding that is understood; any other, and any second layer, is refused."""

LONGEST_QUOTE = 160

_GZIP_WINDOW = zlib.MAX_WBITS | 16


class UnusableAnswerError(WeeklyPlanError):
    """An answer that cannot be taken, and would be the same again; says what is wrong with it."""


class Unpacker:
    """The body of one answer."""

    def __init__(self, encodings: Iterable[str], most_bytes: int) -> None:
        """Begin a body.

        Args:
            encodings: What the server names in `Content-Encoding`.
            most_bytes: How large it may be, packed and unpacked.

        Raises:
            UnusableAnswerError: It is packed in a way that was not asked for.
        """
        named = [encoding.strip().lower() for encoding in encodings]
        layers = [encoding for encoding in named if encoding not in ("", "identity")]
        if layers and not (len(layers) == 1 and layers[0] in GZIP):
            shown = ", ".join(layers)[:LONGEST_QUOTE]
            raise UnusableAnswerError(
                f"answers with Content-Encoding {shown}, which was not asked for"
            )
        self._unzip = zlib.decompressobj(_GZIP_WINDOW) if layers else None
        self._most_bytes = most_bytes
        self._packed = 0
        self._unpacked = 0

    @property
    def size(self) -> int:
        """Bytes so far, unpacked."""
        return self._unpacked

    def add(self, part: bytes) -> bytes:
        """What the next part of the body holds.

        Raises:
            UnusableAnswerError: The body is too large or not packed as it should be.
        """
        self._packed += len(part)
        if self._unzip is not None:
            try:
                part = self._unzip.decompress(part, self._most_bytes + 1 - self._unpacked)
            except zlib.error as error:
                raise UnusableAnswerError(f"failed: {error}") from error
            if self._unzip.unused_data:
                raise UnusableAnswerError("goes on after the end of its gzip archive")
        self._unpacked += len(part)
        if max(self._packed, self._unpacked) > self._most_bytes:
            mib = self._most_bytes // 1024**2
            raise UnusableAnswerError(f"answers with more than {mib} MiB")
        return part

    def end(self) -> None:
        """Take note that nothing more comes.

        Raises:
            UnusableAnswerError: The archive is not whole.
        """
        if self._unzip is not None and not self._unzip.eof:
            raise self.broken_off()

    def broken_off(self) -> UnusableAnswerError:
        """The error for a body that ends before its end."""
        return UnusableAnswerError(f"sends an answer that breaks off after {self._unpacked} bytes")
