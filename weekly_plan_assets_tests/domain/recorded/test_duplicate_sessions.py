import tracemalloc
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.recorded.duplicate_sessions import find_twins
from weekly_plan_assets.domain.recorded.frames import activity_frame


def session(id_: str, start: str, minutes: float = 60, **others: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "Run",
        "start_date_local": start,
        "elapsed_time": minutes * 60,
    } | others


def twins(*sessions: dict[str, Any]) -> dict[str, str]:
    found = find_twins(activity_frame(pd.DataFrame(list(sessions))))
    pairs = zip(found.index.tolist(), found.tolist(), strict=True)
    return {sessions[twin]["id"]: sessions[kept]["id"] for twin, kept in pairs}


def test_the_same_run_from_a_watch_and_an_app_counts_once() -> None:
    watch = session("w", "2024-03-05T07:00:00", icu_training_load=40, distance=9000)
    app = session("a", "2024-03-05T07:01:30", distance=9100)
    assert twins(watch, app) == twins(app, watch) == {"a": "w"}


@pytest.mark.parametrize(
    ("second_start", "found"), [("2024-03-05T07:30:00", 1), ("2024-03-05T07:31:00", 0)]
)
def test_half_of_the_shorter_session_is_where_twins_begin(second_start: str, found: int) -> None:
    pair = [session("1", "2024-03-05T07:00:00"), session("2", second_start)]
    assert len(twins(*pair)) == found


def test_a_ride_that_an_app_cut_in_three_has_three_twins_of_the_whole() -> None:
    whole = session("w", "2024-03-05T07:00:00", 180, type="Ride", icu_training_load=120)
    parts = [
        session(f"p{hour}", f"2024-03-05T0{hour}:00:00", 59, type="VirtualRide")
        for hour in (7, 8, 9)
    ]
    assert twins(whole, *parts) == {"p7": "w", "p8": "w", "p9": "w"}


def test_sessions_of_two_kinds_are_one_only_where_their_times_are_alike() -> None:
    start = "2024-03-05T07:00:00"
    walk: dict[str, Any] = {"type": "Walk"}
    assert twins(session("1", start), session("2", start, 50, **walk)) == {"2": "1"}
    assert twins(session("1", start), session("2", start, 45, **walk)) == {}
    assert twins(session("1", start), session("2", "2024-03-05T07:15:00", **walk)) == {}
    trail = session("2", "2024-03-05T07:15:00", type="TrailRun")
    assert twins(session("1", start), trail) == {"2": "1"}
    assert twins(session("1", start), session("2", start, type="TrailRun")) == {"2": "1"}
    swims = [session("1", start, type="Swim"), session("2", start, type="OpenWaterSwim")]
    assert twins(*swims) == {"2": "1"}


def test_a_load_counts_before_more_measured_and_then_the_longer_and_the_smaller_id() -> None:
    start = "2024-03-05T07:00:00"
    rich = session("1", start, distance=9000, moving_time=3000, average_heartrate=140)
    assert twins(rich, session("2", start, icu_training_load=40)) == {"1": "2"}
    assert twins(session("1", start), session("2", start, distance=9000)) == {"1": "2"}
    assert twins(session("1", start, 50), session("2", start, 60)) == {"1": "2"}
    assert twins(session("2", start), session("1", start)) == {"2": "1"}


def test_a_session_is_only_left_out_for_one_that_counts() -> None:
    first = session("1", "2024-03-05T07:00:00", 60)
    bridge = session("2", "2024-03-05T07:30:00", 59)
    last = session("3", "2024-03-05T08:00:00", 60)
    assert twins(first, bridge, last) == {"2": "1"}


@pytest.mark.parametrize("kind", [None, "Workout", "Other"])
def test_a_session_whose_sport_is_not_named_may_be_one_of_any_kind(kind: str | None) -> None:
    start = "2024-03-05T07:00:00"
    unnamed = session("1", start, type=kind, icu_training_load=17, distance=9, moving_time=3500)
    watch = session("2", start, 50, icu_training_load=17)
    assert twins(unnamed, watch) == twins(watch, unnamed) == {"1": "2"}


def test_an_unknown_duration_makes_no_twin() -> None:
    start = "2024-03-05T07:00:00"
    for unknown in (None, 0):
        assert twins(session("1", start), session("2", start, elapsed_time=unknown)) == {}


LEFT_OPEN = session("o", "2024-03-05T07:00:00", 720, moving_time=1200)
"""Twelve hours of which 20 min were moved in; the others are a pause."""

