"""Both readers of FIT files say the same, and the quick one takes what devices write."""

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.fit.decoding import read_decoded
from weekly_plan_assets.sources.files.fit.fit_columns import read_columns
from weekly_plan_assets.sources.files.fit.messages import Messages
from weekly_plan_assets.sources.files.fit.parts import FitPart, whole_parts
from weekly_plan_assets.sources.files.fit.recordings import read_fit
from weekly_plan_assets.sources.files.limits import Deadline
from weekly_plan_assets_tests.conftest import RECORDED, require_data
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.fit_encoder import (
    ENUM,
    UINT8,
    UINT16,
    UINT32,
    definition,
    encode,
    fit_file,
    seconds_of,
    whole,
)

START = datetime(2024, 1, 7, 7, tzinfo=UTC)

BASE_TYPES = {0: 1, 1: 1, 2: 1, 0x83: 2, 0x84: 2, 0x85: 4, 0x86: 4, 7: 1, 0x88: 4, 0x89: 8} | {
    0x0A: 1,
    0x8B: 2,
    0x8C: 4,
    0x0D: 1,
    0x8E: 8,
    0x8F: 8,
    0x90: 8,
    0x42: 1,
}
"""Sizes of the base types by their codes; the last one is none of the protocol."""

FIELD_NUMBERS = (253, 0, 1, 2, 3, 5, 6, 7, 8, 9, 16, 17, 59, 200)
"""Wanted ones of some kind of message, and others."""


def same(one: Messages, other: Messages) -> bool:
    return all(
        one[kind].count == other[kind].count
        and one[kind].values.keys() == other[kind].values.keys()
        and all(
            np.array_equal(column, other[kind][name], equal_nan=True)
            for name, column in one[kind].values.items()
        )
        for kind in (*one, *other)
    )


def only_part(content: bytes) -> FitPart:
    (part,), rest = whole_parts(content)
    assert not rest
    return part


def read_both(content: bytes) -> Messages:
    """The messages of a plain file, which both readers agree on."""
    part = only_part(content)
    quick = read_columns(part)
    decoded, oddity = read_decoded(part.all, Deadline())
    assert quick is not None
    assert oddity is None
    assert same(quick, decoded)
    return quick


