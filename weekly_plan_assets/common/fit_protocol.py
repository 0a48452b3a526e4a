"""What reading and writing FIT files share: when their time begins, and their checksum.

The checksum is calculated over many stretches of a file at once. Messages and fields belong to
`sources.files.fit` and `rendering.fit_workout`.
"""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
"""FIT counts seconds from here."""

STRETCH_BYTES = 128

_NIBBLES = (
    *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
    *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
)
"""As the FIT protocol lists them (CRC-16 with the polynomial 0x8005, reflected)."""


def _table() -> npt.NDArray[np.uint16]:
    """What each byte leaves behind: the two steps of the protocol in one."""
    table = np.arange(256, dtype=np.uint16)
    nibbles = np.array(_NIBBLES, np.uint16)
    for _ in range(2):
        table = (table >> 4) ^ nibbles[table & 0xF]
    return table


_TABLE = _table()


def checksum(content: memoryview) -> int:
    """The checksum of some bytes; 0 for those that end with their own checksum.

    Zeros before them change nothing, so that all stretches can be of one length. Each is calculated
    as if it stood alone, and the checksum is then carried from each to the next.
    """
    found = np.frombuffer(content, np.uint8)
    padded = np.zeros(-(-len(found) // STRETCH_BYTES) * STRETCH_BYTES, np.uint8)
    padded[len(padded) - len(found) :] = found
    alone = np.zeros(len(padded) // STRETCH_BYTES, np.uint16)
    for column in np.ascontiguousarray(padded.reshape(-1, STRETCH_BYTES).T):
        alone = (alone >> 8) ^ _TABLE[(alone ^ column) & 0xFF]
    crc = 0
    for one in alone.tolist():
        crc = _CARRIED_LOW[crc & 0xFF] ^ _CARRIED_HIGH[crc >> 8] ^ one
    return crc


def _carried(crcs: npt.NDArray[np.uint16]) -> list[int]:
    """What is left of each checksum behind a stretch of zeros."""
    for _ in range(STRETCH_BYTES):
        crcs = (crcs >> 8) ^ _TABLE[crcs & 0xFF]
    return [int(crc) for crc in crcs]


_CARRIED_LOW = _carried(np.arange(256, dtype=np.uint16))
_CARRIED_HIGH = _carried(np.arange(0, 2**16, 2**8, dtype=np.uint16))
