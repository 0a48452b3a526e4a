"""Reads whole FIT files quickly: the wanted fields of all messages of a kind in one step.

Every message follows a definition that says where its fields are; so the places of the messages
are noted in one pass, and numpy then takes a field from all of them. What is not plain (damage,
compressed time stamps) is left to fitdecode.

A compiled reader would have been less code, but none on the package index can be handed a file of a
stranger: rustyfit, which fitfast 0.1.0 and pyfitparsernative 0.2.3 share, panics on a damaged
definition and prints its stack; fitfast also needs up to 150 times a file's size in memory, and
gives the value of a developer's field for that of the device where both have one name.
"""

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from fitdecode.types import BASE_TYPES, BaseType

from weekly_plan_assets.common.fit_protocol import checksum
from weekly_plan_assets.sources.files.fit.messages import (
    KINDS,
    Columns,
    Field,
    FloatArray,
    MessageKind,
    Messages,
)
from weekly_plan_assets.sources.files.fit.parts import CHECKSUM_BYTES, SMALLEST_HEADER, FitPart
from weekly_plan_assets.sources.files.limits import MOST_MESSAGES, Tally

MOST_LAYOUTS = 1_000
"""Different definitions; a device uses some dozens. Each costs as much as many messages."""

COMPRESSED, DEFINITION, DEVELOPER, LOCAL = 0x80, 0x40, 0x20, 0x0F
"""Bits of the byte that begins a message."""

_KIND_BY_NUMBER = {kind.number: kind for kind in KINDS}
_NUMBERS = {code: base for code, base in BASE_TYPES.items() if base.name not in {"byte", "string"}}


class _Place(NamedTuple):
    """Where in a message the raw number of a field is."""

    field: Field
    offset: int
    dtype: np.dtype[np.generic]
    invalid: int | None


@dataclass(slots=True)
class _Layout:
    """A definition, and where the messages are that follow it.

    Attributes:
        kind: None for messages that nobody wants.
        size: Bytes of a message, with the one that begins it.
    """

    kind: MessageKind | None
    size: int
    places: tuple[_Place, ...]
    messages: "array[int]" = field(default_factory=lambda: array("Q"))


def read_columns(part: FitPart, tally: Tally | None = None) -> Messages | None:
    """The messages of a FIT file; None if it is damaged or unusual, and fitdecode must decide.

    Args:
        part: The file.
        tally: Counts the messages of all files that are chained; None for a single one.

    Raises:
        TooMuchError: It holds too many messages, or they all do.
    """
    if not _is_undamaged(part):
        return None
    layouts = _layouts(part, tally or Tally(MOST_MESSAGES, "messages"))
    if layouts is None:
        return None
    content = np.frombuffer(part.content, np.uint8)
    of_kind = {kind: [one for one in layouts if one.kind is kind] for kind in KINDS}
    return {kind.name: _columns(kind, found, content) for kind, found in of_kind.items()}


def _is_undamaged(part: FitPart) -> bool:
    """Whether the checksums are right; that of the header may be missing."""
    header = part.header
    stated = header[SMALLEST_HEADER : SMALLEST_HEADER + CHECKSUM_BYTES]
    if any(stated) and checksum(header[:SMALLEST_HEADER]) != int.from_bytes(stated, "little"):
        return False
    return checksum(part.all) == 0


def _layouts(part: FitPart, tally: Tally) -> list[_Layout] | None:
    """One pass over all messages; None if they do not end where the file does."""
    content, position, end = part.content, part.body, part.end
    known: dict[bytes, _Layout] = {}
    sizes = [0] * (LOCAL + 1)
    noted: list[array[int] | None] = [None] * (LOCAL + 1)
    for count in range(MOST_MESSAGES + 1):
        if position >= end:
            tally.add(count)
            break
        head = content[position]
        if head < DEFINITION:
            if not (size := sizes[head & LOCAL]):
                return None
            if (messages := noted[head & LOCAL]) is not None:
                messages.append(position)
            position += size
        elif head >= COMPRESSED:
            return None
        else:
            definition = _definition(content, position, end)
            if definition not in known:
                layout = _layout(definition) if definition else None
                if layout is None or len(known) == MOST_LAYOUTS:
                    return None
                known[definition] = layout
            layout = known[definition]
            sizes[head & LOCAL] = layout.size
            noted[head & LOCAL] = layout.messages if layout.kind else None
            position += len(definition)
    else:
        tally.add(MOST_MESSAGES + 1)
    return list(known.values()) if position == end else None


