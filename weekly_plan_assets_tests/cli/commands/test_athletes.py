"""A roster from the terminal: added to, planned for, shown and removed."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def terminal(mongo_url: str, tmp_path: Path) -> Iterator[Terminal]:
    """With a `.env` file of its own, which names no roster."""
    name = f"test_{uuid4().hex[:12]}"
    env = tmp_path / ".env"
    env.write_text("# mine\nWEEKLY_PLAN_FIRST_DAY=2026-07-06\n")
    yield Terminal(
        {
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": name,
            "WEEKLY_PLAN_STATE_DIR": str(tmp_path / "state"),
            "WEEKLY_PLAN_ENV_FILE": str(env),
        }
    )
    with open_client(mongo_url) as client:
        client.drop_database(name)


@pytest.mark.slow
def test_a_roster_is_made_planned_for_and_emptied_by_commands(
    terminal: Terminal, tmp_path: Path
) -> None:
    added = terminal.run("athletes", "add", "--simulated", "3")
    assert added.returncode == 0, added.stderr
    assert "WEEKLY_PLAN_ROSTER=roster.yaml" in (tmp_path / ".env").read_text()
    assert (tmp_path / ".env").read_text().startswith("# mine\n")
    refused = terminal.run("run")
    assert refused.returncode == 2
    assert "the roster has 3 athletes: name one with --athlete, or say --all" in refused.stderr
    done = terminal.run("run", "--all")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 athletes: 3 planned")
    again = terminal.run("run", "--all")
    assert again.stdout.startswith("3 athletes: 3 as planned before")
    one = terminal.run("run", "--athlete", "simulated-002", "--again", "--json")
    (event,) = json.loads(one.stdout)["events"]
    assert (event["athleteId"], event["status"]) == ("simulated-002", "success")
    assert "athlete simulated-002" in terminal.run("show", "--athlete", "simulated-002").stdout
    removed = terminal.run("athletes", "remove", "simulated-002", "--yes")
    assert removed.returncode == 0, removed.stderr
    listed = json.loads(terminal.run("athletes", "list", "--json").stdout)
    assert [entry["id"] for entry in listed] == ["simulated-001", "simulated-003"]
    counted = terminal.run("athletes", "show", "simulated-001", "--json")
    assert json.loads(counted.stdout)["documents"]["plan_snapshots"] == 1
    assert terminal.run("show", "--athlete", "simulated-002").returncode != 0


@pytest.mark.slow
def test_an_athlete_is_found_by_name_and_a_choice_of_one_does_not_stand_in_the_way(
    terminal: Terminal, tmp_path: Path
) -> None:
    lonely = terminal.run("run", "--all")
    assert lonely.returncode == 2
    assert "there is no roster" in lonely.stderr
    out = tmp_path / "out"
    for athlete_id, name in (("simulated-001", "Rosa Vidal"), ("simulated-002", "Ben Ode")):
        arguments = ("--source", "simulated", "--name", name)
        terminal.run(
            *("athletes", "add", athlete_id, *arguments),
            *("--deliver", "files", "--deliver-dir", str(out / athlete_id)),
        )
    with (tmp_path / ".env").open("a") as env:
        env.write("WEEKLY_PLAN_ATHLETE_ID=somebody\n")
    stuck = terminal.run("show")
    assert "WEEKLY_PLAN_ATHLETE_ID is somebody" in stuck.stderr
    assert terminal.run("athletes", "list").returncode == 0
    done = terminal.run("run", "--all")
    assert done.stdout.startswith("2 athletes: 2 planned"), done.stderr
    named = {"WEEKLY_PLAN_ATHLETE_ID": ""}
    for command in (("show",), ("runs",), ("drift",), ("deliver", "--dry-run")):
        shown = terminal.run(*command, "--athlete", "Rosa Vidal", **named)
        assert shown.returncode == 0, (command, shown.stderr)
    explained = terminal.run("explain", "latest", "--athlete", "Ben Ode", **named)
    assert "simulated-002" in explained.stdout
    asked = terminal.run("show", **named)
    assert asked.returncode != 0
    assert "simulated-001, simulated-002" in asked.stderr


@pytest.mark.slow
def test_what_cannot_be_added_is_said_and_changes_nothing(
    terminal: Terminal, tmp_path: Path
) -> None:
    for arguments, said in (
        (("anna", "--key", "sk-live-0123456789"), "the secret itself does not belong"),
        (("anna", "--source", "folder"), "source folder needs folder"),
        (("an na", "--folder", "x"), "allowed is a letter"),
        ((), "give either an id or --simulated"),
        (("anna", "--simulated", "2"), "give either an id or --simulated"),
        (("--simulated", "2", "--name", "Ada"), "takes no other option than --timezone"),
        (("--simulated", "2", "--timezone", "Mars"), "timezone: "),
        (("anna", "--source", "simulated", "--key", "KEY"), "needs neither key nor token"),
        (("anna", "--source", "simulated", "--folder", "x"), "reads no folder; leave folder out"),
    ):
        refused = terminal.run("athletes", "add", *arguments)
        assert refused.returncode == 2
        assert said in " ".join(refused.stderr.split())
        assert "0123456789" not in refused.stderr
    assert not (tmp_path / "roster.yaml").exists()
    assert terminal.run("athletes", "list").returncode == 1
