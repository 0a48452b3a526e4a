import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weekly_plan_assets.sources.files import file_reading
from weekly_plan_assets.sources.files.file_reading import parse_file
from weekly_plan_assets.sources.files.recording import Recording
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.file_texts import gpx_text, tcx_text
from weekly_plan_assets_tests.support.fit_encoder import ENUM, encode, fit_file

START = datetime(2024, 1, 7, 22, 30, tzinfo=UTC)

BOMB = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


def only(path: Path) -> Recording:
    parsed = parse_file(path)
    assert parsed.fault is None
    (recording,) = parsed.recordings
    return recording


def test_a_fit_file_tells_its_session(put: Put) -> None:
    content = fit_file(
        START,
        heart_bpm=[120] * 60 + [160] * 61,
        timer_s=100.4,
        distance_m=321.5,
        mean_bpm=141,
        max_bpm=162,
        utc_offset_s=3600,
    )
    recording = only(put("a.fit", content))
    assert recording.start == START
    assert recording.type == "Run"
    assert (recording.moving_time_s, recording.elapsed_time_s) == (100, 121)
    assert recording.distance_m == 321.5
    assert (recording.average_hr_bpm, recording.max_hr_bpm) == (141, 162)
    assert recording.seconds_by_bpm == {120: 60, 160: 60}
    assert recording.clock is not None
    assert recording.clock.seconds == 3600


@pytest.mark.parametrize(
    ("sport", "sub_sport", "kind"),
    [
        (1, 3, "TrailRun"),
        (1, 58, "VirtualRun"),
        (2, 0, "Ride"),
        (2, 58, "VirtualRide"),
        (2, 46, "GravelRide"),
        (2, 8, "MountainBikeRide"),
        (5, 17, "Swim"),
        (5, 18, "OpenWaterSwim"),
        (10, 20, "WeightTraining"),
        (10, 26, "Workout"),
        (17, 0, "Hike"),
        (11, 0, "Walk"),
        (200, 200, "Workout"),
    ],
)
def test_fit_sports_have_the_names_of_intervals_icu(
    put: Put, sport: int, sub_sport: int, kind: str
) -> None:
    assert only(put("a.fit", fit_file(START, sport=sport, sub_sport=sub_sport))).type == kind


def test_a_mean_of_0_and_a_maximum_of_10_are_not_measured(put: Put) -> None:
    content = fit_file(START, heart_bpm=[0, None, 10, 10], mean_bpm=0, max_bpm=10)
    recording = only(put("a.fit", content))
    assert (recording.average_hr_bpm, recording.max_hr_bpm) == (None, None)
    assert recording.seconds_by_bpm == {}


def test_heart_rates_that_the_session_lacks_come_from_its_records(put: Put) -> None:
    content = fit_file(START, heart_bpm=[100] * 10 + [130] * 21, mean_bpm=0)
    recording = only(put("a.fit", content))
    assert (recording.average_hr_bpm, recording.max_hr_bpm) == (120, 130)


def test_a_bad_checksum_is_read_and_told(put: Put) -> None:
    parsed = parse_file(put("a.fit", fit_file(START, bad_crc=True)))
    assert len(parsed.recordings) == 1
    assert parsed.fault is not None
    assert "CRC" in parsed.fault


@pytest.mark.parametrize("kind", [2, 200])
def test_a_fit_file_of_settings_is_no_activity_and_no_fault(put: Put, kind: int) -> None:
    parsed = parse_file(put("a.fit", encode([(0, [(0, ENUM, kind)])])))
    assert (parsed.recordings, parsed.fault) == ((), None)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.fit", b"", "is empty"),
        ("a.gpx", b"", "is empty"),
        ("a.fit", b"not a FIT file at all", "not a FIT file"),
        ("a.fit", fit_file(START)[:40], "broken off"),
        ("a.fit", encode([(0, [(0, ENUM, 4)])]), "holds no session"),
        ("a.fit", fit_file(datetime(1990, 1, 1, tzinfo=UTC)), "it says 1990-01-01"),
        ("a.gpx", gpx_text(START, [140] * 5)[:200], "not whole XML"),
        ("a.gpx", "<gpx version='1.1'><trk><trkseg/></trk></gpx>", "planned route"),
        ("a.gpx", b"\xff\xfe<\x00", "not whole XML"),
        ("a.gpx", b"<gpx>\xff</gpx>", "not well-formed XML"),
        ("a.gpx", "<kml/>", "its root is kml"),
        ("a.tcx", "<gpx/>", "its root is gpx"),
        ("a.tcx", "<TrainingCenterDatabase/>", "no activity"),
        ("a.tcx", f"{BOMB}<TrainingCenterDatabase>&b;</TrainingCenterDatabase>", "unsafe"),
        ("a.tcx", tcx_text("0001-01-01T00:00:00+00:00", [140] * 3), "it says 0001-01-01"),
        ("a.gpx", f"{BOMB}<gpx>&b;</gpx>", "unsafe"),
    ],
)
def test_a_broken_file_is_told_with_its_reason(
    put: Put, name: str, content: bytes | str, reason: str
) -> None:
    parsed = parse_file(put(name, content))
    assert parsed.recordings == ()
    assert parsed.fault is not None
    assert reason in parsed.fault


