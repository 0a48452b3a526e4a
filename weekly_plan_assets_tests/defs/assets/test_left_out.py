"""A row that cannot be used: left out, named, remembered, and missing from the week's coverage."""

import json
from typing import Any

import pytest

from weekly_plan_assets.domain.metrics.data_quality import judge_data_quality
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.lineage.audit.replay import replay
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.settings import SourceName
from weekly_plan_assets_tests.support.graph import (
    ChosenSource,
    Graph,
    activity,
    wellness_day,
    write_export,
)
from weekly_plan_assets_tests.support.intervals_server import API_KEY, IntervalsServer

WEEK, NEXT_WEEK = "2024-01-01", "2024-01-08"
ACTIVITIES = [activity(f"a{day}", f"2024-01-0{day}T07:00:00") for day in range(1, 7)]
WELLNESS = [wellness_day(f"2024-01-0{day}") for day in range(1, 8)]


@pytest.fixture
def live(graph: Graph, intervals: IntervalsServer) -> Graph:
    """The graph over the local Intervals.icu, with a week of training stored."""
    intervals.activities, intervals.wellness = ACTIVITIES, WELLNESS
    graph.resources = {
        "source": ChosenSource(
            name=SourceName.INTERVALS,
            timezone="UTC",
            intervals_api_key=API_KEY,
            intervals_base_url=intervals.base_url,
        )
    }
    assert graph.metrics(WEEK, NEXT_WEEK).success
    return graph


def sends(intervals: IntervalsServer, *changed: Any, name: str = "activities") -> None:
    """Let it answer with these rows in the place of the first ones."""
    rows: list[Any] = list(ACTIVITIES if name == "activities" else WELLNESS)
    rows[: len(changed)] = changed
    intervals.bodies[name] = json.dumps(rows).encode()


def week_of(graph: Graph, monday: str = WEEK) -> WeeklyMetrics:
    (row,) = (row for row in graph.documents("weekly_metrics") if row["weekStart"] == monday)
    return WeeklyMetrics.model_validate(row)


def ids(graph: Graph, collection: str = "activities") -> list[str]:
    return sorted(row["id"] for row in graph.documents(collection))


WITHOUT_ID = {"start_date_local": "2024-01-01T07:00:00", "icu_training_load": 35}
BROKEN_DAY = activity("a1", "soon")


def test_a_new_row_that_cannot_be_used_lowers_coverage_and_is_named_by_the_check(
    graph: Graph, intervals: IntervalsServer, live: Graph
) -> None:
    intervals.bodies["activities"] = json.dumps([*ACTIVITIES, WITHOUT_ID]).encode()
    assert live.plan(WEEK).success
    metrics = week_of(live)
    coverage = metrics.coverage
    assert coverage is not None
    assert (metrics.activity_count, metrics.training_load) == (6, 210)
    load = coverage.metrics["trainingLoad"]
    assert (load.measured, load.of) == (6, 7)
    (left_out,) = coverage.left_out
    assert (left_out.id, str(left_out.day), left_out.key) == (None, "2024-01-01", None)
    assert left_out.reason == (
        "Intervals.icu /athlete/0/activities: row 6 (2024-01-01) has no id; it is left out"
    )
    finding = judge_data_quality([metrics])["values_are_plausible"]
    assert not finding.passed
    assert (
        "rows or values that could not be used (1): Intervals.icu /athlete/0" in finding.description
    )
    assert live.documents("plan_snapshots")


def test_a_week_of_which_too_much_was_left_out_says_what_is_not_evaluated(
    intervals: IntervalsServer, live: Graph
) -> None:
    intervals.bodies["activities"] = json.dumps([*ACTIVITIES, *[WITHOUT_ID] * 4]).encode()
    assert live.plan(WEEK).success
    (artifact,) = live.documents("run_artifacts")
    reasons = artifact["envelope"]["reasons"]
    assert any("The load is known of 6 of 10 sessions" in reason for reason in reasons)


@pytest.mark.slow
@pytest.mark.parametrize("broken", [WITHOUT_ID, BROKEN_DAY, 5, {"id": "a1"}])
def test_a_stored_row_that_arrives_broken_stays_as_it_was(
    intervals: IntervalsServer, live: Graph, broken: Any
) -> None:
    before = live.documents("activities")
    sends(intervals, broken)
    assert live.plan(WEEK).success
    assert live.documents("activities") == before
    metrics = week_of(live)
    assert metrics.activity_count == 6
    coverage = metrics.coverage
    assert coverage is not None
    assert len(coverage.left_out) == 1
    by_its_id = isinstance(broken, dict) and "id" in broken
    assert coverage.metrics["trainingLoad"].of == (6 if by_its_id else 7)
    # The week is whole for its next reader.
    assert live.plan(WEEK).success


