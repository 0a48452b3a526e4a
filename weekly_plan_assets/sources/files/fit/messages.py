"""What is read of a FIT file: which messages and fields, and the columns that they become.

Numbers, scales and words are those of the FIT profile, which fitdecode brings along. To read one
more field, name it in `WANTED`: both readers then yield its column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from fitdecode import profile

FloatArray = npt.NDArray[np.float64]

WANTED: Mapping[str, tuple[str, ...]] = {
    "file_id": ("type",),
    "session": (
        *("start_time", "sport", "sub_sport", "total_elapsed_time", "total_timer_time"),
        *("total_moving_time", "total_distance", "avg_heart_rate", "max_heart_rate"),
        *("start_position_lat", "start_position_long"),
    ),
    "lap": ("sport", "sub_sport", "start_time", "total_distance"),
    "sport": ("sport", "sub_sport"),
    "record": (*("timestamp", "heart_rate", "distance", "position_lat", "position_long", "power"),),
    "event": ("timestamp", "event", "event_type"),
    "activity": ("timestamp", "local_timestamp"),
}
"""Names of messages, and of the fields that are read of each; enumerations stay numbers."""

TIMESTAMP = 253
"""Number of the field that is the time of any message."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the profile: a value is its raw number divided by `scale`, less `offset`."""

    name: str
    number: int
    scale: float
    offset: float

    def values(self, raw: FloatArray) -> FloatArray:
        """The values of raw numbers."""
        return raw if self.scale == 1 and not self.offset else raw / self.scale - self.offset


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message, and its wanted fields."""

    name: str
    number: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The messages of one kind, a row each in the order of the file.

    Attributes:
        values: By the field's name, what each message says; NaN where it says nothing.
    """

    count: int
    values: Mapping[str, FloatArray]

    def __getitem__(self, name: str) -> FloatArray:
        """The column of a field."""
        return self.values[name]


Messages = Mapping[str, Columns]
"""The columns of each kind of message, by its name; also of those kinds that do not occur."""


def joined(parts: Sequence[Messages]) -> Messages:
    """The messages of several parts, one behind the other."""
    if len(parts) == 1:
        return parts[0]
    return {kind.name: _joined([part[kind.name] for part in parts], kind) for kind in KINDS}


def _joined(columns: Sequence[Columns], kind: MessageKind) -> Columns:
    names = [one.name for one in kind.fields]
    values = {name: np.concatenate([one[name] for one in columns]) for name in names}
    return Columns(sum(one.count for one in columns), values)


def _kind(name: str, field_names: tuple[str, ...]) -> MessageKind:
    of_profile = next(kind for kind in profile.MESSAGE_TYPES.values() if kind.name == name)
    by_name = {field.name: field for field in of_profile.fields.values()}
    wanted = [by_name[field_name] for field_name in field_names]
    fields = (
        Field(one.name, one.def_num, float(one.scale or 1), float(one.offset or 0))
        for one in wanted
    )
    return MessageKind(name, of_profile.mesg_num, tuple(fields))


KINDS: tuple[MessageKind, ...] = tuple(_kind(name, fields) for name, fields in WANTED.items())


def word(field_type: str, number: float) -> str | None:
    """The word of the profile for a value of an enumeration; None if it has none.

    Args:
        field_type: Name of the enumeration, such as `sport`.
        number: The value; NaN where there is none.
    """
    words: Mapping[int, str] = profile.FIELD_TYPES[field_type].enum
    return words.get(int(number)) if number.is_integer() else None
