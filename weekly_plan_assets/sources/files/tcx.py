"""Reads TCX files, Garmin's Training Center format."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from pydantic import ValidationError

from weekly_plan_assets.domain.recorded.implausible_values import ACTIVITY_LIMITS
from weekly_plan_assets.sources.files.activity_types import type_of_word
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.limits import (
    MOST_RECORDS,
    MOST_SESSIONS,
    Deadline,
    at_most,
)
from weekly_plan_assets.sources.files.recording import (
    EARLIEST,
    ReadFile,
    Recording,
    clock_of,
    clock_was_reset,
    heart_rates,
    measured_hr,
    near_most,
)
from weekly_plan_assets.sources.files.track import Texts, TrackPoints
from weekly_plan_assets.sources.files.xml import Elements, read_elements
from weekly_plan_assets.sources.json_rows import first_fault

ROOT = "TrainingCenterDatabase"

LAP = ("Activity", "Lap")

LAP_VALUES = {
    (*LAP, "TotalTimeSeconds"): "timer_s",
    (*LAP, "DistanceMeters"): "distance_m",
    (*LAP, "AverageHeartRateBpm", "Value"): "average_bpm",
    (*LAP, "AverageHeartRateBpm"): "average_bpm",
    (*LAP, "MaximumHeartRateBpm", "Value"): "max_bpm",
    (*LAP, "MaximumHeartRateBpm"): "max_bpm",
}
"""Where the values of a lap are found; an activity may be part of a multisport session."""

MOST = {
    "timer_s": ACTIVITY_LIMITS["elapsed_time"].greatest,
    "distance_m": ACTIVITY_LIMITS["distance"].greatest,
    "average_bpm": 1e6,
    "max_bpm": 1e6,
}
"""What a lap can hold at most; more is a counter that ran over."""

POINT_VALUES = {
    ("Trackpoint", "Time"): "time",
    ("HeartRateBpm", "Value"): "rate",
    ("Trackpoint", "HeartRateBpm"): "rate",
    ("Trackpoint", "DistanceMeters"): "distance",
    ("Trackpoint", "AltitudeMeters"): "altitude",
    ("TPX", "Watts"): "power",
    ("Position", "LatitudeDegrees"): "latitude",
    ("Position", "LongitudeDegrees"): "longitude",
}
"""Where the values of a point are found, in whichever order programs nest laps and tracks."""


def read_tcx(content: bytes, deadline: Deadline) -> ReadFile:
    """The activities of a TCX file.

    Moving time is the timer's time of the laps.

    Raises:
        FileError: It is no TCX, no activity of it has times or laps, or it holds or takes too much.
    """
    elements, fault = read_elements(content, _TcxElements, deadline)
    if not elements.activities:
        raise FileError(fault or "it holds no activity: a planned course is not a recording")
    recordings, faults = [], [FileError(fault)] if fault else []
    for activity in elements.activities:
        _leave_out_strays(activity, elements.texts)
        try:
            recordings.append(_recording(activity))
        except ValidationError as error:
            faults.append(FileError(f"it {first_fault(error)}"))
        except FileError as error:
            faults.append(error)
    if not recordings:
        raise faults[-1]
    return ReadFile(tuple(recordings), str(faults[0]) if faults else elements.texts.fault)


@dataclass
class _Lap:
    start: datetime | None
    timer_s: float | None = None
    distance_m: float | None = None
    average_bpm: float | None = None
    max_bpm: float | None = None


@dataclass
class _Activity:
    sport: str | None
    begin: datetime | None = None
    laps: list[_Lap] = field(default_factory=list)
    points: TrackPoints = field(default_factory=TrackPoints)


class _TcxElements(Elements):
    """Gathers the activities; a point's values are known when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.activities: list[_Activity] = []
        self.texts = Texts()
        self._values: dict[str, str] = {}

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self.path) == 1 and name != ROOT:
            raise FileError(f"it is not TCX: its root is {name[:30]}")
        if name == "Activity" and self.path[1:2] == ["Activities"]:
            at_most(len(self.activities) + 1, MOST_SESSIONS, "activities")
            self.activities.append(_Activity(attributes.get("Sport")))
        elif not self.activities:
            return
        elif name == "Lap" and self._ends_with(LAP):
            at_most(len(self.activities[-1].laps) + 1, MOST_RECORDS, "laps")
            start = self.texts.moment("StartTime", attributes.get("StartTime"))
            self.activities[-1].laps.append(_Lap(start))
        elif name == "Track":
            self.activities[-1].points.begin_segment()
        elif name == "Trackpoint":
            self._values = {}

    def closed(self, name: str, text: str) -> None:
        if not self.activities or not text:
            if name == "Trackpoint" and self.activities:
                self._add_point()
        elif name == "Trackpoint":
            self._add_point()
        elif "Trackpoint" in self.path:
            value = POINT_VALUES.get((self.path[-1], name))
            if value is not None:
                self._values[value] = text
        elif name == "Id" and self.path[-1] == "Activity":
            self.activities[-1].begin = self.texts.moment("Id", text)
        else:
            self._close_value(name, text)

    def _add_point(self) -> None:
        texts, values = self.texts, self._values
        moment = texts.moment("Time", values.get("time"))
        if moment is None:
            return
        self.activities[-1].points.add(
            moment,
            texts.number("HeartRateBpm", values.get("rate")),
            latitude=texts.number("LatitudeDegrees", values.get("latitude")),
            longitude=texts.number("LongitudeDegrees", values.get("longitude")),
            elevation_m=texts.number("AltitudeMeters", values.get("altitude")),
            distance_m=texts.amount("DistanceMeters", values.get("distance"), MOST["distance_m"]),
            power_w=texts.number("Watts", values.get("power")),
        )

    def _close_value(self, name: str, text: str) -> None:
        for place, value in LAP_VALUES.items():
            if name == place[-1] and self._ends_with(place[:-1]) and self.activities[-1].laps:
                amount = self.texts.amount(name, text, MOST[value])
                setattr(self.activities[-1].laps[-1], value, amount)

    def _ends_with(self, place: tuple[str, ...]) -> bool:
        return tuple(self.path[-len(place) :]) == place


