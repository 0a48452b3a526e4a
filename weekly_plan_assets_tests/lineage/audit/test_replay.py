"""Runs replayed from what is stored of them: equal as they are, and not after any edit."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.audit.differences import ABSENT, Difference, differences
from weekly_plan_assets.lineage.audit.drift import drifted_runs
from weekly_plan_assets.lineage.audit.replay import NothingToReplayError, Replay, replay
from weekly_plan_assets.lineage.records.reading import Lineage, UnreadableRunError, stored_run_from
from weekly_plan_assets.lineage.records.records import FALLBACK, PlanSnapshot
from weekly_plan_assets.planners import answers
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.model.fallback import RulesInstead
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.settings import SourceName
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.graph import ChosenSource, Graph
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from

MODEL = "openai:gpt-5"
WEEKS = weeks_from(FIRST, 6)


class TongueTied(ModelPlanner):
    """A model that never gives a valid plan: cut off the first time, no JSON the second."""

    def __init__(self) -> None:
        super().__init__(MODEL, timeout_s=1, max_tokens=1)

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> Answer:
        return Answer("I think", finish_reason="stop" if rejections else "length")


def replayed(database: Database[BsonDocument], run_id: str) -> Replay:
    run = Lineage(database).run(run_id)
    assert run is not None
    return replay(run)


def paths(replay: Replay) -> set[str]:
    return {difference.path for difference in replay.differences}


def edit(database: Database[BsonDocument], run_id: str, **fields: Any) -> None:
    changed = {key.replace("__", "."): value for key, value in fields.items()}
    database["run_artifacts"].update_one({"runId": run_id}, {"$set": changed})


@pytest.fixture
def kept(database: Database[BsonDocument]) -> list[str]:
    """Two runs, of which the earlier week is history to the later one."""
    store_weeks(database, WEEKS)
    return keep_runs(database, WEEKS[-2:])


def test_a_run_as_it_is_stored_comes_out_equal(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    for run_id in kept:
        assert replayed(database, run_id) == Replay(run_id=run_id, notes=(), differences=())


def test_runs_of_the_real_graph_come_out_equal(graph: Graph) -> None:
    graph.resources = {"source": ChosenSource(name=SourceName.SAMPLE, timezone="UTC")}
    graph.metrics(WEEKS[0].key, WEEKS[-1].key)
    run_ids = [f"{graph.plan(week.key).run_id}:{week}" for week in WEEKS[-2:]]
    for run_id in run_ids:
        assert replayed(graph.database, run_id).differences == ()
    assert drifted_runs(graph.database) == ()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("metrics.runDistance", 1.0, {"metrics.runDistance", "inputHashes.metrics"}),
        ("history.0.runTime", 1.0, {"inputHashes.history"}),
        ("activities.0.icu_training_load", 999.0, {"inputHashes.activities"}),
        ("activities.0.own_key", "x", {"inputHashes.activities"}),
        ("wellness.0.ctl", 1.0, {"inputHashes.wellness"}),
        ("athlete.unknownField", 1, set()),
        ("envelope.maxLoad", 10_000.0, {"envelope.maxLoad", "inputHashes.envelope"}),
        ("prompt", "Plan as you like.", {"prompt", "inputHashes.prompt"}),
        ("inputHashes.wellness", "0" * 64, {"inputHashes.wellness"}),
        ("attempts.0.verdicts.0.outcome", "fail", {"attempts[0].verdicts[0].outcome"}),
        ("attempts.0.errors", ["own: no"], {"attempts[0].errors[0]"}),
        ("outputValidated.days.0.plannedLoad", 7.0, {"outputValidated.days[0].plannedLoad"}),
        ("outputRaw", "{}", {"outputRaw"}),
        ("predicted.ctl", 1.0, {"predicted.ctl"}),
        ("weekEnd", "2030-01-01", {"weekEnd"}),
    ],
)
def test_an_edited_value_is_told_by_its_path_and_in_no_other_run(
    database: Database[BsonDocument], kept: list[str], field: str, value: Any, told: set[str]
) -> None:
    edit(database, kept[0], **{field: value})
    found = replayed(database, kept[0])
    assert told <= paths(found)
    assert found.is_equal is (not told)
    assert replayed(database, kept[1]).is_equal


def test_an_edited_answer_of_the_rules_is_told_field_by_field(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    document = database["run_artifacts"].find_one({"runId": kept[0]})
    assert document is not None
    answer = json.loads(document["outputRaw"])
    before = answer["nextWeek"]["objective"]
    answer["nextWeek"]["objective"] = "Win."
    text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    edit(database, kept[0], **{"attempts.0.outputRaw": text})
    told = {difference.path: difference for difference in replayed(database, kept[0]).differences}
    difference = told["attempts[0].outputRaw.nextWeek.objective"]
    assert (difference.stored, difference.again) == ("Win.", before)


def test_an_edited_plan_is_told_against_the_outcome(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    database["plan_snapshots"].update_one(
        {"runId": kept[0]}, {"$set": {"activityPlan.nextWeek.objective": "Win."}}
    )
    assert paths(replayed(database, kept[0])) == {"snapshot.activityPlan.nextWeek.objective"}


def test_a_plan_without_a_valid_outcome_is_told(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    edit(database, kept[0], outputRaw=None)
    found = replayed(database, kept[0])
    assert paths(found) == {"snapshot"}
    assert any("only its inputs" in note for note in found.notes)


def test_inputs_of_which_nothing_can_be_made_are_told_and_break_nothing(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    edit(database, kept[0], **{"activities.0.interval_summary": 5, "attempts": []})
    assert {"inputHashes.activities", "attempts"} <= paths(replayed(database, kept[0]))


def test_an_altered_provenance_is_refused_in_one_sentence(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    edit(database, kept[0], **{"provenance.registryVersion": "0"})
    with pytest.raises(UnreadableRunError, match="digest differs"):
        replayed(database, kept[0])


def test_a_model_without_a_valid_answer_and_the_rules_in_its_place_come_out_equal(
    database: Database[BsonDocument],
) -> None:
    store_weeks(database, WEEKS)
    (run_id,) = keep_runs(database, WEEKS[-1:], planner=TongueTied(), fallback=RulesInstead(MODEL))
    document = database["run_artifacts"].find_one({"runId": run_id})
    assert document is not None
    assert document["modelId"] == MODEL + FALLBACK
    assert [attempt["fallback"] for attempt in document["attempts"]] == [False, False, True]
    assert replayed(database, run_id) == Replay(run_id=run_id, notes=(), differences=())

    edit(database, run_id, **{"attempts.1.outputRaw": "{}"})
    assert any(path.startswith("attempts[1].errors") for path in paths(replayed(database, run_id)))


class LongWinded(ModelPlanner):
    """A model whose plans warn at length; its first answer has a key too many as well."""

    def __init__(self) -> None:
        super().__init__(MODEL, timeout_s=1, max_tokens=1)

    def propose(
        self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
    ) -> Answer:
        plan = RulesPlanner().plan(request).model_dump(mode="json", by_alias=True)
        plan["warnings"] = ["Take it easy on the hills of this week. " * 50]
        return Answer(json.dumps(plan if rejections else plan | {"own": 1}))


def test_a_plan_published_before_answers_had_limits_can_be_read_and_comes_out_equal(
    database: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    store_weeks(database, WEEKS)
    with monkeypatch.context() as before:
        before.setattr(answers, "assess", partial(answers.assess, limited=False))
        (run_id,) = keep_runs(database, WEEKS[-1:], planner=LongWinded())
    snapshot = Lineage(database).snapshot(run_id)
    assert isinstance(snapshot, PlanSnapshot)
    assert len(snapshot.activity_plan.warnings[0]) == 2_000
    assert replayed(database, run_id) == Replay(run_id=run_id, notes=(), differences=())

    edit(database, run_id, **{"attempts.0.errors": ["shape: own: of long ago"]})
    assert paths(replayed(database, run_id)) >= {"attempts[0].errors[0]"}


def test_an_answer_that_was_too_long_comes_out_equal(database: Database[BsonDocument]) -> None:
    class Endless(TongueTied):
        def propose(
            self, request: PlanningRequest, prompt: str, rejections: Sequence[Rejection]
        ) -> Answer:
            return Answer("and so on " * 50_000)

    store_weeks(database, WEEKS)
    (run_id,) = keep_runs(database, WEEKS[-1:], planner=Endless(), fallback=RulesInstead(MODEL))
    document = database["run_artifacts"].find_one({"runId": run_id})
    assert document is not None
    assert [one["outputRawBytes"] for one in document["attempts"]] == [500_000, 500_000, None]
    assert replayed(database, run_id) == Replay(run_id=run_id, notes=(), differences=())


def test_a_run_without_a_valid_answer_comes_out_equal(database: Database[BsonDocument]) -> None:
    store_weeks(database, WEEKS)
    (run_id,) = keep_runs(database, WEEKS[-1:], planner=TongueTied())
    assert replayed(database, run_id) == Replay(run_id=run_id, notes=(), differences=())


def test_other_guardrails_and_another_prompt_are_noted_and_what_differs_is_still_told(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    edit(database, kept[0], registryVersion="old", promptVersion="rules-1", prompt="Plan.")
    found = replayed(database, kept[0])
    assert [note.split(" ")[0:2] for note in found.notes] == [["Guardrails", "old"], ["It", "was"]]
    assert "prompt" in paths(found)


def test_inputs_from_before_coverage_and_file_were_kept_come_out_equal(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    removed = {"athleteFile": "", "metrics.coverage": "", "provenance": ""}
    database["run_artifacts"].update_one({"runId": kept[0]}, {"$unset": removed})
    found = replayed(database, kept[0])
    # The hash was taken with coverage; all that can be made again is as it is stored.
    assert paths(found) == {"inputHashes.metrics"}
    assert found.notes == ("The athlete's own file was not kept with it, and is taken as empty.",)


def test_runs_from_before_planned_sessions_and_costs_were_kept_come_out_equal(
    database: Database[BsonDocument], kept: list[str]
) -> None:
    removed = ("plannedOfLate", "inputHashes.plannedOfLate", "provenance")
    of_attempts = ("cachedTokens", "costUsd", "continued")
    fields = [*removed, *(f"attempts.0.{name}" for name in of_attempts)]
    database["run_artifacts"].update_one({"runId": kept[0]}, {"$unset": dict.fromkeys(fields, "")})
    assert replayed(database, kept[0]) == Replay(run_id=kept[0], notes=(), differences=())


def test_a_run_of_version_1_has_nothing_to_replay() -> None:
    run = stored_run_from(
        "n8n-1",
        None,
        {"runId": "n8n-1", "weekStart": "2024-01-08", "weekEnd": "2024-01-14"},
        None,
        None,
    )
    assert run is not None
    with pytest.raises(NothingToReplayError, match=r"schema version 1\.0"):
        replay(run)


def test_a_run_that_broke_before_its_inputs_were_kept_has_nothing_to_replay(graph: Graph) -> None:
    (graph.export_dir / "activities.json").write_text("{not json")
    dagster_run_id = graph.plan_and_record(FIRST.key)
    with pytest.raises(NothingToReplayError, match="no stored inputs"):
        replayed(graph.database, f"{dagster_run_id}:{FIRST}")


def test_differences_are_told_by_key_index_and_line() -> None:
    stored = {"a": [1, 2], "b": "one\ntwo", "c": None, "d": True}
    again = {"a": [1, 3, 4], "b": "one\n2", "d": 1, "e": 0}
    assert list(differences(stored, again)) == [
        Difference(path="a[1]", stored=2, again=3),
        Difference(path="a[2]", stored=ABSENT, again=4),
        Difference(path="b[1]", stored="two", again="2"),
        Difference(path="c", stored=None, again=ABSENT),
        Difference(path="d", stored=True, again=1),
        Difference(path="e", stored=ABSENT, again=0),
    ]
    assert list(differences(stored, stored)) == []


@pytest.mark.slow
def test_every_run_of_two_years_comes_out_equal_and_an_edited_session_is_told_by_its_users(
    database: Database[BsonDocument],
) -> None:
    weeks = weeks_from(FIRST, 104)
    store_weeks(database, weeks)
    run_ids = keep_runs(database, weeks)
    for run_id in run_ids:
        assert replayed(database, run_id).differences == ()
    assert drifted_runs(database) == ()

    edited = weeks[50]
    database["activities"].update_one(
        {"weekStart": edited.key, "type": "Run"}, {"$set": {"icu_training_load": 500}}
    )
    users = run_ids[50:55]
    assert [run.run_id for run in drifted_runs(database)] == users
