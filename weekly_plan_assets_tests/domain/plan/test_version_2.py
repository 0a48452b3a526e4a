"""Plans of contract 2.0 are read in the shape of 3.0; an answer must have that shape itself."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from weekly_plan_assets.domain.guardrails import RuleOutcome
from weekly_plan_assets.domain.plan.session_parts import Intent
from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, WeeklyPlan
from weekly_plan_assets_tests.support.valid_week import SAT, days, judged, plan_of

OLD: dict[str, Any] = {
    "sport": "Run",
    "kind": "vo2",
    "durationS": 2400,
    "distanceM": None,
    "intensity": {"zone": 5, "bpmLow": 176, "bpmHigh": 190},
    "steps": [
        {"repeats": 1, "workS": 900, "workZone": 2, "recoveryS": 0, "recoveryZone": 1},
        {"repeats": 5, "workS": 180, "workZone": 5, "recoveryS": 120, "recoveryZone": 1},
    ],
    "plannedLoad": 45,
    "description": "Go.",
    "goal": "Get fitter.",
}


def old_plan() -> dict[str, Any]:
    plan: dict[str, Any] = plan_of(days()).model_dump(mode="json", by_alias=True)
    plan["schema_version"] = "2.0"
    plan["days"][SAT]["sessions"] = [OLD]
    return plan


def test_a_session_of_2_0_becomes_blocks_of_the_same_zone_times() -> None:
    session = PlannedSession.model_validate(OLD)
    assert zone_times_s(session.blocks) == {1: 600, 2: 900, 5: 900}
    works = [step.work.intent for block in session.blocks for step in block.steps]
    assert works == [Intent.EASY, Intent.VO2]
    assert not any(step.work.targets for block in session.blocks for step in block.steps)


def test_a_stored_plan_keeps_its_version_and_is_not_judged_by_targets_it_cannot_have() -> None:
    plan = WeeklyPlan.model_validate(old_plan())
    assert plan.schema_version == "2.0"
    outcomes = {verdict.rule_id: verdict.outcome for verdict in judged(plan)}
    assert outcomes["target.present"] is RuleOutcome.NOT_EVALUATED
    assert outcomes["steps.sum"] is RuleOutcome.PASS


def test_what_is_raised_reads_the_same_again() -> None:
    plan = WeeklyPlan.model_validate(old_plan())
    assert WeeklyPlan.model_validate_json(plan.model_dump_json(by_alias=True)) == plan


@pytest.mark.parametrize("change", [{"schema_version": "2.0"}, {}])
def test_no_answer_is_of_an_older_version(change: dict[str, str]) -> None:
    plan = {**old_plan(), "schema_version": "3.0", **change}
    if change:
        plan["days"][SAT]["sessions"] = []
    with pytest.raises(ValidationError, match=r"3\.0|steps"):
        WeeklyPlan.answered(json.dumps(plan))
