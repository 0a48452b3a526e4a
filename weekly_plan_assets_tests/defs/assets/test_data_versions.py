"""What is stale after which change, by Dagster's own judgement."""

from collections.abc import Iterable

import pytest
from dagster import AssetKey
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContextForTest

from weekly_plan_assets.lineage.records.code_version import package_version
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"
BEFORE = "2024-01-01"
ASSETS = (
    "activities",
    "wellness",
    "weekly_metrics",
    "adherence",
    "planning_inputs",
    "artifacts",
    "plan",
)


def write(graph: Graph, load: float = 35) -> None:
    """Two weeks of runs, the third run of `WEEK` with this load."""
    runs = [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (2, 4, 7, 9, 11)]
    last = activity("14", "2024-01-14T07:00:00", icu_training_load=load)
    days = [wellness_day(f"2024-01-{day:02d}") for day in range(1, 15)]
    write_export(graph.export_dir, [*runs, last], days)


def stale(graph: Graph, week: str = WEEK, assets: Iterable[str] = ASSETS) -> set[str]:
    """The assets that the UI would show as stale in that week; none of them may be missing."""
    resolver = CachingStaleStatusResolver(
        graph.instance,
        graph.definitions().resolve_asset_graph(),
        LoadingContextForTest(graph.instance),
    )
    found = {name: resolver.get_status(AssetKey(name), week) for name in assets}
    assert StaleStatus.MISSING not in found.values(), found
    return {name for name, status in found.items() if status is StaleStatus.STALE}


@pytest.fixture
def planned(graph: Graph) -> Graph:
    """Two weeks read one by one, and a plan from the second."""
    write(graph)
    graph.metrics(BEFORE, BEFORE)
    assert graph.plan(WEEK).success
    return graph


def test_a_planned_week_is_fresh(planned: Graph) -> None:
    assert stale(planned) == set()


def test_a_week_that_is_read_again_unchanged_leaves_all_of_it_fresh(planned: Graph) -> None:
    planned.metrics(WEEK, WEEK)
    assert stale(planned) == set()


def test_a_changed_activity_makes_stale_what_stands_on_it_until_that_is_made_again(
    planned: Graph,
) -> None:
    write(planned, load=80)
    planned.plan(WEEK, ["activities"])
    assert stale(planned) == {"weekly_metrics", "adherence", "planning_inputs"}
    planned.metrics(WEEK, WEEK)
    assert stale(planned) == {"planning_inputs"}
    planned.plan(WEEK)
    assert stale(planned) == set()


def test_a_range_that_is_read_again_unchanged_leaves_its_weeks_fresh(graph: Graph) -> None:
    write(graph)
    graph.metrics(BEFORE, WEEK)
    assert graph.plan(WEEK, ["planning_inputs", "artifacts", "plan"]).success
    graph.metrics(BEFORE, WEEK)
    assert stale(graph) == set()


def test_a_range_in_which_an_activity_changed_makes_its_plan_stale(graph: Graph) -> None:
    write(graph)
    graph.metrics(BEFORE, WEEK)
    assert graph.plan(WEEK, ["planning_inputs", "artifacts", "plan"]).success
    write(graph, load=80)
    graph.metrics(BEFORE, WEEK)
    assert stale(graph) == {"planning_inputs"}


def test_a_week_read_alone_after_a_range_stays_fresh_where_nothing_changed(graph: Graph) -> None:
    write(graph)
    graph.metrics(BEFORE, WEEK)
    assert graph.plan(WEEK, ["planning_inputs", "artifacts", "plan"]).success
    graph.metrics(WEEK, WEEK)
    assert stale(graph) == set()


def test_a_range_makes_only_those_weeks_stale_whose_own_inputs_changed(graph: Graph) -> None:
    write(graph)
    graph.metrics(BEFORE, WEEK)
    for week in (BEFORE, WEEK):
        assert graph.plan(week, ["planning_inputs", "artifacts", "plan"]).success
    write(graph, load=80)
    graph.metrics(BEFORE, WEEK)
    assert stale(graph, WEEK) == {"planning_inputs"}
    assert stale(graph, BEFORE) == set()


def test_plans_of_past_weeks_stay_fresh_when_they_are_compared_with_what_was_done(
    graph: Graph,
) -> None:
    """Nobody followed a plan that was made later, so no other plan depends on how it went."""
    write(graph)
    graph.metrics(BEFORE, WEEK)
    for week in (BEFORE, WEEK):
        assert graph.plan(week, ["planning_inputs", "artifacts", "plan"]).success
    graph.metrics(BEFORE, WEEK)
    assert graph.documents("plan_adherence")
    assert stale(graph, WEEK) == set()


def test_the_code_version_of_every_asset_is_that_of_the_package(graph: Graph) -> None:
    assets = graph.definitions().resolve_asset_graph()
    assert {assets.get(AssetKey(name)).code_version for name in ASSETS} == {package_version()}