SPANS = {"recorded_spans": [[0, 1200], [43_100, 43_200]]}


def test_a_session_in_the_pause_of_another_counts_too() -> None:
    noon = session("n", "2024-03-05T12:00:00", 20)
    in_the_morning = session("m", "2024-03-05T07:05:00", 15)
    resumed = LEFT_OPEN | SPANS
    assert twins(resumed, noon) == twins(noon, resumed) == {}
    assert twins(resumed, in_the_morning) == {"m": "o"}
    assert twins(resumed, noon | {"type": "Workout"}) == {}
    shifted = [[0, 1200], [18_000, 19_200]]
    assert twins(LEFT_OPEN | {"recorded_spans": shifted}, noon) == {"n": "o"}


def test_without_recorded_times_a_session_that_was_left_open_is_one_with_what_is_alike() -> None:
    assert twins(LEFT_OPEN, session("n", "2024-03-05T12:00:00", 12)) == {}
    assert twins(LEFT_OPEN, session("n", "2024-03-05T12:00:00", 19)) == {"n": "o"}
    far = LEFT_OPEN | {"distance": 9_000}
    assert twins(far, session("n", "2024-03-05T12:00:00", 19, distance=4_000)) == {}


@pytest.mark.parametrize(
    ("entered", "is_one"),
    [
        ({"start_date_local": "2024-03-05T00:00:00"}, True),
        ({"start_date_local": "2024-03-05T12:00:00"}, True),
        ({"start_date_local": "2024-03-05T08:15:00"}, True),
        ({"start_date_local": "2024-03-05T18:00:00"}, False),
        ({"start_date_local": "2024-03-06T00:00:00"}, False),
        ({"start_date_local": "2024-03-05T00:00:00", "type": "Ride"}, False),
        ({"start_date_local": "2024-03-05T00:00:00", "elapsed_time": 3000}, False),
        ({"start_date_local": "2024-03-05T00:00:00", "distance": 12_000}, False),
        ({"start_date_local": "2024-03-05T00:00:00", "source": "STRAVA_EXPORT"}, True),
        ({"start_date_local": "2024-03-05T00:00:00", "source": "GARMIN_CONNECT"}, False),
    ],
)
def test_an_entry_by_hand_is_one_with_the_recording_that_it_describes(
    entered: dict[str, Any],
    is_one: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    watch = session("w", "2024-03-05T06:30:00", 61, distance=10_050, source="UPLOAD", file_name="a")
    by_hand = session("h", "", 60, distance=10_000, source="MANUAL") | entered
    assert twins(watch, by_hand) == ({"h": "w"} if is_one else {})


def test_an_entry_and_a_recording_of_one_planned_workout_are_one_session() -> None:
    watch = session("w", "2024-03-05T06:30:00", 45, source="UPLOAD", paired_event_id=5)
    by_hand = session("h", "2024-03-06T18:00:00", 60, source="MANUAL", paired_event_id=5)
    assert twins(watch, by_hand) == {"h": "w"}
    assert twins(watch, by_hand | {"icu_training_load": 40}) == {"w": "h"}
    assert twins(watch, by_hand | {"paired_event_id": 6}) == {}
    assert twins(watch, by_hand | {"source": "UPLOAD"}) == {}


def test_two_entries_by_hand_for_one_recording_are_two_sessions() -> None:
    watch = session("w", "2024-03-05T06:30:00", 60, source="UPLOAD")
    entries = [session(f"h{n}", f"2024-03-05T{n}:00:00", source="MANUAL") for n in ("00", "12")]
    assert len(twins(watch, *entries)) == 1


def test_one_local_time_on_both_sides_of_a_flight_is_two_sessions() -> None:
    madrid = session("1", "2024-03-05T10:00:00", start_date="2024-03-05T09:00:00Z")
    new_york = session("2", "2024-03-05T10:00:00", start_date="2024-03-05T15:00:00Z")
    assert twins(madrid, new_york) == {}
    wrong_zone = session("2", "2024-03-05T04:00:00", start_date="2024-03-05T09:00:00Z")
    assert twins(madrid, wrong_zone) == {"2": "1"}


def test_without_utc_on_both_sides_the_athletes_clock_decides() -> None:
    known = session("1", "2024-03-05T10:00:00", start_date="2024-03-05T09:00:00Z")
    assert twins(known, session("2", "2024-03-05T10:00:00")) == {"2": "1"}


def test_a_week_does_not_depend_on_whether_the_next_one_was_read() -> None:
    sunday = session("1", "2024-03-10T23:59:00")
    monday = session("2", "2024-03-11T00:01:00")
    assert twins(sunday, monday) == {}


def test_nothing_has_no_twins() -> None:
    assert find_twins(activity_frame(pd.DataFrame())).empty


def test_what_is_found_equals_a_plain_search_over_all_pairs() -> None:
    random = np.random.default_rng(3)
    minutes = random.integers(0, 1440, 200)
    starts = pd.Timestamp("2024-03-05") + pd.to_timedelta(minutes, unit="min")
    lasted = [int(m) for m in random.integers(5, 120, 200)]
    sessions = [
        session(f"{n:03}", start.isoformat(), lasts)
        for n, (start, lasts) in enumerate(zip(starts, lasted, strict=True))
    ]
    kept: list[int] = []
    expected: dict[str, str] = {}
    for n in sorted(range(200), key=lambda n: (-lasted[n], n)):
        for other in kept:
            begin = max(minutes[n], minutes[other])
            end = min(minutes[n] + lasted[n], minutes[other] + lasted[other])
            if 2 * (end - begin) >= min(lasted[n], lasted[other]):
                expected[f"{n:03}"] = f"{other:03}"
                break
        else:
            kept.append(n)
    assert twins(*sessions) == expected


def _by_definition(sessions: list[dict[str, Any]]) -> dict[str, str]:
    """All pairs, one by one: of two twins the better ranked counts, unless it is a twin itself."""

    def seconds(moment: str) -> float:
        return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()

    def are_twins(one: dict[str, Any], other: dict[str, Any]) -> bool:
        key = "start_date" if "start_date" in one and "start_date" in other else "start_date_local"
        begins = [seconds(each[key]) for each in (one, other)]
        lasted = [each["elapsed_time"] for each in (one, other)]
        ends = [begin + length for begin, length in zip(begins, lasted, strict=True)]
        shared = min(ends) - max(begins)
        if one["type"] != other["type"] and shared < 0.8 * max(lasted):
            return False
        return bool(shared >= 0.5 * min(lasted))

    ranked = sorted(
        sessions,
        key=lambda one: (
            "icu_training_load" not in one,
            -one["measured"],
            -one["elapsed_time"],
            one["id"],
        ),
    )
    kept: list[dict[str, Any]] = []
    found: dict[str, str] = {}
    for one in ranked:
        twin_of = next((other for other in kept if are_twins(one, other)), None)
        if twin_of is None:
            kept.append(one)
        else:
            found[one["id"]] = twin_of["id"]
    return found


def _clock(seconds: int, day: int = 5) -> str:
    begins = datetime(2024, 3, day, 7, tzinfo=UTC) + timedelta(seconds=seconds)
    return begins.replace(tzinfo=None).isoformat()


@st.composite
def some_sessions(draw: st.DrawFn) -> list[dict[str, Any]]:
    sessions = []
    for number in range(draw(st.integers(0, 9))):
        clock_s, shift_s = draw(st.integers(0, 12)) * 600, draw(st.sampled_from([0, 3600, -7200]))
        lasts = draw(st.integers(1, 12)) * 600
        one: dict[str, Any] = {
            "id": f"{number:02}",
            "type": draw(st.sampled_from(["Run", "Ride"])),
            "start_date_local": _clock(clock_s),
            "elapsed_time": lasts,
            "measured": 0,
        }
        if draw(st.booleans()):
            one["start_date"] = f"{_clock(clock_s + shift_s)}Z"
        for key in draw(st.sets(st.sampled_from(["icu_training_load", "distance", "trimp"]))):
            one[key] = 1
            one["measured"] += 1
        sessions.append(one)
    return sessions


@pytest.mark.slow
@settings(deadline=None, max_examples=400)
@given(some_sessions())
def test_twins_are_those_of_the_definition(sessions: list[dict[str, Any]]) -> None:
    assert twins(*sessions) == _by_definition(sessions)


@pytest.mark.parametrize("apart_s", [0, 60, 600])
def test_a_week_of_thousands_of_sessions_takes_neither_the_memory_nor_the_time(
    apart_s: int,
) -> None:
    sessions = pd.DataFrame(
        session(f"{n}", _clock(n * apart_s % 500_000, day=4)) for n in range(9_000)
    )
    tracemalloc.start()
    began_s = process_time()
    found = find_twins(activity_frame(sessions))
    took_s = process_time() - began_s
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) > 4_000
    assert peak < 32 * 1024**2
    assert took_s < 10
