from typing import Any

import numpy as np
import pandas as pd
import pytest

from weekly_plan_assets.domain.twins import find_twins


def session(id_: str, start: str, minutes: float = 60, **others: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "Run",
        "start_date_local": start,
        "elapsed_time": minutes * 60,
    } | others


def twins(*sessions: dict[str, Any]) -> dict[str, str]:
    found = find_twins(pd.DataFrame(list(sessions)))
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


def test_sessions_of_two_kinds_are_no_twins_and_kinds_of_one_sport_are() -> None:
    start = "2024-03-05T07:00:00"
    assert twins(session("1", start), session("2", start, type="Ride")) == {}
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


def test_unknown_type_or_duration_makes_no_twin() -> None:
    start = "2024-03-05T07:00:00"
    assert twins(session("1", start), session("2", start, type=None)) == {}
    assert twins(session("1", start), session("2", start, elapsed_time=None)) == {}


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
    assert find_twins(pd.DataFrame()).empty


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
