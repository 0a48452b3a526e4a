"""Blind sheets as a coach uses them: real processes, a real mongod, a model over a real socket."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.openai_server import (
    ANSWERING_MODEL,
    MODEL_ID,
    Reply,
    openai_server,
)
from weekly_plan_assets_tests.support.terminal import Terminal

STEADY_WEEK = {
    "objective": "A steady week of easy running.",
    "sessions": [
        {"day": "tue", "sport": "run", "do": "50 min easy", "note": "Begin calmly."},
        {"day": "thu", "sport": "run", "do": "55 min easy", "note": f"As {ANSWERING_MODEL} says."},
        {"day": "sat", "sport": "run", "do": "50 min easy", "note": "Loosen up."},
        {"day": "sun", "sport": "run", "do": "100 min easy", "long": True, "note": "Stay calm."},
    ],
    "reasons": [{"text": "This week repeats the last one.", "metrics": ["trainingLoad"]}],
}
"""Valid for the steady runner in any week, as a model decides it."""

GOOD, NONSENSE = Reply(json.dumps(STEADY_WEEK)), Reply("I would rather not.")
PLANNERS = ("--model", "rules", "--model", MODEL_ID)
ASKING = ("evaluate", "--persona", "steady", "--weeks", "2", *PLANNERS)


def kept(terminal: Terminal, mongo_url: str, collection: str) -> list[dict[str, Any]]:
    with open_client(mongo_url) as client:
        return list(client[terminal.environment["MONGO_DATABASE"]][collection].find())


def filled(sheet: str, scores_of: dict[str, str], letters: dict[int, str]) -> str:
    """The sheet with the same scores for a planner in each week; it signs that of `rules`.

    Args:
        sheet: As it was written.
        scores_of: By planner, as `4 3 5`.
        letters: The planners by week, in the order of the letters.
    """

    def line(found: re.Match[str]) -> str:
        planner = letters[int(found[1])].split()["AB".index(found[2])]
        return f"{found[1]}{found[2]} {scores_of[planner]}"

    sheet = re.sub(r"(?m)^(\d)([AB])  safe:.*$", line, sheet)
    sheet = re.sub(
        r"(?m)^(\d)   sign:$",
        lambda found: f"{found[1]} sign: {'AB'[letters[int(found[1])].split().index('rules')]}",
        sheet,
    )
    return sheet.replace("Scored by:", "Scored by: Ana")


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
def test_a_coach_asks_scores_and_reads_who_was_better(
    terminal: Terminal, mongo_url: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.md"
    with openai_server(GOOD) as server:
        run = terminal.run(*ASKING, "--blind", str(sheet), **server.environment)
    assert run.returncode == 0, run.stderr
    assert "valid in the end" in run.stdout
    assert "Q7 normal weeks" in run.stdout
    assert "2 weeks to score" in words(run.stderr)
    text = sheet.read_text()
    assert not re.search(rf"(?i)\brules\b|{ANSWERING_MODEL}|coach-1|openai|weekly-plan-\d", text)
    assert len(re.findall(r"(?m)^### Week \d, plan [AB]$", text)) == 4

    (evaluation,) = kept(terminal, mongo_url, "evaluations")
    (key,) = evaluation["sheets"]
    assert key["sheetId"] in text
    assert evaluation["evaluationId"] not in text
    letters = {week["number"]: " ".join(week["planners"]) for week in key["weeks"]}

    blank = terminal.run("evaluate", "--scores", str(sheet))
    assert blank.returncode == 1
    assert "week 1 is not filled in; fill it in, or delete its lines" in words(blank.stderr)

    sheet.write_text(filled(text, {"rules": "5 4 5", MODEL_ID: "4 3 3"}, letters))
    scored = terminal.run("evaluate", "--scores", str(sheet), "--json")
    assert scored.returncode == 0, scored.stderr
    sums = json.loads(scored.stdout)
    assert (sums["weeks"], sums["scoredBy"], sums["noneSigned"]) == (2, "Ana", 0)
    by_planner = {one["modelId"]: one for one in sums["planners"]}
    assert by_planner["rules"] | {"mean": 0} == {
        "modelId": "rules",
        "scored": 2,
        "withoutPlan": 0,
        "signed": 2,
        "safe": 5,
        "fitting": 4,
        "clear": 5,
        "mean": 0,
    }
    (pair,) = sums["pairs"]
    assert (pair["one"], pair["wins"], pair["losses"]) == (MODEL_ID, 0, 2)

    again = terminal.run("evaluate", "--again", "latest")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith(run.stdout)
    assert "2 weeks scored by Ana" in again.stdout


@pytest.mark.slow
def test_report_and_sheet_are_made_again_without_asking_anybody(
    terminal: Terminal, mongo_url: str, tmp_path: Path
) -> None:
    first, second, other = (tmp_path / name for name in ("1.md", "2.md", "3.md"))
    with openai_server(GOOD) as server:
        run = terminal.run(*ASKING, "--blind", str(first), "--json", **server.environment)
        asked = len(server.requests)
    evaluation_id = json.loads(run.stdout)["evaluationId"]
    again = terminal.run("evaluate", "--again", evaluation_id[:8], "--blind", str(second), "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == json.loads(run.stdout)
    assert second.read_bytes() == first.read_bytes()
    assert asked == 2
    terminal.run("evaluate", "--again", "latest", "--blind", str(other), "--seed", "3")
    assert other.read_text().splitlines()[0] != first.read_text().splitlines()[0]
    (evaluation,) = kept(terminal, mongo_url, "evaluations")
    assert [key["seed"] for key in evaluation["sheets"]] == [1, 3]
    assert "sheets" not in json.loads(again.stdout)
    answers = kept(terminal, mongo_url, "evaluation_answers")
    assert len(answers) == 4
    assert all(answer["prompt"] and answer["attempts"][0]["outputRaw"] for answer in answers)


@pytest.mark.slow
def test_a_model_without_a_valid_plan_is_counted_in_report_and_scores(
    terminal: Terminal, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.md"
    with openai_server(GOOD, NONSENSE) as server:
        run = terminal.run(*ASKING, "--blind", str(sheet), "--json", **server.environment)
    assert run.returncode == 0, run.stderr
    _, model = json.loads(run.stdout)["models"]
    figures = model["figures"]
    assert (figures["asked"], figures["validRate"], figures["attempts"]) == (2, 0.5, 4)
    assert (figures["inputTokens"], figures["costUsd"]) == (4000, None)
    assert "not on the sheet: 1 week," in words(run.stderr)
    lines = [line for line in sheet.read_text().splitlines() if not line.startswith("1 ")]
    text = re.sub(r"(?m)^(1[AB])  safe:.*$", r"\1 3 3 3", "\n".join([*lines, ""]))
    sheet.write_text(text.replace("1B 3 3 3", "1B 3 3 3\n1 sign: none"))
    scored = terminal.run("evaluate", "--scores", str(sheet))
    assert scored.returncode == 0, scored.stderr
    assert f"only one had a valid plan: {MODEL_ID} 0, rules 1." in words(scored.stdout)
    assert "no plan signed: 1" in scored.stdout


@pytest.mark.slow
def test_the_same_command_with_the_rules_alone_writes_the_same_sheet_to_be_scored_by_itself(
    terminal: Terminal, mongo_url: str, tmp_path: Path
) -> None:
    sheets = [tmp_path / name for name in ("1.md", "2.md")]
    asking = ("evaluate", "--persona", "steady", "--weeks", "1", "--model", "rules")
    for sheet in sheets:
        assert terminal.run(*asking, "--blind", str(sheet)).returncode == 0
    assert sheets[0].read_bytes() == sheets[1].read_bytes()
    assert len(kept(terminal, mongo_url, "evaluations")) == 2
    text = re.sub(r"(?m)^1A  safe:.*$", "1A 5 4 5", sheets[0].read_text())
    sheets[0].write_text(text.replace("1   sign:", "1 sign: A"))
    scored = terminal.run("evaluate", "--scores", str(sheets[0]), "--json")
    assert scored.returncode == 0, scored.stderr
    (rules,) = json.loads(scored.stdout)["planners"]
    assert (rules["modelId"], rules["fitting"], rules["signed"]) == ("rules", 4, 1)


@pytest.mark.slow
def test_a_sheet_that_cannot_be_made_leaves_the_report(
    terminal: Terminal, mongo_url: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.md"
    with openai_server(NONSENSE) as server:
        run = terminal.run(*ASKING, "--blind", str(sheet), **server.environment)
    assert run.returncode == 1
    assert "valid in the end" in run.stdout
    assert "nothing to compare on a sheet; ask about more weeks" in words(run.stderr)
    assert not sheet.exists()
    assert len(kept(terminal, mongo_url, "evaluations")) == 1


def test_a_file_that_is_there_is_not_overwritten(terminal: Terminal, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.md"
    sheet.write_text("scored by hand")
    run = terminal.run("evaluate", "--persona", "steady", "--blind", str(sheet))
    assert run.returncode == 2
    assert "is there already, and may be filled in" in words(run.stderr.replace("│", " "))
    assert sheet.read_text() == "scored by hand"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("I liked all of them.", "the file names no blind sheet; keep its title"),
        ("# Blind sheet 0123456789ab\n1A 1 1 1\n", "holds no key of the blind sheet 0123456789ab"),
    ],
)
def test_a_file_that_is_no_sheet_of_this_database_is_refused_in_a_sentence(
    content: str, sentence: str, terminal: Terminal, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.md"
    sheet.write_text(content)
    run = terminal.run("evaluate", "--scores", str(sheet))
    assert run.returncode == 1
    assert sentence in words(run.stderr)
    assert "Traceback" not in run.stderr


def test_an_evaluation_that_is_not_stored_is_refused_in_a_sentence(terminal: Terminal) -> None:
    run = terminal.run("evaluate", "--again", "latest")
    assert run.returncode == 1
    assert "holds no evaluation latest; `weekly-plan evaluate` makes one" in words(run.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--scores", "sheet.md", "--quality"),
        ("--again", "latest", "--model", "rules"),
        ("--scores", "sheet.md", "--blind", "other.md"),
        ("--seed", "3"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: tuple[str, ...], terminal: Terminal
) -> None:
    assert terminal.run("evaluate", *arguments).returncode == 2


@pytest.mark.slow
def test_what_was_answered_before_a_process_was_killed_can_be_shown_and_scored(
    terminal: Terminal, mongo_url: str, tmp_path: Path
) -> None:
    # The second answer comes after the time at which figures are stored, the third one never.
    with openai_server(GOOD, Reply(GOOD.text, delay_s=11), Reply(GOOD.text, delay_s=60)) as server:
        asking = ("evaluate", "--persona", "steady", "--weeks", "3", *PLANNERS)
        process = terminal.popen(*asking, **server.environment)
        deadline_s = time.monotonic() + 60
        while len(server.requests) < 3 and time.monotonic() < deadline_s:
            time.sleep(0.05)
        process.kill()
        process.communicate(timeout=20)
    sheet = tmp_path / "sheet.md"
    again = terminal.run("evaluate", "--again", "latest", "--blind", str(sheet), "--json")
    assert again.returncode == 0, again.stderr
    shown = json.loads(again.stdout)
    assert not shown["complete"]
    assert [model["figures"]["asked"] for model in shown["models"]] == [2, 2]
    assert len(kept(terminal, mongo_url, "evaluation_answers")) == 5
    assert "2 weeks to score" in words(again.stderr)


def scores(week: int) -> Reply:
    return Reply(f"{week}A safe: 4 fitting: 3 clear: 5\n{week}B 2 2 2\n{week} sign: A\n")


@pytest.mark.slow
def test_a_model_scores_the_sheet_without_knowing_whose_plans_they_are(
    terminal: Terminal, mongo_url: str
) -> None:
    with openai_server(GOOD, GOOD, scores(1), Reply("Both are fine."), scores(2)) as server:
        run = terminal.run(*ASKING, "--judge", MODEL_ID, "--json", **server.environment)
        *planned, first, refused, mended = server.requests
    assert run.returncode == 0, run.stderr
    assert "models tend to prefer their own" in words(run.stderr)
    assert all("response_format" in request for request in planned)
    for request in (first, refused, mended):
        assert "response_format" not in request
        said = json.dumps(request["messages"])
        assert "Blind" not in said
        assert not re.search(rf"(?i)\brules-\d|\brules\b|{ANSWERING_MODEL}|coach-1", said)
    assert "no line of the file scores a plan" in json.dumps(mended["messages"])
    (sums,) = json.loads(run.stdout)["scores"]
    assert (sums["scoredBy"], sums["weeks"]) == (MODEL_ID, 2)
    (evaluation,) = kept(terminal, mongo_url, "evaluations")
    (filled_sheet,) = evaluation["sheets"][0]["filled"]
    assert filled_sheet["weeks"][1]["answers"][0] == "Both are fine."


def test_a_judge_that_cannot_be_asked_fails_before_anybody_is(
    terminal: Terminal, mongo_url: str
) -> None:
    asking = ("evaluate", "--persona", "steady", "--weeks", "1")
    run = terminal.run(*asking, "--judge", "nobody:at-all")
    assert run.returncode == 1
    assert "--judge is 'nobody:at-all', which names no provider" in words(run.stderr)
    assert terminal.run(*asking, "--judge", "rules").returncode == 2
    assert kept(terminal, mongo_url, "evaluations") == []
