"""A run explained: all that it has, and why it lacks what it lacks."""

from datetime import UTC, date, datetime

import pytest

from weekly_plan_assets.domain.guardrails import RuleOutcome
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.explaining import explain
from weekly_plan_assets.lineage.audit.explanation import ExplainedMetric, Explanation
from weekly_plan_assets.lineage.records.metric_units import METRIC_UNITS, figures_of
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    wellness_day,
    write_export,
)
from weekly_plan_assets_tests.support.lineage_page import table

WEEK = "2024-01-08"
PLANNED = TrainingWeek.parse("2024-01-15")


@pytest.fixture
def graph(graph: Graph) -> Graph:
    write_export(
        graph.export_dir,
        [
            activity("1", "2024-01-03T07:00:00", distance=6000.0),
            activity("2", "2024-01-09T07:00:00"),
            activity("3", "2024-01-11T07:00:00", icu_training_load=None),
            activity("4", "2024-01-17T07:00:00"),
        ],
        [wellness_day("2024-01-09"), wellness_day("2024-01-14", hrv=None)],
    )
    return graph


def explained(graph: Graph) -> Explanation:
    return explain(Lineage(graph.database).stored_run("latest"))


def metric(told: Explanation, name: str) -> ExplainedMetric:
    (found,) = (one for one in told.metrics if one.name == name)
    return found


def left_out(told: Explanation) -> dict[str, str]:
    return {gap.part: gap.reason for gap in told.left_out}


def test_a_published_plan_is_told_with_all_that_it_rests_on(graph: Graph) -> None:
    graph.metrics("2024-01-01", "2024-01-01")
    graph.plan_and_record(WEEK)
    told = explained(graph)
    (snapshot,) = graph.documents("plan_snapshots")
    assert (told.status, told.published, told.athlete_id) == ("success", True, "i1")
    assert told.observed_week_start == date(2024, 1, 8)
    assert told.plan is not None
    assert [day.date for day in told.plan.days] == list(PLANNED.days)
    assert [reason.text for reason in told.reasons] == [
        reason["text"] for reason in snapshot["justification"]
    ]
    assert told.history == (date(2024, 1, 1),)
    assert told.envelope is not None
    assert told.envelope.readiness.signals
    assert told.provenance is not None
    assert [one.found for one in told.documents] == [True, True, True, False, False]
    assert [one.attempt for one in told.attempts] == [0]
    assert left_out(told).keys() == {"adherence"}


def test_a_metric_is_told_with_its_mean_before_and_what_was_measured(graph: Graph) -> None:
    graph.metrics("2024-01-01", "2024-01-01")
    graph.plan_and_record(WEEK)
    told = explained(graph)
    distance = metric(told, "runDistance")
    assert (distance.value, distance.history_mean, distance.history_weeks) == (14000, 6000, 1)
    assert (distance.unit, distance.counted) == ("m", "runs")
    load = metric(told, "trainingLoad")
    assert load.coverage is not None
    assert (load.coverage.measured, load.coverage.of) == (1, 2)
    hrv = metric(told, "hrvMean")
    assert (hrv.value, hrv.history_mean, hrv.history_weeks) == (70, None, 0)
    assert hrv.coverage is not None
    assert (hrv.coverage.measured, hrv.coverage.of, hrv.counted) == (1, 7, "days")
    assert hrv.coverage.sources == ("wellness",)


def test_a_rejected_plan_is_told_with_every_attempt_and_the_failures_first(graph: Graph) -> None:
    graph.planner = FixedPlannerResource.around(StubbornPlanner(), max_attempts=2)
    graph.plan_and_record(WEEK)
    told = explained(graph)
    assert (told.status, told.published, told.plan) == ("failure", False, None)
    assert [one.attempt for one in told.attempts] == [0, 1]
    assert all("load.week_sum" in one.errors[0] for one in told.attempts)
    outcomes = [verdict.outcome for verdict in told.verdicts]
    assert outcomes[0] is RuleOutcome.FAIL
    assert outcomes == sorted(
        outcomes, key=[RuleOutcome.FAIL, RuleOutcome.NOT_EVALUATED, RuleOutcome.PASS].index
    )
    assert told.verdicts[0].version is not None
    assert any("load.week_sum" in error for error in told.errors)
    assert left_out(told)["plan"] == "No attempt was valid, so nothing was published."


