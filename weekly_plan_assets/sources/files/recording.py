"""What a device's file says about one session, before the athlete's own numbers come in.

Readers make recordings of files; `conversion` makes activities of recordings.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from weekly_plan_assets.domain.recorded.best_effort import BestEffort
from weekly_plan_assets.domain.recorded.implausible_values import HEART_RATE_BPM
from weekly_plan_assets.domain.recorded.value_limits import LONGEST_S
from weekly_plan_assets.sources.files.errors import FileError

LONGEST_SAMPLE_S = 60.0
"""A heart rate stands until the next one, or not at all after a longer gap: the sensor was lost, or
the recording was paused.

Phones and watches that write a heart rate only when it changes leave gaps of up to half a minute
(practice).
"""

LONGEST_SPARSE_SAMPLE_S = 300.0
"""The same where the file writes seldom: a gap may be `USUAL_GAPS` times as long as most, up to
this. Smart recording writes as seldom as every few minutes (practice)."""

USUAL_GAPS = 3

LONG_PAUSE_S = 300.0
"""From here on a gap without any record is a pause in which another session can lie. Convention."""

MOST_SPANS = 200
"""Stretches between long pauses; more are no session but the log of a device."""

SAMPLED_SHARE = 0.8
"""Part of a session for which heart rates must be known for them to stand for all of it. Project
convention: a part never stands for the whole."""

SAME_MEAN_BPM = 1.5
"""A device's mean that is so close to the mean of a part was calculated from that part alone."""

EARLIEST = datetime(2002, 1, 1, tzinfo=UTC)
"""GPX is of 2002, TCX and FIT are younger: an earlier time is that of a clock that was never set,
or that an empty battery has reset."""

LONGEST_FILE_S = 31 * 24 * 3600
"""Times that are farther from most others of a session are damaged, or of a clock not yet set."""

LONGEST_TIME_S = 2**31
FARTHEST_M = 1e12
"""What a counter of a device can hold at most. What nobody can do is judged in `plausible`."""

Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
]
"""A time that a device can have recorded, far enough from the ends of the calendar."""


class ClockOffset(BaseModel):
    """By how much the athlete's clock was ahead of UTC, and the moment at which it was so."""

    model_config = ConfigDict(frozen=True)

    seconds: int
    at: Moment


class Recording(BaseModel):
    """One recorded session. None means that the file does not say.

    Attributes:
        clock: The athlete's clock, where the file knows it.
        type: As Intervals.icu calls it.
        place: Latitude and longitude in degrees, where the session began.
        seconds_by_bpm: Time at each heart rate.
        spans_s: Stretches that were recorded between long pauses, in seconds from the start; none
            for a session without a long pause.
        best_efforts: The best that was held for some minutes.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    start: Moment
    type: str
    clock: ClockOffset | None = None
    place: tuple[float, float] | None = None
    name: str | None = None
    moving_time_s: int | None = Field(default=None, ge=0, le=LONGEST_TIME_S)
    elapsed_time_s: int | None = Field(default=None, ge=0, le=LONGEST_TIME_S)
    distance_m: float | None = Field(default=None, ge=0, le=FARTHEST_M)
    average_hr_bpm: float | None = None
    max_hr_bpm: float | None = None
    seconds_by_bpm: dict[int, float] = {}
    spans_s: tuple[tuple[int, int], ...] = ()
    best_efforts: tuple[BestEffort, ...] = ()

    @property
    def duration_s(self) -> int | None:
        """Moving time, or elapsed time without it; 0 and what a counter overran are no times."""
        return next(
            (
                time_s
                for time_s in (self.moving_time_s, self.elapsed_time_s)
                if time_s is not None and 0 < time_s <= LONGEST_S
            ),
            None,
        )


class ReadFile(NamedTuple):
    """What came of a file.

    Attributes:
        fault: What is wrong with it though it has recordings, or None.
    """

    recordings: tuple[Recording, ...]
    fault: str | None


def measured_hr(bpm: float | None) -> float | None:
    """The heart rate, or None if nobody has it: devices write 0 or 10 for not measured."""
    if bpm is None or not HEART_RATE_BPM.least <= bpm <= HEART_RATE_BPM.greatest:
        return None
    return bpm


class HeartRates:
    """The heart rates of a file in the order of time; any number of its sessions are read off them.

    It does not matter which records they come from, nor that others lie between them. A heart rate
    that nobody has counts as not measured.
    """

    def __init__(
        self,
        times_s: npt.ArrayLike,
        rates_bpm: npt.ArrayLike,
        *,
        pauses_s: npt.ArrayLike = (),
        begins_s: npt.ArrayLike = (),
    ) -> None:
        """Samples in any order.

        Args:
            times_s: When each was taken, in seconds from any moment.
            rates_bpm: What was measured then; NaN where nothing was.
            pauses_s: When the recording was paused; no sample stands for longer.
            begins_s: When a session began; samples before it stand no longer.
        """
        times, rates = np.asarray(times_s, np.float64), np.asarray(rates_bpm, np.float64)
        measured = (rates >= HEART_RATE_BPM.least) & (rates <= HEART_RATE_BPM.greatest)
        measured &= np.isfinite(times)
        known = times[np.isfinite(times)]
        # The last sample stands until the last record.
        ends = np.append(np.asarray(pauses_s, np.float64), known.max() if known.size else [])
        begins = np.asarray(begins_s, np.float64)
        all_times = np.concatenate([begins, times[measured], ends])
        bpm = np.concatenate([np.zeros(begins.size), rates[measured], np.zeros(ends.size)])
        order = np.argsort(all_times, kind="stable")
        self._times_s = all_times[order]
        self._bpm = np.rint(bpm[order]).astype(np.int64)
        with np.errstate(over="ignore"):
            lasts_s = np.diff(self._times_s)
        counts = (self._bpm[:-1] > 0) & (lasts_s <= longest_gap_s(times[measured]))
        self._lasts_s = np.where(counts, lasts_s, 0.0)

    def seconds_by_bpm(
        self, begin_s: float = -math.inf, end_s: float = math.inf
    ) -> dict[int, float]:
        """Time at each heart rate in bpm, of the samples from `begin_s` to before `end_s`."""
        first = np.searchsorted(self._times_s, begin_s, side="left")
        last = np.searchsorted(self._times_s, end_s, side="left")
        within = slice(int(first), min(int(last), len(self._lasts_s)))
        seconds = np.bincount(self._bpm[within], weights=self._lasts_s[within])
        return {int(bpm): float(seconds[bpm]) for bpm in np.flatnonzero(seconds > 0)}


def longest_gap_s(times_s: npt.NDArray[np.float64]) -> float:
    """How long a sample may stand, by how often the file has one."""
    with np.errstate(over="ignore"):
        gaps_s = np.diff(times_s)
        if gaps_s.size and gaps_s.min() < 0:
            gaps_s = np.diff(np.sort(times_s))
    if not gaps_s.size or gaps_s.max() <= LONGEST_SAMPLE_S:
        return LONGEST_SAMPLE_S
    usual_s = USUAL_GAPS * float(np.median(gaps_s))
    return min(max(usual_s, LONGEST_SAMPLE_S), LONGEST_SPARSE_SAMPLE_S)


def near_most(times_s: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which times are known and near most others."""
    near: npt.NDArray[np.bool_] = np.isfinite(times_s)
    known = times_s[near]
    if known.size and known.max() - known.min() > LONGEST_FILE_S:
        near &= np.abs(times_s - np.median(known)) <= LONGEST_FILE_S
    return near


