"""GPX and TCX of many programs, in legal encodings and others, give what was done."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.file_reading import parse_file
from weekly_plan_assets.sources.files.gpx import read_gpx
from weekly_plan_assets.sources.files.limits import Deadline
from weekly_plan_assets.sources.files.recording import ReadFile, Recording
from weekly_plan_assets.sources.files.tcx import read_tcx
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.converted_files import converted
from weekly_plan_assets_tests.support.file_texts import gpx_text, tcx_text

START = datetime(2024, 1, 7, 7, tzinfo=UTC)
TCX_START = "2024-01-07T07:00:00Z"
NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"


def gpx(content: str | bytes) -> ReadFile:
    return read_gpx(content.encode() if isinstance(content, str) else content, Deadline())


def tcx(content: str | bytes) -> ReadFile:
    return read_tcx(content.encode() if isinstance(content, str) else content, Deadline())


def only(read: ReadFile) -> Recording:
    (recording,) = read.recordings
    return recording


def point(second: float, inside: str = "", *, lat: str | None = None, lon: str = "-3.0") -> str:
    lat = f"{40 + second * 3 / 111_319:.6f}" if lat is None else lat
    place = f'lat="{lat}" lon="{lon}"' if lat else ""
    moment = START + timedelta(seconds=second)
    return f"<trkpt {place}><time>{moment.isoformat()}</time>{inside}</trkpt>"


def track(points: list[str], inside: str = "<type>running</type>", root: str = "gpx") -> str:
    joined = "\n".join(points)
    return f"<{root}><trk>{inside}<trkseg>{joined}</trkseg></trk></{root.split(maxsplit=1)[0]}>"


@pytest.mark.parametrize(
    "rate",
    [
        "<extensions><hr>140</hr></extensions>",
        "<extensions><heartrate>140</heartrate></extensions>",
        "<extensions><heart_rate>140</heart_rate></extensions>",
        "<extensions><a:TrackPointExtension xmlns:a='b'><a:hr>140</a:hr></a:TrackPointExtension>"
        "</extensions>",
        "<extensions><gpxdata:hr>140.0</gpxdata:hr></extensions>",
        "<hr>140</hr>",
        "<extensions><HeartRateBpm><Value>140</Value></HeartRateBpm></extensions>",
        "<extensions><hr> 140 </hr></extensions>",
    ],
)
def test_heart_rates_are_found_wherever_programs_put_them(rate: str) -> None:
    points = [point(second, rate) for second in range(0, 61, 10)]
    for root in ("gpx", 'gpx version="1.0"', 'gpx xmlns="http://www.topografix.com/GPX/1/0"'):
        found = only(gpx(track(points, root=root)))
        assert (found.type, found.average_hr_bpm, found.elapsed_time_s) == ("Run", 140, 60)


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<type>Running</type>", "Run"),
        ("<type>street_running</type>", "Run"),
        ("<type>cycling</type>", "Ride"),
        ("<type>road_biking</type>", "Ride"),
        ("<type>Indoor Cycling</type>", "Ride"),
        ("<type>Virtual Ride</type>", "VirtualRide"),
        ("<type>mtb</type>", "MountainBikeRide"),
        ("<type>9</type>", "Run"),
        ("<type>Natación</type>", "Swim"),
        ("<type>Hiking</type>", "Hike"),
        ("<type>motorcycling</type>", "Workout"),
        ("<type>chess</type>", "Workout"),
        ("<extensions><a:activity xmlns:a='b'>run</a:activity></extensions>", "Run"),
        ("", "Workout"),
    ],
)
def test_sports_have_the_names_of_intervals_icu(inside: str, kind: str) -> None:
    assert only(gpx(track([point(0), point(10)], inside))).type == kind


def test_an_indoor_track_lasts_as_long_as_it_was_recorded() -> None:
    still = only(gpx(track([point(second, lat="40.0") for second in range(0, 1201, 10)])))
    assert (still.moving_time_s, still.elapsed_time_s, still.distance_m) == (None, 1200, None)
    nowhere = only(gpx(track([point(second, lat="") for second in range(0, 1201, 10)])))
    assert (nowhere.moving_time_s, nowhere.distance_m) == (1200, None)


@pytest.mark.parametrize("wide_m", [2, 100])
def test_a_track_that_only_drifts_lasts_as_long_as_it_was_recorded(wide_m: float) -> None:
    lats = [f"{40 + (wide_m / 111_319 if second % 120 == 0 else 0):.6f}" for second in range(1201)]
    drifts = only(gpx(track([point(n, lat=lats[n]) for n in range(0, 1201, 10)])))
    assert (drifts.moving_time_s, drifts.elapsed_time_s, drifts.distance_m) == (None, 1200, None)


def test_rests_on_a_running_track_are_no_drift() -> None:
    lap = [point(second, lat=f"{40 + min(second, 60) * 3 / 111_319:.6f}") for second in range(241)]
    found = only(gpx(track(lap)))
    assert found.moving_time_s == 60
    assert found.distance_m == pytest.approx(180, abs=1)


@pytest.mark.parametrize(
    "odd",
    [
        point(30, lat=""),
        point(30, lat="none"),
        point(30, "<extensions><hr>fast</hr></extensions>"),
        point(30, "<ele></ele><extensions><hr></hr></extensions>"),
        "<trkpt lat='40' lon='-3'><time>yesterday</time></trkpt>",
        "<trkpt lat='40.0008' lon='-3'/>",
        point(30, lat="400"),
    ],
)
def test_one_odd_point_spoils_no_other(odd: str) -> None:
    good = "<extensions><hr>140</hr></extensions>"
    points = [point(second, good) for second in range(0, 61, 10)]
    found = only(gpx(track([*points[:3], odd, *points[4:]])))
    assert (found.elapsed_time_s, found.average_hr_bpm) == (60, 140)
    assert found.moving_time_s == 60


def test_values_that_are_none_are_counted_and_named() -> None:
    rates = [point(n, f"<extensions><hr>{rate}</hr></extensions>") for n, rate in enumerate("ab7")]
    assert gpx(track(rates)).fault == "2 values of it left out, the first hr = 'a'"
    assert gpx(track([point(0, lat="40,5", lon="-3,25"), point(9, lat="40,5")])).fault is None


def test_a_time_far_from_all_others_is_named_and_does_not_stretch_the_session() -> None:
    for day in ("2019-04-07", "2098-01-01"):
        stray = f"<trkpt lat='40' lon='-3'><time>{day}T00:00:00+02:00</time></trkpt>"
        read = gpx(track([stray, point(0), point(10), point(20)]))
        assert (only(read).start, only(read).elapsed_time_s) == (START, 20)
        assert "1 value of it left out, the first time" in (read.fault or "")
        assert only(read).clock is None


def test_a_lap_of_another_year_is_named_and_the_session_keeps_its_day() -> None:
    text = tcx_text(TCX_START, [140] * 61)
    read = tcx(
        text.replace(f'<Lap StartTime="{TCX_START}"', '<Lap StartTime="2098-01-01T00:00:00Z"')
    )
    assert (only(read).start, only(read).elapsed_time_s) == (START, 60)
    assert "the first StartTime" in (read.fault or "")
    stray = "<Trackpoint><Time>2098-01-01T00:00:00Z</Time></Trackpoint></Track>"
    assert only(tcx(text.replace("</Track>", stray))).elapsed_time_s == 60


@pytest.mark.parametrize(
    ("lat", "said"), [("0.0", None), ("10.0", "position = '10.0, 0.0'"), ("80", "80.0, 0.0")]
)
def test_a_position_that_nobody_could_reach_is_no_part_of_the_way(
    lat: str, said: str | None
) -> None:
    for at in (0, 3, 6):
        points = [point(second) for second in range(0, 61, 10)]
        points[at] = point(10 * at, lat=lat, lon="0.0")
        read = gpx(track(points))
        assert only(read).distance_m == pytest.approx(180 if at == 3 else 150, abs=1)
        assert (only(read).place or (0, 0))[0] == pytest.approx(40, abs=0.01)
        assert (said in (read.fault or "")) if said else read.fault is None


def test_times_before_the_clock_was_set_are_left_out() -> None:
    early = "<trkpt lat='40' lon='-3'><time>2000-01-01T00:00:00Z</time></trkpt>"
    read = gpx(track([early, point(0), point(10)]))
    assert (only(read).start, only(read).elapsed_time_s) == (START, 10)
    assert "clock" in (read.fault or "")
    with pytest.raises(FileError, match="it says 2000-01-01"):
        gpx(track([early, early]))


def test_a_place_says_the_local_time(athlete: Athlete) -> None:
    in_tokyo = [point(second, lat="35.6", lon="139.7") for second in range(3)]
    clock = converted(only(gpx(track(in_tokyo))), athlete).start_date_local
    assert clock.isoformat() == "2024-01-07T16:00:00"


def test_a_pause_between_segments_holds_no_heart_rate() -> None:
    rate = "<extensions><hr>140</hr></extensions>"
    first = "".join(point(second, rate) for second in range(11))
    second = "".join(point(second, rate) for second in range(50, 61))
    text = f"<gpx><trk><trkseg>{first}</trkseg><trkseg>{second}</trkseg></trk></gpx>"
    assert only(gpx(text)).seconds_by_bpm == {140: 20}


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "us-ascii"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_legal_encoding_is_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    name = "Lauf" if encoding == "us-ascii" else "Läufchen"
    text = track([point(0), point(10)], f"<name>{name}</name><type>running</type>")
    text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
    read = gpx(text.encode(encoding))
    assert (only(read).name, only(read).type, read.fault) == (name, "Run", None)
    body = tcx_text(TCX_START, [140] * 5, sport="Running").lstrip().partition("?>")[2]
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'
    assert only(tcx((declaration + body).encode(encoding))).type == "Run"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-16", "utf-8"),
        ("utf-8", "utf-16"),
        ("utf-8", "utf-16-le"),
        ("utf-8", "iso-8859-1"),
        ("klingon", "utf-8"),
    ],
)
def test_an_encoding_other_than_the_declared_one_is_read_and_said(
    declared: str, encoding: str
) -> None:
    text = track([point(0), point(10)], "<name>Läufchen</name><type>running</type>")
    text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
    read = gpx(text.encode(encoding))
    assert (only(read).type, only(read).elapsed_time_s) == ("Run", 10)


@pytest.mark.parametrize(
    "name", ["Tom & Jerry", "a\x0bb\x00", "x &nbsp; y", "&#0;&#x1F;", "<b:i>bold</b:i>", "\ufffe"]
)
def test_a_character_that_xml_forbids_is_repaired_and_said(name: str) -> None:
    read = gpx(track([point(0), point(10)], f"<name>{name}</name><type>running</type>"))
    assert (only(read).type, only(read).elapsed_time_s) == ("Run", 10)
    assert "it was repaired" in (read.fault or "")


@pytest.mark.parametrize("share", [0.4, 0.6, 0.75])
def test_a_document_that_breaks_off_is_read_as_far_as_it_goes(put: Put, share: float) -> None:
    whole = {
        "a.gpx": gpx_text(START, [140] * 300).encode(),
        "a.tcx": tcx_text(TCX_START, [140] * 300).encode(),
    }
    for name, content in whole.items():
        parsed = parse_file(put(name, content[: round(share * len(content))]))
        (found,) = parsed.recordings
        # The head of a lap says how long it was; a part of its heart rates is not its mean.
        assert found.average_hr_bpm == (140 if name == "a.gpx" else None)
        assert "not whole XML" in (parsed.fault or "")


def test_an_archive_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx.gz"
    path.write_bytes(gzip.compress(gpx_text(START, [140] * 3000).encode())[:-300])
    parsed = parse_file(path)
    assert len(parsed.recordings) == 1
    assert "not a whole gzip file" in (parsed.fault or "")


def lap(inside: str, start: str = TCX_START) -> str:
    return f'<Lap StartTime="{start}">{inside}</Lap>'


def laps(*inside: str, sport: str = "Running") -> str:
    return (
        f'<TrainingCenterDatabase xmlns="{NAMESPACE}"><Activities><Activity Sport="{sport}">'
        f"<Id>{TCX_START}</Id>{''.join(inside)}</Activity></Activities></TrainingCenterDatabase>"
    )


def trackpoint(second: int, inside: str = "") -> str:
    moment = (START + timedelta(seconds=second)).isoformat()
    return f"<Trackpoint><Time>{moment}</Time>{inside}</Trackpoint>"


def rate(text: str) -> str:
    return f"<HeartRateBpm><Value>{text}</Value></HeartRateBpm>"


def test_laps_without_points_last_until_the_last_one_ends() -> None:
    found = only(
        tcx(
            laps(
                *(
                    lap(
                        "<TotalTimeSeconds>400</TotalTimeSeconds><DistanceMeters>0</DistanceMeters>",
                        (START + timedelta(seconds=after_s)).isoformat(),
                    )
                    for after_s in (0, 400, 900)
                )
            )
        )
    )
    assert (found.moving_time_s, found.elapsed_time_s, found.distance_m) == (1200, 1300, None)


@pytest.mark.parametrize("distance", ["-92233720368547758", "-1", "1e30", "NaN", "far", ""])
def test_a_distance_that_cannot_be_is_left_out_and_the_session_counts(distance: str) -> None:
    points = "".join(trackpoint(second, rate("140")) for second in range(0, 61, 10))
    inside = f"<TotalTimeSeconds>60</TotalTimeSeconds><DistanceMeters>{distance}</DistanceMeters>"
    read = tcx(laps(lap(f"{inside}<Track>{points}</Track>")))
    found = only(read)
    assert (found.moving_time_s, found.distance_m, found.average_hr_bpm) == (60, None, 140)
    assert (read.fault is None) is (distance in {"NaN", ""})


def test_distance_comes_from_points_where_a_lap_says_none() -> None:
    points = [
        trackpoint(second, f"<DistanceMeters>{100 + 3 * second}</DistanceMeters>")
        for second in range(0, 61, 10)
    ]
    text = laps(
        lap(f"<DistanceMeters>90</DistanceMeters><Track>{''.join(points[:4])}</Track>"),
        lap(f"<Track>{''.join(points[4:])}</Track>"),
    )
    assert only(tcx(text)).distance_m == 180


def test_a_time_of_one_lap_is_not_that_of_all() -> None:
    points = [trackpoint(second, rate("140")) for second in range(0, 121, 10)]
    text = laps(
        lap(f"<TotalTimeSeconds>60</TotalTimeSeconds><Track>{''.join(points[:7])}</Track>"),
        lap(f"<TotalTimeSeconds>x</TotalTimeSeconds><Track>{''.join(points[7:])}</Track>"),
    )
    assert only(tcx(text)).moving_time_s == 120


@pytest.mark.parametrize("blank", [" ", "", "--", "\u00a0", "0", "n/a"])
def test_one_blank_pulse_spoils_no_other(blank: str) -> None:
    points = "".join(
        trackpoint(second, rate(blank if second == 30 else "140")) for second in range(0, 61, 10)
    )
    found = only(tcx(laps(lap(f"<TotalTimeSeconds>60</TotalTimeSeconds><Track>{points}</Track>"))))
    assert (found.average_hr_bpm, found.seconds_by_bpm) == (140, {140: 60})


@pytest.mark.parametrize(
    "nested",
    [
        lambda points: lap(f"<Track>{points}</Track>"),
        lap,
        lambda points: f"<Track>{points}</Track>",
    ],
)
def test_points_are_found_however_they_are_nested(nested: object) -> None:
    points = "".join(
        trackpoint(second, "<HeartRateBpm>140</HeartRateBpm>") for second in range(0, 61, 10)
    )
    assert callable(nested)
    found = only(tcx(laps(nested(points))))
    assert (found.elapsed_time_s, found.average_hr_bpm) == (60, 140)


def test_one_activity_without_a_time_does_not_hide_another() -> None:
    whole = laps(lap("<TotalTimeSeconds>60</TotalTimeSeconds>"))
    empty = '<Activity Sport="Biking"><Id>soon</Id></Activity>'
    read = tcx(whole.replace("<Activities>", f"<Activities>{empty}"))
    assert only(read).type == "Run"
    assert "neither times nor laps" in (read.fault or "")
