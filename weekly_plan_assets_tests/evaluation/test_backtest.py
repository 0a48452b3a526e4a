import json
from dataclasses import replace
from time import thread_time

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.backtest import Backtest
from weekly_plan_assets.evaluation.backtest_figures import RuleCount, planned_load
from weekly_plan_assets.evaluation.record import Evaluation, store_evaluation
from weekly_plan_assets.evaluation.stored import NothingStoredError, PastWeeks
from weekly_plan_assets.planners.base import Answer, Planner, PlannerError
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.athlete_context import ContextReader
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.evaluation.scripted import (
    FIRST,
    ScriptedPlanner,
    a_little_other,
    as_it_is,
    four_weeks_after_history,
    no_json,
    off_by_five,
    store_weeks,
)
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export
from weekly_plan_assets_tests.support.lineage_page import table


def evaluated(
    database: Database[BsonDocument],
    *planners: Planner,
    last: TrainingWeek,
    count: int = 4,
    repeats: int = 1,
) -> Evaluation:
    backtest = Backtest([PastWeeks.latest(database, last, count)], planners, repeats=repeats)
    list(backtest.run())
    return backtest.evaluation()


def test_every_planner_is_asked_about_every_week_as_often_as_wanted(
    database: Database[BsonDocument],
) -> None:
    weeks = four_weeks_after_history(database)
    one, other = ScriptedPlanner("one", [as_it_is]), ScriptedPlanner("other", [as_it_is])
    evaluation = evaluated(database, one, other, last=weeks[-1], repeats=3)
    assert evaluation.complete
    assert evaluation.weeks == tuple(week.start for week in weeks)
    for planner, figures in zip((one, other), evaluation.models, strict=True):
        assert [request.context.planned_week for request, _ in planner.asked] == [
            week.next() for week in weeks for _ in range(3)
        ]
        assert figures.figures.asked == 12
        assert [week.figures.asked for week in figures.weeks] == [3, 3, 3, 3]


def test_the_figures_of_a_script_are_those_reckoned_by_hand(
    database: Database[BsonDocument],
) -> None:
    weeks = four_weeks_after_history(database)
    # Week by week: valid at once; the third answer is valid, after two rejections; and again.
    script = [as_it_is, no_json, off_by_five, a_little_other]
    planner = ScriptedPlanner("scripted", script)
    evaluation = evaluated(database, planner, last=weeks[-1])
    (model,) = evaluation.models
    assert model.figures.asked == 4
    assert model.figures.attempts == 8
    assert model.figures.first_attempt_pass_rate == 0.5
    assert model.figures.valid_rate == 1
    assert model.figures.violations == (
        RuleCount(rule_id="load.week_sum", attempts=2),
        RuleCount(rule_id="shape", attempts=2),
    )
    assert (model.figures.input_tokens, model.figures.output_tokens) == (800, 80)
    assert (model.answered_by, model.prompt_version) == (("script-2024-01",), "script-1")

    # Every other plan has one session of another kind, with a load that is 2 less.
    session_counts = [len(RulesPlanner().plan(planner.asked[n][0]).sessions) for n in (3, 7)]
    expected = [1.0, 1 - 1 / session_counts[0], 1.0, 1 - 1 / session_counts[1]]
    assert [week.figures.sessions_in_common for week in model.weeks] == pytest.approx(expected)
    assert model.figures.sessions_in_common == pytest.approx(sum(expected) / 4)
    assert model.figures.load_difference == -1
    assert model.figures.load_distance == 1


def test_regenerations_that_differ_show_in_the_spread(database: Database[BsonDocument]) -> None:
    weeks = four_weeks_after_history(database)
    planner = ScriptedPlanner("wavering", [as_it_is, a_little_other])
    evaluation = evaluated(database, planner, last=weeks[-1], count=1, repeats=2)
    figures = evaluation.models[0].figures
    assert figures.load_range == 2
    assert figures.load_sd == pytest.approx(2**0.5)


def test_the_rules_planner_is_its_own_measure(database: Database[BsonDocument]) -> None:
    weeks = four_weeks_after_history(database)
    figures = evaluated(database, RulesPlanner(), last=weeks[-1], repeats=2).models[0].figures
    assert (figures.first_attempt_pass_rate, figures.violations) == (1, ())
    assert (figures.load_sd, figures.load_range) == (0, 0)
    assert (figures.load_difference, figures.sessions_in_common) == (0, 1)
    assert figures.input_tokens is None


def test_a_planner_sees_what_the_run_of_that_week_froze(graph: Graph) -> None:
    weeks = [FIRST.shift(number) for number in range(6)]
    runs = [activity(str(n), f"{week}T07:00:00") for n, week in enumerate(weeks)]
    write_export(graph.export_dir, runs, [wellness_day(week.key) for week in weeks])
    race = {"id": 1, "category": "RACE_A", "start_date_local": f"{weeks[-1].end}T09:00:00"}
    (graph.export_dir / "events.json").write_text(json.dumps([race]))
    graph.metrics(weeks[0].key, weeks[-1].key)
    assert graph.plan(weeks[-2].key).success
    (frozen,) = graph.documents("run_artifacts")
    past = PastWeeks.latest(graph.database, weeks[-1], 2)
    reader = ContextReader(ExportFolderSource(graph.export_dir), past.weeks, AthleteFile())
    known = replace(past, context_of=reader.athlete_context)
    inputs = known.load(weeks[-2]).inputs_for(RulesPlanner())
    assert inputs.athlete.races
    assert inputs.input_hashes == frozen["inputHashes"]
    assert inputs.prompt == frozen["prompt"]