def _definition(content: bytes, begin: int, end: int) -> bytes:
    """The bytes of a definition without its local number; none where it goes beyond the end."""
    fields_end = begin + 6 + 3 * content[min(begin + 5, end)]
    if content[begin] & DEVELOPER and fields_end < end:
        fields_end += 1 + 3 * content[fields_end]
    if fields_end > end:
        return b""
    return bytes([content[begin] & ~LOCAL]) + content[begin + 1 : fields_end]


def _layout(definition: bytes) -> _Layout | None:
    """What a definition says; None if a field has no size."""
    order = ">" if definition[2] else "<"
    (number,) = struct.unpack(f"{order}H", definition[3:5])
    fields = definition[6 : 6 + 3 * definition[5]]
    developer_fields = definition[6 + len(fields) + 1 :]
    sizes = (*fields[1::3], *developer_fields[1::3])
    if not all(sizes):
        return None
    kind = _KIND_BY_NUMBER.get(number)
    places = tuple(_places(kind, fields, order)) if kind else ()
    return _Layout(kind, 1 + sum(sizes), places)


def _places(kind: MessageKind, fields: bytes, order: str) -> Iterator[_Place]:
    """Where the wanted fields are; of two with one number the first, and only single numbers."""
    waiting = {one.number: one for one in kind.fields}
    offset = 1
    for number, size, code in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
        wanted, base = waiting.pop(number, None), _NUMBERS.get(code)
        if wanted and base and size == base.size:
            yield _Place(wanted, offset, np.dtype(order + base.fmt), _invalid(base))
        offset += size


def _invalid(base: BaseType) -> int | None:
    """The raw number that says that nothing was measured; None for floats, which have NaN."""
    if base.fmt in "fd":
        return None
    return 0 if base.name.endswith("z") else int(np.iinfo(base.fmt).max)


def _columns(
    kind: MessageKind, layouts: Sequence[_Layout], content: npt.NDArray[np.uint8]
) -> Columns:
    """The columns of all messages of a kind, in the order of the file."""
    starts = [np.array(layout.messages, np.int64) for layout in layouts]
    # The messages of one layout are in the order of the file already.
    is_sorted = len(starts) == 1
    order = starts[0] if is_sorted else np.argsort(np.concatenate([*starts, []]))
    values = {}
    for one in kind.fields:
        if not any(place.field is one for layout in layouts for place in layout.places):
            values[one.name] = np.broadcast_to(np.nan, len(order))
            continue
        found = [_raw(one, *pair, content) for pair in zip(layouts, starts, strict=True)]
        raw = found[0] if len(found) == 1 else np.concatenate(found)[order]
        values[one.name] = one.values(raw)
    return Columns(len(order), values)


def _raw(
    wanted: Field,
    layout: _Layout,
    starts: npt.NDArray[np.int64],
    content: npt.NDArray[np.uint8],
) -> FloatArray:
    """The raw numbers of a field in messages of one layout."""
    place = next((place for place in layout.places if place.field is wanted), None)
    if place is None:
        return np.full(len(starts), np.nan)
    taken = np.empty((len(starts), place.dtype.itemsize), np.uint8)
    for index in range(place.dtype.itemsize):
        taken[:, index] = content[starts + (place.offset + index)]
    numbers = taken.view(place.dtype)[:, 0]
    with np.errstate(invalid="ignore"):
        raw = numbers.astype(np.float64)
    if place.invalid is not None:
        raw[numbers == place.invalid] = np.nan
    return raw