def _leave_out_strays(activity: _Activity, texts: Texts) -> None:
    """Forget the times of points and laps that are far from most others."""
    activity.points.leave_out_strays(texts)
    times = activity.points.first_and_last()
    known = [lap for lap in activity.laps if lap.start is not None and lap.start >= EARLIEST]
    # The points of a session outvote its laps.
    anchors = [] if times is None else [times[0].timestamp()] * (len(known) + 1)
    starts = np.array([*(lap.start.timestamp() for lap in known if lap.start), *anchors])
    for lap, is_near in zip(known, near_most(starts).tolist(), strict=False):
        if not is_near:
            texts.leave_out("StartTime", str(lap.start))
            lap.start = None


def _recording(activity: _Activity) -> Recording:
    points, laps = activity.points, activity.laps
    starts = [lap.start for lap in laps if lap.start is not None and lap.start >= EARLIEST]
    first_time = points.first_time or next(iter(starts), None) or activity.begin
    if first_time is None or first_time < EARLIEST:
        reset = points.reset_time or next((lap.start for lap in laps if lap.start), first_time)
        if reset:
            raise clock_was_reset(reset)
        raise FileError("an activity of it has neither times nor laps")
    start, end = points.first_and_last() or (min([*starts, first_time]), max([*starts, first_time]))
    # Laps may begin before the first point, and end after the last.
    start = min([start, *starts])
    end = max([end, *_ends(laps)])
    timer_s = _sum_of_all(lap.timer_s for lap in laps) or points.recorded_s() or None
    elapsed_s = (end - start).total_seconds() or timer_s
    seconds = points.heart_rates().seconds_by_bpm()
    average_bpm, max_bpm = heart_rates(
        _mean_of_laps(laps), _max_of_laps(laps), seconds, timer_s or elapsed_s
    )
    return Recording(
        start=start,
        type=type_of_word(activity.sport),
        clock=clock_of(first_time),
        place=points.place(),
        moving_time_s=None if timer_s is None else round(timer_s),
        elapsed_time_s=None if elapsed_s is None else round(elapsed_s),
        distance_m=_distance_m(laps, points),
        average_hr_bpm=average_bpm,
        max_hr_bpm=max_bpm,
        seconds_by_bpm=seconds,
        spans_s=points.spans_s(),
        best_efforts=points.best_efforts(),
    )


def _ends(laps: Iterable[_Lap]) -> Iterator[datetime]:
    """When each lap ended at the earliest: pauses may come on top of its timer's time."""
    for lap in laps:
        if lap.start is not None and lap.start >= EARLIEST and lap.timer_s is not None:
            yield lap.start + timedelta(seconds=lap.timer_s)


def _distance_m(laps: Iterable[_Lap], points: TrackPoints) -> float | None:
    """What the laps add up to where all of them say it, else what the points say."""
    stated = _sum_of_all(lap.distance_m for lap in laps)
    return stated or points.counted_m() or round(points.length_m(), 1) or None


def _mean_of_laps(laps: Iterable[_Lap]) -> float | None:
    """The laps' means by their time; None unless every lap was measured."""
    weighted_bpm = total_s = 0.0
    for lap in laps:
        bpm = measured_hr(lap.average_bpm)
        if bpm is None or lap.timer_s is None:
            return None
        weighted_bpm += bpm * lap.timer_s
        total_s += lap.timer_s
    return round(weighted_bpm / total_s, 1) if total_s else None


def _max_of_laps(laps: Iterable[_Lap]) -> float | None:
    rates = (measured_hr(lap.max_bpm) for lap in laps)
    return max((rate for rate in rates if rate is not None), default=None)


def _sum_of_all(values: Iterable[float | None]) -> float | None:
    """The sum; None if one of them is not known, or without any: a part is not the whole."""
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total or None
