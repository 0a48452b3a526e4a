"""The check of the whole lineage, and the runs it is part of."""

import pytest
from dagster import AssetCheckEvaluation, AssetCheckSeverity

from weekly_plan_assets.defs.jobs import LINEAGE_CHECK
from weekly_plan_assets.runs.code_location import CHECK_LINEAGE, CLOSE_WEEK, MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"
STEP = f"plan_{LINEAGE_CHECK}"


@pytest.fixture
def graph(graph: Graph) -> Graph:
    write_export(graph.export_dir, [activity("1", f"{WEEK}T07:00:00")], [wellness_day(WEEK)])
    return graph


def checked(graph: Graph) -> AssetCheckEvaluation:
    job = graph.definitions().resolve_job_def(CHECK_LINEAGE)
    result = job.execute_in_process(instance=graph.instance)
    assert result.success, "it only warns"
    (evaluation,) = result.get_asset_check_evaluations()
    return evaluation


def test_a_sound_lineage_passes(graph: Graph) -> None:
    graph.plan_and_record(WEEK)
    evaluation = checked(graph)
    assert evaluation.passed
    assert evaluation.description == "every invariant of the lineage holds; looked at: everything"


@pytest.mark.slow
def test_what_is_broken_is_a_warning_that_names_it(graph: Graph) -> None:
    graph.plan_and_record(WEEK)
    graph.database["activities"].update_one({"id": "1"}, {"$set": {"moving_time": 1}})
    evaluation = checked(graph)
    assert not evaluation.passed
    assert evaluation.severity is AssetCheckSeverity.WARN
    assert "activities 1 of athlete i1: this row" in str(evaluation.description)
    assert evaluation.metadata["hashes_match"].value == 1


def test_the_weekly_jobs_do_without_it_and_its_own_job_does_nothing_else(graph: Graph) -> None:
    definitions = graph.definitions()
    steps = {
        job: {node.name for node in definitions.resolve_job_def(job).nodes}
        for job in (WEEKLY_PLAN, MAKE_PLAN, CLOSE_WEEK, CHECK_LINEAGE)
    }
    assert steps.pop(CHECK_LINEAGE) == {STEP}
    assert not any(STEP in names for names in steps.values())


@pytest.mark.slow
def test_together_with_a_plan_it_looks_at_that_week_alone(graph: Graph) -> None:
    """As when somebody materializes assets in the UI, which adds all their checks."""
    days = [f"2024-01-{day:02d}" for day in range(8, 22)]
    rows = [activity(day, f"{day}T07:00:00") for day in days]
    write_export(graph.export_dir, rows, [wellness_day(day) for day in days])
    graph.plan_and_record(WEEK)
    graph.database["activities"].update_one({"weekStart": WEEK}, {"$set": {"moving_time": 1}})
    everything = graph.definitions().resolve_implicit_global_asset_job_def()
    result = everything.execute_in_process(
        instance=graph.instance,
        partition_key="2024-01-15",
        asset_selection=list(graph.definitions().resolve_asset_graph().get_all_asset_keys()),
    )
    (evaluation,) = [
        one for one in result.get_asset_check_evaluations() if one.check_name == LINEAGE_CHECK
    ]
    assert evaluation.passed
    assert str(evaluation.description).endswith("looked at: week 2024-01-15")
    assert not checked(graph).passed
