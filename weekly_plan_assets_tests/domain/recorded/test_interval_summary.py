"""What a session was, by its intervals where the time in zones is not known."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.recorded.interval_summary import zone_times_of_intervals
from weekly_plan_assets.domain.week import TrainingWeek

MONDAY = "2024-03-04"


def session(*intervals: str, **others: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "type": "Run",
        "start_date_local": f"{MONDAY}T07:00:00",
        "moving_time": 3600,
        "lthr": 160,
        "interval_summary": list(intervals),
    } | others


def summarise(*activities: dict[str, Any], monday: str = MONDAY) -> dict[str, Any]:
    week = TrainingWeek.parse(monday)
    table = summarise_weeks("me", [week], pd.DataFrame(list(activities)), pd.DataFrame())
    return {str(name): value for name, value in table.iloc[0].to_dict().items()}


def kinds(*activities: dict[str, Any], monday: str = MONDAY) -> tuple[int, int, int]:
    """VO2 sessions, tempo sessions, and of how many sessions more than the name is known."""
    row = summarise(*activities, monday=monday)
    known = row["coverage"].metrics["vo2Sessions"].measured
    return row["vo2Sessions"], row["tempoSessions"], known


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        # Of a threshold of 160 bpm, 103 % are 164.8, 100 % are 160, 95 % are 152, 90 % are 144.
        (["5x 1m 165bpm"], (1, 0, 1)),
        (["1x 4m59s 165bpm"], (0, 0, 1)),
        (["5x 1m 164bpm"], (0, 0, 1)),
        (["2x 5m 160bpm"], (0, 1, 1)),
        (["2x 5m 152bpm"], (0, 1, 1)),
        (["2x 5m 151bpm"], (0, 0, 1)),
        (["1x 30m 144bpm"], (0, 1, 1)),
        (["1x 1h 143bpm"], (0, 0, 1)),
        (["1x 10m 120bpm", "6x 90s 155bpm", "1x 68s 155bpm"], (0, 1, 1)),
    ],
)
def test_intervals_are_judged_by_the_thresholds_of_zone_times(
    intervals: list[str], expected: tuple[int, int, int]
) -> None:
    assert kinds(session(*intervals, name="VO2max tempo")) == expected


@pytest.mark.parametrize(
    "uncovered",
    [
        session("3x 10m 250w"),
        session("1x 1h "),
        session("10x 400m 165bpm"),
        session("10x 1km 165bpm"),
        session("hard as nails"),
        session(),
        session("5x 3m 165bpm", lthr=None),
        session("5x 3m 165bpm", lthr=0),
        session("5x 3m 0bpm"),
        session("1x 20m ", "1x 19m59s 120bpm"),
        session("2x 10m 250w", "1x 19m59s 120bpm"),
        session("1x 1h 120bpm", average_heartrate=0),
        session() | {"interval_summary": None},
    ],
)
def test_intervals_that_say_too_little_leave_the_session_to_its_name(
    uncovered: dict[str, Any],
) -> None:
    assert kinds(uncovered | {"name": "VO2max"}) == (1, 0, 0)
    assert kinds(uncovered | {"name": "Jog"}) == (0, 0, 0)


def test_half_of_the_time_with_a_heart_rate_is_enough() -> None:
    assert kinds(session("1x 20m ", "1x 20m 120bpm", name="VO2max")) == (0, 0, 1)


def test_known_zone_times_come_before_intervals() -> None:
    easy = session("5x 3m 165bpm", icu_hr_zone_times=[3600, 0, 0, 0, 0])
    assert kinds(easy) == (0, 0, 1)


def test_fewer_than_five_zones_leave_the_session_to_its_intervals() -> None:
    assert kinds(session("5x 3m 165bpm", icu_hr_zone_times=[3600, 0, 0])) == (1, 0, 1)


def test_each_session_of_a_week_is_judged_by_what_is_known_of_it() -> None:
    week = [
        session("5x 3m 165bpm", id="1"),
        session("5x 3m 165bpm", id="2", icu_hr_zone_times=[0, 0, 1800, 0, 0]),
        session("3x 10m 250w", id="3", name="Threshold"),
        session("1x 1h 120bpm", id="4", name="Threshold"),
    ]
    days = [f"2024-03-{day:02d}T07:00:00" for day in range(4, 8)]
    rows = [row | {"start_date_local": day} for row, day in zip(week, days, strict=True)]
    assert kinds(*rows) == (1, 2, 3)


def test_no_session_at_all_has_no_zone_times() -> None:
    assert zone_times_of_intervals(pd.Series(dtype="object"), pd.Series(dtype="float64")).empty


def test_the_recorded_threshold_ride_is_hard_by_its_zones_and_by_its_intervals(
    recorded: Path,
) -> None:
    rows = json.loads((recorded / "activities.json").read_text())
    (ride,) = (row for row in rows if row["name"] == "Threshold Intervals")
    # 507 s in 5b: the zone times say VO2. The intervals' means hide these peaks: 34 x 153 s at
    # 179 of 184 bpm are 97 %, 5202 s in zone 4, which is tempo.
    assert ride["icu_hr_zone_times"][5:] == [507, 0]
    assert kinds(ride, monday="2024-01-08") == (1, 0, 1)
    uncovered = ride | {"icu_hr_zone_times": None, "name": "Ride"}
    assert kinds(uncovered, monday="2024-01-08") == (0, 1, 1)
    (times_s,) = zone_times_of_intervals(
        pd.Series([ride["interval_summary"]]), pd.Series([ride["lthr"]])
    )
    assert times_s == (0, 0, 304, 5202, 15, 0, 0)
