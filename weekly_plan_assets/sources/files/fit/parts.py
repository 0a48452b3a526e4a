"""Takes a file apart into the FIT files that are chained in it; most files are one.

A part whose head or tail is damaged is mended here as far as its messages go. Reading the messages
belongs to `columns` and `decoding`.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from weekly_plan_assets.common.fit_protocol import checksum
from weekly_plan_assets.sources.files.limits import MOST_PARTS, at_most

SMALLEST_HEADER = 12
USUAL_HEADER = 14
CHECKSUM_BYTES = 2
MAGIC = b".FIT"
MAGIC_AT = 8

LONGEST_PREFIX = 1024
"""Bytes before a header, from a transfer or another program, that are passed over."""

_DEFINITION = 0x40
_SHORTEST_DEFINITION = 6
_KIND_OF_HEAD = 0xD0
"""Bits of the byte that begins a message: those that are 0100 of a definition."""


class FitPart(NamedTuple):
    """One FIT file, with its header and its checksum.

    Attributes:
        content: The whole file.
        begin: Where its header begins.
        body: Where its messages begin.
        end: Where its checksum begins.
    """

    content: bytes
    begin: int
    body: int
    end: int

    @property
    def header(self) -> memoryview:
        """What stands before the messages."""
        return memoryview(self.content)[self.begin : self.body]

    @property
    def all(self) -> memoryview:
        """Everything from the header to the checksum."""
        return memoryview(self.content)[self.begin : self.end + CHECKSUM_BYTES]


class BrokenPart(NamedTuple):
    """What stands where a FIT file should.

    Attributes:
        begin: Where in the file it stands.
        content: Its bytes.
        mended: The same messages with a right head and checksum; None if there are no messages.
        fault: What is wrong with it.
    """

    begin: int
    content: memoryview
    mended: FitPart | None
    fault: str


def parts_of(content: bytes) -> Iterator[FitPart | BrokenPart]:
    """The FIT files that are chained in a file, and what stands between and behind them.

    Raises:
        FileError: There are too many.
    """
    begin = count = 0
    while begin < len(content):
        parts, rest = whole_parts(content, begin)
        count += len(parts) + 1
        at_most(count - 1, MOST_PARTS, "FIT files, one behind the other")
        yield from parts
        begin = len(content) - len(rest)
        if rest:
            end = _next_whole(content, begin)
            yield _broken_part(content, begin, end)
            begin = end


def whole_parts(content: bytes, begin: int = 0) -> tuple[list[FitPart], memoryview]:
    """The FIT files from `begin` on that have a header and as many bytes as it says.

    The second value is what is left behind them: nothing, a file that was broken off, or what is
    no FIT at all.

    Raises:
        FileError: There are too many.
    """
    parts = list[FitPart]()
    while (part := _part(content, begin)) is not None:
        at_most(len(parts) + 1, MOST_PARTS, "FIT files, one behind the other")
        parts.append(part)
        begin = part.end + CHECKSUM_BYTES
    return parts, memoryview(content)[begin:]


def _part(content: bytes, begin: int) -> FitPart | None:
    header = content[begin : begin + SMALLEST_HEADER]
    if len(header) < SMALLEST_HEADER:
        return None
    size, data_size, magic = struct.unpack("<B3xI4s", header)
    end = begin + size + data_size
    if size < SMALLEST_HEADER or magic != MAGIC or end + CHECKSUM_BYTES > len(content):
        return None
    # A recording that was never finished has a size of 0: its messages come all the same.
    if not data_size and len(content) > end + CHECKSUM_BYTES:
        return None
    return FitPart(content, begin, begin + size, end)


def _next_whole(content: bytes, begin: int) -> int:
    """Where the next whole FIT file begins; the end of the content without another one."""
    at = content.find(MAGIC, begin + MAGIC_AT + 1)
    while at >= 0:
        if at - MAGIC_AT > begin and _part(content, at - MAGIC_AT) is not None:
            return at - MAGIC_AT
        at = content.find(MAGIC, at + 1)
    return len(content)


def _broken_part(content: bytes, begin: int, end: int) -> BrokenPart:
    stretch = memoryview(content)[begin:end]
    found = _body(bytes(stretch))
    if found is None:
        is_all = len(stretch) == len(content)
        fault = "it is not a FIT file" if is_all else f"{len(stretch)} bytes of it are no FIT"
        return BrokenPart(begin, stretch, None, fault)
    body, declared, fault = found
    messages = bytes(stretch[body:])
    if 0 < declared <= len(messages):
        messages = messages[:declared]
        if not fault:
            fault = "its checksum at the end is missing"
    elif declared and not fault:
        fault = f"it is broken off: {len(messages)} of {declared} bytes of messages are there"
    elif not fault:
        fault = "it was never finished: its head does not say how long it is"
    header = struct.pack("<BBHI4s", SMALLEST_HEADER, 0x20, 2100, len(messages), MAGIC)
    whole = header + messages
    whole += struct.pack("<H", checksum(memoryview(whole)))
    return BrokenPart(begin, stretch, FitPart(whole, 0, SMALLEST_HEADER, len(whole) - 2), fault)


def _body(stretch: bytes) -> tuple[int, int, str] | None:
    """Where the messages begin, how many bytes the head says they have, and what is wrong."""
    at = stretch.find(MAGIC, MAGIC_AT, LONGEST_PREFIX)
    head = at - MAGIC_AT
    if at >= 0 and stretch[head] >= SMALLEST_HEADER:
        size, declared = struct.unpack("<B3xI", stretch[head : head + MAGIC_AT])
        if _begins_with_definition(stretch, head + size):
            fault = f"its first {head} bytes are no FIT" if head else ""
            return head + size, declared, fault
    for size in (USUAL_HEADER, SMALLEST_HEADER, 0):
        if _begins_with_definition(stretch, size):
            return size, 0, "its head is damaged"
    return None


def _begins_with_definition(stretch: bytes, at: int) -> bool:
    """Whether the bytes there are those of a definition message: each file begins with one."""
    if len(stretch) < at + _SHORTEST_DEFINITION or stretch[at] & _KIND_OF_HEAD != _DEFINITION:
        return False
    reserved, order, _, _, field_count = stretch[at + 1 : at + _SHORTEST_DEFINITION]
    return not reserved and order in {0, 1} and field_count > 0
