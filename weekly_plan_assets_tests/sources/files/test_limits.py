"""One file never holds up an import nor fills the memory, and is remembered for what it is."""

import struct
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files import contents, file_reading, gpx, limits, tcx, track, xml
from weekly_plan_assets.sources.files.file_reading import parse_file
from weekly_plan_assets.sources.files.fit import decoding, fit_columns, recordings
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.file_texts import gpx_text, tcx_text
from weekly_plan_assets_tests.support.fit_encoder import (
    ENUM,
    UINT8,
    UINT32,
    Field,
    definition,
    encode,
    fit_file,
    seconds_of,
    whole,
)

START = datetime(2024, 1, 7, 7, tzinfo=UTC)
STAMP = seconds_of(START)


def processor_s(work: Callable[[], object]) -> float:
    """Processor time, which the load of the machine does not change much."""
    began = time.process_time()
    work()
    return time.process_time() - began


def many_sessions(sessions: int, records: int) -> bytes:
    """Sessions that follow each other, each said to last as long as all the records together."""
    messages: list[tuple[int, list[Field]]] = [(0, [(0, ENUM, 4)])]
    messages += [
        (20, [(253, UINT32, STAMP + second), (3, UINT8, 100 + second % 80)])
        for second in range(records)
    ]
    messages += [
        (
            18,
            [
                (2, UINT32, STAMP + number * (records // sessions)),
                (5, ENUM, 1),
                (7, UINT32, records * 1000),
            ],
        )
        for number in range(sessions)
    ]
    return encode(messages)


def test_2000_sessions_of_20000_records_are_read_in_less_than_two_seconds(put: Put) -> None:
    path = put("a.fit", many_sessions(2_000, 20_000))
    parse_file(put("warm.fit", fit_file(START)))
    assert processor_s(lambda: parse_file(path)) < 2
    parsed = parse_file(path)
    assert parsed.fault is None
    assert len(parsed.recordings) == 2_000
    assert sum(parsed.recordings[0].seconds_by_bpm.values()) == 10


def test_heart_rates_of_one_session_among_many_are_its_own(put: Put) -> None:
    records: list[tuple[int, list[Field]]] = [
        (20, [(253, UINT32, STAMP + second), (3, UINT8, 100 + second // 100)])
        for second in range(1000)
    ]
    sessions: list[tuple[int, list[Field]]] = [
        (18, [(2, UINT32, STAMP + 100 * n), (5, ENUM, 1), (7, UINT32, 99_000)]) for n in range(10)
    ]
    parsed = parse_file(put("a.fit", encode([*records, *sessions])))
    found = [recording.seconds_by_bpm for recording in parsed.recordings]
    # The last record of all is followed by none.
    assert found == [{100 + n: 100} for n in range(9)] + [{109: 99}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.fit", lambda count: fit_file(START, heart_bpm=[140] * count)),
        ("a.fit", lambda count: fit_file(START, heart_bpm=[140] * count, bad_crc=True)),
        ("a.gpx", lambda count: gpx_text(START, [140] * count).encode()),
        ("a.tcx", lambda count: tcx_text("2024-01-07T07:00:00Z", [140] * count).encode()),
    ],
)
def test_four_times_as_much_takes_about_four_times_as_long(
    put: Put, name: str, content: Callable[[int], bytes]
) -> None:
    small, large = put(f"small/{name}", content(4_000)), put(f"large/{name}", content(16_000))
    parse_file(small)
    small_s = min(processor_s(lambda: parse_file(small)) for _ in range(3))
    large_s = min(processor_s(lambda: parse_file(large)) for _ in range(3))
    assert large_s < 8 * small_s


FITS = {
    "plain": fit_file(START, heart_bpm=[140] * 50),
    "left to fitdecode": fit_file(START, heart_bpm=[140] * 50, bad_crc=True),
}


@pytest.mark.parametrize("content", FITS.values(), ids=FITS.keys())
@pytest.mark.parametrize(
    ("limit", "most", "reason"),
    [
        ("MOST_RECORDS", 49, "more than 49 records"),
        ("MOST_SESSIONS", 0, "more than 0 sessions"),
        ("MOST_MESSAGES", 20, "more than 20 messages"),
    ],
)
def test_a_fit_file_that_holds_too_much_is_refused_by_either_reader(
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    limit: str,
    most: int,
    reason: str,
) -> None:
    for module in (recordings, fit_columns, decoding):
        monkeypatch.setattr(module, limit, most, raising=False)
    parsed = parse_file(put("a.fit", content))
    assert parsed.recordings == ()
    assert reason in (parsed.fault or "")


def test_chained_fit_files_are_within_the_limits_together_and_the_first_ones_are_kept(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "MOST_MESSAGES", 100)
    parsed = parse_file(put("a.fit", fit_file(START, heart_bpm=[140] * 30) * 50))
    assert 2 <= len(parsed.recordings) <= 3
    assert parsed.fault == "it holds more than 100 messages"


@pytest.mark.slow
def test_a_small_archive_of_many_large_fit_files_takes_no_longer_than_one_of_them(
    put: Put,
) -> None:
    empty = whole(definition(0, 21, []) + bytes(3_000_000))
    one, many = put("one.fit", empty), put("many.fit.gz", b"".join([empty] * 20))
    assert many.stat().st_size < 100_000
    one_s = processor_s(lambda: parse_file(one))
    assert processor_s(lambda: parse_file(many)) < 6 * one_s
    assert parse_file(many).recordings == ()


@pytest.mark.parametrize(
    "endless",
    ["<!--{}-->", "<trk a='{}'/>", "<{}/>", "<?{}?>"],
    ids=["comment", "value", "name", "pi"],
)
def test_a_piece_of_xml_without_an_end_is_refused_at_once(put: Put, endless: str) -> None:
    path = put("a.gpx.gz", f"<gpx>{endless.format('a' * 40_000_000)}</gpx>")
    assert processor_s(lambda: parse_file(path)) < 3
    assert "without an end" in (parse_file(path).fault or "")


def test_long_comments_between_points_are_read_over(put: Put) -> None:
    comments = "".join(f"<!--{'a' * 500_000}-->" for _ in range(20))
    content = gpx_text(START, [140] * 5).replace("</trkseg>", f"{comments}</trkseg>")
    assert parse_file(put("a.gpx", content)).fault is None


@pytest.mark.parametrize(
    ("name", "content", "module", "limit", "reason"),
    [
        ("a.gpx", gpx_text(START, [140] * 9), track, "MOST_RECORDS", "2 track points"),
        ("a.tcx", tcx_text("2024-01-07T07:00:00Z", [140] * 9), track, "MOST_RECORDS", "2 track"),
        ("a.gpx", "<gpx><trk/><trk/><trk/></gpx>", gpx, "MOST_SESSIONS", "2 tracks"),
        (
            "a.tcx",
            "<TrainingCenterDatabase><Activities><Activity/><Activity/><Activity/></Activities>"
            "</TrainingCenterDatabase>",
            tcx,
            "MOST_SESSIONS",
            "2 activities",
        ),
        ("a.gpx", "<gpx><a/><b/><c d='1'/></gpx>", xml, "MOST_NAMES", "2 different names"),
    ],
)
def test_an_xml_file_that_holds_too_much_is_refused(
    put: Put,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: str,
    module: object,
    limit: str,
    reason: str,
) -> None:
    monkeypatch.setattr(module, limit, 2)
    parsed = parse_file(put(name, content))
    assert parsed.recordings == ()
    assert f"more than {reason}" in (parsed.fault or "")


def test_elements_without_end_within_each_other_are_refused(put: Put) -> None:
    parsed = parse_file(put("a.gpx", "<gpx>" + "<a>" * 100_000))
    assert "elements within each other" in (parsed.fault or "")


def test_a_name_without_end_is_cut_off(put: Put) -> None:
    content = gpx_text(START, [140] * 5).replace("Along the river", "la" * 1_000_000)
    (recording,) = parse_file(put("a.gpx", content)).recordings
    assert recording.name == "la" * 500


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.fit", fit_file(START, bad_crc=True)),
        ("a.gpx", gpx_text(START, [140] * 5)),
        ("a.tcx.gz", tcx_text("2024-01-07T07:00:00Z", [140] * 5)),
    ],
)
def test_a_file_that_takes_too_long_is_refused_and_not_tried_again_until_it_changes(
    put: Put,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes | str,
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    put(name, content)
    put("good.fit", fit_file(START))
    monkeypatch.setattr(limits, "MOST_PROCESSOR_S", 0.0)
    for parsed_count in (2, 0):
        source = ExportFolderSource(tmp_path, cache_dir=cache)
        assert len(source.activities(date.min, date.max)) == 1
        assert source.parsed_count == parsed_count
        (problem,) = source.problems
        assert str(problem) == f"{name}: it takes more than 0 s of processor time to read"
    monkeypatch.undo()
    put(name, content)
    source = ExportFolderSource(tmp_path, cache_dir=cache)
    assert source.parsed_count == 1


@pytest.mark.parametrize(
    ("name", "limit"),
    [("a.fit", "LARGEST_FIT_BYTES"), ("a.gpx", "LARGEST_XML_BYTES")],
)
def test_a_file_larger_than_any_recording_is_refused_without_being_read(
    tmp_path: Path, name: str, limit: str
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(100 * 1024**3)
    parsed = parse_file(path)
    assert parsed.fault == f"it holds more than {getattr(file_reading, limit) // 1024**2} MiB"


def test_an_archive_that_goes_on_without_holding_anything_is_refused(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_PACKED_BYTES", 1000)
    path = put("a.fit.gz", b"")
    path.write_bytes(path.read_bytes() * 100)
    assert "holds more than" in (parse_file(path).fault or "")


HOSTILE_FITS = {
    "messages of one byte": definition(0, 20, []) + bytes(300_000),
    "messages of two bytes": definition(0, 20, [(3, 1, 2)]) + b"\0\x80" * 150_000,
    "definitions": definition(0, 20, []) * 50_000,
    "wide messages": definition(0, 20, [(3, 1, 2)] * 255) + (b"\0" + b"P" * 255) * 1_000,
    "many different definitions": b"".join(
        definition(0, 20, [(index % 256, 1, 2), (index // 256, 1, 2)]) for index in range(20_000)
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("body", HOSTILE_FITS.values(), ids=HOSTILE_FITS.keys())
def test_a_hostile_fit_file_takes_no_more_memory_than_many_times_its_size(
    put: Put, body: bytes
) -> None:
    path = put("a.fit", whole(body))
    tracemalloc.start()
    try:
        parsed = parse_file(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parsed.recordings == ()
    assert parsed.fault
    assert peak < 64 * path.stat().st_size


def test_a_gpx_track_takes_little_memory_for_its_length(put: Put) -> None:
    path = put("a.gpx", gpx_text(START, [140] * 10_000))
    tracemalloc.start()
    try:
        parse_file(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * path.stat().st_size


def test_a_message_that_is_costly_for_fitdecode_ends_at_the_deadline(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_PROCESSOR_S", 0.5)
    # Each of the fields looks through all others for what it means.
    costly = definition(0, 21, [(3, 1, 2)] * 255) + (b"\0" + bytes(255)) * 400
    path = put("a.fit", whole(costly, bad_crc=True))
    began_s = time.thread_time()
    assert "processor time" in (parse_file(path).fault or "")
    assert time.thread_time() - began_s < 10


def test_a_session_of_numbers_beyond_reason_is_a_fault_and_not_an_error(put: Put) -> None:
    body = definition(0, 18, [(2, 8, 0x89), (7, 8, 0x89), (8, 8, 0x89), (9, 8, 0x89)])
    for values in ((1e9, 1e308, 1e308, 1e308), (1e308, 1, 1, 1), (1e9, -1, -1, -1)):
        path = put("a.fit", whole(body + b"\0" + struct.pack("<4d", *values)))
        assert parse_file(path).fault
