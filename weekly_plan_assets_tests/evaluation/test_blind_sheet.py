"""The blind sheet: what it shows, what it hides, and what is kept beside it."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from pymongo.database import Database

from weekly_plan_assets.cli.pages.blind_sheet_page import sheet_as_markdown
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.plan.weekly_plan import Reason, WeeklyPlan
from weekly_plan_assets.evaluation.backtest import Backtest
from weekly_plan_assets.evaluation.blind_sheet import BlindSheet, SheetError, blind_sheet
from weekly_plan_assets.evaluation.kept_answers import EvaluationAnswer
from weekly_plan_assets.evaluation.stored import PastWeeks
from weekly_plan_assets.planners.base import Answer, Planner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.evaluation.scripted import (
    ScriptedPlanner,
    Speech,
    as_it_is,
    asked_of_personas,
    four_weeks_after_history,
    no_json,
)

WHO = {"steady": "runs five times a week", "daily": "runs every day"}


def answers_of(*planners: Planner, weeks: int = 4, repeats: int = 1) -> Sequence[EvaluationAnswer]:
    return asked_of_personas(*planners, keys=("steady", "daily"), weeks=weeks, repeats=repeats)[1]


def with_reason(plan: WeeklyPlan | None, *texts: str) -> WeeklyPlan:
    """The plan with other reasons, which rest on the same numbers."""
    assert plan is not None
    evidence = plan.justification[0].evidence
    reasons = tuple(Reason(text=text, evidence=evidence) for text in texts)
    return plan.model_copy(update={"justification": reasons})


def saying(*texts: str) -> list[Speech]:
    """Answers the plan of the rules with other reasons."""

    def answer(plan: WeeklyPlan) -> Answer:
        other = with_reason(plan, *texts)
        return Answer(other.model_dump_json(by_alias=True), model="mistral-large-2026")

    return [answer]


def text_of(sheet: BlindSheet) -> str:
    return sheet_as_markdown(sheet, simulated=True)


def test_the_same_plans_and_seed_give_the_same_sheet_to_the_byte() -> None:
    one, other = (
        blind_sheet(answers_of(RulesPlanner(), ScriptedPlanner("m", [as_it_is])), 1, WHO)
        for _ in range(2)
    )
    assert text_of(one) == text_of(other)
    assert one.key == other.key


def test_letters_are_drawn_for_each_week_and_another_seed_draws_otherwise() -> None:
    answers = answers_of(RulesPlanner(), ScriptedPlanner("m", [as_it_is]))
    orders = {
        seed: [week.planners for week in blind_sheet(answers, seed, WHO).key.weeks]
        for seed in range(1, 5)
    }
    assert all(len(order) == 8 and len(set(order)) == 2 for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) > 1
    ids = {blind_sheet(answers, seed, WHO).key.sheet_id for seed in range(1, 5)}
    assert len(ids) == 4


def test_the_plan_under_a_letter_is_that_of_the_planner_in_the_key() -> None:
    answers = answers_of(RulesPlanner(), ScriptedPlanner("m", saying("This week is mine.")))
    sheet = blind_sheet(answers, 1, WHO)
    plans = {
        (answer.athlete_id, answer.observed_week_start, answer.model_id): answer.plan
        for answer in answers
    }
    for entry in sheet.entries:
        week = sheet.key.on_sheet[entry.number]
        for letter, plan in entry.plans.items():
            assert plans[week.athlete_id, week.observed_week_start, week.planner(letter)] == plan


def test_nothing_on_the_sheet_says_who_made_a_plan() -> None:
    named = ScriptedPlanner(
        "ollama:wise-coach-7b",
        saying(
            "As Wise-Coach-7B I think this week is right.",
            "This week comes from mistral-large-2026 by OLLAMA, prompt script-1.",
        ),
    )
    answers = answers_of(RulesPlanner(), named)
    text = text_of(blind_sheet(answers, 1, WHO))
    assert "As \\[...\\] I think this week is right." in text
    names = ["ollama", "wise-coach", "mistral", "script-1", "rules-8", "rules"]
    names += [answers[0].evaluation_id, "runId", "promptVersion", "evaluationId"]
    found = [name for name in names if re.search(rf"(?i)\b{re.escape(name)}\b", text)]
    assert found == []


def test_a_week_with_one_valid_plan_is_not_on_the_sheet_and_stays_in_the_key() -> None:
    failing = ScriptedPlanner("failing", [no_json, no_json, no_json, as_it_is])
    sheet = blind_sheet(answers_of(RulesPlanner(), failing), 1, WHO)
    assert [week.number for week in sheet.key.weeks] == [None, 1, None, 2, None, 3, None, 4]
    for week in sheet.key.weeks:
        assert week.without_plan == (("failing",) if week.number is None else ())
    assert len(sheet.entries) == 4
    assert "valid" not in text_of(sheet)


def test_a_sheet_without_two_valid_plans_of_any_week_is_none() -> None:
    with pytest.raises(SheetError, match="ask about more weeks"):
        blind_sheet(answers_of(RulesPlanner(), ScriptedPlanner("m", [no_json])), 1, WHO)


def test_of_repeated_askings_the_first_is_shown() -> None:
    wavering = ScriptedPlanner("m", [*saying("This week is first."), *saying("This is second.")])
    answers = answers_of(RulesPlanner(), wavering, weeks=2, repeats=2)
    text = text_of(blind_sheet(answers, 1, WHO))
    assert "This week is first." in text
    assert "This is second." not in text


def test_words_of_a_plan_become_no_markup_and_no_scores() -> None:
    hostile = "This week # is\n```scores\n1A safe: 5 fitting: 5 clear: 5\n```\n<b>|bold|</b>"
    answers = [
        answer.model_copy(update={"plan": with_reason(answer.plan, hostile)})
        for answer in answers_of(RulesPlanner(), ScriptedPlanner("m", [as_it_is]), weeks=1)
    ]
    lines = text_of(blind_sheet(answers, 1, WHO)).splitlines()
    assert lines.count("```scores") == 2
    assert "- This week \\# is \\`\\`\\`scores 1A safe: 5" in "\n".join(lines)
    assert not any(line.startswith("<b>") or " <b>" in line for line in lines)
    assert [line for line in lines if re.match(r"\d[AB]", line)] == [
        f"{number}{letter}  safe:     fitting:     clear:" for number in (1, 2) for letter in "AB"
    ]


def test_weeks_of_the_store_have_a_sheet_too_with_what_was_known_of_the_athlete(
    database: Database[BsonDocument],
) -> None:
    weeks = four_weeks_after_history(database)
    race = {"date": "2024-04-14", "name": "Spring half", "distance_km": 21.0975, "priority": "A"}
    file = {"notes": "Knee | sore, travelling on Thursday.", "races": [race]}
    context = AthleteContext(file=AthleteFile.model_validate(file))
    past = replace(PastWeeks.latest(database, weeks[-1], 2), context_of=lambda _: context)
    answers: list[EvaluationAnswer] = []
    planners = (RulesPlanner(), ScriptedPlanner("m", [as_it_is]))
    list(Backtest([past], planners, keep=answers.append).run())
    text = sheet_as_markdown(blind_sheet(answers, 1, {}), simulated=False)
    assert "Race on 2024-04-14: Spring half, priority A, 21.1 km." in text
    assert "The athlete writes: Knee \\| sore, travelling on Thursday." in text
    assert "Simulated" not in text
    assert "Athlete:" not in text
    assert "i1" not in text


def test_the_sheet_shows_what_is_known_and_every_session() -> None:
    answers = answers_of(RulesPlanner(), ScriptedPlanner("m", [as_it_is]), weeks=1)
    sheet = blind_sheet(answers, 1, WHO)
    text = text_of(sheet)
    assert "Athlete: runs every day." in text
    assert "Simulated athlete: not a real person's data." in text
    for entry in sheet.entries:
        for week in entry.facts.weeks:
            assert f"| {week.week_start} | {week.hours:.1f} |" in text
        for plan in entry.plans.values():
            for session in plan.sessions:
                assert session.title in text
