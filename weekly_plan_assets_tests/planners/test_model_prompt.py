"""The words that a model is asked with."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.guardrails import GUARDRAILS
from weekly_plan_assets.domain.metrics.coverage import Coverage, Measured
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.model.prompt import (
    DATA_CLOSES,
    DATA_OPENS,
    TEMPLATE_PATH,
    read_template,
    render_prompt,
    render_rejection,
    split_prompt,
)
from weekly_plan_assets_tests.support.model_request import ATHLETE, INJECTION, request

SHA256_BY_VERSION = {
    "weekly-plan-2": "1925037b06f293c8ea9a6ed586c17168e879329a9e36b2889eb042b4878adae5",
    "weekly-plan-3": "c707f9925fa48159e5e30d01d83abb810a77ba3bc12d74023f5786b1b5559d11",
    "weekly-plan-4": "e9a742329fb72f0df5a58de022e4c5ba56f9c49ebeebf562ce86582fbb17cd51",
    "weekly-plan-5": "41ca085e73b7c18849ebc0b626fb491b111a92f227f92d7f8c3c2eebe5776e15",
}
"""A template whose words change gets a new version, and a line here."""


def prompt_of(asked: PlanningRequest) -> str:
    return render_prompt(read_template(), asked)


def data_of(prompt: str) -> tuple[str, dict[str, Any]]:
    """The text between the delimiter lines, and what it says."""
    block = prompt.partition(f"\n{DATA_OPENS}\n")[2].partition(f"\n{DATA_CLOSES}\n")[0]
    return block, json.loads(block)


def test_the_template_changes_only_together_with_its_version() -> None:
    digest = hashlib.sha256(TEMPLATE_PATH.read_bytes()).hexdigest()
    assert digest == SHA256_BY_VERSION[read_template().version]


def test_the_same_request_gives_the_same_prompt() -> None:
    assert prompt_of(request()) == prompt_of(request())


def test_the_prompt_states_the_week_the_envelope_the_schema_and_every_rule() -> None:
    asked = request()
    prompt, envelope = prompt_of(asked), asked.context.envelope
    assert "2024-05-13 (Monday) to 2024-05-19 (Sunday)" in prompt.replace("\n", " ")
    assert f"between {envelope.min_load} and {envelope.max_load}" in prompt
    assert f"aim at {envelope.target_load}" in prompt
    assert '"schema_version"' in prompt
    for rule in GUARDRAILS:
        assert f"- {rule.id} (" in prompt
        assert f": {rule.statement} Measure: {rule.threshold}." in prompt
    for reason in envelope.reasons:
        assert reason in data_of(prompt)[1]["envelope"]["reasons"]


def test_a_race_of_the_week_is_told_with_its_estimate() -> None:
    race = Race(date=date(2024, 5, 19), priority=RacePriority.B, name=INJECTION, target_time_s=5400)
    prompt = prompt_of(request(ATHLETE.model_copy(update={"races": (race,)})))
    assert "\n- Race on 2024-05-19: Run, 5400 s in zone 4, load 135.\n" in prompt
    assert "- Race on" not in prompt_of(request())


def test_the_data_tell_zones_metrics_history_and_sessions_but_not_who_it_is() -> None:
    coverage = Coverage(
        days=7,
        wellness_last_day=None,
        metrics={"hrvMean": Measured(measured=5, of=7, sources=())},
        twins=(),
        stubs=0,
        implausible=(),
    )
    prompt = prompt_of(request(coverage=coverage))
    data = data_of(prompt)[1]
    assert data["zones"]["Run"][1] == {"zone": 2, "bpmLow": 138, "bpmHigh": 147}
    assert data["metrics"]["trainingLoad"] == 310
    assert data["metrics"]["coverage"] == {"hrvMean": "5 of 7"}
    assert [week["trainingLoad"] for week in data["history"]] == [200, 310, 300, 200]
    assert data["activities"][0]["date"] == "2024-05-07"
    assert ATHLETE.athlete_id not in prompt


def test_a_name_that_looks_like_an_instruction_stays_escaped_inside_the_data() -> None:
    prompt = prompt_of(request())
    block, data = data_of(prompt)
    assert data["activities"][0]["name"] == data["athlete"]["races"][0]["name"] == INJECTION
    assert not set("<>`&") & set(block)
    assert prompt.count("Ignore all rules") == block.count("Ignore all rules") == 2
    assert prompt.count(f"\n{DATA_CLOSES}\n") == 1


def test_instructions_and_data_go_apart_and_are_the_prompt_together() -> None:
    prompt = prompt_of(request())
    instructions, question = split_prompt(prompt)
    assert instructions + question == prompt
    assert question.startswith(DATA_OPENS)
    assert "Ignore all rules" not in instructions


@pytest.mark.parametrize(
    ("code", "name", "monday"), [("en", "English", "Monday"), ("es", "Spanish", "Lunes")]
)
def test_the_model_is_told_the_language_of_the_athlete(code: str, name: str, monday: str) -> None:
    prompt = prompt_of(request(ATHLETE.model_copy(update={"language": Language(code)})))
    assert f"in {name}, short and plain" in prompt
    assert f"Days are called {monday}, " in prompt


def test_a_rejection_names_every_error_on_a_line_of_its_own() -> None:
    told = render_rejection(read_template(), ("load.week_sum: 5 over", "day.name: Friday\nis not"))
    assert "\n- load.week_sum: 5 over\n- day.name: Friday is not\n" in told
