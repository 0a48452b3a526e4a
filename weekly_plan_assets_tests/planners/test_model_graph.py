"""A model as the planner of the whole graph, and of the command line."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import ExecuteInProcessResult

from weekly_plan_assets.cli.pages.render import render_runs
from weekly_plan_assets.defs.resources import ModelLimits
from weekly_plan_assets.lineage.records.reading import event_of
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.terminal.console import out
from weekly_plan_assets_tests.support.graph import (
    Graph,
    LimitedModelResource,
    activity,
    wellness_day,
    write_export,
)
from weekly_plan_assets_tests.support.openai_server import (
    ANSWERING_MODEL,
    API_KEY,
    MODEL_ID,
    OpenAIServer,
    Reply,
    openai_server,
)
from weekly_plan_assets_tests.support.price_list import (
    USD_A_MILLION_READ,
    USD_A_MILLION_WRITTEN,
    loopback_prices,
)
from weekly_plan_assets_tests.support.terminal import Terminal

LINEAGE = (PROJECT_ROOT / "docs" / "data_lineage.md").read_text().partition("## Attempts")[2]
WEEK = "2024-01-08"
BROKEN_RULES = ("week.bounds", "day.name", "load.week_sum")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with openai_server() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def valid_plan(graph: Graph) -> str:
    """A plan that is valid after `WEEK` of the graph's athlete; the graph is then left empty."""
    write_export(
        graph.export_dir,
        [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (9, 11, 14)],
        [wellness_day(f"2024-01-{day:02d}") for day in range(8, 15)],
    )
    graph.plan(WEEK)
    (artifacts,) = graph.documents("run_artifacts")
    for collection in ("run_artifacts", "plan_snapshots"):
        graph.database[collection].delete_many({})
    return str(artifacts["outputRaw"])


def broken(plan: str) -> str:
    """The plan with three rules broken, written with blanks."""
    answer = json.loads(plan)
    answer["nextWeek"]["weekEnd"] = "2024-01-22"
    answer["nextWeek"]["plannedLoad"] += 5
    answer["days"][4]["dayName"] = "Saturday"
    return json.dumps(answer, indent=2)


def with_model(graph: Graph, **changed: Any) -> Graph:
    limits: dict[str, Any] = {
        "model": MODEL_ID,
        "max_attempts": 3,
        "timeout_s": 5.0,
        "max_tokens": 16_000,
        "budget_s": 60.0,
        "budget_tokens": 100_000,
        "patience_s": 0.0,
    }
    graph.planner = LimitedModelResource.within(ModelLimits(**{**limits, **changed}))
    return graph


def planned(graph: Graph) -> tuple[ExecuteInProcessResult, BsonDocument, BsonDocument]:
    """A run of the weekly job, with its artifacts and its event."""
    result = graph.plan(WEEK)
    record_run_events(graph.instance, graph.database, result.run_id)
    (artifacts,) = graph.documents("run_artifacts")
    (event,) = graph.documents("run_events")
    return result, artifacts, event


def test_prose_then_three_broken_rules_then_a_valid_plan_publishes_attempt_2(
    graph: Graph, server: OpenAIServer, valid_plan: str
) -> None:
    server.script = [Reply("Here you are!"), Reply(broken(valid_plan)), Reply(valid_plan)]
    result, artifacts, event = planned(with_model(graph))
    assert result.success
    (snapshot,) = graph.documents("plan_snapshots")
    assert snapshot["attempt"] == artifacts["attempt"] == event["attempt"] == 2
    prose, wrong, right = artifacts["attempts"]
    assert prose["outputRaw"] == "Here you are!"
    assert prose["errors"][0].startswith("shape: ")
    assert sorted(error.partition(":")[0] for error in wrong["errors"]) == sorted(BROKEN_RULES)
    assert "\n" not in wrong["outputRaw"]
    assert right["errors"] == []
    for attempt in artifacts["attempts"]:
        assert (attempt["inputTokens"], attempt["outputTokens"]) == (1000, 200)
        assert (attempt["finishReason"], attempt["model"]) == ("stop", ANSWERING_MODEL)
        assert attempt["durationS"] > 0
        assert all(f"\n| {name} | " in LINEAGE for name in attempt)
    assert artifacts["modelId"] == event["modelId"] == MODEL_ID
    assert artifacts["promptVersion"].startswith("weekly-plan-")
    assert event["tokens"] == 3 * (1000 + 200)
    assert event["costUsd"] is None
    assert artifacts["outputRaw"] == valid_plan
    rejection = server.requests[2]["messages"][-1]["content"]
    assert all(f"- {rule}: " in rejection for rule in BROKEN_RULES)


