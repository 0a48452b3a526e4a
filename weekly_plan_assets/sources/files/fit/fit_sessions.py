"""What the messages of one FIT file say about its sessions, whichever reader has read them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from weekly_plan_assets.common.fit_protocol import FIT_EPOCH
from weekly_plan_assets.domain.recorded.best_effort import BestEffort
from weekly_plan_assets.domain.recorded.implausible_values import ACTIVITY_LIMITS
from weekly_plan_assets.domain.recorded.value_limits import (
    MOVING_OVER_ELAPSED,
    MOVING_OVER_ELAPSED_S,
)
from weekly_plan_assets.sources.files.activity_types import type_of_fit_sport
from weekly_plan_assets.sources.files.best_efforts import best_efforts
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.fit.messages import Columns, FloatArray, Messages, word
from weekly_plan_assets.sources.files.recording import (
    EARLIEST,
    LONG_PAUSE_S,
    LONGEST_FILE_S,
    ClockOffset,
    HeartRates,
    Recording,
    clock_was_reset,
    heart_rates,
    near_most,
    recorded_s,
    recorded_spans,
)
from weekly_plan_assets.sources.files.track import counted_m, in_reach, way_m
from weekly_plan_assets.sources.json_rows import first_fault

FIRST_STAMP = (EARLIEST - FIT_EPOCH).total_seconds()
"""Smaller time stamps are of a clock that was not set, or count from when the device was switched
on (FIT protocol)."""

OFFSET_STEP_S = 15 * 60
"""Offsets of civil clocks are whole quarters of an hour; the two stamps may differ by seconds."""

LARGEST_OFFSET_S = 14 * 60 * 60
"""No civil clock is farther from UTC."""

DEGREES_OF_A_SEMICIRCLE = 180 / 2**31
"""The unit of positions (FIT profile)."""

INDOORS = re.compile("virtual|indoor|treadmill|spin")
"""In the names of sub-sports on machines."""

STOPS = ("stop", "stop_all", "stop_disable", "stop_disable_all")
"""Timer events after which nothing is recorded."""


def sessions_of(messages: Messages) -> Iterator[Recording | FileError]:
    """The sessions of one FIT file, and what is wrong with them.

    Without a session message, what the records say is one session: the recording was broken off.
    """
    if not _is_activity(messages["file_id"]):
        return
    sessions = messages["session"]
    if not sessions.count:
        yield from _session_of_records(messages)
        return
    rows = _each_once(sessions)
    starts = [_start_stamp(_Row(sessions, row)) for row in rows]
    begins = sorted({stamp for stamp in starts if stamp is not None})
    records = _records(messages, begins)
    for row, start in zip(rows, starts, strict=True):
        try:
            part = records
            if start is not None and len(rows) > 1:
                end = next((begin for begin in begins if begin > start), math.inf)
                part = records.between(start, end)
            if start is None and part.first_stamp is not None:
                yield FileError(
                    "its session has no start time, because the device's clock was not set then; "
                    "the first record's time stands for it"
                )
            yield _recording(_Row(sessions, row), start, part, messages)
            yield from _left_out(_Row(sessions, row))
        except FileError as error:
            yield error
        except ValidationError as error:
            yield FileError(f"it {first_fault(error)}")


def _is_activity(file_id: Columns) -> bool:
    """Whether a file is one of sessions; one that does not say what it is may be."""
    if not file_id.count:
        return True
    kind = float(file_id["type"][-1])
    return math.isnan(kind) or word("file", kind) == "activity"


def _each_once(sessions: Columns) -> list[int]:
    """The rows of the sessions, of those that were written more than once the last."""
    last: dict[tuple[float, float], int] = {}
    for row in range(sessions.count):
        start, sport = float(sessions["start_time"][row]), float(sessions["sport"][row])
        last[(float(row) if math.isnan(start) else start, sport)] = row
    return sorted(last.values())


class _Row(NamedTuple):
    """One message."""

    columns: Columns
    row: int

    def number(self, name: str) -> float | None:
        """What it says in a field; None if it says nothing."""
        value = float(self.columns[name][self.row])
        return None if math.isnan(value) else value

    def measured(self, name: str) -> float | None:
        """The same of an amount: 0 is none, and less cannot be."""
        return _positive(self.number(name))

    def word(self, name: str) -> str | None:
        """The word of an enumeration; one that the profile does not know stays unnamed."""
        return word(name, float(self.columns[name][self.row]))


@dataclass(frozen=True)
class _Records:
    """The records of a file or of one of its sessions.

    Attributes:
        columns: Columns of all records.
        kept: Which of them are meant; None for all.
        rates: The heart rates of all of them.
        begin_stamp: When the session began.
        end_stamp: When the next one began.
    """

    columns: Columns
    kept: npt.NDArray[np.bool_] | None
    rates: HeartRates
    begin_stamp: float = -math.inf
    end_stamp: float = math.inf

    def between(self, begin: float, end: float) -> "_Records":
        """Those from a moment to before another."""
        stamps = self.columns["timestamp"]
        within = (stamps >= begin) & (stamps < end)
        kept = within if self.kept is None else within & self.kept
        return replace(self, kept=kept, begin_stamp=begin, end_stamp=end)

    @property
    def times_s(self) -> FloatArray:
        return self._column("timestamp")

    @property
    def first_stamp(self) -> float | None:
        times_s = self.times_s
        return float(times_s.min()) if times_s.size else None

    def seconds_by_bpm(self) -> dict[int, float]:
        return self.rates.seconds_by_bpm(self.begin_stamp, self.end_stamp)

    def distance_m(self) -> float | None:
        """From the first record to the last by what the device counted, else on the map."""
        stated_m = counted_m(self._column("distance"))
        if stated_m is not None:
            return stated_m
        latitudes, longitudes = self._degrees()
        return _positive(way_m(latitudes, longitudes)) if latitudes.size > 1 else None

    def best_efforts(self) -> tuple[BestEffort, ...]:
        """The best that was held for some minutes, by the way that the device counted."""
        return best_efforts(
            self.times_s, self._column("distance"), self._column("power"), self.rates
        )

    def place(self) -> tuple[float, float] | None:
        """The first position, latitude and longitude in degrees."""
        latitudes, longitudes = self._degrees()
        return (float(latitudes[0]), float(longitudes[0])) if latitudes.size else None

    def _degrees(self) -> tuple[FloatArray, FloatArray]:
        latitudes, longitudes = self._column("position_lat"), self._column("position_long")
        known = np.isfinite(latitudes) & np.isfinite(longitudes)
        known &= (latitudes != 0) | (longitudes != 0)
        latitudes = latitudes[known] * DEGREES_OF_A_SEMICIRCLE
        longitudes = longitudes[known] * DEGREES_OF_A_SEMICIRCLE
        near = in_reach(self.times_s[known], latitudes, longitudes)
        return latitudes[near], longitudes[near]

    def _column(self, name: str) -> FloatArray:
        values = self.columns[name]
        return values if self.kept is None else values[self.kept]


def _records(messages: Messages, begins: Sequence[float] = ()) -> _Records:
    """The records of a file, without those of a clock that was not set or whose time is damaged."""
    columns = messages["record"]
    stamps, rates = columns["timestamp"], columns["heart_rate"]
    kept = _good_times(stamps)
    if kept is not None:
        stamps, rates = stamps[kept], rates[kept]
    pauses = _stops(messages["event"])
    return _Records(columns, kept, HeartRates(stamps, rates, pauses_s=pauses, begins_s=begins))


def _good_times(stamps: FloatArray) -> npt.NDArray[np.bool_] | None:
    """Which times are near most others, by a clock that was set; None for all, as nearly always."""
    if not stamps.size or (
        stamps.min() >= FIRST_STAMP and stamps.max() - stamps.min() <= LONGEST_FILE_S
    ):
        return None
    good: npt.NDArray[np.bool_] = stamps >= FIRST_STAMP
    return near_most(np.where(good, stamps, math.nan))


def _stops(events: Columns) -> FloatArray:
    """The moments at which the timer was stopped."""
    if not events.count:
        return np.array([])
    rows = [_Row(events, row) for row in range(events.count)]
    moments = [
        row.number("timestamp")
        for row in rows
        if row.word("event") == "timer" and row.word("event_type") in STOPS
    ]
    return np.array([moment for moment in moments if moment is not None])


def _start_stamp(session: _Row) -> float | None:
    """When the session began; None if the device's clock was not set."""
    stamp = session.number("start_time")
    return None if stamp is None or stamp < FIRST_STAMP else stamp


