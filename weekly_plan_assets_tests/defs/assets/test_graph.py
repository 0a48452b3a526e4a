"""The graph end to end, by the jobs themselves, on a real mongod."""

import json
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey, DagsterEventType

from weekly_plan_assets.domain.guardrails import judge_plan
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.lineage.records.records import PlanningInputs
from weekly_plan_assets.planners.base import Answer
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    wellness_day,
    write_export,
)

WEEK = "2024-01-08"


class SecondThoughtPlanner(StubbornPlanner):
    """Answers prose, then a wrong plan, then a right one, and keeps what it was told."""

    model_id = "second-thought"

    def __init__(self) -> None:
        self.told: list[Any] = []

    def propose(self, request: Any, prompt: str, rejections: Any) -> Answer:
        self.told.append(rejections)
        if len(rejections) == 0:
            return Answer("Here is your plan!")
        if len(rejections) == 1:
            return super().propose(request, prompt, rejections)
        return RulesPlanner().propose(request, prompt, rejections)


@pytest.fixture
def trained(graph: Graph) -> Graph:
    """Two weeks of training, the second being `WEEK`."""
    write_export(
        graph.export_dir,
        [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (2, 4, 7, 9, 11, 14)],
        [wellness_day(f"2024-01-{day:02d}") for day in range(1, 15)],
    )
    graph.metrics("2024-01-01", "2024-01-01")
    return graph


def test_a_plan_is_made_published_and_kept_under_one_run_id(trained: Graph) -> None:
    result = trained.plan(WEEK)
    assert result.success
    run_id = f"{result.run_id}:{WEEK}"
    (artifacts,) = trained.documents("run_artifacts")
    (snapshot,) = trained.documents("plan_snapshots")
    assert artifacts["runId"] == snapshot["runId"] == run_id
    assert artifacts["status"] == "success"
    assert (snapshot["weekStart"], snapshot["weekEnd"]) == ("2024-01-15", "2024-01-21")
    assert snapshot["schema_version"] == "3.0"
    days = [day["date"] for day in snapshot["activityPlan"]["days"]]
    assert days == [f"2024-01-{day}" for day in range(15, 22)]


def test_what_the_planner_saw_is_kept_with_its_history(trained: Graph) -> None:
    trained.plan(WEEK)
    (artifacts,) = trained.documents("run_artifacts")
    assert artifacts["metrics"]["weekStart"] == WEEK
    assert [week["weekStart"] for week in artifacts["history"]] == ["2024-01-01"]
    assert artifacts["historyWeeksAsked"] == 4
    assert [row["id"] for row in artifacts["activities"]] == ["2", "4", "7", "9", "11", "14"]
    assert len(artifacts["wellness"]) == 14
    assert artifacts["modelId"] == "rules"
    assert artifacts["prompt"]
    assert artifacts["promptVersion"]


def test_nothing_after_the_observed_week_reaches_the_planner(trained: Graph) -> None:
    future = activity("99", "2024-01-15T07:00:00")
    rows = json.loads((trained.export_dir / "activities.json").read_text())
    days = [wellness_day(f"2024-01-{day:02d}") for day in range(1, 17)]
    write_export(trained.export_dir, [*rows, future], days)
    trained.metrics("2024-01-01", "2024-01-15")
    trained.plan(WEEK)
    (artifacts,) = trained.documents("run_artifacts")
    assert "99" not in [row["id"] for row in artifacts["activities"]]
    assert [row["id"] for row in artifacts["wellness"]][-1] == "2024-01-14"


def test_an_invalid_plan_fails_the_run_and_is_kept_but_not_published(trained: Graph) -> None:
    trained.planner = FixedPlannerResource.around(StubbornPlanner(), max_attempts=2)
    result = trained.plan(WEEK)
    assert not result.success
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    check = checks["plan_is_valid"]
    assert not check.passed
    assert "load.week_sum" in str(check.description)
    (artifacts,) = trained.documents("run_artifacts")
    assert artifacts["status"] == "failure"
    assert artifacts["attempt"] == 1
    assert len(artifacts["attempts"]) == 2
    assert artifacts["outputValidated"] is None
    assert json.loads(artifacts["outputRaw"])["schema_version"] == "3.0"
    assert artifacts["errorCount"] == len(artifacts["errors"]) > 0
    for name in ("prompt", "metrics", "history", "activities", "wellness", "modelId"):
        assert artifacts[name], name
    assert trained.documents("plan_snapshots") == []
    skipped = result.events_for_node("plan")
    assert DagsterEventType.STEP_SUCCESS not in [event.event_type for event in skipped]


def test_a_failed_week_leaves_the_plan_published_before_as_it_was(trained: Graph) -> None:
    trained.plan(WEEK)
    before = trained.documents("plan_snapshots")
    trained.planner = FixedPlannerResource.around(StubbornPlanner())
    assert not trained.plan(WEEK).success
    assert trained.documents("plan_snapshots") == before


def test_a_rejected_answer_goes_back_with_its_errors_until_one_is_valid(trained: Graph) -> None:
    planner = SecondThoughtPlanner()
    trained.planner = FixedPlannerResource.around(planner)
    assert trained.plan(WEEK).success
    (artifacts,) = trained.documents("run_artifacts")
    assert artifacts["attempt"] == 2
    assert [bool(attempt["errors"]) for attempt in artifacts["attempts"]] == [True, True, False]
    assert artifacts["attempts"][0]["outputRaw"] == "Here is your plan!"
    assert artifacts["attempts"][0]["errors"][0].startswith("shape: ")
    assert [len(rejections) for rejections in planner.told] == [0, 1, 2]
    assert "load.week_sum" in planner.told[2][1].errors[0]


