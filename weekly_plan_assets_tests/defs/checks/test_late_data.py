"""The check for late data, in runs of the real graph over a folder that changes."""

import pytest
from dagster import AssetCheckEvaluation, AssetCheckSeverity, ExecuteInProcessResult

from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"
RUNS = [activity("1", "2024-01-02T07:00:00"), activity("2", "2024-01-09T07:00:00")]
LATE = activity("3", "2024-01-14T18:00:00", icu_training_load=80)
NIGHTS = [wellness_day(f"2024-01-{day:02d}") for day in range(1, 15)]


@pytest.fixture
def graph(graph: Graph) -> Graph:
    write_export(graph.export_dir, RUNS, NIGHTS)
    graph.metrics("2024-01-01", WEEK)
    return graph


def told(result: ExecuteInProcessResult) -> AssetCheckEvaluation:
    (found,) = (
        evaluation
        for evaluation in result.get_asset_check_evaluations()
        if evaluation.check_name == "no_plan_rests_on_old_values"
    )
    return found


def test_a_plan_made_from_what_is_stored_passes(graph: Graph) -> None:
    graph.plan(WEEK)
    evaluation = told(graph.metrics(WEEK, WEEK))
    assert evaluation.passed
    assert evaluation.metadata["runs"].value == 0


def test_a_session_that_comes_late_warns_and_names_run_plan_and_what_moved(graph: Graph) -> None:
    planned = graph.plan(WEEK)
    write_export(graph.export_dir, [*RUNS, LATE], NIGHTS)
    result = graph.metrics(WEEK, WEEK)
    evaluation = told(result)
    assert result.success
    assert not evaluation.passed
    assert evaluation.severity is AssetCheckSeverity.WARN
    assert evaluation.description is not None
    assert f"run {planned.run_id}:{WEEK} (plan for 2024-01-15)" in evaluation.description
    assert f"trainingLoad of {WEEK} by +80 to 115" in evaluation.description
    assert (evaluation.metadata["runs"].value, evaluation.metadata["plans"].value) == (1, 1)


def test_a_run_that_used_the_week_as_history_is_named_too_and_others_are_not(
    graph: Graph,
) -> None:
    first, second = graph.plan("2024-01-01"), graph.plan(WEEK)
    longer = activity("1", "2024-01-02T07:00:00", distance=9000.0)
    write_export(graph.export_dir, [longer, RUNS[1]], NIGHTS)
    moved = told(graph.metrics("2024-01-01", "2024-01-01"))
    assert moved.description is not None
    assert moved.metadata["runs"].value == 2
    for run in (first, second):
        assert run.run_id in moved.description
    assert "runDistance of 2024-01-01 by +2000 to 9000" in moved.description
    assert told(graph.metrics(WEEK, WEEK)).passed


def test_a_plan_made_anew_from_the_late_values_does_not_hide_the_earlier_one(graph: Graph) -> None:
    early = graph.plan(WEEK)
    write_export(graph.export_dir, [*RUNS, LATE], NIGHTS)
    again = graph.plan(WEEK)
    evaluation = told(graph.metrics(WEEK, WEEK))
    assert evaluation.description is not None
    assert early.run_id in evaluation.description
    assert again.run_id not in evaluation.description