def _recording(
    session: _Row, start: float | None, records: _Records, messages: Messages
) -> Recording:
    start = records.first_stamp if start is None else start
    if start is None:
        raise clock_was_reset(_moment(session.number("start_time") or 0))
    times_s = records.times_s
    moving_s = session.measured("total_moving_time") or session.measured("total_timer_time")
    elapsed_s = session.measured("total_elapsed_time")
    if times_s.size > 1:
        span_s = float(times_s.max()) - min(start, float(times_s.min()))
        moving_s = moving_s or _positive(recorded_s(times_s))
        if elapsed_s is None or _contradicts(moving_s, elapsed_s, span_s):
            elapsed_s = _positive(span_s)
    is_paused = moving_s is None or elapsed_s is None or elapsed_s - moving_s >= LONG_PAUSE_S
    total_m = session.measured("total_distance")
    if total_m is None or total_m > ACTIVITY_LIMITS["distance"].greatest:
        total_m = records.distance_m() or _laps_m(
            messages["lap"], records.begin_stamp, records.end_stamp
        )
    recording = Recording(
        start=_moment(start),
        type=_type_of([session, *_sport_messages(messages)]),
        clock=_clock(messages["activity"], start),
        place=None if _is_indoors(session) else _place(session) or records.place(),
        moving_time_s=_whole(moving_s),
        elapsed_time_s=_whole(elapsed_s),
        distance_m=total_m,
        seconds_by_bpm=records.seconds_by_bpm(),
        spans_s=recorded_spans(times_s, start) if is_paused else (),
        best_efforts=records.best_efforts(),
    )
    return _with_heart_rates(
        recording, session.number("avg_heart_rate"), session.number("max_heart_rate")
    )


