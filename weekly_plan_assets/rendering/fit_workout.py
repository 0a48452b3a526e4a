"""A session as a FIT workout file, for watches and bike computers.

FIT is small: a header, messages that are defined before they are used, and a checksum. The numbers
are those of Garmin's FIT profile (file_id, workout, workout_step). Values that a device shows, such
as zones, are never used: a zone of the device is not a zone of the plan.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from weekly_plan_assets.common.fit_protocol import FIT_EPOCH, checksum
from weekly_plan_assets.domain.athlete.thresholds import pace_metres
from weekly_plan_assets.domain.plan.session_parts import TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.rendering.rendered_session import (
    RenderedSession,
    RenderedStep,
    StepKind,
)
from weekly_plan_assets.rendering.steering import OPEN_LOW_SHARE

MOST_STEPS_ON_A_WATCH = 50
"""Garmin takes no more (its users' reports)."""

SPORTS = {Sport.RUN: (1, 0), Sport.RIDE: (2, 0), Sport.SWIM: (5, 17), Sport.STRENGTH: (10, 20)}
"""Sport and sub-sport: running, cycling, lap swimming, strength training."""

INTENSITIES = {
    StepKind.WORK: 0,
    StepKind.REST: 1,
    StepKind.WARM_UP: 2,
    StepKind.COOL_DOWN: 3,
    StepKind.RECOVERY: 4,
}

_WORKOUT_FILE, _DEVELOPMENT = 5, 255
_TIME, _DISTANCE, _REPEAT = 0, 1, 6
_SPEED, _HEART_RATE, _OPEN, _POWER = 0, 1, 2, 4
_BPM_FROM, _WATTS_FROM = 100, 1000
"""Above these a custom value is bpm or watts; below, a share of the maximum or of FTP."""

_ENUM, _UINT16, _UINT32, _UINT32Z, _TEXT = 0x00, 0x84, 0x86, 0x8C, 0x07
_FORMS = {_ENUM: "B", _UINT16: "H", _UINT32: "I", _UINT32Z: "I"}
_NOTHING = 0xFFFFFFFF
_NAME_BYTES, _STEP_NAME_BYTES = 50, 40
_PROTOCOL, _PROFILE = 0x20, 21_00


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a message: its number in the profile, its base type, and its value."""

    number: int
    kind: int
    value: int | bytes

    @property
    def size(self) -> int:
        return len(self.value) if isinstance(self.value, bytes) else struct.calcsize(self._form)

    @property
    def encoded(self) -> bytes:
        if isinstance(self.value, bytes):
            return self.value
        return struct.pack(f"<{self._form}", self.value)

    @property
    def _form(self) -> str:
        return _FORMS[self.kind]


def fit_workout(session: RenderedSession) -> bytes:
    """The file of a session that has steps; the same session gives the same bytes.

    Raises:
        ValueError: It has no steps.
    """
    if not session.parts:
        raise ValueError(f"{session.title} of {session.day} has no steps, so it makes no file")
    steps = list(_steps(session))
    sport, sub_sport = SPORTS[session.session.sport]
    messages = [
        (
            26,
            [
                _Field(4, _ENUM, sport),
                _Field(11, _ENUM, sub_sport),
                _Field(6, _UINT16, len(steps)),
                _Field(8, _TEXT, _text(session.title, _NAME_BYTES)),
            ],
        ),
        *((27, [_Field(254, _UINT16, number), *step]) for number, step in enumerate(steps)),
    ]
    body = b"".join(_message(number, fields) for number, fields in messages)
    # Devices know workouts by it, so that it differs where anything does.
    serial = zlib.crc32(session.session_id.encode() + body) | 1
    identity = _message(
        0,
        [
            _Field(0, _ENUM, _WORKOUT_FILE),
            _Field(1, _UINT16, _DEVELOPMENT),
            _Field(2, _UINT16, 1),
            _Field(3, _UINT32Z, serial),
            _Field(4, _UINT32, _seconds_of(session.day)),
        ],
    )
    return _file(identity + body)


def _steps(session: RenderedSession) -> Iterator[list[_Field]]:
    """The steps in order; a repeat follows its steps and names the first of them."""
    count = 0
    for part in session.parts:
        first = count
        for step in part.steps:
            yield _step(step, session.session.sport)
            count += 1
        if part.repeats > 1:
            yield [
                _Field(1, _ENUM, _REPEAT),
                _Field(2, _UINT32, first),
                _Field(3, _ENUM, _OPEN),
                _Field(4, _UINT32, part.repeats),
            ]
            count += 1


def _step(step: RenderedStep, sport: Sport) -> list[_Field]:
    by_distance = step.distance_m is not None
    amount = 100 * step.distance_m if step.distance_m is not None else 1000 * step.duration_s
    kind, low, high = _target(step, sport)
    return [
        _Field(0, _TEXT, _text(step.cue, _STEP_NAME_BYTES)),
        _Field(1, _ENUM, _DISTANCE if by_distance else _TIME),
        _Field(2, _UINT32, amount),
        _Field(3, _ENUM, kind),
        _Field(4, _UINT32, 0 if kind != _OPEN else _NOTHING),
        _Field(5, _UINT32, low),
        _Field(6, _UINT32, high),
        _Field(7, _ENUM, INTENSITIES[step.kind]),
    ]


def _target(step: RenderedStep, sport: Sport) -> tuple[int, int, int]:
    """The kind of a target with its ends as FIT has them; open where only effort steers."""
    if step.steering is None:
        return _OPEN, _NOTHING, _NOTHING
    target = step.steering.target
    high = target.high
    low = OPEN_LOW_SHARE * high if target.low is None else target.low
    match target.kind:
        case TargetKind.HR:
            return _HEART_RATE, _BPM_FROM + round(low), _BPM_FROM + round(high)
        case TargetKind.POWER:
            return _POWER, _WATTS_FROM + round(low), _WATTS_FROM + round(high)
        case _:
            mm, fastest_s = 1000 * pace_metres(sport), target.low or target.high
            return _SPEED, round(mm / high), round(mm / fastest_s)


def _message(number: int, fields: Sequence[_Field]) -> bytes:
    """A message with its definition before it; each has its own, under local number 0."""
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields))
    for one in fields:
        definition += struct.pack("<BBB", one.number, one.size, one.kind)
    return definition + b"\x00" + b"".join(one.encoded for one in fields)


def _file(records: bytes) -> bytes:
    header = struct.pack("<BBHI4s", 14, _PROTOCOL, _PROFILE, len(records), b".FIT")
    whole = header + struct.pack("<H", checksum(memoryview(header))) + records
    return whole + struct.pack("<H", checksum(memoryview(whole)))


def _text(text: str, size: int) -> bytes:
    """UTF-8 of at most `size` bytes with the zero at its end, no character cut in two."""
    encoded = text.encode()[: size - 1]
    return encoded.decode(errors="ignore").encode() + b"\x00"


def _seconds_of(day: date) -> int:
    midnight = datetime.combine(day, time.min, UTC)
    return int((midnight - FIT_EPOCH).total_seconds())
