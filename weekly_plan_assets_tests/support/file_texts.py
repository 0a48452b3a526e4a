"""GPX and TCX files, and Strava's table, as their programs write them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, SubElement

import gpxpy.gpx

GARMIN_EXTENSION = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"

STRAVA_HEADER = (
    *("Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description"),
    *("Elapsed Time", "Distance", "Max Heart Rate", "Relative Effort", "Commute", "Filename"),
    *("Athlete Weight", "Elapsed Time", "Moving Time", "Distance", "Max Speed"),
    *("Max Heart Rate", "Average Heart Rate"),
)
"""A part of Strava's header, with the names that stand twice."""


def gpx_text(
    start: datetime, heart_bpm: Sequence[int | None], *, sport: str | None = "running"
) -> str:
    """A track with a point a second, about 3 m apart."""
    gpx = gpxpy.gpx.GPX()
    gpx.nsmap["gpxtpx"] = GARMIN_EXTENSION
    track = gpxpy.gpx.GPXTrack(name="Along the river")
    track.type = sport  # type: ignore[assignment] # gpxpy takes text too
    segment = gpxpy.gpx.GPXTrackSegment()
    for second, bpm in enumerate(heart_bpm):
        point = gpxpy.gpx.GPXTrackPoint(
            40.0 + second * 3 / 111_195, -3.0, time=start + timedelta(seconds=second)
        )
        if bpm is not None:
            extension = Element(f"{{{GARMIN_EXTENSION}}}TrackPointExtension")
            SubElement(extension, f"{{{GARMIN_EXTENSION}}}hr").text = str(bpm)
            point.extensions.append(extension)
        segment.points.append(point)
    track.segments.append(segment)
    gpx.tracks.append(track)
    return gpx.to_xml()


def tcx_text(start: str, heart_bpm: Sequence[int], *, sport: str = "Biking") -> str:
    """An activity of one lap with a point a second; indented, as Strava hands it out."""
    first = datetime.fromisoformat(start)
    points = "".join(
        f"<Trackpoint><Time>{(first + timedelta(seconds=second)).isoformat()}</Time>"
        f"<HeartRateBpm><Value>{bpm}</Value></HeartRateBpm></Trackpoint>"
        for second, bpm in enumerate(heart_bpm)
    )
    return (
        '          <?xml version="1.0" encoding="UTF-8"?>\n'
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">'
        f'<Activities><Activity Sport="{sport}"><Id>{start}</Id><Lap StartTime="{start}">'
        f"<TotalTimeSeconds>{len(heart_bpm) - 1}</TotalTimeSeconds>"
        "<DistanceMeters>512.5</DistanceMeters>"
        f"<Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    )


def strava_table(*rows: Mapping[str, str], header: Sequence[str] = STRAVA_HEADER) -> str:
    """Strava's table. A name that stands twice takes `Name/screen` first and `Name` then."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for row in rows:
        seen: set[str] = set()
        cells = []
        for name in header:
            first_of_two = header.count(name) > 1 and name not in seen
            cells.append(row.get(f"{name}/screen" if first_of_two else name, ""))
            seen.add(name)
        writer.writerow(cells)
    return out.getvalue()


def strava_row(activity_id: str = "101", file_name: str = "", **more: str) -> dict[str, str]:
    """A ride of 10 km as Strava's table tells it."""
    return {
        "Activity ID": activity_id,
        "Activity Date": "Apr 30, 2026, 7:00:00 AM",
        "Activity Name": "Hills, twice",
        "Activity Type": "Gravel Ride",
        "Elapsed Time/screen": "1900",
        "Elapsed Time": "1900.0",
        "Moving Time": "1800.0",
        "Distance/screen": "10.00",
        "Distance": "10003.5",
        "Max Heart Rate/screen": "171",
        "Max Heart Rate": "171.0",
        "Average Heart Rate": "144.25",
        "Filename": file_name,
        **more,
    }
