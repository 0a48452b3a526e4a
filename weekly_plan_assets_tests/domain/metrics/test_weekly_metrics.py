from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.week import TrainingWeek

MONDAY = "2024-03-04"
WEEK = TrainingWeek.parse(MONDAY)


def run(day: str, minutes: float | None, **others: Any) -> dict[str, Any]:
    seconds = None if minutes is None else minutes * 60
    return {"type": "Run", "start_date_local": f"{day}T07:00:00", "moving_time": seconds} | others


def summarise(
    activities: list[dict[str, Any]], wellness: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    table = summarise_weeks("me", [WEEK], pd.DataFrame(activities), pd.DataFrame(wellness or []))
    return {str(name): value for name, value in table.iloc[0].to_dict().items()}


def test_a_week_without_anything_has_zero_sessions_and_no_means() -> None:
    row = summarise([])
    assert row["activityCount"] == 0
    assert row["runDistance"] == 0
    assert row["trainingLoad"] == 0
    assert pd.isna(row["hrvMean"])
    assert pd.isna(row["ctlMean"])


def test_four_nights_of_hrv_60_and_three_unmeasured_have_a_mean_of_60() -> None:
    nights = [60, None, 60, 60, None, None, 60]
    days = [{"id": day.isoformat(), "hrv": hrv} for day, hrv in zip(WEEK.days, nights, strict=True)]
    assert summarise([], days)["hrvMean"] == 60


def test_a_run_without_distance_leaves_the_distance_unknown_rather_than_zero() -> None:
    assert pd.isna(summarise([run(MONDAY, 30)])["runDistance"])
    both = [run(MONDAY, 30), run("2024-03-05", 30, distance=5000.0)]
    assert summarise(both)["runDistance"] == 5000


def test_elapsed_time_counts_where_there_is_no_moving_time() -> None:
    assert summarise([run(MONDAY, None, elapsed_time=900)])["runTime"] == 900


@pytest.mark.parametrize("kind", ["TrailRun", "VirtualRun", "Run"])
def test_every_kind_of_running_is_a_run(kind: str) -> None:
    assert summarise([run(MONDAY, 30, type=kind)])["runCount"] == 1


def test_a_swim_called_long_ride_is_neither_a_ride_nor_long() -> None:
    row = summarise([run(MONDAY, 90, type="Swim", name="Long Ride")])
    assert (row["rideCount"], row["longRuns"], row["activityCount"]) == (0, 0, 1)


def test_a_stub_without_type_or_load_is_counted_as_unknown() -> None:
    stub = {"start_date_local": f"{MONDAY}T08:00:00", "source": "STRAVA"}
    row = summarise([stub, run(MONDAY, 30, icu_training_load=25)])
    assert (row["activityCount"], row["unknownLoadCount"], row["trainingLoad"]) == (2, 1, 25)


def test_sunday_at_23_30_belongs_to_the_week_that_ends() -> None:
    late = run("2024-03-10", 30) | {"start_date_local": "2024-03-10T23:30:00"}
    assert summarise([late])["runCount"] == 1
    assert summarise([late | {"start_date_local": "2024-03-11T00:00:00"}])["runCount"] == 0


def test_strength_load_is_counted_apart() -> None:
    gym = run(MONDAY, 45, type="WeightTraining", trimp=31.5)
    row = summarise([gym, run("2024-03-05", 45, type="Crossfit", trimp=None)])
    assert (row["strengthCount"], row["strengthTrimp"], row["runCount"]) == (2, 31.5, 0)


@pytest.mark.parametrize(
    ("zone_times", "vo2", "tempo"),
    [
        ([600, 600, 0, 0, 300], 1, 0),
        ([600, 600, 0, 0, 299], 0, 0),
        ([600, 600, 1200, 600, 0], 0, 1),
        ([600, 600, 1799, 0, 0], 0, 0),
        ([600, 600, 0, 0, 400, 0, 0], 0, 0),
        ([600, 600, 0, 0, 600, 0, 0], 0, 1),
        ([600, 600, 0, 0, 0, 200, 100], 1, 0),
    ],
)
def test_what_a_session_was_is_read_off_its_zone_times(
    zone_times: list[int], vo2: int, tempo: int
) -> None:
    row = summarise([run(MONDAY, 60, icu_hr_zone_times=zone_times, name="VO2max tempo")])
    assert (row["vo2Sessions"], row["tempoSessions"]) == (vo2, tempo)


@pytest.mark.parametrize(
    ("name", "vo2", "tempo"),
    [
        ("VO2max 5x3", 1, 0),
        ("Tempo along the river", 0, 1),
        ("Threshold", 0, 1),
        ("Contemporary art ride", 0, 0),
        (None, 0, 0),
    ],
)
def test_a_name_decides_by_whole_words_and_only_where_nothing_else_is_known(
    name: str | None, vo2: int, tempo: int
) -> None:
    row = summarise([run(MONDAY, 60, name=name)])
    assert (row["vo2Sessions"], row["tempoSessions"]) == (vo2, tempo)


def test_without_history_a_run_is_long_from_75_minutes() -> None:
    assert summarise([run(MONDAY, 74)])["longRuns"] == 0
    assert summarise([run(MONDAY, 75)])["longRuns"] == 1


def test_a_run_is_long_against_the_athletes_own_four_weeks_before() -> None:
    before: list[Any] = [
        run(day, 40) for day in ("2024-02-05", "2024-02-13", "2024-02-20", "2024-02-28")
    ]
    assert summarise([*before, run(MONDAY, 51)])["longRuns"] == 0
    assert summarise([*before, run(MONDAY, 52)])["longRuns"] == 1


def test_runs_older_than_four_weeks_do_not_say_what_is_long() -> None:
    old = [run(day, 40) for day in ("2024-01-29", "2024-01-30", "2024-01-31", "2024-02-04")]
    assert summarise([*old, run(MONDAY, 60)])["longRuns"] == 0


def test_the_week_itself_does_not_say_what_is_long_in_it() -> None:
    own = [run(day.isoformat(), 20) for day in WEEK.days[:6]]
    assert summarise([*own, run("2024-03-10", 60)])["longRuns"] == 0


def test_fitness_at_the_end_is_that_of_the_last_measured_day() -> None:
    days: list[dict[str, Any]] = [
        {"id": "2024-03-06", "ctl": 41.0, "atl": 50.0},
        {"id": "2024-03-04", "ctl": 40.0, "atl": 45.0},
        {"id": "2024-03-10", "ctl": None, "atl": None},
    ]
    row = summarise([], days)
    assert (row["ctlEnd"], row["atlEnd"], row["ctlMean"]) == (41, 50, 40.5)