def test_a_run_that_broke_before_its_inputs_says_so_and_makes_nothing_up(graph: Graph) -> None:
    (graph.export_dir / "activities.json").write_text("{")
    graph.plan_and_record(WEEK)
    told = explained(graph)
    assert (told.status, told.plan, told.metrics) == ("failure", None, ())
    assert (told.envelope, told.verdicts, told.attempts) == (None, (), ())
    assert any("activities.json is not JSON" in error for error in told.errors)
    assert (
        left_out(told)["metrics, readiness, envelope, rules and attempts"]
        == "The run broke before its inputs were kept."
    )


def test_a_run_without_an_answer_is_told_as_far_as_it_got(graph: Graph) -> None:
    graph.plan(WEEK, ["activities", "wellness", "weekly_metrics", "planning_inputs"])
    told = explained(graph)
    assert told.status == "started"
    assert told.metrics
    assert told.plan is None
    assert left_out(told).keys() == {"plan", "rules and attempts", "adherence", "run event"}


def test_rows_of_before_coverage_and_rule_versions_were_kept_have_neither(graph: Graph) -> None:
    graph.plan_and_record(WEEK)
    artifacts = graph.database["run_artifacts"]
    artifacts.update_one(
        {}, {"$unset": {"metrics.coverage": 1, "attempts.$[].verdicts.$[].version": 1}}
    )
    for collection in ("run_artifacts", "plan_snapshots", "run_events"):
        graph.database[collection].update_one({}, {"$unset": {"provenance": 1}})
    told = explained(graph)
    assert {one.coverage for one in told.metrics} == {None}
    assert {verdict.version for verdict in told.verdicts} == {None}
    assert "not kept yet" in left_out(told)["provenance"]


def test_what_was_done_of_a_plan_is_told_once_its_week_was_looked_at(graph: Graph) -> None:
    graph.plan_and_record(WEEK)
    graph.metrics(PLANNED.key, PLANNED.key)
    told = explained(graph)
    assert told.adherence is not None
    assert told.adherence.load_done == 35
    assert "adherence" not in left_out(told)


def test_a_run_of_version_1_is_told_in_its_own_words(graph: Graph) -> None:
    store_run(graph.database, "77", "2024-01-15", datetime(2024, 1, 14, tzinfo=UTC))
    told = explained(graph)
    assert (told.schema_version, told.status, told.model_id) == ("1.0", "success", "gpt-4")
    assert (told.observed_week_start, told.athlete_id) == (None, None)
    assert [reason.text for reason in told.reasons] == ["CTL estable"]
    runs = metric(told, "runCount")
    assert (runs.value, runs.history_mean, runs.coverage) == (4, 2.5, None)
    assert "hrvMean" not in {one.name for one in told.metrics}
    assert "Documents of schema version 1.0 do not hold them." in left_out(told).values()


@pytest.mark.parametrize("metrics", [None, "no JSON", [1, 2], {"runCount": "4"}, "[]"])
def test_metrics_of_version_1_in_no_known_shape_are_left_out(graph: Graph, metrics: object) -> None:
    store_run(
        graph.database,
        "77",
        "2024-01-15",
        datetime(2024, 1, 14, tzinfo=UTC),
        metrics=metrics,
        history=None,
    )
    told = explained(graph)
    assert told.metrics == ()
    assert "metrics" in left_out(told)


def test_metrics_of_version_1_may_be_text_of_json() -> None:
    assert figures_of('{"runCount": 3, "runTime": null, "other": 1}') == {"runCount": 3}


def test_every_metric_has_the_unit_that_the_documents_tell() -> None:
    numbers = {
        field.alias
        for field in WeeklyMetrics.model_fields.values()
        if field.annotation in {int, float, float | None}
    }
    assert set(METRIC_UNITS) == numbers
    documented = {cells[0]: cells[1] for cells in table("weekly_metrics")}
    assert all(documented[name] == unit for name, unit in METRIC_UNITS.items())
