"""`weekly-plan forget`: what it shows, what it asks, and that nothing is left."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-08"


class Athlete:
    """An athlete with a folder, on the mongod and in the state of a terminal."""

    def __init__(self, terminal: Terminal, folder: Path, athlete_id: str, mongo_url: str) -> None:
        self.id, self.mongo_url = athlete_id, mongo_url
        folder.mkdir()
        days = ("2024-01-03", "2024-01-10")
        rows = [
            activity(f"{athlete_id}-{day}", f"{day}T07:00:00", icu_athlete_id=athlete_id)
            for day in days
        ]
        write_export(folder, rows, [wellness_day(day) for day in days])
        own = {"WEEKLY_PLAN_EXPORT_DIR": str(folder)}
        self.terminal = Terminal({**terminal.environment, **own})

    @property
    def state(self) -> Path:
        return Path(self.terminal.environment["WEEKLY_PLAN_STATE_DIR"])

    def plan(self) -> None:
        done = self.terminal.run("run", "--week", WEEK)
        assert done.returncode == 0, done.stderr

    def forget(self, *options: str, typed: str = "") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "weekly_plan_assets.cli", "forget", *options],
            env=self.terminal.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def stored(self) -> dict[str, int]:
        """How many documents there are, by collection."""
        with open_client(self.mongo_url) as client:
            database: Database[BsonDocument] = client[self.terminal.environment["MONGO_DATABASE"]]
            every = {name: list(database[name].find()) for name in database.list_collection_names()}
        return {name: len(documents) for name, documents in every.items() if documents}


@pytest.fixture
def anna(terminal: Terminal, tmp_path: Path, mongo_url: str) -> Athlete:
    return Athlete(terminal, tmp_path / "anna", "i1", mongo_url)


@pytest.mark.slow
def test_it_shows_what_it_would_delete_and_deletes_nothing_without_a_yes(anna: Athlete) -> None:
    anna.plan()
    before = anna.stored()
    said = ""
    for typed in ("", "no\n", "y\n"):
        code, said = anna.forget(typed=typed)
        assert code == 1
        assert "nothing was deleted" in said
        assert anna.stored() == before
    for name, count in before.items():
        assert f"{count}  {name}" in said
    assert "backups" in said


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nothing_of_an_only_athlete_is_left_and_a_second_time_finds_nothing(anna: Athlete) -> None:
    anna.plan()
    code, said = anna.forget(typed="forget\n")
    assert code == 0, said
    assert anna.stored() == {}
    assert list(anna.state.glob("imports/*")) == []
    assert not [path for path in anna.state.rglob("history/runs/*.db") if len(path.stem) == 36]
    code, said = anna.forget("--yes", "--athlete", "i1")
    assert code == 0
    assert "holds nothing of athlete i1" in said
    anna.plan()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_another_athlete_of_the_same_database_and_history_keeps_everything(
    anna: Athlete, terminal: Terminal, tmp_path: Path, mongo_url: str
) -> None:
    ben = Athlete(terminal, tmp_path / "ben", "i2", mongo_url)
    assert anna.terminal.run("db", "migrate", "--multi-athlete", "--apply").returncode == 0
    ben.plan()
    of_ben = ben.stored()
    anna.plan()
    code, said = anna.forget("--yes")
    assert code == 1
    assert "i1, i2" in said

    code, said = anna.forget("--yes", "--json", "--athlete", "i1")
    assert code == 0, said
    deleted = json.loads(said)
    assert deleted["documents"]["activities"] == 2
    assert deleted["dagsterRuns"] >= 1
    assert ben.stored() == of_ben
    shown: Any = json.loads(ben.terminal.run("show", "--athlete", "i2", "--json").stdout)
    assert shown["athleteId"] == "i2"
    assert ben.terminal.run("doctor").returncode == 0


@pytest.mark.slow
def test_a_deletion_that_is_killed_is_finished_by_the_next_one(anna: Athlete) -> None:
    anna.plan()
    code = (
        "import os, sys; from weekly_plan_assets.runs import forgetting\n"
        "steps, real = int(sys.argv.pop(1)), forgetting.forget\n"
        "def killed(*args):\n"
        "    for number, step in enumerate(real(*args)):\n"
        f"        number < steps or os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
        "        yield step\n"
        "forgetting.forget = killed\n"
        "from weekly_plan_assets.cli import main; main()\n"
    )
    for steps in (1, 3, 5, 8):
        done = subprocess.run(
            [sys.executable, "-c", code, str(steps), "forget", "--yes"],
            env=anna.terminal.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in {-signal.SIGKILL, 0}, done.stderr
    assert anna.forget("--yes")[0] == 0
    assert anna.stored() == {}


def test_logs_says_where_they_are_and_shows_their_last_lines(
    terminal: Terminal, tmp_path: Path
) -> None:
    assert "no logs" in terminal.run("logs").stdout
    log = tmp_path / "state" / "dagster" / "sample" / "dev" / "code_server.log"
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"line {number}\n" for number in range(20)) + "\x1b[31mred\x1b[0m\n")
    shown = terminal.run("logs", "--lines", "2").stdout
    assert str(log) in shown
    assert "line 19\n  red" in shown
    assert "line 18" not in shown
    (one,) = json.loads(terminal.run("logs", "--json", "--lines", "1").stdout)
    assert one["lines"] == ["red"]