def test_rules_that_thin_data_cannot_decide_are_stored_as_not_evaluated(graph: Graph) -> None:
    runs = [
        activity(str(day), f"2024-01-{day:02d}T07:00:00", icu_training_load=load)
        for day, load in ((2, 35), (4, None), (7, 35), (9, None), (11, 35), (14, 35))
    ]
    write_export(graph.export_dir, runs, [wellness_day("2024-01-14")])
    graph.metrics("2024-01-01", "2024-01-01")
    assert graph.plan(WEEK).success
    (artifacts,) = graph.documents("run_artifacts")
    (attempt,) = artifacts["attempts"]
    undecided = {
        verdict["ruleId"]: verdict["observed"]
        for verdict in attempt["verdicts"]
        if verdict["outcome"] == "not_evaluated"
        and verdict["ruleId"] not in {"zone.bpm", "habit.sessions", "hard.progress"}
    }
    assert undecided == {
        "load.envelope": "trainingLoad was measured for 4 of 6 activities of the weeks "
        "2024-01-01 to 2024-01-08; at least 80 % are needed"
    }
    inputs = PlanningInputs.model_validate(artifacts)
    plan = WeeklyPlan.model_validate(artifacts["outputValidated"])
    judged = [verdict.model_dump(mode="json") for verdict in judge_plan(plan, inputs.context)]
    assert judged == attempt["verdicts"]


def test_planning_a_week_twice_adds_a_plan_and_keeps_the_metrics(trained: Graph) -> None:
    assert trained.plan(WEEK).success
    metrics = trained.documents("weekly_metrics")
    assert trained.plan(WEEK).success
    assert trained.documents("weekly_metrics") == metrics
    run_ids = {snapshot["runId"] for snapshot in trained.documents("plan_snapshots")}
    assert len(run_ids) == 2


def test_publishing_again_names_the_execution_that_is_published(trained: Graph) -> None:
    first = trained.plan(WEEK)
    again = trained.plan(WEEK, ["plan"])
    assert again.success
    (snapshot,) = trained.documents("plan_snapshots")
    assert snapshot["runId"] == f"{first.run_id}:{WEEK}"


def test_a_rest_week_is_stored_summarised_and_planned_like_any_other(graph: Graph) -> None:
    write_export(graph.export_dir, [activity("1", "2024-02-01T07:00:00")], [])
    assert graph.plan(WEEK).success
    (metrics,) = graph.documents("weekly_metrics")
    assert metrics["activityCount"] == 0
    assert metrics["hrvMean"] is None
    assert len(graph.documents("plan_snapshots")) == 1


def test_a_week_that_was_never_read_is_an_error_that_names_collection_and_week(
    graph: Graph,
) -> None:
    write_export(graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [])
    result = graph.plan(WEEK, ["weekly_metrics"])
    assert not result.success
    (failure,) = [
        event for event in result.all_events if event.event_type is DagsterEventType.STEP_FAILURE
    ]
    message = failure.step_failure_data.error_display_string
    assert "has no week 2024-01-08" in message
    assert "activities" in message or "wellness" in message


def test_a_range_of_weeks_is_one_run_and_every_week_is_recorded(graph: Graph) -> None:
    write_export(
        graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [wellness_day("2024-01-16")]
    )
    result = graph.metrics("2024-01-01", "2024-01-22")
    assert result.success
    counts = {row["weekStart"]: row["runCount"] for row in graph.documents("weekly_metrics")}
    assert counts == {"2024-01-01": 0, "2024-01-08": 1, "2024-01-15": 0, "2024-01-22": 0}
    materialized = graph.instance.get_materialized_partitions(AssetKey("weekly_metrics"))
    assert materialized == set(counts)


def test_a_changed_source_changes_only_the_rows_that_changed(trained: Graph) -> None:
    trained.metrics(WEEK, WEEK)
    before = {row["id"]: row for row in trained.documents("activities")}
    rows = json.loads((trained.export_dir / "activities.json").read_text())
    edited = [row | {"name": "edited"} if row["id"] == "9" else row for row in rows]
    gone = [row for row in edited if row["id"] != "11"]
    moved = [
        row | {"start_date_local": "2024-01-10T07:00:00"} if row["id"] == "14" else row
        for row in gone
    ]
    wellness = json.loads((trained.export_dir / "wellness.json").read_text())
    write_export(trained.export_dir, moved, wellness)
    trained.metrics(WEEK, WEEK)
    after = {row["id"]: row for row in trained.documents("activities")}
    assert set(before) - set(after) == {"11"}
    touched = {id_ for id_, row in after.items() if row["updatedAt"] != before[id_]["updatedAt"]}
    assert touched == {"9", "14"}
    assert all(row["createdAt"] == before[id_]["createdAt"] for id_, row in after.items())


def test_real_responses_give_the_published_figures_in_the_store(
    graph: Graph, recorded: Path
) -> None:
    graph.export_dir = recorded
    assert graph.plan("2024-01-01").success
    (row,) = graph.documents("weekly_metrics")
    assert (row["runCount"], row["rideCount"], row["sleepScoreMean"]) == (1, 3, None)
    rounded = {name: round(row[name], 3) for name in ("ctlMean", "restHrMean", "stepsMean")}
    assert rounded == {"ctlMean": 32.018, "restHrMean": 57.571, "stepsMean": 7178.286}
    (artifacts,) = graph.documents("run_artifacts")
    WeeklyPlan.model_validate(artifacts["outputValidated"])
    assert artifacts["activities"][0]["icu_hr_zone_times"]
