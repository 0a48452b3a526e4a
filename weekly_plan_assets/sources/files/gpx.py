"""Reads GPX tracks, of any version of GPX."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from weekly_plan_assets.sources.files.activity_types import OTHER_TYPE, type_of_word
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.limits import MOST_SESSIONS, Deadline, at_most
from weekly_plan_assets.sources.files.recording import (
    ReadFile,
    Recording,
    clock_of,
    clock_was_reset,
    heart_rates,
)
from weekly_plan_assets.sources.files.track import Texts, TrackPoints
from weekly_plan_assets.sources.files.xml import Elements, read_elements

HEART_RATE_TAGS = frozenset({"hr", "heartrate", "heartratebpm", "bpm", "pulse"})
"""Of the track point extensions in use, without case and underscores, whatever their namespace."""

POWER_TAGS = frozenset({"power", "watts", "powerinwatts"})
"""The same for power, in watts."""

TYPE_TAGS = frozenset({"type", "activity", "activitytype", "sport", "sporttype"})
"""Of the extensions in which programs name the sport, where the track itself does not."""

PLACE_KEYS = {"lat": "lat", "latitude": "lat", "lon": "lon", "lng": "lon", "longitude": "lon"}

TRACK = ["gpx", "trk"]
SEGMENT = [*TRACK, "trkseg"]
POINT = [*SEGMENT, "trkpt"]


def read_gpx(content: bytes, deadline: Deadline) -> ReadFile:
    """The tracks of a GPX file.

    Moving time is the time faster than 1 km/h, as gpxpy has it; without any the elapsed time says
    more: indoors the position stays where it is, or drifts.

    Raises:
        FileError: It is no GPX, no track of it has times, or it holds or takes too much.
    """
    elements, fault = read_elements(content, _GpxElements, deadline)
    for track in elements.tracks:
        track.points.leave_out_strays(elements.texts)
    found = (_recording(track) for track in elements.tracks)
    recordings = tuple(recording for recording in found if recording is not None)
    reset = next((t.points.reset_time for t in elements.tracks if t.points.reset_time), None)
    if not recordings:
        if reset:
            raise clock_was_reset(reset)
        raise FileError(fault or "no track of it has times: a planned route is not a recording")
    if reset:
        fault = fault or f"times of a clock that was not yet set are left out, the first {reset}"
    return ReadFile(recordings, fault or elements.texts.fault)


@dataclass
class _Track:
    name: str | None = None
    type: str | None = None
    other_type: str | None = None
    points: TrackPoints = field(default_factory=TrackPoints)


class _GpxElements(Elements):
    """Gathers the tracks; a point's values are known when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.tracks: list[_Track] = []
        self.texts = Texts()
        self._place: dict[str, str] = {}
        self._values: dict[str, str] = {}

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self.path) == 1 and name != "gpx":
            raise FileError(f"it is not GPX: its root is {name[:30]}")
        if self.path == TRACK:
            at_most(len(self.tracks) + 1, MOST_SESSIONS, "tracks")
            self.tracks.append(_Track())
        elif self.path == SEGMENT:
            self.tracks[-1].points.begin_segment()
        elif self.path == POINT:
            found = {PLACE_KEYS.get(key.lower(), key): text for key, text in attributes.items()}
            self._place = found
            self._values = {}

    def closed(self, name: str, text: str) -> None:
        if self.path == POINT and name in {"time", "ele"}:
            self._values.setdefault(name, text)
        elif self.path == SEGMENT and name == "trkpt":
            self._add_point()
        elif self.path == TRACK and name in {"name", "type"}:
            setattr(self.tracks[-1], name, text or None)
        elif self.path[: len(POINT)] == POINT and text and self._is_heart_rate(name):
            self._values.setdefault("hr", text)
        elif self.path[: len(POINT)] == POINT and text and _plain(name) in POWER_TAGS:
            self._values.setdefault("power", text)
        elif text and _plain(name) in TYPE_TAGS and self.path[:3] == [*TRACK, "extensions"]:
            self.tracks[-1].other_type = text

    def _is_heart_rate(self, name: str) -> bool:
        tag = self.path[-1] if name.lower() == "value" else name
        return _plain(tag) in HEART_RATE_TAGS

    def _add_point(self) -> None:
        texts = self.texts
        self.tracks[-1].points.add(
            texts.moment("time", self._values.get("time")),
            texts.number("hr", self._values.get("hr")),
            latitude=texts.number("lat", self._place.get("lat")),
            longitude=texts.number("lon", self._place.get("lon")),
            elevation_m=texts.number("ele", self._values.get("ele")),
            power_w=texts.number("power", self._values.get("power")),
        )


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _recording(track: _Track) -> Recording | None:
    points = track.points
    times = points.first_and_last()
    if times is None or points.first_time is None:
        return None
    start, end = times
    seconds = points.heart_rates().seconds_by_bpm()
    is_still = points.only_drifts()
    moving_s = 0 if is_still else round(points.moving_s())
    elapsed_s = round((end - start).total_seconds())
    average_bpm, max_bpm = heart_rates(None, None, seconds, moving_s or elapsed_s)
    named = type_of_word(track.type)
    return Recording(
        start=start,
        type=type_of_word(track.other_type) if named == OTHER_TYPE else named,
        clock=clock_of(points.first_time),
        place=points.place(),
        name=track.name,
        moving_time_s=moving_s or None,
        elapsed_time_s=elapsed_s or None,
        distance_m=None if is_still else round(points.length_m(), 1) or None,
        best_efforts=() if is_still else points.best_efforts(),
        average_hr_bpm=average_bpm,
        max_hr_bpm=max_bpm,
        seconds_by_bpm=seconds,
        spans_s=points.spans_s(),
    )
