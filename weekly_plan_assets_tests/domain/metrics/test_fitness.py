import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from weekly_plan_assets.domain.metrics.fitness import fill_fitness
from weekly_plan_assets.domain.recorded.frames import activity_frame, wellness_frame

MONDAY = date(2024, 3, 4)


def gym(day: str, load: float | None) -> dict[str, Any]:
    return {
        "type": "WeightTraining",
        "start_date_local": f"{day}T07:00:00",
        "icu_training_load": load,
    }


def filled(
    days: list[dict[str, Any]], activities: list[dict[str, Any]], **options: Any
) -> pd.DataFrame:
    settings: dict[str, Any] = {"start": (40.0, 50.0), "first_day": MONDAY} | options
    table = fill_fitness(
        wellness_frame(pd.DataFrame(days)), activity_frame(pd.DataFrame(activities)), **settings
    )
    return table.set_index("id")


def test_the_series_of_a_real_athlete_is_reckoned_to_a_thousandth(recorded: Path) -> None:
    told = pd.DataFrame(json.loads((recorded / "wellness.json").read_text()))
    told = told.sort_values("id", ignore_index=True)
    sessions = pd.DataFrame(json.loads((recorded / "activities.json").read_text()))
    eve, days = told.iloc[0], told.iloc[1:].reset_index(drop=True)
    bare = days.drop(columns=["ctl", "atl", "rampRate"])
    sessions = sessions[sessions["start_date_local"] >= "2024-01-02"]
    table = fill_fitness(
        wellness_frame(bare),
        activity_frame(sessions),
        start=(eve["ctl"], eve["atl"]),
        first_day=date(2024, 1, 2),
    )
    assert len(table) == len(days) == 31
    assert table["ctl"].tolist() == pytest.approx(days["ctl"].tolist(), abs=1e-3)
    assert table["atl"].tolist() == pytest.approx(days["atl"].tolist(), abs=1e-3)
    assert table["rampRate"].isna().tolist() == [True] * 6 + [False] * 25
    assert table["rampRate"].tolist()[6:] == pytest.approx(days["rampRate"].tolist()[6:], abs=1e-3)
    assert table["hrv"].tolist() == pytest.approx(days["hrv"].tolist(), nan_ok=True)


def test_what_the_source_told_stays_and_the_series_goes_on_from_there() -> None:
    days: list[Any] = [
        {"id": "2024-03-05", "ctl": 60.0, "atl": 70.0, "rampRate": 1.5},
        {"id": "2024-03-06"},
    ]
    table = filled(days, [])
    assert table[["ctl", "atl", "rampRate"]].to_numpy().tolist()[1] == [60, 70, 1.5]
    assert table["ctl"].tolist()[2] == pytest.approx(60 * 0.976472, abs=1e-4)


def test_a_day_without_a_row_gets_one_and_its_other_values_stay_missing() -> None:
    table = filled([{"id": "2024-03-04", "hrv": 60.0}], [gym("2024-03-06", 50)])
    assert table.index.tolist() == ["2024-03-04", "2024-03-05", "2024-03-06"]
    assert table["hrv"].isna().tolist() == [False, True, True]


def test_strength_can_feed_fatigue_without_feeding_fitness() -> None:
    fed = filled([], [gym("2024-03-04", 50)])
    apart = filled([], [gym("2024-03-04", 50)], strength_feeds_ctl=False)
    rest = filled([], [gym("2024-03-04", 0)])
    assert apart["atl"].tolist() == fed["atl"].tolist() > rest["atl"].tolist()
    assert apart["ctl"].tolist() == rest["ctl"].tolist() < fed["ctl"].tolist()


def test_a_session_of_unknown_load_adds_what_is_known_which_is_nothing() -> None:
    both = [gym("2024-03-04", 50), gym("2024-03-04", None)]
    assert filled([], both).equals(filled([], both[:1]))


def test_no_history_is_no_series() -> None:
    assert filled([], []).empty


def test_the_days_after_the_last_session_are_days_of_rest_up_to_the_last_day_asked() -> None:
    table = filled([], [gym("2024-03-04", 50)], last_day=date(2024, 3, 6))
    assert table.index.tolist() == ["2024-03-04", "2024-03-05", "2024-03-06"]
    assert table["ctl"].is_monotonic_decreasing
    assert filled([{"id": "2024-03-06"}], [], last_day=MONDAY).index.tolist() == ["2024-03-04"]
