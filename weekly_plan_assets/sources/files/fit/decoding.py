"""Reads FIT files with fitdecode, message by message: slowly, and whatever can be read."""

import math
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from fitdecode import (
    CrcCheck,
    ErrorHandling,
    FitCRC,
    FitDataMessage,
    FitError,
    FitHeader,
    FitReader,
    profile,
)

from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.fit.messages import (
    KINDS,
    TIMESTAMP,
    Columns,
    MessageKind,
    Messages,
)
from weekly_plan_assets.sources.files.limits import MOST_MESSAGES, Deadline


class _Gathered:
    """The raw numbers of one kind of message, a row each."""

    def __init__(self, kind: MessageKind) -> None:
        self._kind = kind
        self._count = 0
        self._raw = [array("d") for _ in kind.fields]

    def add(self, message: FitDataMessage) -> None:
        """Take the wanted fields of a message; those of a developer never stand for a device's."""
        values = _raw_numbers(message)
        for one, column in zip(self._kind.fields, self._raw, strict=True):
            column.append(values.get(one.number, math.nan))
        self._count += 1

    def columns(self) -> Columns:
        """All of them."""
        pairs = zip(self._kind.fields, self._raw, strict=True)
        return Columns(self._count, {one.name: one.values(np.array(raw)) for one, raw in pairs})


def read_decoded(content: memoryview, deadline: Deadline) -> tuple[Messages, FileError | None]:
    """The messages of a FIT file, and what was odd about the file though it could be read.

    Of a damaged file the messages before the damage are read.

    Raises:
        FileError: It holds no record and no session before it breaks off, it is no FIT file, or it
            holds or takes too much.
    """
    gathered = {kind.number: _Gathered(kind) for kind in KINDS}
    oddity: FileError | None = None
    is_broken = True
    # Without a processor values stay raw where that costs nothing: half the time.
    reader = FitReader(
        content,
        processor=None,
        check_crc=CrcCheck.READONLY,
        error_handling=ErrorHandling.IGNORE,
    )
    try:
        with reader:
            for frame in deadline.watched(reader, MOST_MESSAGES, "messages"):
                if isinstance(frame, FitDataMessage):
                    if frame.global_mesg_num in gathered:
                        gathered[frame.global_mesg_num].add(frame)
                elif _has_wrong_checksum(frame):
                    oddity = FileError("its checksum (CRC) is wrong; what it says may be damaged")
        is_broken = False
    except FileError:
        raise
    except FitError as error:
        oddity = FileError(f"it is not a whole FIT file: {error}")
    except Exception as error:  # noqa: BLE001 - what is no FIT at all ends fitdecode in any way
        oddity = FileError(f"it is broken: {type(error).__name__}: {error}")
    messages = {kind.name: gathered[kind.number].columns() for kind in KINDS}
    if is_broken and oddity and not (messages["record"].count or messages["session"].count):
        raise oddity
    return messages, oddity


def _has_wrong_checksum(frame: object) -> bool:
    match frame:
        case FitCRC(matched=matched):
            return not matched
        case FitHeader(crc_matched=matched):
            return matched is False
    return False


def _raw_numbers(message: FitDataMessage) -> Mapping[int, float]:
    """By the field's number; of two fields with one number the first."""
    found: dict[int, Any] = {}
    for one in message.fields:
        definition = one.field_def
        if definition is not None and not definition.is_dev:
            found.setdefault(definition.def_num, one.raw_value)
        elif definition is None and one.field is profile.FIELD_TYPE_TIMESTAMP:
            # Of the byte that begins the message: a compressed time stamp.
            found.setdefault(TIMESTAMP, one.raw_value)
    return {number: raw for number, raw in found.items() if isinstance(raw, int | float)}