def _laps_m(laps: Columns, begin: float, end: float) -> float | None:
    """What the laps of a session add up to; None unless all of them say it."""
    starts, distances_m = laps["start_time"], laps["total_distance"]
    found = distances_m[(starts >= begin) & (starts < end)]
    if (
        not found.size
        or np.isnan(starts).any()
        or not (found <= ACTIVITY_LIMITS["distance"].greatest).all()
    ):
        return None
    return _positive(float(found.sum()))


def _left_out(session: _Row) -> Iterator[FileError]:
    """What a session says that cannot be, and that is not used."""
    distance_m = session.number("total_distance")
    if distance_m is not None and not ACTIVITY_LIMITS["distance"].hold(distance_m):
        yield FileError(f"its distance of {distance_m:.0f} m cannot be, and is left out")


def _session_of_records(messages: Messages) -> Iterator[Recording | FileError]:
    """The one session that the records are of, where its summary was never written."""
    records = _records(messages)
    times_s, start = records.times_s, records.first_stamp
    if start is None or times_s.size == 1:
        stamps = messages["record"]["timestamp"]
        known = stamps[np.isfinite(stamps)]
        if known.size > 1:
            yield clock_was_reset(_moment(float(known.min())))
        else:
            yield FileError("it holds no session; the recording was broken off")
        return
    yield FileError(
        "it holds no session, because the recording was broken off; what its records say is used"
    )
    recording = Recording(
        start=_moment(start),
        type=_type_of(_sport_messages(messages)),
        clock=_clock(messages["activity"], start),
        place=records.place(),
        moving_time_s=_whole(_positive(recorded_s(times_s))),
        elapsed_time_s=_whole(float(times_s.max()) - start),
        distance_m=records.distance_m(),
        seconds_by_bpm=records.seconds_by_bpm(),
        spans_s=recorded_spans(times_s, start),
        best_efforts=records.best_efforts(),
    )
    yield _with_heart_rates(recording, None, None)


def _with_heart_rates(
    recording: Recording, average_bpm: float | None, max_bpm: float | None
) -> Recording:
    average, highest = heart_rates(
        average_bpm, max_bpm, recording.seconds_by_bpm, recording.duration_s
    )
    return recording.model_copy(update={"average_hr_bpm": average, "max_hr_bpm": highest})


def _contradicts(moving_s: float | None, elapsed_s: float, span_s: float) -> bool:
    """Whether the elapsed time is too short for the moving time, and the records say so too."""
    if moving_s is None or moving_s <= MOVING_OVER_ELAPSED * elapsed_s + MOVING_OVER_ELAPSED_S:
        return False
    return moving_s <= MOVING_OVER_ELAPSED * span_s + MOVING_OVER_ELAPSED_S


def _sport_messages(messages: Messages) -> list[_Row]:
    """The messages that name a sport besides the session: those of the sport itself, and laps."""
    kinds = [messages["sport"], messages["lap"]]
    return [_Row(columns, columns.count - 1) for columns in kinds if columns.count]


def _type_of(rows: Sequence[_Row]) -> str:
    """The type by the first message that names a sport."""
    named = next((row for row in rows if row.word("sport") not in {None, "generic"}), None)
    row = named or next(iter(rows), None)
    return type_of_fit_sport(row and row.word("sport"), row and row.word("sub_sport"))


def _is_indoors(session: _Row) -> bool:
    """Whether it was held on a machine, whose map may be that of anywhere."""
    return bool(INDOORS.search(session.word("sub_sport") or ""))


def _place(session: _Row) -> tuple[float, float] | None:
    latitude, longitude = (session.number(f"start_position_{one}") for one in ("lat", "long"))
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    return latitude * DEGREES_OF_A_SEMICIRCLE, longitude * DEGREES_OF_A_SEMICIRCLE


def _clock(activity: Columns, start: float) -> ClockOffset | None:
    """The athlete's clock, from the first message after the start that has its time both ways.

    An offset of 0 says nothing: many devices write the same time twice.
    """
    rows = [_Row(activity, row) for row in range(activity.count)]
    stamps = [(row.number("timestamp"), row.number("local_timestamp")) for row in rows]
    known = [
        (stamp, local)
        for stamp, local in stamps
        if stamp is not None and local is not None and stamp >= FIRST_STAMP
    ]
    if not known:
        return None
    stamp, local = next((pair for pair in known if pair[0] >= start), known[-1])
    offset_s = round((local - stamp) / OFFSET_STEP_S) * OFFSET_STEP_S
    if not offset_s or abs(offset_s) > LARGEST_OFFSET_S:
        return None
    return ClockOffset(seconds=offset_s, at=_moment(stamp))


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _moment(stamp: float) -> datetime:
    return FIT_EPOCH + timedelta(seconds=stamp)
