"""What the UI is told of each materialization, over a real run."""

from typing import Any

import pytest
from dagster import (
    AssetKey,
    DagsterEventType,
    ExecuteInProcessResult,
    FloatMetadataValue,
    MarkdownMetadataValue,
    TableMetadataValue,
    TableSchema,
)

from weekly_plan_assets.definitions import defs
from weekly_plan_assets.lineage.records.metric_units import METRIC_UNITS
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    wellness_day,
    write_export,
)

WEEK = "2024-01-22"
DAYS = [f"2024-01-{day:02d}" for day in range(1, 29)]


@pytest.fixture
def graph(graph: Graph) -> Graph:
    runs = [activity(f"a{day}", f"{day}T07:00:00") for day in DAYS]
    write_export(graph.export_dir, runs, [wellness_day(day) for day in DAYS])
    graph.metrics("2024-01-01", "2024-01-15")
    return graph


def shown(result: ExecuteInProcessResult, asset: str, partition: str = WEEK) -> dict[str, Any]:
    """The metadata of the asset's materialization of a partition."""
    (found,) = (
        event.materialization.metadata
        for event in result.all_events
        if event.event_type is DagsterEventType.ASSET_MATERIALIZATION
        and event.asset_key == AssetKey(asset)
        and event.partition == partition
    )
    return dict(found)


def rows_of(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, TableMetadataValue)
    return [dict(record.data) for record in value.records]


def test_the_plan_is_a_table_with_its_reasons_and_a_picture(graph: Graph) -> None:
    told = shown(graph.plan(WEEK), "plan")
    (snapshot,) = graph.documents("plan_snapshots")
    sessions = [one for day in snapshot["activityPlan"]["days"] for one in day["sessions"]]
    rows = rows_of(told["plan"])
    assert [row["load"] for row in rows if row["session"] != "rest"] == [
        session["plannedLoad"] for session in sessions
    ]
    assert len({row["day"] for row in rows}) == 7
    reasons = [reason["text"] for reason in snapshot["justification"]]
    assert [row["reason"] for row in rows_of(told["reasons"])] == reasons
    assert isinstance(told["picture"], MarkdownMetadataValue)
    assert told["planned_load"].value == snapshot["activityPlan"]["nextWeek"]["plannedLoad"]


def test_inputs_tell_the_bounds_the_signals_and_hrv(graph: Graph) -> None:
    told = shown(graph.plan(WEEK), "planning_inputs")
    (inputs,) = graph.documents("run_artifacts")
    bounds = (told["min_load"].value, told["target_load"].value, told["max_load"].value)
    envelope = inputs["envelope"]
    assert bounds == (envelope["minLoad"], envelope["targetLoad"], envelope["maxLoad"])
    signals = [(one["name"], one["light"]) for one in envelope["readiness"]["signals"]]
    assert [(row["signal"], row["light"]) for row in rows_of(told["signals"])] == signals
    assert isinstance(told["hrv_picture"], MarkdownMetadataValue)


def test_rules_that_were_broken_come_first_and_in_full(graph: Graph) -> None:
    graph.planner = FixedPlannerResource.around(StubbornPlanner(), max_attempts=1)
    told = shown(graph.plan(WEEK), "artifacts")
    first, second, *_ = rows_of(told["rules"])
    assert (first["outcome"], second["outcome"]) != ("pass", "pass")
    (artifacts,) = graph.documents("run_artifacts")
    assert artifacts["errors"][0].startswith(first["rule"])
    assert first["observed"].count(".") >= 2


def test_the_figures_of_a_range_are_told_week_by_week(graph: Graph) -> None:
    result = graph.metrics("2024-01-01", WEEK)
    for row in graph.documents("weekly_metrics"):
        told = shown(result, "weekly_metrics", row["weekStart"])
        assert told["training_load"] == FloatMetadataValue(row["trainingLoad"])
        assert told["tsb"].value == pytest.approx(row["ctlEnd"] - row["atlEnd"])
        assert "resting_hr_bpm" not in told, "nobody measured it"


def test_what_became_of_a_plan_is_told_by_the_week_that_it_was_for(graph: Graph) -> None:
    graph.plan("2024-01-15")
    told = shown(graph.plan(WEEK), "adherence")
    became = [row["became"] for row in rows_of(told["sessions"])]
    assert told["sessions_missed"].value == became.count("missed")
    assert told["sessions_added"].value == became.count("added")


def test_rows_tell_their_columns_with_types_and_units() -> None:
    graph = defs.resolve_asset_graph()
    for name, key in (("activities", "id"), ("wellness", "id"), ("weekly_metrics", "weekStart")):
        schema = graph.get(AssetKey(name)).metadata["dagster/column_schema"]
        assert isinstance(schema, TableSchema)
        columns = {column.name: column for column in schema.columns}
        assert not columns[key].constraints.nullable
        if name == "weekly_metrics":
            assert {column.description for column in columns.values()} >= set(METRIC_UNITS.values())
            assert columns["ctlEnd"].type == "float"
            assert columns["ctlEnd"].constraints.nullable
            assert columns["coverage"].type == "json"