def test_what_the_attempts_cost_is_stored_and_summed_where_the_price_is_known(
    graph: Graph, server: OpenAIServer, valid_plan: str
) -> None:
    server.script = [Reply("Here you are!"), Reply(valid_plan)]
    with loopback_prices():
        _, artifacts, event = planned(with_model(graph))
    each = (1000 * USD_A_MILLION_READ + 200 * USD_A_MILLION_WRITTEN) / 1e6
    costs = [attempt["costUsd"] for attempt in artifacts["attempts"]]
    assert costs == pytest.approx([each, each])
    assert event["costUsd"] == pytest.approx(2 * each)
    with out.capture() as captured:
        render_runs([event_of(event)])
    assert f"2,400 tokens, about ${2 * each:.4f}\n" in captured.get()
    assert f"about ${2 * each:.4f} in 1 of these runs, by list prices\n" in captured.get()


def test_a_model_that_never_gives_a_valid_plan_fails_the_run_with_the_rules(
    graph: Graph, server: OpenAIServer, valid_plan: str
) -> None:
    server.script = [Reply("Here you are!"), Reply(broken(valid_plan))]
    result, artifacts, event = planned(with_model(graph))
    assert not result.success
    assert artifacts["status"] == event["status"] == "failure"
    assert len(artifacts["attempts"]) == 3
    assert artifacts["outputValidated"] is None
    assert graph.documents("plan_snapshots") == []
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    for rule in BROKEN_RULES:
        assert rule in str(checks["plan_is_valid"].description)
        assert any(error.startswith(f"{rule}: ") for error in event["errors"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "key", "sentence"),
    [
        (MODEL_ID, "sk-wrong-one", "its key is refused; check OPENAI_API_KEY"),
        ("openai-chat:coach-9", API_KEY, "there is no such model"),
        ("nobody:coach", API_KEY, "names no provider"),
    ],
)
def test_a_model_that_cannot_be_asked_fails_the_run_with_a_sentence_and_keeps_the_inputs(
    graph: Graph,
    server: OpenAIServer,
    valid_plan: str,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    key: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    result, artifacts, event = planned(with_model(graph, model=model))
    assert not result.success
    assert artifacts["status"] == "failure"
    assert artifacts["metrics"]
    assert artifacts["prompt"]
    assert len(artifacts["attempts"]) == 1
    assert any(sentence in error for error in event["errors"])


@pytest.mark.slow
@pytest.mark.parametrize("reply", [Reply("no"), Reply(status=500)])
def test_with_the_fallback_the_rules_publish_and_it_is_said_everywhere(
    graph: Graph, server: OpenAIServer, valid_plan: str, reply: Reply
) -> None:
    server.script = [reply]
    graph = with_model(graph, fallback_to_rules=True, max_attempts=2, timeout_s=0.5)
    result, artifacts, event = planned(graph)
    assert result.success
    assert artifacts["modelId"] == event["modelId"] == f"{MODEL_ID}, fallback rules"
    assert [attempt["fallback"] for attempt in artifacts["attempts"]][-2:] == [False, True]
    assert artifacts["attempts"][0]["errors"]
    (snapshot,) = graph.documents("plan_snapshots")
    assert snapshot["activityPlan"]["warnings"][0].startswith(f"{MODEL_ID} gave no valid plan")


def with_session(plan: str, **changed: Any) -> str:
    """The plan whose first session says something else; numbers may be such as no float holds."""
    answer = json.loads(plan)
    day = next(day for day in answer["days"] if day["sessions"])
    day["sessions"][0] |= changed
    return json.dumps(answer)


HOSTILE: dict[str, Callable[[str], str]] = {
    "shape: days.": lambda plan: with_session(plan, plannedLoad=1e308),
    "shape: ": lambda plan: plan.replace('"repeats":1', f'"repeats":1{"0" * 400}', 1),
    "answer.too_long: ": lambda plan: with_session(plan, description="easy " * 600_000),
    "day.sessions: ": lambda plan: with_strength(plan, 20, duration_s=300, load=3),
    "strength.load: ": lambda plan: with_strength(plan, 1, duration_s=12 * 3600, load=15),
    "session.distance: ": lambda plan: with_session(plan, distanceM=1),
    "text.plain: ": lambda plan: with_session(plan, goal="See https://evil.example now."),
    "text.safe: ": lambda plan: with_session(plan, description="Stop your heart pills."),
    "text.matches: ": lambda plan: with_session(plan, description="Run 3 hours in zone 5."),
}
"""Answers that would do harm, each by how the error that refuses it begins."""


def with_strength(plan: str, count: int, *, duration_s: int, load: float) -> str:
    """The plan with sessions of strength on its first day with a session."""
    answer = json.loads(plan)
    day = next(day for day in answer["days"] if day["sessions"])
    strength = day["sessions"][0] | {
        "sport": "WeightTraining",
        "kind": "strength",
        "intensity": None,
        "blocks": [],
    }
    more = [strength | {"durationS": duration_s, "plannedLoad": load}] * count
    day["sessions"] += more
    day["plannedLoad"] += count * load
    answer["nextWeek"]["plannedLoad"] += count * load
    return json.dumps(answer)


def test_harmful_answers_are_kept_and_refused_one_by_one_until_a_good_one_is_published(
    graph: Graph, server: OpenAIServer, valid_plan: str
) -> None:
    harmful = [make(valid_plan) for make in HOSTILE.values()]
    server.script = [Reply(text) for text in (*harmful, valid_plan)]
    result, artifacts, event = planned(with_model(graph, max_attempts=10))
    assert result.success
    *refused, good = artifacts["attempts"]
    for attempt, begins in zip(refused, HOSTILE, strict=True):
        assert any(error.startswith(begins) for error in attempt["errors"]), attempt["errors"]
    assert good["errors"] == []
    (snapshot,) = graph.documents("plan_snapshots")
    assert snapshot["attempt"] == event["attempt"] == len(harmful)
    assert artifacts["outputRaw"] == valid_plan
    # What was wrong reaches the model, and of three megabytes only what is kept.
    assert "holds an address, 'https://" in str(server.requests[-1]["messages"])
    assert len(json.dumps(server.requests[-1])) < 500_000


@pytest.mark.slow
@pytest.mark.parametrize("begins", HOSTILE)
def test_where_a_model_gives_harmful_answers_alone_the_rules_publish(
    graph: Graph, server: OpenAIServer, valid_plan: str, begins: str
) -> None:
    server.script = [Reply(HOSTILE[begins](valid_plan))]
    result, artifacts, event = planned(with_model(graph, fallback_to_rules=True, max_attempts=2))
    assert result.success
    assert [bool(attempt["errors"]) for attempt in artifacts["attempts"]] == [True, True, False]
    assert artifacts["modelId"] == event["modelId"] == f"{MODEL_ID}, fallback rules"
    (snapshot,) = graph.documents("plan_snapshots")
    assert snapshot["activityPlan"]["warnings"][0].startswith(f"{MODEL_ID} gave no valid plan")
    assert "evil" not in str(snapshot)


@pytest.mark.slow
def test_harmful_answers_end_in_the_plan_of_the_rules_from_the_command_line(
    terminal: Terminal, server: OpenAIServer
) -> None:
    server.script = [
        Reply('{"nextWeek": ' + "9" * 5_000 + "}"),
        Reply("x" * 3_000_000),
        Reply(body=b"[" * 200_000),
    ]
    environment = {
        **server.environment,
        "WEEKLY_PLAN_MODEL": MODEL_ID,
        "WEEKLY_PLAN_FALLBACK": "rules",
    }
    ran = terminal.run("run", "--week", WEEK, **environment)
    assert ran.returncode == 0, ran.stderr
    assert f"{MODEL_ID} gave no valid plan" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
    explained = terminal.run("explain", "latest", **environment)
    assert "answer.too_long: it holds 3000000 bytes" in " ".join(explained.stdout.split())
    replayed = terminal.run("replay", "latest", **environment)
    assert replayed.returncode == 0, replayed.stdout


@pytest.mark.slow
def test_the_key_of_the_provider_is_kept_and_shown_nowhere(
    terminal: Terminal, graph: Graph, server: OpenAIServer
) -> None:
    key = f"{API_KEY}-mistyped"  # The server repeats it in its refusal.
    environment = {
        **server.environment,
        "OPENAI_API_KEY": key,
        "WEEKLY_PLAN_MODEL": MODEL_ID,
        "WEEKLY_PLAN_FALLBACK": "rules",
    }
    ran = terminal.run("run", "--week", WEEK, "--verbose", **environment)
    assert ran.returncode == 0
    assert f"{MODEL_ID} gave no valid plan" in ran.stdout
    assert "its key is refused" in ran.stderr
    told = terminal.run("doctor", **environment)
    assert told.returncode == 1
    assert "its key is refused; check OPENAI_API_KEY" in told.stdout
    database = graph.database.client[terminal.environment["MONGO_DATABASE"]]
    kept = [str(row) for name in database.list_collection_names() for row in database[name].find()]
    assert any("planner.failed" in row for row in kept)
    for shown in (ran.stdout, ran.stderr, told.stdout, told.stderr, *kept):
        assert key not in shown
    state = Path(terminal.environment["WEEKLY_PLAN_STATE_DIR"])
    files = [file for file in state.rglob("*") if file.is_file()]
    assert files
    assert all(key.encode() not in file.read_bytes() for file in files)


def test_doctor_says_what_a_model_lacks(terminal: Terminal) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        terminal.environment.pop(name, None)
    told = terminal.run("doctor", WEEKLY_PLAN_MODEL="openai:gpt-5")
    assert told.returncode == 1
    assert "needs OPENAI_API_KEY" in told.stdout


@pytest.mark.slow
def test_the_rules_planner_does_not_need_the_libraries_of_models() -> None:
    code = "import sys, weekly_plan_assets.definitions; print('pydantic_ai' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
