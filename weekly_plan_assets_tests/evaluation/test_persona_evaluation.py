"""Planners side by side over simulated athletes: the same weeks, each with a memory of its own."""

from collections import Counter

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.evaluation.quality.loops import open_loop
from weekly_plan_assets.evaluation.quality.persona_weeks import NOTHING_DONE, PersonaWeeks
from weekly_plan_assets.evaluation.record import (
    Evaluation,
    UnknownEvaluationError,
    read_answers,
    read_evaluation,
    store_answer,
    store_evaluation,
)
from weekly_plan_assets.planners.base import Answer, Planner, PlannerError
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.evaluation.scripted import (
    ScriptedPlanner,
    as_it_is,
    asked_of_personas,
    no_json,
    off_by_five,
)
from weekly_plan_assets_tests.support.lineage_page import table


def kept(database: Database[BsonDocument], *planners: Planner) -> Evaluation:
    evaluation, answers = asked_of_personas(*planners)
    for answer in answers:
        store_answer(database, answer)
    store_evaluation(database, evaluation)
    return evaluation


def test_the_rules_plan_the_weeks_that_the_quality_score_is_made_of() -> None:
    _, answers = asked_of_personas(RulesPlanner(), weeks=3)
    scored = open_loop(PERSONA_BY_KEY["steady"], full=False, weeks=3)
    assert [answer.plan for answer in answers] == [week.plan for week in scored]


def test_every_planner_is_asked_about_every_week_of_every_athlete() -> None:
    evaluation, answers = asked_of_personas(
        RulesPlanner(), ScriptedPlanner("one", [as_it_is]), keys=("steady", "novice"), weeks=2
    )
    assert evaluation.complete
    assert evaluation.athlete_id is None
    assert list(evaluation.personas) == ["steady", "novice"]
    counts = Counter((answer.model_id, answer.athlete_id) for answer in answers)
    assert set(counts.values()) == {2}
    assert len(counts) == 4
    for model in evaluation.models:
        assert model.figures.asked == 4
        assert len(model.weeks) == 4


def test_a_planner_knows_its_own_earlier_plans_and_nobody_else_s() -> None:
    never, always = ScriptedPlanner("never", [no_json]), ScriptedPlanner("always", [as_it_is])
    asked_of_personas(never, always, keys=("marathon_2_50",), weeks=4)
    last_known = [planner.asked[-1][0].workouts for planner in (never, always)]
    assert last_known[0] == ()
    assert last_known[1]


def test_the_facts_of_a_week_are_the_same_for_all_and_say_what_was_done() -> None:
    never, always = ScriptedPlanner("never", [no_json]), ScriptedPlanner("always", [as_it_is])
    _, answers = asked_of_personas(never, always, keys=("marathon_2_50",), weeks=4)
    by_week: dict[str, set[str]] = {}
    for answer in answers:
        facts = answer.facts.model_dump_json()
        by_week.setdefault(str(answer.observed_week_start), set()).add(facts)
    assert [len(facts) for facts in by_week.values()] == [1, 1, 1, 1]
    weeks = answers[0].facts.weeks
    assert len(weeks) == 6
    assert weeks[-1].week_start == answers[0].observed_week_start
    assert all(2 < week.hours < 12 and len(week.sessions) >= 3 for week in weeks)
    assert any("Heart-rate zones, run" in line for line in answers[0].facts.lines)


def test_a_week_without_a_valid_plan_is_counted_and_is_no_part_of_the_quality() -> None:
    rules, failing = RulesPlanner(), ScriptedPlanner("failing", [no_json, no_json, off_by_five])
    evaluation, answers = asked_of_personas(rules, failing, weeks=3)
    figures = {model.model_id: model.figures for model in evaluation.models}
    assert (figures["rules"].valid_rate, figures["failing"].valid_rate) == (1, 0)
    assert (figures["failing"].asked, figures["failing"].attempts) == (3, 9)
    assert {rule.rule_id for rule in figures["failing"].violations} == {"shape", "load.week_sum"}
    assert [answer.plan for answer in answers if answer.model_id == "failing"] == [None] * 3
    for item in evaluation.quality:
        by_planner = {reading.setting: reading for reading in item.readings}
        assert set(by_planner) == {"rules", "failing"}
        assert by_planner["failing"].n == 0
    (valid,) = [item for item in evaluation.quality if item.id == "valid"]
    assert [reading.n for reading in valid.readings] == [3, 0]


