"""`weekly-plan evaluate` as a user types it: real processes, a real mongod."""

import json
import signal
import time
from typing import Any

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.evaluation.scripted import four_weeks_after_history
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, Reply, openai_server
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def stored(terminal: Terminal, mongo_url: str) -> Terminal:
    """The terminal of an athlete of whom eight weeks are stored, the first four as history."""
    with open_client(mongo_url) as client:
        four_weeks_after_history(client[terminal.environment["MONGO_DATABASE"]])
    return terminal


def kept(terminal: Terminal, mongo_url: str) -> list[dict[str, Any]]:
    with open_client(mongo_url) as client:
        return list(client[terminal.environment["MONGO_DATABASE"]]["evaluations"].find())


def test_the_figures_are_shown_as_json_and_kept(stored: Terminal, mongo_url: str) -> None:
    run = stored.run("evaluate", "--weeks", "4", "--model", "rules", "--repeat", "2", "--json")
    assert run.returncode == 0, run.stderr
    shown = json.loads(run.stdout)
    (model,) = shown["models"]
    assert model["modelId"] == "rules"
    assert model["figures"]["asked"] == 8
    assert model["figures"]["firstAttemptPassRate"] == 1
    assert model["figures"]["loadRange"] == 0
    assert shown["complete"]
    (document,) = kept(stored, mongo_url)
    assert document["_id"] == shown["evaluationId"]
    assert document["models"] == shown["models"]


def test_the_table_names_the_model_and_the_weeks_without_metrics(stored: Terminal) -> None:
    run = stored.run("evaluate", "--weeks", "2")
    assert run.returncode == 0, run.stderr
    assert "2 weeks observed, 2024-02-12 to 2024-02-19" in run.stdout
    assert "simulated athlete" in run.stdout
    assert "rules" in run.stdout
    assert "valid at the first attempt" in run.stdout
    assert "100 %" in run.stdout
    assert " from 2024-02-26 to" in run.stderr
    assert "it has no metrics" in run.stderr


def test_a_store_without_weeks_fails_in_one_sentence(terminal: Terminal) -> None:
    run = terminal.run("evaluate")
    assert run.returncode == 1
    assert "`weekly-plan run` makes them" in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr


def test_a_model_that_cannot_be_asked_fails_before_anybody_is(
    stored: Terminal, mongo_url: str
) -> None:
    run = stored.run("evaluate", "--model", "rules", "--model", "nobody:at-all")
    assert run.returncode == 1
    assert "nobody" in run.stderr
    assert "Traceback" not in run.stderr
    assert kept(stored, mongo_url) == []


@pytest.mark.slow
def test_a_key_that_is_refused_stops_its_model_alone_and_is_not_shown(
    stored: Terminal, mongo_url: str
) -> None:
    models = ("--model", MODEL_ID, "--model", "rules")
    with openai_server(Reply("{}")) as server:
        environment = server.environment | {"OPENAI_API_KEY": "sk-planted"}
        run = stored.run("evaluate", "--weeks", "2", *models, "--json", **environment)
    assert run.returncode == 1
    model, rules = json.loads(run.stdout)["models"]
    assert model["stopped"] in " ".join(run.stderr.split())
    assert (model["figures"]["asked"], rules["figures"]["asked"]) == (0, 2)
    (document,) = kept(stored, mongo_url)
    assert "sk-planted" not in f"{run.stdout}{run.stderr}{document}"


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_says_so(stored: Terminal, mongo_url: str) -> None:
    script = [*[Reply("I would rather not.")] * 4, Reply("Later.", delay_s=30)]
    with openai_server(*script) as server:
        asked = ("evaluate", "--weeks", "4", "--model", MODEL_ID, "--json")
        process = stored.popen(*asked, **server.environment)
        deadline_s = time.monotonic() + 30
        while len(server.requests) < 5 and time.monotonic() < deadline_s:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "interrupted; what is done is kept" in err
    shown = json.loads(out)
    assert not shown["complete"]
    figures = shown["models"][0]["figures"]
    assert (figures["asked"], figures["attempts"], figures["validRate"]) == (1, 3, 0)
    assert figures["violations"] == [{"ruleId": "shape", "attempts": 3}]
    assert [document["_id"] for document in kept(stored, mongo_url)] == [shown["evaluationId"]]


@pytest.mark.slow
def test_the_quality_of_plans_is_scored_without_a_database(terminal: Terminal) -> None:
    arguments = ("evaluate", "--quality", "--weeks", "1", "--persona", "steady")
    run = terminal.run(*arguments, "--json", MONGO_URL="mongodb://127.0.0.1:1")
    assert run.returncode == 0, run.stderr
    score = json.loads(run.stdout)
    assert list(score["athletes"]) == ["steady"]
    assert {item["id"] for item in score["items"]} >= {"Q1a", "Q4a", "Q16"}
    assert all(reading["met"] for reading in score["items"][0]["readings"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--quality", "--model", "openai:gpt-5"), "scores the rules planner only"),
        (("--quality", "--persona", "nobody"), "there is no simulated athlete nobody"),
        (("--persona", "nobody"), "there is no simulated athlete nobody"),
    ],
)
def test_a_score_that_cannot_be_made_is_refused(
    terminal: Terminal, arguments: tuple[str, ...], sentence: str
) -> None:
    run = terminal.run("evaluate", *arguments)
    assert run.returncode == 2
    assert sentence in " ".join(run.stderr.replace("│", " ").split())