def test_a_row_that_is_right_again_replaces_what_stayed_and_the_week_is_covered(
    intervals: IntervalsServer, live: Graph
) -> None:
    sends(intervals, BROKEN_DAY)
    assert live.metrics(WEEK, WEEK).success
    sends(intervals, activity("a1", "2024-01-01T07:00:00", icu_training_load=50))
    assert live.metrics(WEEK, WEEK).success
    metrics = week_of(live)
    assert metrics.training_load == 225
    assert metrics.coverage is not None
    assert metrics.coverage.left_out == ()
    assert all("leftOut" not in entry for entry in live.documents("stored_weeks"))


def test_a_row_that_was_deleted_goes_although_another_one_is_broken(
    intervals: IntervalsServer, live: Graph
) -> None:
    rows = [BROKEN_DAY, *ACTIVITIES[2:]]
    intervals.bodies["activities"] = json.dumps(rows).encode()
    assert live.metrics(WEEK, WEEK).success
    assert ids(live) == ["a1", "a3", "a4", "a5", "a6"]


def test_a_value_that_cannot_be_used_is_missing_from_its_row_and_named_in_the_week(
    intervals: IntervalsServer, live: Graph
) -> None:
    sends(intervals, activity("a1", "2024-01-01T07:00:00", icu_training_load=[40]))
    assert live.plan(WEEK).success
    metrics = week_of(live)
    assert (metrics.activity_count, metrics.training_load) == (6, 175)
    coverage = metrics.coverage
    assert coverage is not None
    assert (coverage.metrics["trainingLoad"].measured, coverage.metrics["trainingLoad"].of) == (
        5,
        6,
    )
    assert [(one.id, one.key) for one in coverage.left_out] == [("a1", "icu_training_load")]


def test_a_day_of_wellness_likewise(intervals: IntervalsServer, live: Graph) -> None:
    sends(intervals, wellness_day("soon"), wellness_day("2024-01-02", hrv="n/a"), name="wellness")
    before = {row["id"]: row for row in live.documents("wellness")}
    assert live.plan(WEEK).success
    after = {row["id"]: row for row in live.documents("wellness")}
    assert after["2024-01-01"] == before["2024-01-01"]
    assert after["2024-01-02"].get("hrv") is None
    coverage = week_of(live).coverage
    assert coverage is not None
    assert coverage.metrics["hrvMean"].measured == 6
    assert {(one.collection, one.id, one.key) for one in coverage.left_out} == {
        ("wellness", None, None),
        ("wellness", "2024-01-02", "hrv"),
    }


def test_a_row_of_no_known_day_in_a_range_of_weeks_is_of_none_of_them(
    intervals: IntervalsServer, live: Graph
) -> None:
    intervals.bodies["activities"] = json.dumps([*ACTIVITIES, activity("b", "soon")]).encode()
    result = live.metrics(WEEK, NEXT_WEEK)
    for monday in (WEEK, NEXT_WEEK):
        coverage = week_of(live, monday).coverage
        assert coverage is not None
        assert coverage.left_out == ()
    shown = {
        str(event.materialization.metadata["left_out"].value)
        for event in result.all_events
        if event.is_step_materialization and "left_out" in event.materialization.metadata
    }
    assert len(shown) == 1
    assert "(id b) has start_date_local = 'soon'" in shown.pop()


def test_a_run_is_replayed_with_what_was_left_out(intervals: IntervalsServer, live: Graph) -> None:
    sends(intervals, WITHOUT_ID)
    run_id = live.plan_and_record(WEEK)
    replayed = replay(Lineage(live.database).stored_run(f"{run_id}:{WEEK}"))
    assert replayed.is_equal, replayed


