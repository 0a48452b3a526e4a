"""Distance and moving time of GPX tracks are those that gpxpy calculates."""

from datetime import UTC, datetime, timedelta

import gpxpy.gpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.sources.files.gpx import read_gpx
from weekly_plan_assets.sources.files.limits import Deadline

START = datetime(2024, 1, 7, 7, tzinfo=UTC)
SECONDS_PER_DEGREE = 2500
"""At 44 m/s: a step that nobody could make so fast is left out as a slip, unlike by gpxpy."""

steps = st.sampled_from((0.0, 1e-6, 3e-5, 1e-4, 0.05, 0.25, 3.0)) | st.floats(-5e-4, 5e-4)
heights = st.none() | st.sampled_from((0.0, 100.0)) | st.floats(-50, 3000)
gaps = st.integers(-5, 40)
points = st.lists(st.tuples(steps, steps, heights, gaps), min_size=1, max_size=12)


def track_of(segments: list[list[tuple[float, float, float | None, int]]]) -> str:
    gpx, track = gpxpy.gpx.GPX(), gpxpy.gpx.GPXTrack()
    latitude, longitude, moment = 40.0, -3.0, START
    for segment in segments:
        track.segments.append(gpxpy.gpx.GPXTrackSegment())
        for north, east, elevation, gap in segment:
            latitude, longitude = latitude + north, longitude + east
            way = abs(north) + abs(east)
            moment += timedelta(seconds=gap + round(way * SECONDS_PER_DEGREE))
            point = gpxpy.gpx.GPXTrackPoint(latitude, longitude, elevation)
            point.time = moment
            track.segments[-1].points.append(point)
    gpx.tracks.append(track)
    return gpx.to_xml()


@settings(max_examples=150, deadline=None)
@given(segments=st.lists(points, min_size=1, max_size=3))
def test_a_track_is_as_long_and_moves_as_long_as_gpxpy_says(
    segments: list[list[tuple[float, float, float | None, int]]],
) -> None:
    # Heights are written with few digits, so gpxpy measures what it has read itself.
    # On less ground than the first step, positions that seldom move are taken for drift.
    text = track_of([[(0, 0, None, 0), (0.01, 0, None, 0)], *segments])
    (track,) = gpxpy.parse(text).tracks
    (recording,), _ = read_gpx(text.encode(), Deadline())
    assert (recording.distance_m or 0) == pytest.approx(track.length_2d(), abs=0.06, rel=1e-9)
    # A step of just 1 km/h may fall on either side.
    assert (recording.moving_time_s or 0) == pytest.approx(
        track.get_moving_data(raw=True).moving_time, abs=0.5
    )


def test_a_point_without_a_place_has_a_time_and_a_heart_rate_all_the_same() -> None:
    text = (
        "<gpx><trk><trkseg>"
        "<trkpt><time>2024-01-07T07:00:00Z</time><extensions><hr>120</hr></extensions></trkpt>"
        '<trkpt lat="40" lon="-3"><time>2024-01-07T07:00:10Z</time></trkpt>'
        '<trkpt lat="40.001" lon="-3"><time>2024-01-07T07:00:40Z</time></trkpt>'
        "</trkseg></trk></gpx>"
    )
    (recording,), _ = read_gpx(text.encode(), Deadline())
    assert recording.seconds_by_bpm == {120: 40}
    assert recording.elapsed_time_s == 40
    assert recording.moving_time_s == 40
    assert recording.distance_m == pytest.approx(111.3, abs=0.1)
