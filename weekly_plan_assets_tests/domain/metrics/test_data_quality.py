from typing import Any

import pandas as pd

from weekly_plan_assets.domain.metrics.data_quality import ASSERTIONS, Finding, judge_data_quality
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, summarise_weeks
from weekly_plan_assets.domain.week import TrainingWeek

WEEKS = [TrainingWeek.parse(key) for key in ("2024-03-04", "2024-03-11")]
DAYS = [day for week in WEEKS for day in week.days]


def run(day: int, hour: int = 7, **others: Any) -> dict[str, Any]:
    return {
        "id": f"{day}-{hour}",
        "type": "Run",
        "start_date_local": f"2024-03-{day:02d}T{hour:02d}:00:00",
        "moving_time": 3600,
        "icu_training_load": 50,
    } | others


def stored(table: pd.DataFrame) -> list[WeeklyMetrics]:
    """The rows as they come back from the store, where missing is None."""
    rows = table.astype("object").where(table.notna(), None).to_dict(orient="records")
    return [WeeklyMetrics.model_validate(row) for row in rows]


def judged(activities: list[Any], wellness: list[Any] | None = None) -> dict[str, Finding]:
    nights = [{"id": day.isoformat(), "hrv": 60.0, "restingHR": 50} for day in DAYS]
    frames = pd.DataFrame(activities), pd.DataFrame(nights if wellness is None else wellness)
    return judge_data_quality(stored(summarise_weeks("me", WEEKS, *frames)))


def failed(findings: dict[str, Finding]) -> set[str]:
    return {name for name, finding in findings.items() if not finding.passed}


def test_good_data_meets_every_assertion() -> None:
    findings = judged([run(5), run(12)])
    assert findings.keys() == ASSERTIONS.keys()
    assert failed(findings) == set()


def test_load_may_be_unknown_for_one_session_in_five() -> None:
    week = [run(day) for day in (4, 5, 6, 7)]
    assert failed(judged([*week, run(8, icu_training_load=None)])) == set()
    stub = {"id": "s", "start_date_local": "2024-03-09T07:00:00", "source": "STRAVA"}
    findings = judged([*week, run(8, icu_training_load=None), stub])
    assert failed(findings) == {"load_is_known_for_most_activities"}
    found = findings["load_is_known_for_most_activities"]
    assert found.counts == {"activities": 6, "load_known": 4, "stubs": 1}
    assert "2024-03-04" in found.description
    assert "2024-03-11" not in found.description


def test_two_nights_of_hrv_in_a_week_are_too_few_and_sdnn_does_not_help() -> None:
    nights = [
        {"id": day.isoformat(), "restingHR": 50, "hrv": None, "hrvSDNN": 30.0} for day in DAYS
    ]
    for night in (0, 1, 7, 8, 9):
        nights[night]["hrv"] = 60.0
    findings = judged([], nights)
    assert failed(findings) == {"hrv_and_resting_hr_were_measured_on_three_days"}
    (found,) = (finding for finding in findings.values() if not finding.passed)
    assert found.counts == {"days": 14, "hrv_days": 5, "resting_hr_days": 14, "sdnn_days": 14}
    assert found.description.startswith("week 2024-03-04: ")


def test_a_session_of_two_devices_is_named_with_the_one_that_counted() -> None:
    spare = run(5, id="spare", icu_training_load=None)
    found = judged([run(5), spare])["no_session_is_counted_twice"]
    assert not found.passed
    assert "spare of 5-7" in found.description
    assert found.counts == {"twins": 1}


def test_wellness_is_stale_after_three_days_without_any() -> None:
    def until(last: int) -> list[Any]:
        return [
            {"id": day.isoformat(), "hrv": 60.0, "restingHR": 50} for day in DAYS if day.day <= last
        ]

    name = "wellness_reaches_the_end_of_the_week"
    assert judged([], until(15))[name].passed
    stale = judged([], until(14))[name]
    assert not stale.passed
    assert stale.counts == {"weeks": 2, "stale_weeks": 1}


def test_an_implausible_value_is_named_by_row_and_key() -> None:
    found = judged([run(5, max_heartrate=10)])["values_are_plausible"]
    assert not found.passed
    assert "activities 5-7 (max_heartrate)" in found.description
    assert found.counts == {"rows": 1, "values": 1, "left_out": 0}


def test_a_long_range_names_some_weeks_and_counts_the_rest() -> None:
    found = judged(
        [run(day, hour, max_heartrate=10) for day in (4, 5, 6) for hour in range(1, 20, 3)]
    )
    description = found["values_are_plausible"].description
    assert "and 11 more" in description


def test_a_week_stored_without_coverage_is_not_judged_and_the_way_out_is_told() -> None:
    table = summarise_weeks("me", WEEKS, pd.DataFrame(), pd.DataFrame())
    findings = judge_data_quality(stored(table.drop(columns="coverage")))
    assert failed(findings) == set()
    assert all("materialize weekly_metrics" in found.description for found in findings.values())