def test_a_folder_counts_what_is_missing_by_its_day(graph: Graph) -> None:
    rows = [
        *ACTIVITIES,
        {**WITHOUT_ID},
        activity("b", "soon"),
        activity("a1", "2024-01-01T08:00:00"),
    ]
    write_export(graph.export_dir, rows, [*WELLNESS, wellness_day("2024-01-03", hrv=5)])
    assert graph.plan(WEEK).success
    metrics = week_of(graph)
    assert metrics.activity_count == 6
    coverage = metrics.coverage
    assert coverage is not None
    assert (coverage.metrics["trainingLoad"].measured, coverage.metrics["trainingLoad"].of) == (
        6,
        7,
    )
    nameless, second, day = (one.reason for one in coverage.left_out)
    assert nameless == "activities.json: row 6 (2024-01-01) has no id; it is left out"
    assert second.startswith("activities.json: row 8 (id a1, 2024-01-01) has the id of row 0 once")
    assert day.startswith("wellness.json: row 7 (id 2024-01-03) has the id of row 2 once more")


ABSURD: list[dict[str, Any]] = [
    {"moving_time": int(9e18), "elapsed_time": int(9e18)},
    {"moving_time": -int(9e18), "distance": -1e300},
    {"icu_training_load": 1e300, "trimp": 1e300, "distance": 1e300},
    {"icu_hr_zone_times": [int(9e18)] * 7, "icu_hr_zones": [int(9e18)] * 7},
    {"icu_hr_zone_times": [], "icu_hr_zones": [], "interval_summary": []},
    {"interval_summary": [f"{'9' * 300}x 99h99m999s 999bpm"], "lthr": 170},
    {"lthr": int(9e18), "athlete_max_hr": int(9e18), "icu_resting_hr": -5},
    {"average_heartrate": 1e300, "max_heartrate": -1e300, "average_speed": 1e300},
    {"start_date": "0001-01-01T00:00:00+23:59", "type": "\ud83d" * 500, "name": "\x00" * 500},
    {"start_date": "9999-12-31T23:59:59-23:59"},
    {"start_date": "soon", "source": "x" * 100_000},
]


@pytest.mark.parametrize("absurd", ABSURD, ids=range(len(ABSURD)))
def test_a_week_with_an_absurd_session_is_planned_as_it_would_be_without_its_values(
    graph: Graph, absurd: dict[str, Any]
) -> None:
    odd = activity("odd", "2024-01-02T18:00:00") | {"icu_training_load": None} | absurd
    write_export(graph.export_dir, [*ACTIVITIES, odd], WELLNESS)
    result = graph.plan(WEEK)
    assert result.success
    (artifact,) = graph.documents("run_artifacts")
    assert artifact["envelope"]["maxLoad"] < 1000
    assert artifact["envelope"]["longestRunS"] < 6000
    assert week_of(graph).training_load == 210


def test_a_day_of_absurd_wellness_is_planned_around(graph: Graph) -> None:
    names = ("ctl", "atl", "rampRate", "restingHR", "hrv", "sleepSecs", "sleepScore", "steps")
    days = [
        wellness_day("2024-01-03", **dict.fromkeys(names, 1e300)),
        wellness_day("2024-01-04", **dict.fromkeys(names, -1e300)),
    ]
    write_export(graph.export_dir, ACTIVITIES, [*WELLNESS[:2], *days, *WELLNESS[4:]])
    assert graph.plan(WEEK).success
    metrics = week_of(graph)
    assert (metrics.ctl_mean, metrics.hrv_mean_ms) == (30, 70)
    assert metrics.coverage is not None
    assert metrics.coverage.metrics["hrvMean"].measured == 5
    assert len(metrics.coverage.implausible) == 2


def test_absurd_settings_and_calendar_entries_are_planned_around(
    intervals: IntervalsServer, live: Graph
) -> None:
    intervals.sport_settings = [
        {"types": ["Run"], "lthr": int(9e18), "max_hr": -5, "hr_zones": [1, 2, 3, 4, int(9e18)]}
    ]
    entries: list[dict[str, Any]] = [
        {"category": "RACE_A", "distance": 1e300, "moving_time": int(9e18), "type": "Run"},
        {"category": "HOLIDAY", "end_date_local": "0001-01-01T00:00:00"},
        {"category": "SICK", "end_date_local": "soon"},
        {"training_availability": "LIMITED", "max_training_time": 1e300},
        {"category": "RACE_B", "name": "x\ud83d", "type": "Ride", "distance": -1},
    ]
    intervals.events = [
        {"id": n, "start_date_local": "2024-01-10T00:00:00"} | entry
        for n, entry in enumerate(entries)
    ]
    result = live.plan(WEEK)
    assert result.success
    (artifact,) = live.documents("run_artifacts")
    assert artifact["envelope"]["maxLoad"] < 1000