@st.composite
def fields(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Numbers, sizes and types, most of them as devices write them."""
    found = []
    for _ in range(draw(st.integers(0, 6))):
        code = draw(st.sampled_from(sorted(BASE_TYPES)))
        size = BASE_TYPES[code] * draw(st.sampled_from((1, 1, 1, 2)))
        if draw(st.integers(0, 19)) == 0:
            size = draw(st.integers(1, 9))
        found.append((draw(st.sampled_from(FIELD_NUMBERS)), size, code))
    return found


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """The messages of a file: definitions, what follows them, and definitions again."""
    body = b""
    sizes: dict[int, int] = {}
    for _ in range(draw(st.integers(1, 12))):
        local = draw(st.integers(0, 2))
        if local not in sizes or draw(st.booleans()):
            number = draw(st.sampled_from((0, 18, 20, 20, 34, 21, 0xFF00)))
            own = draw(fields())
            apps = [(7, draw(st.integers(1, 3)), 0)] if draw(st.integers(0, 4)) == 0 else []
            body += definition(local, number, own, apps, order=draw(st.sampled_from("<>")))
            sizes[local] = sum(size for _, size, _ in (*own, *apps))
        for _ in range(draw(st.integers(0, 3))):
            # Bytes that say that nothing was measured come often.
            unmeasured = [bytes([byte]) * sizes[local] for byte in (0xFF, 0x7F, 0)]
            some = st.binary(min_size=sizes[local], max_size=sizes[local])
            body += bytes([local]) + draw(st.sampled_from(unmeasured) | some)
    return body


@settings(max_examples=150, deadline=None)
@given(body=bodies())
def test_both_readers_say_the_same_of_any_file_that_both_can_read(body: bytes) -> None:
    part = only_part(whole(body))
    quick = read_columns(part)
    # Nothing of these files is damaged or compressed.
    assert quick is not None
    try:
        decoded, oddity = read_decoded(part.all, Deadline())
    except FileError:
        # fitdecode also takes apart fields that nobody wants, and may fail with them.
        event("fitdecode refuses")
        return
    if oddity is not None:
        event("fitdecode breaks off")
        return
    assert same(quick, decoded)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_the_quick_reader_takes_no_damaged_file_and_never_fails(data: st.DataObject) -> None:
    content = bytearray(fit_file(START, heart_bpm=[140] * 5, utc_offset_s=3600))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    parts, _ = whole_parts(bytes(content))
    assert [read_columns(part) for part in parts] in ([], [None])


@settings(max_examples=100, deadline=None)
@given(body=bodies(), data=st.data())
def test_damage_under_a_right_checksum_is_no_matter_of_chance(
    body: bytes, data: st.DataObject
) -> None:
    changed = bytearray(body)
    changed[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    part = only_part(whole(bytes(changed)))
    quick = read_columns(part)
    try:
        decoded, oddity = read_decoded(part.all, Deadline())
    except FileError:
        return
    assert quick is None or oddity is not None or same(quick, decoded)


@pytest.mark.parametrize(
    "content",
    [
        fit_file(START),
        fit_file(START, heart_bpm=[None, 0, 10, 255, 140] * 20, distance_m=None, mean_bpm=141),
        fit_file(START, sport=200, sub_sport=200, utc_offset_s=-5 * 3600),
        encode([]),
        encode([(0, [(0, ENUM, 2)])]),
        encode([(20, [(3, UINT8, 140)])] * 3),
        encode([(20, [(253, UINT32, 10**9), (3, UINT16, 140), (3, UINT8, 150)])]),
    ],
)
def test_both_readers_say_the_same_of_what_devices_write(content: bytes) -> None:
    read_both(content)


def test_both_readers_say_the_same_of_every_odd_file() -> None:
    folder = RECORDED.parent / "odd_files"
    contents = {path.read_bytes() for path in folder.glob("*/data/**/*.fit")}
    require_data(folder)
    assert contents
    for content in contents:
        for part in whole_parts(content)[0]:
            quick = read_columns(part)
            assert quick is not None
            assert same(quick, read_decoded(part.all, Deadline())[0])


def test_a_developers_field_never_stands_for_the_devices() -> None:
    described = (
        definition(0, 207, [(3, 1, 2)])
        + bytes([0, 0])
        + definition(1, 206, [(0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 15, 7)])
        + bytes([1, 0, 9, 0x88])
        + b"total_distance\0"
    )
    session = definition(2, 18, [(2, 4, 0x86), (9, 4, 0x86)], [(9, 4, 0)])
    session += b"\2" + struct.pack("<IIf", seconds_of(START), 360_000, 3.6)
    messages = read_both(whole(described + session))
    assert messages["session"]["total_distance"].tolist() == [3600]


def test_compressed_time_stamps_are_left_to_fitdecode() -> None:
    body = definition(0, 20, [(253, 4, 0x86), (3, 1, 2)]) + b"\0" + struct.pack("<IB", 10**9, 120)
    body += definition(1, 20, [(3, 1, 2)])
    # The lowest five bits of the time, which run over from 31 to 0.
    body += b"".join(bytes([0x80 | 1 << 5 | (10**9 + second) % 32, 140]) for second in range(1, 41))
    part = only_part(whole(body))
    assert read_columns(part) is None
    records = read_decoded(part.all, Deadline())[0]["record"]
    assert records["timestamp"].tolist() == [10**9 + second for second in range(41)]
    assert records["heart_rate"].tolist() == [120, *[140] * 40]


def test_chained_files_have_each_their_own_clock() -> None:
    first = fit_file(START, utc_offset_s=-8 * 3600)
    second = fit_file(START + timedelta(days=2), utc_offset_s=3600)
    read = read_fit(first + second, Deadline())
    clocks = [one.clock.seconds if one.clock else None for one in read.recordings]
    assert clocks == [-8 * 3600, 3600]
    assert (read.fault, read.is_quick) == (None, True)


def test_settings_behind_an_activity_do_not_hide_it() -> None:
    read = read_fit(fit_file(START) + encode([(0, [(0, ENUM, 2)])]), Deadline())
    assert len(read.recordings) == 1
    assert read.fault is None


def test_a_part_that_does_not_say_what_it_is_goes_on_with_the_one_before() -> None:
    stamp = seconds_of(START)
    session: list[tuple[int, tuple[int, str, int], int | None]] = [
        *((253, UINT32, stamp + 60), (2, UINT32, stamp), (5, ENUM, 1), (7, UINT32, 60_000))
    ]
    first = encode([(0, [(0, ENUM, 4)]), (18, session)])
    heart = encode([(20, [(253, UINT32, stamp + s), (3, UINT8, 150)]) for s in range(61)])
    (recording,), fault, _ = read_fit(first + heart, Deadline())
    assert recording.seconds_by_bpm == {150: 60}
    assert fault is None


def test_a_distance_that_cannot_be_hides_neither_its_session_nor_the_others() -> None:
    body = definition(0, 18, [(2, 4, 0x86), (9, 8, 0x89)])
    body += b"".join(
        b"\0" + struct.pack("<Id", seconds_of(START) + at_s, distance_cm)
        for at_s, distance_cm in enumerate((100_000, -100_000, 300_000))
    )
    read = read_fit(whole(body), Deadline())
    assert [recording.distance_m for recording in read.recordings] == [1000, None, 3000]
    assert "its distance of -1000 m cannot be" in (read.fault or "")


def test_what_follows_a_whole_file_does_not_hide_it() -> None:
    content = fit_file(START)
    later = fit_file(START + timedelta(days=1))
    for rest, count in ((bytes(64), 1), (later[:-30], 2), (bytes(64) + later, 2)):
        read = read_fit(content + rest, Deadline())
        assert len(read.recordings) == count
        assert f"behind its first {len(content)} bytes" in (read.fault or "")


def test_it_is_counted_which_files_the_quick_reader_took(
    put: Put, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for hour in range(3):
        put(f"{hour}.fit", fit_file(START + timedelta(hours=hour)))
    put("odd.fit", fit_file(START + timedelta(days=1), bad_crc=True))
    put("broken.fit", b"no FIT")
    put("run.tcx", "<TrainingCenterDatabase/>")
    cache = tmp_path_factory.mktemp("cache")
    for _ in range(2):
        source = ExportFolderSource(tmp_path, cache_dir=cache)
        assert source.quick_count == 3
        assert "the quick reader took 3 of 4 FIT files" in (source.import_summary or "")