def recorded_s(times_s: npt.NDArray[np.float64]) -> float:
    """The time in which something was recorded: without the gaps in which nothing was."""
    gaps_s = np.diff(np.sort(times_s))
    return float(gaps_s[gaps_s <= longest_gap_s(times_s)].sum())


def recorded_spans(times_s: npt.NDArray[np.float64], start_s: float) -> tuple[tuple[int, int], ...]:
    """The stretches between long pauses, in seconds from the start; none without such a pause.

    Args:
        times_s: The moments of the session's records, in any order.
        start_s: When the session began, on the same clock.
    """
    ordered = np.sort(times_s)
    if ordered.size <= 1:
        return ()
    gaps_s = np.diff(ordered)
    pauses = np.flatnonzero(gaps_s > max(LONG_PAUSE_S, USUAL_GAPS * float(np.median(gaps_s))))
    if not pauses.size:
        return ()
    begins = ordered[np.append(0, pauses + 1)] - start_s
    ends = ordered[np.append(pauses, ordered.size - 1)] - start_s
    spans = tuple(
        (round(begin), round(end))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        if end > begin
    )
    return spans if len(spans) <= MOST_SPANS else ()


def mean_bpm(seconds: Mapping[int, float]) -> float | None:
    """The mean heart rate over time; None without any."""
    total_s = sum(seconds.values())
    if not total_s:
        return None
    return round(sum(bpm * time_s for bpm, time_s in seconds.items()) / total_s, 1)


def covers(seconds: Mapping[int, float], duration_s: float | None) -> bool:
    """Whether heart rates are known for enough of a session to stand for all of it.

    Args:
        seconds: Time at each heart rate.
        duration_s: Length of the session; None if unknown, and nothing can be said against it.
    """
    sampled_s = sum(seconds.values())
    return sampled_s > 0 and sampled_s >= SAMPLED_SHARE * (duration_s or 0)


def heart_rates(
    average_bpm: float | None,
    max_bpm: float | None,
    seconds: Mapping[int, float],
    duration_s: float | None,
) -> tuple[float | None, float | None]:
    """Mean and maximum: the device's own where it measured them, else those of the samples.

    The mean of a part of the session is not its mean, even if the device calculated it.

    Args:
        average_bpm: The device's own mean.
        max_bpm: The device's own maximum.
        seconds: Time at each heart rate.
        duration_s: Length of the session, as far as it is known.
    """
    average, highest = measured_hr(average_bpm), measured_hr(max_bpm)
    sampled = mean_bpm(seconds)
    if covers(seconds, duration_s):
        average = sampled if average is None else average
    elif sampled is not None and average is not None and abs(sampled - average) <= SAME_MEAN_BPM:
        average = None
    return average, max(seconds, default=None) if highest is None else highest


def clock_was_reset(moment: datetime) -> FileError:
    """What to say of a file whose time cannot be."""
    return FileError(
        f"its clock was reset or not set: it says {moment.date()}; correct the date where the file "
        "comes from, and export it again"
    )


def clock_of(moment: datetime) -> ClockOffset | None:
    """The athlete's clock that a time with an offset shows; UTC shows nothing."""
    offset = moment.utcoffset()
    return ClockOffset(seconds=round(offset.total_seconds()), at=moment) if offset else None
