from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from weekly_plan_assets.domain.metrics.weekly_metrics import summarise_weeks
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.week import TrainingWeek

SENT: dict[str, Any] = {"id": "1", "start_date_local": "2024-03-05T07:00:00", "type": "Run"}

NUMBERS = (
    *("distance", "moving_time", "elapsed_time", "icu_training_load", "trimp"),
    *("average_heartrate", "max_heartrate", "icu_resting_hr", "athlete_max_hr", "lthr"),
)


@pytest.mark.parametrize("wrong", [True, False])
@pytest.mark.parametrize("key", NUMBERS)
def test_true_and_false_are_no_numbers(key: str, wrong: bool) -> None:  # noqa: FBT001
    with pytest.raises(ValidationError, match=rf"(?s){key}.*should be a number"):
        Activity.model_validate(SENT | {key: wrong})


@pytest.mark.parametrize("key", ["icu_hr_zones", "icu_hr_zone_times"])
def test_nor_are_they_in_a_list_of_numbers(key: str) -> None:
    with pytest.raises(ValidationError, match=rf"(?s){key}.1.*should be a number"):
        Activity.model_validate(SENT | {key: [60, True, 60]})


@pytest.mark.parametrize("key", NUMBERS)
def test_a_number_may_come_as_text(key: str) -> None:
    assert Activity.model_validate(SENT | {key: "100"}).model_dump()[key] == 100


@pytest.mark.parametrize(
    "wrong", [0, 1704103200, 1704103200.5, "1704103200", "1704103200.5", "-1", True, None, ""]
)
def test_a_number_is_no_clock(wrong: Any) -> None:
    with pytest.raises(
        ValidationError, match=r"(?s)start_date_local.*begin with a day as YYYY-MM-DD"
    ):
        Activity.model_validate(SENT | {"start_date_local": wrong})


@pytest.mark.parametrize(
    "sent",
    [
        "2024-03-05T07:00:00",
        "2024-03-05 07:00:00",
        "2024-03-05T07:00:00+02:00",
        "2024-03-05T07:00:00Z",
        datetime.fromisoformat("2024-03-05T07:00:00"),
    ],
)
def test_a_clock_shows_local_time_however_it_is_written(sent: Any) -> None:
    activity = Activity.model_validate(SENT | {"start_date_local": sent})
    assert activity.model_dump()["start_date_local"] == "2024-03-05T07:00:00"


@pytest.mark.parametrize(
    ("key", "metric"),
    [
        ("distance", "runDistance"),
        ("moving_time", "runTime"),
        ("elapsed_time", "runTime"),
        ("icu_training_load", "trainingLoad"),
    ],
)
def test_a_negative_value_is_taken_in_left_out_and_named(key: str, metric: str) -> None:
    row = Activity.model_validate(SENT | {key: -5}).model_dump()
    assert row[key] == -5
    week = TrainingWeek.parse("2024-03-04")
    summary = summarise_weeks("me", [week], pd.DataFrame([row]), pd.DataFrame()).iloc[0]
    assert summary["runCount"] == 1
    assert pd.isna(summary[metric])
    (named,) = summary["coverage"].implausible
    assert (named.collection, named.id, named.keys) == ("activities", "1", (key,))


def test_a_negative_trimp_of_strength_work_is_left_out_and_named() -> None:
    row = Activity.model_validate(SENT | {"type": "WeightTraining", "trimp": -5}).model_dump()
    week = TrainingWeek.parse("2024-03-04")
    summary = summarise_weeks("me", [week], pd.DataFrame([row]), pd.DataFrame()).iloc[0]
    assert pd.isna(summary["strengthTrimp"])
    assert summary["coverage"].implausible[0].keys == ("trimp",)
