"""Reads FIT files, the format of watches and bike computers."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fitdecode import FitDataMessage, FitError, FitReader

from weekly_plan_assets.sources.files.activity_types import type_of_fit_sport
from weekly_plan_assets.sources.files.recording import (
    ClockOffset,
    FileError,
    Recording,
    heart_rates,
    seconds_by_bpm,
)

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
FIRST_CALENDAR_STAMP = 0x10000000
"""Smaller time stamps count from when the device was switched on (FIT protocol)."""

OFFSET_STEP_S = 15 * 60
"""Offsets of civil clocks are whole quarters of an hour; the two stamps may differ by seconds."""

LARGEST_OFFSET_S = 14 * 60 * 60
"""No civil clock is farther from UTC."""

Values = Mapping[str, Any]


@dataclass
class _Messages:
    """The messages of a file that matter, as names and raw values."""

    file_type: str | None = None
    activity: Values = field(default_factory=dict)
    sessions: list[Values] = field(default_factory=list)
    heart: list[tuple[float, float | None]] = field(default_factory=list)
    """Time stamp and heart rate of each record."""


def read_fit(content: bytes) -> tuple[tuple[Recording, ...], str | None]:
    """The sessions of a FIT file, and what was odd about the file though it could be read.

    Files of another kind than activity (settings, monitoring, courses) have no sessions.

    Raises:
        FileError: The file is broken off, or no FIT file, or an activity without a session.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            messages = _messages(content)
        except FitError as error:
            raise FileError(f"it is not a whole FIT file: {error}") from error
    oddity = str(caught[0].message) if caught else None
    if messages.file_type not in (None, "activity"):
        return (), oddity
    if not messages.sessions:
        raise FileError("it holds no session; the recording was broken off")
    clock = _clock(messages.activity)
    return tuple(_recording(session, messages, clock) for session in messages.sessions), oddity


def _messages(content: bytes) -> _Messages:
    found = _Messages()
    for message in _data_messages(content):
        match message.name:
            case "record":
                stamp = message.get_value("timestamp", fallback=None)
                if stamp is not None:
                    found.heart.append((stamp, message.get_value("heart_rate", fallback=None)))
            case "session":
                found.sessions.append(_values(message))
            case "activity":
                found.activity = _values(message)
            case "file_id":
                found.file_type = message.get_value("type", fallback=None)
    return found


def _data_messages(content: bytes) -> Iterator[FitDataMessage]:
    # Without a processor values stay raw where that costs nothing, and reading takes half the time.
    with FitReader(content, processor=None) as reader:
        for frame in reader:
            if isinstance(frame, FitDataMessage):
                yield frame


def _values(message: FitDataMessage) -> Values:
    return {value.name: value.value for value in message.fields}


def _recording(session: Values, messages: _Messages, clock: ClockOffset | None) -> Recording:
    start_stamp = session.get("start_time")
    if start_stamp is None or start_stamp < FIRST_CALENDAR_STAMP:
        raise FileError("its session has no start time; the device's clock was not set")
    elapsed_s = _number(session.get("total_elapsed_time"))
    end_stamp = start_stamp + elapsed_s if elapsed_s is not None else float("inf")
    seconds = seconds_by_bpm(
        sample for sample in messages.heart if start_stamp <= sample[0] <= end_stamp
    )
    average_bpm, max_bpm = heart_rates(
        _number(session.get("avg_heart_rate")), _number(session.get("max_heart_rate")), seconds
    )
    moving_s = _number(session.get("total_moving_time")) or _number(session.get("total_timer_time"))
    return Recording(
        start=_moment(start_stamp),
        type=type_of_fit_sport(_word(session.get("sport")), _word(session.get("sub_sport"))),
        clock=clock,
        moving_time_s=None if moving_s is None else round(moving_s),
        elapsed_time_s=None if elapsed_s is None else round(elapsed_s),
        distance_m=_number(session.get("total_distance")),
        average_hr_bpm=average_bpm,
        max_hr_bpm=max_bpm,
        seconds_by_bpm=seconds,
    )


def _clock(activity: Values) -> ClockOffset | None:
    """The athlete's clock, from the one message that has its time stamp both ways."""
    stamp, local_stamp = activity.get("timestamp"), activity.get("local_timestamp")
    if stamp is None or local_stamp is None or stamp < FIRST_CALENDAR_STAMP:
        return None
    offset_s = round((local_stamp - stamp) / OFFSET_STEP_S) * OFFSET_STEP_S
    if abs(offset_s) > LARGEST_OFFSET_S:
        return None
    return ClockOffset(seconds=offset_s, at=_moment(stamp))


def _moment(stamp: float) -> datetime:
    return FIT_EPOCH + timedelta(seconds=stamp)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _word(value: object) -> str | None:
    """A sport's name; a number that the profile does not know stays unnamed."""
    return value if isinstance(value, str) else None
