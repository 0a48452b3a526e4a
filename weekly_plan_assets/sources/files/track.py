"""The points of a recorded track, gathered one by one and then measured together.

Shared by GPX and TCX; what a FIT file records has its own columns.
"""

import math
import re
from array import array
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt

from weekly_plan_assets.domain.recorded.best_effort import BestEffort
from weekly_plan_assets.domain.recorded.implausible_values import ACTIVITY_LIMITS
from weekly_plan_assets.sources.files.best_efforts import best_efforts
from weekly_plan_assets.sources.files.limits import MOST_RECORDS, at_most
from weekly_plan_assets.sources.files.recording import (
    EARLIEST,
    HeartRates,
    longest_gap_s,
    near_most,
    recorded_s,
    recorded_spans,
)

FloatArray = npt.NDArray[np.float64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EARTH_RADIUS_M = 6_378_137.0
"""At the equator (WGS 84)."""

FAR_DEGREES = 0.2
"""From here on the curve of the earth counts between two points."""

STOPPED_M_S = 1 / 3.6
"""Slower than this, 1 km/h, nobody moves: the position drifts (gpxpy)."""

FASTEST_M_S = ACTIVITY_LIMITS["max_speed"].greatest
"""A position that nobody could reach so fast is a slip of the receiver."""

SMALLEST_GROUND_M = 150.0
"""From corner to corner; a running track of 400 m has about 180 m. On less ground, a position that
moves for less than `MOVING_SHARE` of the time drifts indoors. Project convention."""

MOVING_SHARE = 0.5

FARTHEST = 1e6
"""Neither a heart rate nor a height is that far from 0."""

LONGEST_SEAM_S = 10.0
"""Segments that follow each other more closely have no pause between them: apps begin one at every
kilometre or lap."""

SHORTEST_MOMENT = len("2024-01-31T07:00:00")
"""A date alone is no time at which something was measured."""


class TrackPoints:
    """Points in the order of the file; what a point lacks is NaN.

    A time at which the device's clock was not yet set is left out, and the rest of its point stays.

    Attributes:
        reset_time: The first that was left out; None without any.
    """

    def __init__(self) -> None:
        self.reset_time: datetime | None = None
        self._times_s = array("d")
        self._offsets_s = array("d")
        self._rates_bpm = array("d")
        self._latitudes = array("d")
        self._longitudes = array("d")
        self._elevations_m = array("d")
        self._distances_m = array("d")
        self._power_w = array("d")
        self._begins: list[int] = []

    def begin_segment(self) -> None:
        """Separate the next point from those before: nothing is known of the way between."""
        self._begins.append(len(self._times_s))

    def add(
        self,
        time: datetime | None,
        rate_bpm: float | None,
        *,
        latitude: float | None = None,
        longitude: float | None = None,
        elevation_m: float | None = None,
        distance_m: float | None = None,
        power_w: float | None = None,
    ) -> None:
        """Add a point.

        Raises:
            FileError: It is one too many.
        """
        at_most(len(self._times_s) + 1, MOST_RECORDS, "track points")
        if time is not None and time < EARLIEST:
            self.reset_time = self.reset_time or time
            time = None
        offset = None if time is None else time.utcoffset()
        self._times_s.append(math.nan if time is None else time.timestamp())
        self._offsets_s.append(0.0 if offset is None else offset.total_seconds())
        self._rates_bpm.append(_within(rate_bpm, FARTHEST))
        is_place = bool(latitude or longitude)
        self._latitudes.append(_within(latitude, 90) if is_place else math.nan)
        self._longitudes.append(_within(longitude, 180) if is_place else math.nan)
        self._elevations_m.append(_within(elevation_m, FARTHEST))
        self._distances_m.append(math.nan if distance_m is None else distance_m)
        self._power_w.append(math.nan if power_w is None else power_w)

    def leave_out_strays(self, texts: "Texts") -> None:
        """Forget times that are far from most others, and positions that nobody could reach.

        Args:
            texts: Names what was left out.
        """
        times_s = np.asarray(self._times_s)
        for at in np.flatnonzero(np.isfinite(times_s) & ~near_most(times_s)).tolist():
            texts.leave_out("time", _moment(self._times_s[at]).isoformat())
            self._times_s[at] = math.nan
        latitudes, longitudes = np.asarray(self._latitudes), np.asarray(self._longitudes)
        known = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
        near = in_reach(np.asarray(self._times_s)[known], latitudes[known], longitudes[known])
        for at in known[~near].tolist():
            texts.leave_out("position", f"{self._latitudes[at]}, {self._longitudes[at]}")
            self._latitudes[at] = self._longitudes[at] = math.nan

    @property
    def first_time(self) -> datetime | None:
        """The first time as it is written, with its offset; None if no point has a time."""
        known = np.flatnonzero(np.isfinite(self._times_s))
        if not known.size:
            return None
        offset = timezone(timedelta(seconds=self._offsets_s[known[0]]))
        return _moment(self._times_s[known[0]]).astimezone(offset)

    def heart_rates(self) -> HeartRates:
        """The heart rates of the points that have a time."""
        return HeartRates(self._times_s, self._rates_bpm, pauses_s=self._pauses_s())

    def first_and_last(self) -> tuple[datetime, datetime] | None:
        """The earliest and the latest time, in UTC; None without any."""
        known = self._known_times_s()
        if not known.size:
            return None
        return _moment(known.min()), _moment(known.max())

    def recorded_s(self) -> float:
        """The time in which points follow each other, without pauses."""
        return recorded_s(self._known_times_s())

    def spans_s(self) -> tuple[tuple[int, int], ...]:
        """The stretches between long pauses, in seconds from the first point."""
        known = self._known_times_s()
        return recorded_spans(known, float(known.min())) if known.size else ()

    def place(self) -> tuple[float, float] | None:
        """The first position, latitude and longitude in degrees."""
        latitudes, longitudes = np.asarray(self._latitudes), np.asarray(self._longitudes)
        known = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
        return (float(latitudes[known[0]]), float(longitudes[known[0]])) if known.size else None

    def counted_m(self) -> float | None:
        """The way that the device counted, from the first point to the last; None without any."""
        return counted_m(np.asarray(self._distances_m))

    def best_efforts(self) -> tuple[BestEffort, ...]:
        """The best that was held for some minutes: by the device's way, else by that on the map."""
        way_m = np.asarray(self._distances_m)
        if not np.isfinite(way_m).any():
            latitudes, longitudes = np.asarray(self._latitudes), np.asarray(self._longitudes)
            known = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
            way_m = np.full(latitudes.size, math.nan)
            way_m[known[:1]] = 0.0
            way_m[known[1:]] = np.nancumsum(self._steps_m())
        times_s, power_w = np.asarray(self._times_s), np.asarray(self._power_w)
        return best_efforts(times_s, way_m, power_w, self.heart_rates())

    def _known_times_s(self) -> FloatArray:
        times_s = np.asarray(self._times_s)
        known: FloatArray = times_s[np.isfinite(times_s)]
        return known

    def _pauses_s(self) -> FloatArray:
        """When the recording was paused: at the end of a segment that the next does not join."""
        times_s = np.asarray(self._times_s)
        begins = np.array([one for one in self._begins if 0 < one < times_s.size], np.int64)
        gaps_s = times_s[begins] - times_s[begins - 1]
        ends: FloatArray = times_s[begins - 1][gaps_s > LONGEST_SEAM_S]
        return ends

    def length_m(self) -> float:
        """The length of the way on the map, without climbing."""
        return float(np.nansum(self._steps_m()))

    def moving_s(self) -> float:
        """The time between points that are farther apart than somebody standing drifts.

        Without a fix nobody knows; the time counts, because the recording went on.
        """
        times_s = np.asarray(self._times_s)
        timed = np.flatnonzero(np.isfinite(times_s))
        times_s, latitudes, longitudes, heights_m = (
            np.asarray(values)[timed]
            for values in (times_s, self._latitudes, self._longitudes, self._elevations_m)
        )
        lasts_s, climbs_m = np.diff(times_s), np.diff(heights_m)
        # A height of 0 is that of devices without any (gpxpy).
        climbs_m[~((heights_m[1:] != 0) & (heights_m[:-1] != 0))] = math.nan
        flat_m = steps_m(latitudes, longitudes)
        far = _is_far(latitudes, longitudes)
        steps = np.where(far, flat_m, np.hypot(flat_m, np.nan_to_num(climbs_m)))
        moved = (steps > 0) & (steps > STOPPED_M_S * lasts_s)
        places = np.isfinite(latitudes) & np.isfinite(longitudes)
        moved |= ~(places[1:] & places[:-1]) & (lasts_s <= longest_gap_s(times_s))
        moved[self._seams(np.searchsorted(timed, self._begins), times_s.size)] = False
        return float(lasts_s[moved & (lasts_s > 0)].sum())

    def only_drifts(self) -> bool:
        """Whether the positions stay in one place, so that they say nothing of time and way."""
        latitudes, longitudes = (
            values[np.isfinite(values)]
            for values in (np.asarray(self._latitudes), np.asarray(self._longitudes))
        )
        if not latitudes.size or not longitudes.size:
            return False
        south_north = np.array([latitudes.min(), latitudes.max()])
        west_east = np.array([longitudes.min(), longitudes.max()])
        if way_m(south_north, west_east) >= SMALLEST_GROUND_M:
            return False
        return self.moving_s() < MOVING_SHARE * self.recorded_s()

    def _steps_m(self) -> FloatArray:
        """From each position to the next on the map; NaN from one segment to the next."""
        latitudes, longitudes = np.asarray(self._latitudes), np.asarray(self._longitudes)
        known = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
        steps = steps_m(latitudes[known], longitudes[known])
        steps[self._seams(np.searchsorted(known, self._begins), known.size)] = math.nan
        return steps

    @staticmethod
    def _seams(begins: npt.ArrayLike, count: int) -> npt.NDArray[np.int64]:
        """The steps that lead from one segment to the next."""
        found = np.asarray(begins, np.int64)
        seams: npt.NDArray[np.int64] = found[(found > 0) & (found < count)] - 1
        return seams


def counted_m(distances_m: FloatArray) -> float | None:
    """The way that a device counted, from the first value to the last; None without any.

    Some devices count from 0 in every lap, or once more when they stop; a value that no session
    reaches is that of a counter that ran over, and a single one that does not lie between those
    beside it a slip.
    """
    most_m = ACTIVITY_LIMITS["distance"].greatest
    known = distances_m[(distances_m >= 0) & (distances_m <= most_m)]
    before, here, behind = known[:-2], known[1:-1], known[2:]
    is_slip = (before <= behind) & ((here < before) | (here > behind))
    forward_m = np.diff(np.delete(known, np.flatnonzero(is_slip) + 1))
    return float(forward_m[forward_m > 0].sum()) or None


def in_reach(
    times_s: FloatArray, latitudes: FloatArray, longitudes: FloatArray
) -> npt.NDArray[np.bool_]:
    """Which positions somebody could reach from those beside them; all of them known, in degrees.

    A single one that is too far from both sides is a slip, and so is a first or last one that is
    too far from the only one beside it.
    """
    near = np.ones(latitudes.size, dtype=bool)
    if latitudes.size <= 2:  # noqa: PLR2004 - nobody knows which of two is wrong
        return near
    lasts_s = np.maximum(np.abs(np.diff(times_s)), 1.0)
    far = steps_m(latitudes, longitudes) > FASTEST_M_S * lasts_s
    near[1:-1] = ~(far[:-1] & far[1:])
    near[0], near[-1] = not far[0] or far[1], not far[-1] or far[-2]
    return near


def way_m(latitudes: FloatArray, longitudes: FloatArray) -> float:
    """The length of a way on the map; positions in degrees."""
    return float(np.nansum(steps_m(latitudes, longitudes)))


def steps_m(latitudes: FloatArray, longitudes: FloatArray) -> FloatArray:
    """From each position to the next on the map; NaN where one is missing."""
    radians = np.radians(latitudes)
    north, east = np.diff(latitudes), np.diff(longitudes)
    # On so short a way a degree east is as long as at its end.
    flat_m = np.radians(np.hypot(north, east * np.cos(radians[1:]))) * EARTH_RADIUS_M
    shrunk = np.cos(radians[1:]) * np.cos(radians[:-1])
    half = np.sin(np.radians(north) / 2) ** 2 + shrunk * np.sin(np.radians(east) / 2) ** 2
    round_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    steps: FloatArray = np.where(_is_far(latitudes, longitudes), round_m, flat_m)
    return steps


def _is_far(latitudes: FloatArray, longitudes: FloatArray) -> npt.NDArray[np.bool_]:
    north, east = np.diff(latitudes), np.diff(longitudes)
    is_far: npt.NDArray[np.bool_] = (np.abs(north) > FAR_DEGREES) | (np.abs(east) > FAR_DEGREES)
    return is_far


def _within(value: float | None, most: float) -> float:
    return value if value is not None and -most <= value <= most else math.nan


class Texts:
    """Reads the times and numbers of a file; those that are none are left out and counted."""

    def __init__(self) -> None:
        self._first = ""
        self._count = 0

    @property
    def fault(self) -> str | None:
        """What was left out, in a sentence, or None."""
        if not self._count:
            return None
        values = "1 value" if self._count == 1 else f"{self._count} values"
        return f"{values} of it left out, the first {self._first}"

    def leave_out(self, name: str, text: str) -> None:
        """Count a value that cannot be used."""
        if not self._count:
            self._first = f"{name} = {text[:30]!r}"
        self._count += 1

    def moment(self, name: str, text: str | None) -> datetime | None:
        """A time as GPX and TCX write it, in UTC where it names no offset."""
        if not text:
            return None
        moment = _moment_of(text)
        if moment is None:
            self.leave_out(name, text)
        return moment

    def number(self, name: str, text: str | None) -> float | None:
        """The number that a text is; NaN and what is empty is no number, and no fault."""
        if not text:
            return None
        if _NUMBER.fullmatch(text):
            return float(text.replace(",", "."))
        if text.lower() not in _NOT_MEASURED:
            self.leave_out(name, text)
        return None

    def amount(self, name: str, text: str | None, most: float) -> float | None:
        """A number from 0 to `most`."""
        value = self.number(name, text)
        if value is None or 0 <= value <= most:
            return value
        self.leave_out(name, text or "")
        return None


_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
"""With a decimal point, or the comma that some programs write where they run in other languages."""

_NOT_MEASURED = frozenset({"nan", "--", "-", "n/a", "null", "none"})


def _moment_of(text: str) -> datetime | None:
    if len(text) < SHORTEST_MOMENT:
        return None
    try:
        moment = datetime.fromisoformat(text.upper().replace(" UTC", "Z").removesuffix("UTC"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.timestamp()
    except (ValueError, OverflowError):
        return None
    return moment


def _moment(time_s: float) -> datetime:
    return EPOCH + timedelta(seconds=time_s)
