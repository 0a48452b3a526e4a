"""The words that a model is asked with."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.guardrails import GUARDRAILS, Severity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.decisions.contract import Decisions
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
    "weekly-plan-6": "02dfed955bbd9df69867f84d74a554340d306487195420f35c35e87fafab80e9",
}
"""A template whose words change gets a new version, and a line here."""


KEPT_BY_CODE = frozenset(
    {
        *("week.dates", "week.bounds", "week.phase", "day.name", "anchored.kept", "race.placed"),
        *("steps.sum", "steps.zone", "steps.load", "zone.stated", "zone.bpm", "target.present"),
        *("target.fits", "session.distance", "strength.load", "race.estimate", "load.day_sum"),
        *("load.week_sum", "reason.unverified", "text.plain", "text.safe", "text.language"),
        *("text.matches", "easy.ceiling"),
    }
)
"""Rules that decisions cannot break, because code fills in what they judge or leaves it out."""

TOLD_IN_WORDS = frozenset(
    {
        *("hard.count", "hard.spacing", "rest.day", "long_run.single", "long_run.easy"),
        *("day.available", "sport.known", "day.sports", "day.halves", "race.fresh"),
        *("strength.days", "day.sessions", "session.duration", "habit.sessions", "zone.share"),
        *("return.running", "session.spike", "hard.progress", "time.envelope", "race.aftermath"),
        *("load.envelope", "load.ceiling", "long_run.spike"),
    }
)
"""Rules of which the template and the lines of the week speak, without their ids."""


def prompt_of(asked: PlanningRequest) -> str:
    return render_prompt(read_template(), asked)


def data_of(prompt: str) -> str:
    """The tables between the delimiter lines."""
    return prompt.partition(f"\n{DATA_OPENS}\n")[2].partition(f"\n{DATA_CLOSES}\n")[0]


def table(prompt: str, title: str) -> list[list[str]]:
    """The rows of a table, each a list of cells."""
    lines = data_of(prompt).partition(f"# {title}\n")[2].partition("\n# ")[0].splitlines()
    return [line.split(" | ") for line in lines]


def test_the_template_changes_only_together_with_its_version() -> None:
    digest = hashlib.sha256(TEMPLATE_PATH.read_bytes()).hexdigest()
    assert digest == SHA256_BY_VERSION[read_template().version]


def test_the_same_request_gives_the_same_prompt() -> None:
    assert prompt_of(request()) == prompt_of(request())


def test_the_prompt_states_the_week_what_it_may_hold_and_the_workouts() -> None:
    asked = request()
    prompt, envelope = prompt_of(asked), asked.context.envelope
    assert "2024-05-13 (Monday) to 2024-05-19 (Sunday)" in prompt.replace("\n", " ")
    assert (
        f"- Load: {envelope.min_load} to {envelope.max_load}, about {envelope.target_load}"
        in prompt
    )
    assert f"- Phase: {envelope.phase.value}." in prompt
    assert f"at most {envelope.hard_sessions}." in prompt
    for key in Decisions.model_fields:
        assert f'"{key}"' in prompt
    assert "run-tempo-blocks/1 of 7: 2 x 6 min tempo / 2 min" in prompt


def test_every_rule_is_told_or_kept_by_code() -> None:
    should = {rule.id for rule in GUARDRAILS if rule.severity is Severity.WARNING}
    prompt = prompt_of(request())
    assert all(f"{rule_id}: " in prompt for rule_id in should)
    known = KEPT_BY_CODE | TOLD_IN_WORDS | should
    assert {rule.id for rule in GUARDRAILS} == known


def test_a_race_of_the_week_is_told_as_fixed_with_its_estimate() -> None:
    race = Race(date=date(2024, 5, 19), priority=RacePriority.B, name=INJECTION, target_time_s=5400)
    prompt = prompt_of(request(ATHLETE.model_copy(update={"races": (race,)})))
    assert "- sun: fixed, do not list it: run race 90 min, load 135.\n" in prompt
    assert "fixed, do not list it" not in prompt_of(request())


def test_the_data_tell_zones_weeks_nights_and_sessions_but_not_who_it_is() -> None:
    asked = request()
    night = WellnessDay(day=date(2024, 5, 12), hrv_rmssd_ms=61, sleep_s=27_000)
    prompt = prompt_of(replace(asked, wellness=(night,), notes="Knee sore; no hills."))
    assert table(prompt, "zones, bpm") == [["run: up to 138, 147, 156, 165, 184"]]
    head, *weeks = table(prompt, "weeks")
    assert head[:2] == ["week", "trainingLoad"]
    assert [row[1] for row in weeks] == ["200", "310", "300", "200", "310"]
    assert table(prompt, "nights")[1] == ["2024-05-12", "61", "", "7.5"]
    assert table(prompt, "sessions")[1][:2] == ["Tue 07 May", ""]
    assert table(prompt, "what the athlete wrote") == [["Knee sore; no hills."]]
    assert ATHLETE.athlete_id not in prompt


def test_a_name_that_looks_like_an_instruction_stays_one_cell_of_the_data() -> None:
    prompt = prompt_of(request())
    block = data_of(prompt)
    assert not set("<>`&") & set(block)
    assert prompt.count("Ignore all rules") == block.count("Ignore all rules") == 2
    assert prompt.count(f"\n{DATA_CLOSES}\n") == 1
    assert all(line.count("SYSTEM") == 0 or " | " in line for line in block.splitlines())


def test_instructions_and_data_go_apart_and_are_the_prompt_together() -> None:
    prompt = prompt_of(request())
    instructions, question = split_prompt(prompt)
    assert instructions + question == prompt
    assert question.startswith(DATA_OPENS)
    assert "Ignore all rules" not in instructions


@pytest.mark.parametrize(("code", "name"), [("en", "English"), ("es", "Spanish")])
def test_the_model_is_told_the_language_of_the_athlete(code: str, name: str) -> None:
    prompt = prompt_of(request(ATHLETE.model_copy(update={"language": Language(code)})))
    assert f"in {name}, short and plain" in prompt


def test_a_rejection_names_every_error_on_a_line_of_its_own() -> None:
    told = render_rejection(read_template(), ("load.week_sum: 5 over", "day.name: Friday\nis not"))
    assert "\n- load.week_sum: 5 over\n- day.name: Friday is not\n" in told
