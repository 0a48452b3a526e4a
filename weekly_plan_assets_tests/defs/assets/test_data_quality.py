"""The checks of the data in real runs: one week, a range of weeks, and never in the way."""

import pytest
from dagster import AssetCheckKey, AssetCheckSeverity, AssetKey
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionResolvedStatus

from weekly_plan_assets.domain.metrics.data_quality import ASSERTIONS
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"


@pytest.fixture
def flawed(graph: Graph) -> Graph:
    """A good week, then one with a stub, a twin, a dead heart rate, and wellness to Tuesday."""
    stub = {"id": "stub", "icu_athlete_id": "i1", "start_date_local": "2024-01-12T07:00:00"}
    write_export(
        graph.export_dir,
        [
            activity("1", "2024-01-02T07:00:00"),
            activity("2", "2024-01-09T07:00:00", average_heartrate=0),
            activity("3", "2024-01-09T07:02:00", icu_training_load=None),
            stub,
        ],
        [wellness_day(f"2024-01-{day:02d}", restingHR=50) for day in range(1, 10)],
    )
    return graph


def test_in_a_week_each_check_warns_says_why_and_lets_the_plan_be_made(flawed: Graph) -> None:
    result = flawed.plan(WEEK)
    assert result.success
    found = {check.check_name: check for check in result.get_asset_check_evaluations()}
    others = ("plan_is_valid", "no_plan_rests_on_old_values")
    assert found.keys() == {*ASSERTIONS, *others}
    assert all(found.pop(name).passed for name in others)
    assert {check.severity for check in found.values()} == {AssetCheckSeverity.WARN}
    assert not any(check.passed for check in found.values())
    assert all(WEEK in str(check.description) for check in found.values())
    assert all(check.metadata for check in found.values())
    assert len(flawed.documents("plan_snapshots")) == 1


def test_over_a_range_each_week_is_judged_by_itself(flawed: Graph) -> None:
    result = flawed.metrics("2024-01-01", WEEK)
    checks = result.get_asset_check_evaluations()
    found = [check for check in checks if check.check_name in ASSERTIONS]
    passed = {(check.check_name, check.partition): check.passed for check in found}
    assert len(found) == len(passed)
    assert {name for name, week in passed if week == WEEK} == ASSERTIONS.keys()
    assert not any(passed[name, WEEK] for name in ASSERTIONS)
    assert all(passed[name, "2024-01-01"] for name in ASSERTIONS)
    assert all(WEEK in str(check.description) for check in found if not check.passed)


def test_the_ui_shows_every_week_of_a_range_as_passed_or_failed_and_none_as_skipped(
    flawed: Graph,
) -> None:
    flawed.metrics("2024-01-01", WEEK)
    graph = flawed.definitions().resolve_asset_graph()
    key = AssetCheckKey(AssetKey("weekly_metrics"), "values_are_plausible")
    log = flawed.instance.event_log_storage
    state = log.get_asset_check_state([(key, graph.get(key).partitions_def)])[key]
    weeks = {
        status: set(subset.subset_value.get_partition_keys())
        for status, subset in state.subsets.items()
        if not subset.is_empty
    }
    assert weeks == {
        AssetCheckExecutionResolvedStatus.SUCCEEDED: {"2024-01-01"},
        AssetCheckExecutionResolvedStatus.FAILED: {WEEK},
    }


def test_the_raw_rows_keep_twins_and_stubs_and_dead_heart_rates(flawed: Graph) -> None:
    flawed.metrics("2024-01-01", WEEK)
    rows = {row["id"]: row for row in flawed.documents("activities")}
    assert rows.keys() == {"1", "2", "3", "stub"}
    assert rows["2"]["average_heartrate"] == 0
    (week,) = (row for row in flawed.documents("weekly_metrics") if row["weekStart"] == WEEK)
    assert (week["activityCount"], week["coverage"]["stubs"]) == (2, 1)
    assert week["coverage"]["twins"] == [{"id": "3", "twinOf": "2"}]
    assert week["coverage"]["wellnessLastDay"] == "2024-01-09"
