"""A planned week, and its page."""

from typing import Any

from weekly_plan_assets.lineage.records.planning import freeze_inputs
from weekly_plan_assets.lineage.records.records import (
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
)
from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.week_page.content import week_on_page
from weekly_plan_assets.week_page.week_html import week_html
from weekly_plan_assets_tests.support.recorded_weeks import known_weeks, weekly

HOSTILE = "<script>alert(1)</script> \u202e & \"x\" 'y' {{ 7*7 }} \x07"
ROWS = list(weekly("Run", {1: 50, 3: 50, 5: 40, 6: 90}, [1]))


def run(**file: Any) -> tuple[PlanSnapshot, PlanningInputs]:
    """A week that was planned, and what it was planned from."""
    planner = RulesPlanner()
    inputs = freeze_inputs("r1:2025-03-31", known_weeks(ROWS, **file), planner)
    attempts = ask(planner, inputs.request, inputs.prompt, 1)
    return PlanSnapshot.of(PlanningOutcome.of(inputs, attempts)), inputs


def html(snapshot: PlanSnapshot, inputs: PlanningInputs | None = None, **known: Any) -> str:
    return week_html(week_on_page(snapshot, inputs, is_simulated=False, **known))
