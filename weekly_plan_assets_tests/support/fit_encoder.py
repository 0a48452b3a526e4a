"""Writes small FIT files, byte by byte as the protocol says, with a right or a wrong checksum."""

import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
ENUM, UINT8, UINT16, UINT32, SINT32 = (
    (0x00, "B", 0xFF),
    (0x02, "B", 0xFF),
    (0x84, "H", 0xFFFF),
    (0x86, "I", 0xFFFFFFFF),
    (0x85, "i", 0x7FFFFFFF),
)
"""Base types: their code, their struct format, and the value that says not measured."""

Field = tuple[int, tuple[int, str, int], int | None]
"""A field's number in the FIT profile, its base type, and its value."""

CRC_NIBBLES = (
    *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
    *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
)


def fit_file(
    start: datetime,
    *,
    sport: int = 1,
    sub_sport: int = 0,
    heart_bpm: Sequence[int | None] = (140,) * 60,
    distance_m: float | None = 200,
    timer_s: float | None = None,
    mean_bpm: int | None = None,
    max_bpm: int | None = None,
    utc_offset_s: int | None = None,
    bad_crc: bool = False,
) -> bytes:
    """One activity with a record a second, a session, and an activity message.

    Sports are the profile's numbers: 1 running, 2 cycling, 5 swimming, 10 training.
    """
    stamp = seconds_of(start)
    elapsed_s = len(heart_bpm)
    timer_s = elapsed_s if timer_s is None else timer_s
    messages: list[tuple[int, list[Field]]] = [
        (0, [(0, ENUM, 4), (1, UINT16, 1), (4, UINT32, stamp)]),
        *(
            (20, [(253, UINT32, stamp + second), (3, UINT8, bpm)])
            for second, bpm in enumerate(heart_bpm)
        ),
        (
            18,
            [
                (253, UINT32, stamp + elapsed_s),
                (2, UINT32, stamp),
                (5, ENUM, sport),
                (6, ENUM, sub_sport),
                (7, UINT32, elapsed_s * 1000),
                (8, UINT32, round(timer_s * 1000)),
                (9, UINT32, None if distance_m is None else round(distance_m * 100)),
                (16, UINT8, mean_bpm),
                (17, UINT8, max_bpm),
            ],
        ),
    ]
    local = None if utc_offset_s is None else stamp + elapsed_s + utc_offset_s
    messages.append((34, [(253, UINT32, stamp + elapsed_s), (1, UINT16, 1), (5, UINT32, local)]))
    return encode(messages, bad_crc=bad_crc)


def encode(messages: Iterable[tuple[int, list[Field]]], *, bad_crc: bool = False) -> bytes:
    """A whole FIT file of messages, each a number of the profile and its fields."""
    body = bytearray()
    defined: list[tuple[int, tuple[int, ...]]] = []
    for number, fields in messages:
        shape = (number, tuple(field[0] for field in fields))
        if shape not in defined:
            defined.append(shape)
            shapes = [(field, struct.calcsize(form), code) for field, (code, form, _), _ in fields]
            body += definition(defined.index(shape), number, shapes)
        body += struct.pack("<B", defined.index(shape))
        for _, (_, form, invalid), value in fields:
            body += struct.pack("<" + form, invalid if value is None else value)
    return whole(bytes(body), bad_crc=bad_crc)


def definition(
    local: int,
    number: int,
    fields: Sequence[tuple[int, int, int]],
    developer_fields: Sequence[tuple[int, int, int]] = (),
    *,
    order: str = "<",
) -> bytes:
    """A definition message: of each field its number, size and base type.

    Args:
        local: The number by which the messages that follow name it.
        number: Of the kind of message in the profile.
        fields: Those of the profile.
        developer_fields: Those of apps; the third value is the number of the app.
        order: Of bytes, `<` for the smallest first.
    """
    head = 0x40 | (0x20 if developer_fields else 0) | local
    body = struct.pack(f"{order}BBBHB", head, 0, order == ">", number, len(fields))
    body += b"".join(bytes(field) for field in fields)
    if developer_fields:
        body += bytes([len(developer_fields)]) + b"".join(bytes(one) for one in developer_fields)
    return body


def whole(body: bytes, *, bad_crc: bool = False) -> bytes:
    """A FIT file of the bytes of its messages."""
    header = struct.pack("<BBHI4s", 14, 0x10, 2100, len(body), b".FIT")
    content = header + struct.pack("<H", _crc(header)) + body
    return content + struct.pack("<H", _crc(content) ^ (0x5A5A if bad_crc else 0))


def seconds_of(moment: datetime) -> int:
    """A moment as FIT writes it."""
    return round((moment - FIT_EPOCH).total_seconds())


def _crc(content: bytes) -> int:
    crc = 0
    for byte in content:
        for nibble in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) ^ CRC_NIBBLES[crc & 0xF] ^ CRC_NIBBLES[nibble]
    return crc
