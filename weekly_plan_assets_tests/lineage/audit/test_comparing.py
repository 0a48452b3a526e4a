"""Two runs side by side: what is the same is not marked, what differs is."""

from datetime import UTC, datetime

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.audit.comparing import ComparedValue, Comparison, compare
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.lineage.version_1_run import store_run
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from

AT = datetime(2024, 1, 14, tzinfo=UTC)


@pytest.fixture
def lineage(database: Database[BsonDocument]) -> Lineage:
    return Lineage(database)


@pytest.fixture
def runs(lineage: Lineage) -> list[str]:
    """The runs of two weeks that follow each other."""
    weeks = weeks_from(FIRST, 6)
    store_weeks(lineage.database, weeks)
    return keep_runs(lineage.database, weeks[-2:])


def compared(lineage: Lineage, a: str, b: str) -> Comparison:
    return compare(lineage.stored_run(a), lineage.stored_run(b))


def value(values: tuple[ComparedValue, ...], name: str) -> ComparedValue:
    (found,) = (one for one in values if one.name == name)
    return found


def test_a_run_beside_itself_differs_in_nothing(lineage: Lineage, runs: list[str]) -> None:
    same = compared(lineage, runs[0], runs[0])
    values = (*same.making, *same.metrics, *same.envelope, *same.plan)
    assert values
    assert not [one.name for one in values if one.differs or one.change]
    assert len(same.days) == 7
    assert not [day.weekday for day in same.days if day.differs]
    assert same.verdicts == ()


def test_figures_of_different_weeks_are_told_with_their_change(
    lineage: Lineage, runs: list[str]
) -> None:
    found = compared(lineage, *runs)
    a, b = (lineage.database["run_artifacts"].find_one({"runId": run}) for run in runs)
    assert a is not None
    assert b is not None
    load = value(found.metrics, "trainingLoad")
    assert (load.a, load.b) == (a["metrics"]["trainingLoad"], b["metrics"]["trainingLoad"])
    assert load.change == load.b - load.a  # type: ignore[operator]
    assert not found.same_week
    assert value(found.envelope, "target load").a == a["envelope"]["targetLoad"]
    assert value(found.plan, "load").b == b["outputValidated"]["nextWeek"]["plannedLoad"]


def test_a_session_that_differs_marks_its_day_and_other_words_do_not(
    lineage: Lineage, runs: list[str]
) -> None:
    first, second = runs
    snapshots = lineage.database["plan_snapshots"]
    plan = snapshots.find_one({"runId": first}, {"_id": 0, "activityPlan": 1})
    assert plan is not None
    busy = [number for number, day in enumerate(plan["activityPlan"]["days"]) if day["sessions"]]
    worded, moved = busy[:2]
    plan["activityPlan"]["days"][worded]["sessions"][0]["description"] = "In other words."
    plan["activityPlan"]["days"][moved]["sessions"][0]["durationS"] += 60
    snapshots.update_one({"runId": second}, {"$set": plan})
    found = compared(lineage, first, second)
    assert [number for number, day in enumerate(found.days) if day.differs] == [moved]


def test_verdicts_that_differ_are_named_and_the_others_are_not(
    lineage: Lineage, runs: list[str]
) -> None:
    of_two_weeks = {one.rule_id for one in compared(lineage, *runs).verdicts}
    artifacts = lineage.database["run_artifacts"]
    stored = artifacts.find_one({"runId": runs[1]})
    assert stored is not None
    verdicts = stored["attempts"][-1]["verdicts"]
    verdicts[0]["outcome"] = "not_evaluated"
    verdicts[1]["version"] += 1
    gone = verdicts.pop()
    artifacts.update_one({"runId": runs[1]}, {"$set": {"attempts": stored["attempts"]}})
    found = {one.rule_id: one for one in compared(lineage, *runs).verdicts}
    changed = {verdicts[0]["ruleId"], verdicts[1]["ruleId"], gone["ruleId"]}
    assert changed.isdisjoint(of_two_weeks)
    assert set(found) == changed | of_two_weeks
    assert found[gone["ruleId"]].b is None


def test_plans_of_version_1_are_compared_in_words(lineage: Lineage) -> None:
    store_run(lineage.database, "1", "2024-01-15", AT)
    store_run(lineage.database, "2", "2024-01-15", AT, modelId="gpt-5")
    lineage.database["plan_snapshots"].update_one(
        {"runId": "2"}, {"$set": {"activityPlan.days.2.activity": "Natación"}}
    )
    found = compared(lineage, "1", "2")
    assert [day.weekday for day in found.days if day.differs] == ["Wednesday"]
    assert value(found.making, "model").differs
    assert value(found.metrics, "runCount").change == 0
    assert found.verdicts == ()


def test_both_versions_stand_beside_each_other(lineage: Lineage, runs: list[str]) -> None:
    store_run(lineage.database, "1", "2024-01-15", AT)
    found = compared(lineage, "1", runs[0])
    assert (found.a.schema_version, found.b.schema_version) == ("1.0", "3.0")
    assert len(found.days) == 7
    assert value(found.plan, "load").a is None
    assert found.verdicts == ()