def test_the_lineage_is_not_touched(database: Database[BsonDocument]) -> None:
    weeks = four_weeks_after_history(database)
    before = {name: list(database[name].find()) for name in database.list_collection_names()}
    evaluation = evaluated(database, RulesPlanner(), last=weeks[-1])
    store_evaluation(database, evaluation)
    after = {name: list(database[name].find()) for name in database.list_collection_names()}
    assert after.keys() - before.keys() == {"evaluations"}
    assert before == {name: after[name] for name in before}


def test_an_evaluation_is_one_document_which_reads_back(database: Database[BsonDocument]) -> None:
    weeks = four_weeks_after_history(database)
    evaluation = evaluated(database, RulesPlanner(), last=weeks[-1])
    store_evaluation(database, evaluation)
    store_evaluation(database, evaluation)
    (document,) = database["evaluations"].find()
    read = Evaluation.model_validate(document)
    assert read.models == evaluation.models
    assert read.evaluation_id == document["_id"]
    assert document["createdAt"] <= document["updatedAt"]
    assert {cells[0] for cells in table("evaluations")} == set(document)


def test_weeks_without_metrics_are_named_and_older_ones_asked_about(
    database: Database[BsonDocument],
) -> None:
    store_weeks(database, [FIRST, FIRST.next(), FIRST.shift(4)])
    evaluation = evaluated(database, RulesPlanner(), last=FIRST.shift(5), count=2)
    assert evaluation.weeks == (FIRST.next().start, FIRST.shift(4).start)
    assert [(week.observed_week_start, week.reason) for week in evaluation.left_out] == [
        (FIRST.shift(number).start, "it has no metrics") for number in (2, 3, 5)
    ]


def test_a_week_stored_half_way_is_named_with_the_reason(
    database: Database[BsonDocument],
) -> None:
    weeks = four_weeks_after_history(database)
    database["stored_weeks"].delete_one({"collection": "wellness", "weekStart": weeks[-1].key})
    evaluation = evaluated(database, RulesPlanner(), last=weeks[-1], count=2)
    assert evaluation.weeks == (weeks[-2].start,)
    (left_out,) = evaluation.left_out
    assert left_out.observed_week_start == weeks[-1].start
    assert "materialize wellness" in left_out.reason


def test_a_week_that_has_not_passed_is_not_asked_about(database: Database[BsonDocument]) -> None:
    weeks = four_weeks_after_history(database)
    evaluation = evaluated(database, RulesPlanner(), last=weeks[1], count=2)
    assert evaluation.weeks == (weeks[0].start, weeks[1].start)


def test_a_store_without_metrics_says_how_to_get_them(database: Database[BsonDocument]) -> None:
    with pytest.raises(NothingStoredError, match="`weekly-plan run` makes them"):
        PastWeeks.latest(database, FIRST, 3)


def test_a_planner_that_breaks_is_asked_no_more_and_the_others_go_on(
    database: Database[BsonDocument],
) -> None:
    def no_key(_: WeeklyPlan) -> Answer:
        raise PlannerError("the key was refused; set another one")

    weeks = four_weeks_after_history(database)
    broken = ScriptedPlanner("broken", [as_it_is, no_key])
    evaluation = evaluated(database, broken, RulesPlanner(), last=weeks[-1])
    model, rules = evaluation.models
    assert model.stopped == "the key was refused; set another one"
    assert (len(broken.asked), model.figures.asked, rules.figures.asked) == (2, 1, 4)
    assert model.figures.violations == ()
    assert not evaluation.complete


def test_what_is_done_when_a_backtest_ends_early_is_there(
    database: Database[BsonDocument],
) -> None:
    def interrupted(_: WeeklyPlan) -> Answer:
        raise KeyboardInterrupt

    weeks = four_weeks_after_history(database)
    planner = ScriptedPlanner("slow", [as_it_is, as_it_is, interrupted])
    backtest = Backtest([PastWeeks.latest(database, weeks[-1], 4)], [planner])
    with pytest.raises(KeyboardInterrupt):
        list(backtest.run())
    evaluation = backtest.evaluation()
    assert backtest.begun
    assert evaluation.models[0].figures.asked == 2
    assert not evaluation.complete


def test_a_week_of_the_rules_planner_takes_milliseconds(database: Database[BsonDocument]) -> None:
    weeks = four_weeks_after_history(database)
    # Processor time of this thread: what other workers do to the machine is not the planner's.
    began_s = thread_time()
    evaluated(database, RulesPlanner(), last=weeks[-1], repeats=10)
    assert (thread_time() - began_s) / 40 < 0.1


def test_the_load_is_that_of_the_sessions_not_the_one_stated(
    database: Database[BsonDocument],
) -> None:
    weeks = four_weeks_after_history(database)
    planner = ScriptedPlanner("scripted", [off_by_five])
    evaluated(database, planner, last=weeks[-1], count=1)
    plan = RulesPlanner().plan(planner.asked[0][0])
    stated = WeeklyPlan.model_validate(json.loads(off_by_five(plan).output_raw))
    assert planned_load(stated) == stated.next_week.planned_load - 5
