"""FIT files of other devices' habits, and of devices that broke off, give what was done."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.fit.recordings import FitFile, read_fit
from weekly_plan_assets.sources.files.limits import Deadline
from weekly_plan_assets.sources.files.recording import Recording
from weekly_plan_assets_tests.support.converted_files import converted
from weekly_plan_assets_tests.support.fit_encoder import (
    ENUM,
    SINT32,
    UINT8,
    UINT32,
    Field,
    encode,
    fit_file,
    seconds_of,
)

START = datetime(2024, 1, 7, 7, tzinfo=UTC)
STAMP = seconds_of(START)
MINUTES_20 = 1200
RECORDED: tuple[int, list[Field]] = (0, [(0, ENUM, 4)])

Message = tuple[int, list[Field]]
Rate = Callable[[int], int | None]


def half_hard(second: int) -> int:
    """The first half easy, the second hard."""
    return 130 if second < MINUTES_20 // 2 else 185


def records(
    seconds: Sequence[int], rate: Rate = half_hard, *, m_s: float | None = 3, stamp: int = STAMP
) -> list[Message]:
    return [
        (
            20,
            [
                (253, UINT32, stamp + second),
                (3, UINT8, rate(second)),
                (5, UINT32, None if m_s is None else round(second * m_s * 100)),
            ],
        )
        for second in seconds
    ]


def session(
    *,
    start: int | None = STAMP,
    sport: int | None = 1,
    sub_sport: int | None = 0,
    elapsed_s: float | None = MINUTES_20,
    timer_s: float | None = MINUTES_20,
    distance_m: float | None = 3600,
    mean_bpm: int | None = None,
    place: tuple[float, float] | None = None,
) -> Message:
    def times(value: float | None, scale: int) -> int | None:
        return None if value is None else round(value * scale)

    latitude, longitude = place or (None, None)
    return (
        18,
        [
            (2, UINT32, start),
            (3, SINT32, times(latitude, 2**31 // 180)),
            (4, SINT32, times(longitude, 2**31 // 180)),
            (5, ENUM, sport),
            (6, ENUM, sub_sport),
            (7, UINT32, times(elapsed_s, 1000)),
            (8, UINT32, times(timer_s, 1000)),
            (9, UINT32, times(distance_m, 100)),
            (16, UINT8, mean_bpm),
        ],
    )


def activity_message(stamp: int, offset_s: int | None) -> Message:
    local = None if offset_s is None else stamp + offset_s
    return (34, [(253, UINT32, stamp), (5, UINT32, local)])


def read(*messages: Message) -> FitFile:
    return read_fit(encode([RECORDED, *messages]), Deadline())


def only(*messages: Message) -> Recording:
    (recording,) = read(*messages).recordings
    return recording


@pytest.mark.parametrize("every_s", [1, 2, 7, 25, 40, 60, 90])
def test_heart_rates_count_until_the_next_however_seldom_they_are_written(
    athlete: Athlete, every_s: int
) -> None:
    seconds = [*range(0, MINUTES_20, every_s), MINUTES_20]
    times = converted(only(*records(seconds), session()), athlete).hr_zone_times_s
    assert times is not None
    assert times[1:4] == (0, 0, 0)
    assert times[0] == pytest.approx(600, abs=every_s)
    assert sum(times) == MINUTES_20


@pytest.mark.parametrize("nothing", [None, 0, 255, 10])
@pytest.mark.parametrize("every", [2, 5, 20, 45])
def test_records_without_a_heart_rate_do_not_end_the_one_before(
    athlete: Athlete, every: int, nothing: int | None
) -> None:
    def rate(second: int) -> int | None:
        return nothing if second % every else half_hard(second)

    recording = only(*records(range(MINUTES_20 + 1), rate), session())
    times = converted(recording, athlete).hr_zone_times_s
    assert times is not None
    assert times == pytest.approx((600, 0, 0, 0, 600), abs=every)


def test_heart_rates_in_records_of_their_own_count_like_others(athlete: Athlete) -> None:
    places: list[Message] = [
        (20, [(253, UINT32, STAMP + second), (5, UINT32, second * 300)])
        for second in range(MINUTES_20 + 1)
    ]
    rates: list[Message] = [
        (20, [(253, UINT32, STAMP + second), (3, UINT8, half_hard(second))])
        for second in range(0, MINUTES_20 + 1, 3)
    ]
    times = converted(only(*places, *rates, session()), athlete).hr_zone_times_s
    assert times == (600, 0, 0, 0, 600)


def test_no_heart_rate_stands_through_a_pause() -> None:
    seconds = [*range(600), *range(650, MINUTES_20 + 50)]
    stop: Message = (21, [(253, UINT32, STAMP + 599), (0, ENUM, 0), (1, ENUM, 4)])
    recording = only(*records(seconds, lambda _: 140), stop, session(elapsed_s=MINUTES_20 + 50))
    assert sum(recording.seconds_by_bpm.values()) == pytest.approx(MINUTES_20, abs=3)


@pytest.mark.parametrize("known", [range(120), range(1080, 1201), range(600), range(500, 900)])
@pytest.mark.parametrize("mean_bpm", [None, 185])
def test_a_part_of_the_heart_rates_never_stands_for_the_session(
    athlete: Athlete, known: range, mean_bpm: int | None
) -> None:
    def rate(second: int) -> int | None:
        return 185 if second in known else None

    message = session(mean_bpm=mean_bpm)
    found = converted(only(*records(range(MINUTES_20 + 1), rate), message), athlete)
    assert (found.average_hr_bpm, found.training_load, found.trimp) == (None, None, None)
    assert found.hr_zone_times_s is None


def test_a_mean_of_the_whole_session_stands_where_few_heart_rates_are_kept(
    athlete: Athlete,
) -> None:
    few = records(range(120), lambda _: 100)
    found = converted(only(*few, session(mean_bpm=140)), athlete)
    assert found.average_hr_bpm == 140
    assert found.training_load is not None


@pytest.mark.parametrize(
    ("message", "moving_s", "elapsed_s"),
    [
        (session(elapsed_s=200), 1200, 1200),
        (session(elapsed_s=0), 1200, 1200),
        (session(elapsed_s=None, timer_s=None), 1200, 1200),
        (session(timer_s=0), 1200, 1200),
        (session(timer_s=900), 900, 1200),
        (session(timer_s=4_294_967, elapsed_s=4_294_967), 4_294_967, 4_294_967),
    ],
)
def test_times_that_the_session_lacks_come_from_its_records(
    message: Message, moving_s: int, elapsed_s: int
) -> None:
    recording = only(*records(range(MINUTES_20 + 1)), message)
    assert (recording.moving_time_s, recording.elapsed_time_s) == (moving_s, elapsed_s)


def test_a_time_that_ran_over_brings_neither_load_nor_impulse(athlete: Athlete) -> None:
    message = session(timer_s=4_294_967, elapsed_s=4_294_967)
    found = converted(only(*records(range(MINUTES_20 + 1)), message), athlete)
    assert (found.moving_time_s, found.training_load, found.trimp) == (4_294_967, None, None)


@pytest.mark.parametrize("said", [None, 0, 42_949_000])
def test_distance_comes_from_the_records_where_the_session_has_none(said: float | None) -> None:
    later: list[Message] = [
        (20, [(253, UINT32, STAMP + second), (5, UINT32, 50_000 + 300 * second)])
        for second in range(MINUTES_20 + 1)
    ]
    assert only(*later, session(distance_m=said)).distance_m == 3600


@pytest.mark.parametrize(
    ("counted_m", "distance_m"),
    [
        ([0, 50, 100, 0, 50, 100], 200),
        ([0, 50, 100, 150, 200, 0], 200),
        ([0, 50, 100, 42_949_672.94, 150, 200], 200),
        ([0, 50, 100, 42_949_672.94], 100),
        ([500, 550, 0, 600, 650], 150),
        ([0, 50, 4_000_000, 100, 150], 150),
    ],
)
def test_a_counter_that_begins_again_or_slips_still_says_the_distance(
    counted_m: list[float], distance_m: float
) -> None:
    counted: list[Message] = [
        (20, [(253, UINT32, STAMP + second), (5, UINT32, round(100 * value))])
        for second, value in enumerate(counted_m)
    ]
    assert only(*counted, session(distance_m=None)).distance_m == distance_m


@pytest.mark.parametrize(
    ("laps_m", "distance_m"), [((750, 0, 500), 1250), ((750, None, 500), None), ((), None)]
)
def test_distance_comes_from_laps_where_no_record_has_one(
    laps_m: Sequence[float | None], distance_m: float | None
) -> None:
    laps: list[Message] = [
        (19, [(2, UINT32, STAMP + 400 * n), (9, UINT32, None if lap is None else round(lap * 100))])
        for n, lap in enumerate(laps_m)
    ]
    swim = records(range(MINUTES_20 + 1), m_s=None)
    assert only(*swim, *laps, session(sport=5, distance_m=None)).distance_m == distance_m


def test_distance_comes_from_positions_where_nothing_was_counted() -> None:
    degree = 2**31 / 180
    points: list[Message] = [
        (
            20,
            [
                (253, UINT32, STAMP + second),
                (0, SINT32, round((40 + second * 3 / 111_319.5) * degree)),
                (1, SINT32, round(-3 * degree)),
            ],
        )
        for second in range(MINUTES_20 + 1)
    ]
    assert only(*points, session(distance_m=None)).distance_m == pytest.approx(3600, rel=0.01)


@pytest.mark.parametrize(
    ("place", "zone", "clock"),
    [
        ((40.4, -3.7), "America/Bogota", "2024-01-07T08:00:00"),
        ((35.68, 139.69), "Europe/Madrid", "2024-01-07T16:00:00"),
        ((27.7, 85.32), "Europe/Madrid", "2024-01-07T12:45:00"),
        ((51.5, -0.1), "Europe/Madrid", "2024-01-07T07:00:00"),
        ((42.24, -8.72), "Europe/Madrid", "2024-01-07T08:00:00"),
        ((0, 0), "Europe/Madrid", "2024-01-07T08:00:00"),
        (None, "America/Bogota", "2024-01-07T02:00:00"),
    ],
)
@pytest.mark.parametrize("offset_s", [None, 0])
def test_without_a_clock_the_place_says_the_local_time_and_then_the_athletes_zone(
    athlete: Athlete,
    place: tuple[float, float] | None,
    zone: str,
    clock: str,
    offset_s: int | None,
) -> None:
    message = activity_message(STAMP + MINUTES_20, offset_s)
    found = converted(only(session(place=place), message), athlete, zone)
    assert found.start_date_local.isoformat() == clock


def test_the_map_of_a_virtual_world_is_no_place(athlete: Athlete) -> None:
    solomon_islands = (-11.6, 166.9)
    for sport, sub_sport in ((2, 58), (2, 6), (4, 1)):
        ride = session(sport=sport, sub_sport=sub_sport, place=solomon_islands)
        found = converted(only(ride), athlete)
        assert found.start_date_local.isoformat() == "2024-01-07T08:00:00"


def test_each_chained_file_and_each_session_has_its_own_clock() -> None:
    days = [STAMP + day * 86_400 for day in range(3)]
    messages = [session(start=start) for start in days]
    clocks = [activity_message(start + 1200, 3600 * n) for n, start in enumerate(days, start=-8)]
    found = read(*messages, *clocks).recordings
    assert [one.clock.seconds if one.clock else None for one in found] == [-28800, -25200, -21600]


@pytest.mark.parametrize(
    ("sport", "sub_sport", "kind"),
    [
        (4, 1, "Run"),
        (4, 6, "Ride"),
        (4, 5, "Ride"),
        (4, 14, "Rowing"),
        (4, 15, "Elliptical"),
        (4, 16, "StairStepper"),
        (0, 45, "Run"),
        (10, 45, "Run"),
        (1, 1, "Run"),
        (1, 45, "Run"),
        (2, 6, "Ride"),
        (11, 1, "Walk"),
        (15, 14, "Rowing"),
        (62, 0, "HighIntensityIntervalTraining"),
        (4, 0, "Workout"),
    ],
)
def test_machines_have_the_sport_that_is_done_on_them(
    sport: int, sub_sport: int, kind: str
) -> None:
    assert only(session(sport=sport, sub_sport=sub_sport)).type == kind


def test_a_session_without_a_sport_has_that_of_the_sport_message() -> None:
    named: Message = (12, [(0, ENUM, 2), (1, ENUM, 8)])
    assert only(named, session(sport=0)).type == "MountainBikeRide"
    lap: Message = (19, [(25, ENUM, 5), (39, ENUM, 18)])
    assert only(lap, session(sport=None)).type == "OpenWaterSwim"


def test_a_session_that_was_written_twice_is_one() -> None:
    half = session(timer_s=600, elapsed_s=600, distance_m=1800)
    assert only(*records(range(MINUTES_20 + 1)), half, session()).distance_m == 3600


def test_records_alone_are_a_session_and_it_is_said() -> None:
    lap: Message = (19, [(25, ENUM, 1), (39, ENUM, 0)])
    read_file = read(*records(range(MINUTES_20 + 1), lambda _: 140), lap)
    (found,) = read_file.recordings
    assert (found.type, found.start) == ("Run", START)
    assert (found.moving_time_s, found.elapsed_time_s) == (1200, 1200)
    assert (found.distance_m, found.average_hr_bpm) == (3600, 140)
    assert "holds no session" in (read_file.fault or "")


def test_a_pause_among_records_alone_is_no_moving_time() -> None:
    seconds = [*range(600), *range(4200, 4801)]
    found = only(*records(seconds))
    assert (found.moving_time_s, found.elapsed_time_s) == (1199, 4800)
    assert found.spans_s == ((0, 599), (4200, 4800))


def test_what_was_recorded_is_known_where_a_session_was_left_open() -> None:
    seconds = [*range(0, MINUTES_20 + 1, 5), 43_200]
    found = only(*records(seconds), session(elapsed_s=43_200))
    assert found.spans_s == ((0, 1200),)
    assert only(*records(range(MINUTES_20 + 1)), session()).spans_s == ()


WHOLE = fit_file(START, heart_bpm=[140] * 600, distance_m=1800, timer_s=600, utc_offset_s=3600)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(WHOLE[:-2], "its checksum at the end is missing", id="no checksum"),
        pytest.param(WHOLE[:-1], "its checksum at the end is missing", id="half a checksum"),
        pytest.param(WHOLE + bytes(64), "behind its first", id="zeros behind"),
        pytest.param(WHOLE + b"\r\n", "behind its first", id="a line end behind"),
        pytest.param(b"\r\n" + WHOLE, "2 bytes of it are no FIT", id="bytes before"),
        pytest.param(WHOLE[:4] + bytes(4) + WHOLE[8:], "never finished", id="a size of 0"),
        pytest.param(bytes(12) + WHOLE[12:], "its head is damaged", id="no head"),
        pytest.param(WHOLE[14:], "its head is damaged", id="nothing of the head"),
        pytest.param(WHOLE[:4] + b"\xff\xff\xff\x7f" + WHOLE[8:], "broken off", id="a wrong size"),
    ],
)
def test_damaged_ends_are_said_and_the_session_is_read(content: bytes, fault: str) -> None:
    read_file = read_fit(content, Deadline())
    (found,) = read_file.recordings
    assert (found.moving_time_s, found.distance_m, found.average_hr_bpm) == (600, 1800, 140)
    assert fault in (read_file.fault or "")


@pytest.mark.parametrize("share", [0.3, 0.5, 0.777, 0.9])
def test_a_file_that_breaks_off_anywhere_is_read_as_far_as_it_goes(share: float) -> None:
    read_file = read_fit(WHOLE[: round(len(WHOLE) * share)], Deadline())
    (found,) = read_file.recordings
    assert found.elapsed_time_s == pytest.approx(600 * share, abs=20)
    assert found.average_hr_bpm == 140
    assert "broken off" in (read_file.fault or "")


def test_damage_in_the_middle_leaves_what_stands_before() -> None:
    content = bytearray(WHOLE)
    middle = len(content) // 2
    content[middle : middle + 40] = b"\x4f" * 40
    (found,) = read_fit(bytes(content), Deadline()).recordings
    assert 200 < (found.elapsed_time_s or 0) < 400


def test_between_two_whole_files_anything_may_stand() -> None:
    later = fit_file(START + timedelta(days=1))
    read_file = read_fit(WHOLE + bytes(7) + later + b"end", Deadline())
    assert len(read_file.recordings) == 2
    assert read_file.fault is not None


@pytest.mark.parametrize(
    "reset", [0, 1000, 0x10000000, seconds_of(datetime(2000, 1, 1, tzinfo=UTC))]
)
def test_a_clock_that_was_never_set_is_named(reset: int) -> None:
    with pytest.raises(FileError, match="clock was reset or not set: it says"):
        read(*records(range(60), stamp=reset), session(start=reset))
    with pytest.raises(FileError, match="clock was reset or not set: it says"):
        read(*records(range(60), stamp=reset))


def test_a_clock_that_was_set_on_the_way_says_when_the_session_was() -> None:
    early = records(range(10), stamp=1000)
    read_file = read(*early, *records(range(MINUTES_20 + 1)), session(start=1000))
    (found,) = read_file.recordings
    assert (found.start, found.moving_time_s) == (START, 1200)
    assert "clock was not set" in (read_file.fault or "")


def test_one_record_of_another_year_is_left_out() -> None:
    far = records([0], stamp=seconds_of(datetime(2037, 1, 1, tzinfo=UTC)))
    found = only(*records(range(600)), *far, *records(range(600, MINUTES_20 + 1)))
    assert (found.start, found.elapsed_time_s) == (START, MINUTES_20)


def test_a_file_of_monitoring_is_no_session() -> None:
    body: list[Message] = [(0, [(0, ENUM, 32)]), *records(range(60))]
    assert read_fit(encode(body), Deadline()).recordings == ()