def test_a_planner_that_breaks_leaves_an_answer_that_says_so_and_the_others_go_on() -> None:
    def no_key(_: WeeklyPlan) -> Answer:
        raise PlannerError("the key was refused; set another one")

    evaluation, answers = asked_of_personas(
        ScriptedPlanner("broken", [no_key]), RulesPlanner(), weeks=2
    )
    broken, rules = evaluation.models
    assert broken.stopped == "the key was refused; set another one"
    assert (broken.figures.asked, rules.figures.asked) == (0, 2)
    (answer,) = [answer for answer in answers if answer.model_id == "broken"]
    assert answer.attempts[0].errors[0].startswith("planner.failed: the key was refused")


def test_repeats_are_kept_one_by_one_and_the_first_is_remembered() -> None:
    planner = ScriptedPlanner("wavering", [as_it_is, no_json, no_json, no_json])
    evaluation, answers = asked_of_personas(planner, weeks=2, repeats=2)
    assert [answer.repeat for answer in answers] == [0, 1, 0, 1]
    assert len({answer.key for answer in answers}) == 4
    (valid,) = [item for item in evaluation.quality if item.id == "valid"]
    assert valid.readings[0].n == 2


def test_weeks_before_an_athlete_trained_are_left_out_with_the_reason() -> None:
    athlete = PersonaWeeks(PERSONA_BY_KEY["novice"], 52)
    assert len(athlete.weeks) < 52
    assert set(athlete.left_out.values()) == {NOTHING_DONE}
    assert len(athlete.weeks) + len(athlete.left_out) == 52


def test_answers_and_figures_read_back_from_the_store_as_they_were(
    database: Database[BsonDocument],
) -> None:
    evaluation, answers = asked_of_personas(RulesPlanner(), ScriptedPlanner("failing", [no_json]))
    for answer in (*answers, *answers):
        store_answer(database, answer)
    store_evaluation(database, evaluation)
    again = read_evaluation(database, evaluation.evaluation_id[:8])
    assert (again.models, again.quality) == (evaluation.models, evaluation.quality)
    read = {answer.key: answer for answer in read_answers(database, evaluation.evaluation_id)}
    assert len(read) == len(answers) == database["evaluation_answers"].count_documents({})
    for answer in answers:
        stored = read[answer.key]
        assert (stored.plan, stored.facts) == (answer.plan, answer.facts)
        assert stored.prompt == answer.prompt
        assert [one.output_raw for one in stored.attempts] == [
            one.output_raw for one in answer.attempts
        ]
    for model in again.models:
        attempts = [
            attempt
            for answer in read.values()
            if answer.model_id == model.model_id
            for attempt in answer.attempts
        ]
        tokens = [one.input_tokens for one in attempts if one.input_tokens is not None]
        assert model.figures.attempts == len(attempts)
        assert model.figures.input_tokens == (sum(tokens) if tokens else None)
        mean_s = sum(one.duration_s for one in attempts) / len(attempts)
        assert model.figures.latency_mean_s == pytest.approx(mean_s)


def test_the_fields_of_an_answer_are_those_of_the_page(database: Database[BsonDocument]) -> None:
    kept(database, RulesPlanner())
    document = database["evaluation_answers"].find_one({})
    assert document is not None
    assert {cells[0] for cells in table("evaluation_answers")} == set(document)


def test_an_evaluation_is_found_by_its_start_or_as_the_latest(
    database: Database[BsonDocument],
) -> None:
    with pytest.raises(UnknownEvaluationError, match="`weekly-plan evaluate` makes one"):
        read_evaluation(database, "latest")
    one, other = (kept(database, RulesPlanner()) for _ in range(2))
    assert read_evaluation(database, "latest").evaluation_id == other.evaluation_id
    assert read_evaluation(database, one.evaluation_id).evaluation_id == one.evaluation_id
    with pytest.raises(UnknownEvaluationError, match="write more of it"):
        read_evaluation(database, "")
