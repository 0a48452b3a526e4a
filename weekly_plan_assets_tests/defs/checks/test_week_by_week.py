"""Checks in runs as a backfill launches them: a range, if of a single week."""

import pytest
from dagster import ExecuteInProcessResult
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)

from weekly_plan_assets.runs.code_location import WEEKLY_PLAN
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    wellness_day,
    write_export,
)

WEEK = "2024-01-08"


@pytest.fixture
def graph(graph: Graph) -> Graph:
    runs = [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (2, 4, 9, 11)]
    write_export(
        graph.export_dir, runs, [wellness_day(f"2024-01-{day:02d}") for day in range(1, 15)]
    )
    graph.metrics("2024-01-01", WEEK)
    return graph


def backfilled(graph: Graph, week: str) -> ExecuteInProcessResult:
    job = graph.definitions().resolve_job_def(WEEKLY_PLAN)
    return job.execute_in_process(
        instance=graph.instance,
        tags={ASSET_PARTITION_RANGE_START_TAG: week, ASSET_PARTITION_RANGE_END_TAG: week},
        raise_on_error=False,
    )


def test_every_check_of_a_backfilled_week_belongs_to_that_week(graph: Graph) -> None:
    result = backfilled(graph, WEEK)
    assert result.success
    evaluations = result.get_asset_check_evaluations()
    assert {"plan_is_valid", "no_plan_rests_on_old_values"} <= {
        evaluation.check_name for evaluation in evaluations
    }
    assert {evaluation.partition for evaluation in evaluations} == {WEEK}


def test_an_invalid_plan_stops_a_backfilled_week_before_anything_is_published(
    graph: Graph,
) -> None:
    graph.planner = FixedPlannerResource.around(StubbornPlanner(), max_attempts=1)
    result = backfilled(graph, WEEK)
    assert not result.success
    (check,) = (
        evaluation
        for evaluation in result.get_asset_check_evaluations()
        if evaluation.check_name == "plan_is_valid"
    )
    assert (check.passed, check.blocking, check.partition) == (False, True, WEEK)
    assert graph.documents("plan_snapshots") == []
