"""`weekly-plan evaluate --all` as a coach types it: real processes, a real mongod."""

import json
import signal
import time
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.indexes import take_several_athletes
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, Reply, openai_server
from weekly_plan_assets_tests.support.planned_roster import BROKEN, PlannedRoster
from weekly_plan_assets_tests.support.terminal import INTERRUPTED, Terminal


@pytest.fixture
def coach(planned_roster: PlannedRoster, database: Database[BsonDocument]) -> Terminal:
    """The terminal of a roster of four, one of whom has a file that is not there."""
    take_several_athletes(database)
    planned_roster.copy_to(database)
    return Terminal({**planned_roster.environment, "MONGO_DATABASE": database.name})


def test_everybody_has_an_evaluation_and_who_failed_is_named_last(coach: Terminal) -> None:
    run = coach.run("evaluate", "--all", "--weeks", "2")
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    assert lines[0] == "3 athletes evaluated"
    assert "simulated athletes" in lines[1]
    for name in ("Anna", "Ben", "simulated-4"):
        (line,) = [line for line in lines if name in line]
        assert "100 %" in line
    (total,) = [line for line in lines if line.startswith("all ")]
    assert total.split() == ["all", "rules", "6", "6", "100", "%", "100", "%", "6", "-"]
    head, failed = run.stderr.splitlines()[-2:]
    assert head == "1 of 4 athletes not evaluated to the end:"
    assert failed.startswith(f"{BROKEN}: ")
    assert f"set `athlete_file` of {BROKEN} in the roster to a file that does" in failed


def test_json_has_each_evaluation_as_the_command_for_one_athlete_writes_it(
    coach: Terminal,
) -> None:
    together = json.loads(coach.run("evaluate", "--all", "--weeks", "2", "--json").stdout)
    assert [one["athleteId"] for one in together["failed"]] == [BROKEN]
    ids = [one["athleteId"] for one in together["evaluated"]]
    assert ids == ["simulated-1", "simulated-2", "simulated-4"]
    by_name = coach.run("evaluate", "--athlete", "Ben", "--weeks", "2", "--json")
    assert by_name.returncode == 0, by_name.stderr
    alone = json.loads(by_name.stdout)
    same = together["evaluated"][1]
    assert alone.keys() == same.keys()
    assert (alone["athleteId"], alone["weeks"]) == (same["athleteId"], same["weeks"])
    shown = coach.run("evaluate", "--again", same["evaluationId"][:8])
    assert "athlete simulated-2" in shown.stdout, shown.stderr


def test_a_roster_of_one_has_a_table_without_a_total(coach: Terminal, tmp_path: Path) -> None:
    roster = tmp_path / "one.yaml"
    roster.write_text("athletes:\n  - {id: simulated-2, source: simulated}\n")
    run = coach.run("evaluate", "--all", "--weeks", "1", WEEKLY_PLAN_ROSTER=str(roster))
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("1 athlete evaluated")
    assert "\nall " not in run.stdout


@pytest.mark.slow
def test_a_planner_that_gives_no_answer_is_not_asked_about_the_next_athlete(
    coach: Terminal,
) -> None:
    with openai_server(Reply("{}")) as server:
        environment = server.environment | {"OPENAI_API_KEY": "sk-planted"}
        asked = ("evaluate", "--all", "--weeks", "1", "--model", MODEL_ID, "--model", "rules")
        run = coach.run(*asked, "--json", **environment)
    assert run.returncode == 1
    shown = json.loads(run.stdout)
    counts = [len(one["models"]) for one in shown["evaluated"]]
    assert counts == [2, 1, 1]
    failed = {one["athleteId"]: one["error"] for one in shown["failed"]}
    assert failed["simulated-1"].startswith(f"{MODEL_ID} was not asked further: ")
    assert failed.keys() == {"simulated-1", BROKEN}


@pytest.mark.slow
def test_ctrl_c_keeps_the_evaluations_of_those_who_are_done(coach: Terminal) -> None:
    script = [*[Reply("I would rather not.")] * 3, Reply("Later.", delay_s=30)]
    with openai_server(*script) as server:
        asked = ("evaluate", "--all", "--weeks", "1", "--model", MODEL_ID, "--json")
        process = coach.popen(*asked, **server.environment)
        deadline_s = time.monotonic() + 60
        while len(server.requests) < 4 and time.monotonic() < deadline_s:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode in INTERRUPTED, err
    assert "Traceback" not in err
    assert "interrupted; what is done is kept" in err
    shown = json.loads(out)
    assert shown["failed"] == []
    assert [one["athleteId"] for one in shown["evaluated"]] == ["simulated-1"]
    kept = coach.run("evaluate", "--again", "latest", "--json")
    assert json.loads(kept.stdout)["evaluationId"] == shown["evaluated"][0]["evaluationId"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--all", "--athlete", "Ben"), "it takes only --weeks, --model, --repeat and --json"),
        (("--all", "--personas"), "it takes only --weeks, --model, --repeat and --json"),
        (("--all", "--quality"), "it takes only --weeks, --model, --repeat and --json"),
        (("--all", "--again", "latest"), "it takes only --weeks, --model, --repeat and --json"),
        (("--all", "--blind", "x.md"), "it takes only --weeks, --model, --repeat and --json"),
        ((), "the roster has 4 athletes: name one with --athlete, or say --all"),
        (("--athlete", "Nobody"), "the roster has no athlete Nobody"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(
    coach: Terminal, arguments: tuple[str, ...], sentence: str
) -> None:
    run = coach.run("evaluate", *arguments)
    assert run.returncode == 2
    assert sentence in " ".join(run.stderr.replace("│", " ").split())


def test_all_without_a_roster_says_how_to_make_one(terminal: Terminal) -> None:
    run = terminal.run("evaluate", "--all")
    assert run.returncode == 2
    assert "`weekly-plan athletes add` makes one" in " ".join(run.stderr.replace("│", " ").split())
