"""`weekly-plan deliver` as an athlete types it, on a calendar over real sockets."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.deliveries import a_trained_account, delivered
from weekly_plan_assets_tests.support.terminal import Terminal

TODAY = datetime.now(UTC).date()
THIS_WEEK = TrainingWeek.containing(TODAY)


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    with a_trained_account(THIS_WEEK) as one:
        yield one


@pytest.fixture
def at_home(terminal: Terminal, server: CalendarServer) -> Terminal:
    """Somebody whose plans go to the calendar. On a Sunday there would be nothing to come."""
    terminal.environment |= server.environment | {"WEEKLY_PLAN_DELIVER": "intervals"}
    return terminal


def typed(terminal: Terminal, answer: str, *arguments: str) -> tuple[int, str]:
    """The command in a real terminal, where it may ask; what it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "weekly_plan_assets.cli", *arguments],
        env=terminal.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=PROJECT_ROOT,
    )
    os.close(theirs)
    shown, asked, until_s = b"", False, time.monotonic() + 60
    while time.monotonic() < until_s:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the command has closed it
                break
        if b"(y/N)" in shown and not asked:
            os.write(ours, f"{answer}\n".encode())
            asked = True
    code = process.wait(30)
    os.close(ours)
    return code, shown.decode()


@pytest.mark.slow
def test_nothing_is_put_on_a_calendar_before_a_person_has_agreed(
    at_home: Terminal, server: CalendarServer
) -> None:
    run = at_home.run("run", "--next")
    assert run.returncode == 0, run.stderr
    assert "nothing of this plan was delivered; `weekly-plan deliver` does it" in run.stderr
    assert server.writes == []

    asked = at_home.run("deliver")
    assert asked.returncode == 1
    assert "the first delivery asks in a terminal; --yes agrees" in asked.stderr
    assert "create" in asked.stdout
    assert server.writes == []

    dry = at_home.run("deliver", "--dry-run", "--json")
    assert {one["decision"] for one in json.loads(dry.stdout)["intervals"]} == {"create"}
    assert server.writes == []

    code, shown = typed(at_home, "n", "deliver")
    assert code == 1
    assert "nothing was written" in shown
    assert server.writes == []
    code, shown = typed(at_home, "y", "deliver")
    assert code == 0, shown
    made = [one for one in delivered(server) if one["category"] == "WORKOUT"]
    assert len(made) >= 3

    server.requests.clear()
    again = at_home.run("deliver")
    assert again.returncode == 0, again.stderr
    assert server.writes == []


@pytest.mark.slow
def test_what_the_athlete_does_on_the_calendar_is_kept_and_shown(
    at_home: Terminal, server: CalendarServer, tmp_path: Path
) -> None:
    assert at_home.run("run", "--next").returncode == 0
    assert at_home.run("deliver", "--yes").returncode == 0
    made = [one for one in delivered(server) if one["category"] == "WORKOUT"]
    server.delete(made[0]["id"])
    server.edit(made[1]["id"], name="Run with Ana")
    replanned = at_home.run("run", "--next")
    assert replanned.returncode == 0, replanned.stderr
    assert "intervals, calendar of athlete " in replanned.stdout
    assert "2 left alone" in replanned.stdout
    assert [one["external_id"] for one in delivered(server) if one["category"] == "WORKOUT"] == [
        one["external_id"] for one in made[1:]
    ]

    explained = at_home.run("explain", "latest").stdout
    assert "Where it went" in explained
    assert "left out: you deleted it" in explained
    assert "left as you edited it" in explained
    drift = at_home.run("drift")
    assert "changed by hand on intervals" in drift.stdout
    assert drift.returncode == 0
    assert at_home.run("replay", "latest").returncode == 0
    exported = at_home.run("export", "latest", "--to", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    assert list((tmp_path / "out").rglob("plan_deliveries-intervals.json"))

    back = at_home.run("deliver", "--take-back")
    assert back.returncode == 0, back.stderr
    assert [one["name"] for one in delivered(server)] == ["Run with Ana"]
    server.requests.clear()
    quiet = at_home.run("run", "--next")
    assert quiet.returncode == 0, quiet.stderr
    assert server.writes == []
    assert "nothing of this plan was delivered" not in quiet.stderr


@pytest.mark.slow
def test_the_doctor_names_devices_and_tries_a_delivery(
    at_home: Terminal, server: CalendarServer
) -> None:
    assert at_home.run("run", "--next").returncode == 0
    server.connect("garmin")
    server.connect("wahoo", uploads=False)
    doctor = at_home.run("doctor").stdout
    assert "Garmin is connected and takes planned workouts" in doctor
    assert "Wahoo is connected, but takes no planned workouts" in doctor
    assert "a delivery of the week of" in doctor
    assert server.writes == []


def test_a_target_has_to_be_known_and_complete(terminal: Terminal, tmp_path: Path) -> None:
    nowhere = terminal.run("deliver")
    assert nowhere.returncode == 2
    assert "set WEEKLY_PLAN_DELIVER" in nowhere.stderr
    wrong = terminal.run("deliver", "--to", "moon")
    assert wrong.returncode == 2
    assert "intervals, files" in wrong.stderr
    for targets, variable in (
        ("intervals", "INTERVALS_API_KEY"),
        ("files", "WEEKLY_PLAN_DELIVER_DIR"),
    ):
        refused = terminal.run("run", WEEKLY_PLAN_DELIVER=targets)
        assert refused.returncode == 1
        assert variable in refused.stderr


@pytest.mark.slow
def test_the_plan_of_the_simulated_athlete_goes_into_a_folder_but_on_nobodys_calendar(
    terminal: Terminal, server: CalendarServer, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    terminal.environment |= {"WEEKLY_PLAN_DELIVER_DIR": str(folder)}
    assert terminal.run("run", "--next").returncode == 0
    delivered = terminal.run("deliver", "--to", "files")
    assert delivered.returncode == 0, delivered.stderr
    assert f"files in {folder}: " in delivered.stdout
    for path in folder.glob("*.fit"):
        assert path.name in delivered.stdout
    assert (folder / "week.ics").is_file()
    assert "not a real person" in (folder / "week.html").read_text()
    sample = server.environment | {"WEEKLY_PLAN_SOURCE": "sample"}
    refused = terminal.run("deliver", "--to", "intervals", "--yes", **sample)
    assert refused.returncode == 1
    assert "simulated athlete" in refused.stderr
    assert server.writes == []

    # Nobody has to remember where to, nor keep the settings of that day.
    del terminal.environment["WEEKLY_PLAN_DELIVER_DIR"]
    back = terminal.run("deliver", "--take-back")
    assert back.returncode == 0, back.stderr
    assert f"files in {folder}: " in back.stdout
    assert not list(folder.glob("*.fit"))
    again = terminal.run("deliver", "--take-back")
    assert again.returncode == 1
    assert "there is nothing to take back" in again.stderr
