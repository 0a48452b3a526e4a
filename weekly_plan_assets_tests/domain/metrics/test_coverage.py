"""What the metrics leave out, and what the coverage block tells of it."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.metrics.coverage import Coverage
from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.week import TrainingWeek

WEEK = TrainingWeek.parse("2024-03-04")


def run(id_: str, day: int, **others: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "Run",
        "source": "GARMIN_CONNECT",
        "start_date_local": f"2024-03-{day:02d}T07:00:00",
        "moving_time": 3600,
        "distance": 10_000.0,
        "icu_training_load": 50,
    } | others


def night(day: int, **others: Any) -> dict[str, Any]:
    return {"id": f"2024-03-{day:02d}"} | others


def summarise(
    activities: list[Any], wellness: list[Any] | None = None, last_day: date | None = None
) -> dict[str, Any]:
    frames = pd.DataFrame(activities), pd.DataFrame(wellness or [])
    table = summarise_weeks("me", [WEEK], *frames, last_day=last_day)
    return {str(name): value for name, value in table.iloc[0].to_dict().items()}


def measured(coverage: Coverage, metric: str) -> tuple[int, int, tuple[str, ...]]:
    told = coverage.metrics[metric]
    return told.measured, told.of, told.sources


def test_a_session_of_two_devices_counts_once_and_is_named() -> None:
    app = run("a", 5, source="STRAVA", icu_training_load=None)
    row = summarise([run("w", 5), app])
    assert (row["runCount"], row["runDistance"], row["unknownLoadCount"]) == (1, 10_000, 0)
    (twin,) = row["coverage"].twins
    assert (twin.id, twin.twin_of) == ("a", "w")
    assert measured(row["coverage"], "trainingLoad") == (1, 1, ("GARMIN_CONNECT",))


def test_a_stub_is_unknown_and_lowers_the_coverage_of_load() -> None:
    stub = {"id": "s", "start_date_local": "2024-03-06T08:00:00", "source": "STRAVA"}
    row = summarise([run("1", 5), stub])
    assert row["trainingLoad"] == 50
    coverage = row["coverage"]
    assert coverage.stubs == 1
    assert measured(coverage, "trainingLoad") == (1, 2, ("GARMIN_CONNECT",))
    assert measured(coverage, "runCount") == (1, 2, ("GARMIN_CONNECT",))
    assert measured(coverage, "runDistance") == (1, 1, ("GARMIN_CONNECT",))


def test_sdnn_is_counted_and_never_enters_the_mean_of_rmssd() -> None:
    row = summarise([], [night(4, hrv=60.0), night(5, hrvSDNN=20.0), night(6, hrvSDNN=30.0)])
    assert row["hrvMean"] == 60
    assert measured(row["coverage"], "hrvMean") == (1, 7, ("wellness",))
    assert measured(row["coverage"], "hrvSDNN") == (2, 7, ("wellness",))


FITNESS_METRICS = ("ctlMean", "atlMean", "rampRateMean", "ctlEnd", "atlEnd")


def test_reckoned_fitness_names_the_model_and_not_the_wellness() -> None:
    fitness = {"ctl": 40.0, "atl": 50.0, "rampRate": 1.0}
    reckoned = night(5, **fitness, hrv=60.0, fitnessModel=True)
    coverage = summarise([], [reckoned])["coverage"]
    assert {measured(coverage, name) for name in FITNESS_METRICS} == {(1, 7, ("model",))}
    assert measured(coverage, "hrvMean") == (1, 7, ("wellness",))
    both = summarise([], [night(4, **fitness), reckoned])["coverage"]
    assert {measured(both, name) for name in FITNESS_METRICS} == {(2, 7, ("model", "wellness"))}
    told = summarise([], [night(4, **fitness)])["coverage"]
    assert {measured(told, name) for name in FITNESS_METRICS} == {(1, 7, ("wellness",))}


def test_a_ramp_rate_that_the_model_does_not_know_yet_is_not_measured() -> None:
    coverage = summarise([], [night(5, ctl=4.0, atl=5.0, fitnessModel=True)])["coverage"]
    assert measured(coverage, "rampRateMean") == (0, 7, ())


def test_of_the_week_under_way_only_the_days_that_passed_count_and_are_read() -> None:
    nights = [night(day, hrv=60.0 + day, ctl=40.0) for day in range(4, 11)]
    row = summarise([], nights, last_day=date(2024, 3, 6))
    assert row["hrvMean"] == 65
    assert row["coverage"].days == 3
    assert measured(row["coverage"], "hrvMean") == (3, 3, ("wellness",))


def test_the_last_day_of_wellness_is_the_last_of_which_a_device_told() -> None:
    nights = [night(4, hrv=60.0, ctl=40.0), night(6, steps=8000), night(10, ctl=41.0)]
    assert summarise([], nights)["coverage"].wellness_last_day == date(2024, 3, 6)
    assert summarise([], [night(10, ctl=41.0)])["coverage"].wellness_last_day is None


def test_every_figure_of_a_week_has_its_coverage() -> None:
    row = summarise([])
    counted_by_itself = {"weekStart", "weekEnd", "athleteId", "unknownLoadCount", "coverage"}
    assert row["coverage"].metrics.keys() == (row.keys() - counted_by_itself) | {"hrvSDNN"}


def test_a_week_without_anything_has_nothing_measured_of_nothing() -> None:
    coverage = summarise([])["coverage"]
    assert measured(coverage, "trainingLoad") == (0, 0, ())
    assert measured(coverage, "hrvMean") == (0, 7, ())


def test_sessions_without_zone_times_are_told_apart_from_those_judged_by_them() -> None:
    zones = {"icu_hr_zone_times": [600, 600, 0, 0, 400]}
    coverage = summarise([run("1", 5, **zones), run("2", 6, name="VO2")])["coverage"]
    assert measured(coverage, "vo2Sessions")[:2] == (1, 2)


@pytest.mark.parametrize(
    ("wrong", "keys"),
    [
        ({"average_heartrate": 0}, ("average_heartrate",)),
        ({"max_heartrate": 10}, ("max_heartrate",)),
        ({"average_heartrate": 29}, ("average_heartrate",)),
        ({"average_heartrate": 30, "max_heartrate": 240}, ()),
        ({"distance": -1.0}, ("distance",)),
        ({"distance": 45_001.0}, ("distance",)),
        ({"distance": 45_000.0}, ()),
        ({"max_speed": 35.0, "average_speed": 13.0}, ("average_speed", "max_speed")),
        ({"icu_training_load": -5}, ("icu_training_load",)),
        ({"type": "Ride", "distance": 45_001.0}, ()),
        ({"type": "AlpineSki", "max_speed": 45.0}, ()),
    ],
)
def test_what_no_athlete_does_is_named_and_the_rest_is_left(
    wrong: dict[str, Any], keys: tuple[str, ...]
) -> None:
    found = summarise([run("1", 5, **wrong)])["coverage"].implausible
    assert [(row.collection, row.id, row.keys) for row in found] == (
        [("activities", "1", keys)] if keys else []
    )


def test_an_implausible_distance_is_not_measured_rather_than_zero() -> None:
    row = summarise([run("1", 5, distance=90_000.0), run("2", 6)])
    assert (row["runCount"], row["runDistance"]) == (2, 10_000)
    assert measured(row["coverage"], "runDistance")[:2] == (1, 2)


def test_zone_times_of_a_dead_heart_rate_leave_the_session_to_its_name() -> None:
    dead = run(
        "1", 5, name="VO2", average_heartrate=0, icu_hr_zone_times=[3600, 0, 0, 0, 0], trimp=0.0
    )
    row = summarise([dead])
    assert row["vo2Sessions"] == 1
    (found,) = row["coverage"].implausible
    assert found.keys == ("average_heartrate", "icu_hr_zone_times", "trimp")


def test_a_night_with_a_heart_rate_or_hrv_of_zero_was_not_measured() -> None:
    row = summarise([], [night(4, restingHR=0, hrv=0), night(5, restingHR=50, hrv=60)])
    assert (row["restHrMean"], row["hrvMean"]) == (50, 60)
    (found,) = row["coverage"].implausible
    assert (found.collection, found.id, found.keys) == (
        "wellness",
        "2024-03-04",
        ("hrv", "restingHR"),
    )


def test_the_raw_rows_keep_what_the_metrics_leave_out() -> None:
    raw = pd.DataFrame([run("1", 5, max_heartrate=10), run("2", 5)])
    before = raw.copy(deep=True)
    summarise_weeks("me", [WEEK], raw, pd.DataFrame())
    pd.testing.assert_frame_equal(raw, before)