@pytest.mark.parametrize("spoil", [lambda packed: packed[:-20], lambda packed: b"plain"])
def test_a_broken_archive_is_told(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "a.fit.gz"
    path.write_bytes(spoil(gzip.compress(fit_file(START))))
    assert "not a whole gzip file" in (parse_file(path).fault or "")


def test_an_archive_that_grows_beyond_reason_is_refused(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_reading, "LARGEST_XML_BYTES", 2 * 1024**2)
    assert parse_file(put("a.gpx.gz", b" " * 3 * 1024**2)).fault == "it holds more than 2 MiB"


def test_a_file_that_is_gone_is_told_but_not_for_good(tmp_path: Path) -> None:
    parsed = parse_file(tmp_path / "a.fit")
    assert parsed.content_id is None
    assert "No such file" in (parsed.fault or "")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_damage_to_a_file_stops_the_import(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(fit_file(START, heart_bpm=[140] * 5, utc_offset_s=3600))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.fit"
    path.write_bytes(content)
    parsed = parse_file(path)
    assert parsed.content_id


def test_a_gpx_track_is_measured_point_by_point(put: Put) -> None:
    recording = only(put("a.gpx", gpx_text(START, [120] * 30 + [150] * 31)))
    assert recording.start == START
    assert (recording.type, recording.name) == ("Run", "Along the river")
    assert (recording.moving_time_s, recording.elapsed_time_s) == (60, 60)
    assert recording.distance_m == pytest.approx(180, rel=0.01)
    assert (recording.average_hr_bpm, recording.max_hr_bpm) == (135, 150)
    assert recording.clock is None


@pytest.mark.parametrize(
    ("sport", "kind"),
    [("cycling", "Ride"), ("9", "Run"), ("trail_running", "TrailRun"), (None, "Workout")],
)
def test_gpx_sports_have_the_names_of_intervals_icu(put: Put, sport: str | None, kind: str) -> None:
    assert only(put("a.gpx", gpx_text(START, [140] * 5, sport=sport))).type == kind


def test_an_indented_tcx_file_is_read(put: Put) -> None:
    recording = only(put("a.tcx", tcx_text("2024-01-07T22:30:00+00:00", [100] * 10 + [160] * 11)))
    assert recording.start == START
    assert recording.type == "Ride"
    assert (recording.moving_time_s, recording.elapsed_time_s) == (20, 20)
    assert recording.distance_m == 512.5
    assert (recording.average_hr_bpm, recording.max_hr_bpm) == (130, 160)


def test_a_time_with_an_offset_shows_the_athletes_clock(put: Put) -> None:
    recording = only(put("a.tcx", tcx_text("2024-01-07T23:30:00+01:00", [100] * 3)))
    assert recording.start == START
    assert recording.clock is not None
    assert recording.clock.at.tzinfo is not None
    assert recording.clock.seconds == 3600


def test_a_pause_is_no_time_at_any_heart_rate(put: Put) -> None:
    before, after = gpx_text(START, [120] * 11), gpx_text(START + timedelta(hours=1), [150] * 11)
    points = after[after.index("<trkpt") : after.index("</trkseg>")]
    both = before.replace("</trkseg>", f"{points}</trkseg>")
    recording = only(put("a.gpx", both))
    assert recording.seconds_by_bpm == {120: 10, 150: 10}
    assert recording.elapsed_time_s == 3610


def test_gpx_times_with_an_offset_are_moments(put: Put) -> None:
    madrid = timezone(timedelta(hours=1))
    recording = only(put("a.gpx", gpx_text(START.astimezone(madrid), [120] * 3)))
    assert recording.start == START
