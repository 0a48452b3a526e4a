"""Reads GPX tracks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import gpxpy
from gpxpy.gpx import GPXException, GPXTrack, GPXTrackPoint

from weekly_plan_assets.sources.files.activity_types import type_of_word
from weekly_plan_assets.sources.files.recording import (
    FileError,
    Recording,
    clock_of,
    heart_rates,
    seconds_by_bpm,
)
from weekly_plan_assets.sources.files.xml import parse_xml, text_of

HEART_RATE_TAGS = frozenset({"hr", "heartrate"})
"""Of the track point extensions in use, whatever their namespace."""


def read_gpx(content: bytes) -> tuple[Recording, ...]:
    """The tracks of a GPX file.

    Moving time is the time faster than 1 km/h, as gpxpy has it.

    Raises:
        FileError: It is no GPX, or no track of it has times.
    """
    text = text_of(content)
    parse_xml(text)
    try:
        tracks = gpxpy.parse(text).tracks
    except GPXException as error:
        raise FileError(f"it is not GPX: {error}") from error
    recordings = tuple(_recording(track) for track in tracks if _times(track))
    if not recordings:
        raise FileError("no track of it has times: a planned route is not a recording")
    return recordings


def _recording(track: GPXTrack) -> Recording:
    times = _times(track)
    seconds = seconds_by_bpm(
        (time.timestamp(), _heart_bpm(point.extensions))
        for point in _points(track)
        if (time := _aware(point.time)) is not None
    )
    average_bpm, max_bpm = heart_rates(None, None, seconds)
    return Recording(
        start=min(times),
        type=type_of_word(track.type),
        clock=clock_of(times[0]),
        name=track.name or None,
        moving_time_s=round(track.get_moving_data(raw=True).moving_time),
        elapsed_time_s=round((max(times) - min(times)).total_seconds()),
        distance_m=round(track.length_2d(), 1),
        average_hr_bpm=average_bpm,
        max_hr_bpm=max_bpm,
        seconds_by_bpm=seconds,
    )


def _points(track: GPXTrack) -> Iterable[GPXTrackPoint]:
    return (point for segment in track.segments for point in segment.points)


def _times(track: GPXTrack) -> list[datetime]:
    return [time for point in _points(track) if (time := _aware(point.time)) is not None]


def _aware(moment: datetime | None) -> datetime | None:
    """GPX times are UTC, also where they do not say so (GPX 1.1)."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


def _heart_bpm(extensions: Iterable[Element]) -> float | None:
    for extension in extensions:
        for element in extension.iter():
            if element.tag.rpartition("}")[2].lower() in HEART_RATE_TAGS and element.text:
                return float(element.text)
    return None
