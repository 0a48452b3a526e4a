"""`weekly-plan init`: asks, tries, and writes whole private files or nothing."""

import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dotenv import dotenv_values

from weekly_plan_assets.operations.first_settings import merged
from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets_tests.support.graph import activity, write_export
from weekly_plan_assets_tests.support.intervals_server import (
    ACCESS_TOKEN,
    API_KEY,
    ATHLETE_ID,
    Fault,
    IntervalsServer,
)
from weekly_plan_assets_tests.support.terminal import Terminal


class Newcomer:
    """Somebody who has a terminal, a folder for settings, and maybe some training files."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "settings"
        self.training = folder / "my training"
        self.training.mkdir()
        self.terminal = Terminal({"WEEKLY_PLAN_STATE_DIR": str(folder / "state")})

    def init(self, *options: str, typed: str = "", **environment: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "weekly_plan_assets.cli", "init"]
        done = subprocess.run(
            [*command, "--dir", str(self.settings), *options],
            input=typed,
            env=self.terminal.environment | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def written(self) -> dict[str, str | None]:
        return dict(dotenv_values(self.settings / ".env"))

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.settings.glob("*"))


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def recorded_one_run(newcomer: Newcomer) -> None:
    write_export(newcomer.training, [activity("1", "2024-01-03T07:00:00")], [])


def test_answers_are_asked_for_until_they_fit_and_written_for_their_owner_alone(
    newcomer: Newcomer,
) -> None:
    recorded_one_run(newcomer)
    training = str(newcomer.training)
    typed = ["strava", "folder", "/nowhere", training, "1", "i1", "madrid", "Europe/Madrid"]
    heart_rates = ["48", "40", "170", "188"]  # a threshold of 40 is refused, and asked for again
    code, said = newcomer.init(typed="\n".join([*typed, *heart_rates]) + "\n")
    assert code == 0, said
    assert "did you mean Europe/Madrid?" in said
    assert "data from 2024-01-03 on" in said
    assert "so there is no resting_hr_bpm" not in said  # it is asked for next
    assert newcomer.written == {
        "WEEKLY_PLAN_SOURCE": "folder",
        "WEEKLY_PLAN_TIMEZONE": "Europe/Madrid",
        "WEEKLY_PLAN_EXPORT_DIR": training,
        "WEEKLY_PLAN_ATHLETE_ID": "i1",
        "WEEKLY_PLAN_ATHLETE": str(newcomer.settings / "athlete.yaml"),
    }
    file = read_athlete_file(newcomer.settings / "athlete.yaml")
    assert list(file.heart_rates_bpm.values()) == [48, 170, 188]
    for name in newcomer.files:
        assert stat.S_IMODE((newcomer.settings / name).stat().st_mode) == 0o600


@pytest.mark.slow
def test_options_answer_everything_and_what_is_left_is_a_default(newcomer: Newcomer) -> None:
    recorded_one_run(newcomer)
    given = ["--folder", str(newcomer.training), "--timezone", "Asia/Tokyo", "--max-hr", "188"]
    code, said = newcomer.init("--yes", *given)
    assert code == 0, said
    assert newcomer.written["WEEKLY_PLAN_SOURCE"] == "folder"
    assert "WEEKLY_PLAN_ATHLETE_ID" not in newcomer.written
    assert read_athlete_file(newcomer.settings / "athlete.yaml").max_hr_bpm == 188


@pytest.mark.slow
def test_an_account_is_tried_and_its_key_is_never_shown(
    newcomer: Newcomer, intervals: IntervalsServer
) -> None:
    intervals.activities = [activity("1", "2024-01-03T07:00:00")]
    code, said = newcomer.init("--yes", "--timezone", "UTC", **intervals.environment)
    assert code == 0, said
    assert ATHLETE_ID in said
    assert newcomer.written["INTERVALS_API_KEY"] == API_KEY
    assert newcomer.written["WEEKLY_PLAN_SOURCE"] == "intervals"
    assert API_KEY not in said


@pytest.mark.slow
def test_a_token_that_is_set_is_taken_in_the_place_of_a_key(
    newcomer: Newcomer, intervals: IntervalsServer
) -> None:
    intervals.activities = [activity("1", "2024-01-03T07:00:00")]
    address = {"INTERVALS_BASE_URL": intervals.base_url}
    token = {**address, "INTERVALS_ACCESS_TOKEN": ACCESS_TOKEN}
    code, said = newcomer.init("--yes", "--timezone", "UTC", **token)
    assert code == 0, said
    assert ATHLETE_ID in said
    assert newcomer.written["INTERVALS_ACCESS_TOKEN"] == ACCESS_TOKEN
    assert "INTERVALS_API_KEY" not in newcomer.written
    code, both = newcomer.init("--yes", "--timezone", "UTC", **token, INTERVALS_API_KEY=API_KEY)
    assert code == 1
    assert "unset INTERVALS_ACCESS_TOKEN to use the key" in " ".join(both.split())
    assert ACCESS_TOKEN not in said + both


@pytest.mark.slow
def test_what_does_not_work_is_said_and_not_written(
    newcomer: Newcomer, intervals: IntervalsServer
) -> None:
    intervals.always = Fault(status=401)
    code, said = newcomer.init("--yes", "--timezone", "UTC", **intervals.environment)
    assert code == 1
    assert "INTERVALS_API_KEY" in said
    assert not newcomer.settings.exists()
    code, said = newcomer.init("--yes", "--no-check", "--timezone", "UTC", **intervals.environment)
    assert code == 0, said


@pytest.mark.parametrize("answers", ["", "folder\n", "sample\n"])
def test_answers_that_end_early_leave_nothing(newcomer: Newcomer, answers: str) -> None:
    code, said = newcomer.init(typed=answers)
    assert code == 1
    assert "nothing was written" in said
    assert not newcomer.settings.exists()


def test_a_ctrl_c_leaves_nothing(newcomer: Newcomer) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "weekly_plan_assets.cli", "init", "--dir", str(newcomer.settings)],
        env=newcomer.terminal.environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    while "simulated" not in process.stderr.readline().decode():
        pass
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert not newcomer.settings.exists()


@pytest.mark.slow
def test_what_exists_is_replaced_only_after_asking_and_the_rest_of_it_stays(
    newcomer: Newcomer,
) -> None:
    newcomer.settings.mkdir()
    env, athlete = newcomer.settings / ".env", newcomer.settings / "athlete.yaml"
    env.write_text("# mine\nOPENAI_API_KEY=secret\nWEEKLY_PLAN_TIMEZONE=UTC\n")
    athlete.write_text("language: es\n")
    given = ["--source", "sample", "--timezone", "Asia/Tokyo", "--max-hr", "188"]
    before = env.read_text(), athlete.read_text()

    code, said = newcomer.init("--yes", *given)
    assert code == 1
    assert "--force" in said
    code, _ = newcomer.init(*given, typed="n\nn\n")
    assert code == 1
    assert (env.read_text(), athlete.read_text()) == before

    code, said = newcomer.init(*given, typed="n\ny\n")
    assert code == 0, said
    assert athlete.read_text() == before[1]
    assert env.read_text().startswith("# mine\nOPENAI_API_KEY=secret\n")
    assert newcomer.written["WEEKLY_PLAN_TIMEZONE"] == "Asia/Tokyo"

    code, said = newcomer.init("--yes", "--force", *given)
    assert code == 0, said
    assert read_athlete_file(athlete).max_hr_bpm == 188
    assert (newcomer.settings / "athlete.yaml.previous").read_text() == before[1]


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--source", "strava", "none of intervals, folder and sample"),
        ("--timezone", "Madrid", "did you mean Europe/Madrid?"),
        ("--max-hr", "400", "from 100 to 240"),
        ("--max-hr", "1e3", "from 100 to 240"),
        ("--folder", "/nowhere", "not a folder"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(
    newcomer: Newcomer, option: str, value: str, sentence: str
) -> None:
    code, said = newcomer.init("--yes", option, value)
    assert code == 2
    assert sentence in " ".join(said.split())
    assert not newcomer.settings.exists()


@pytest.mark.parametrize("value", ["/a b", "it's", 'say "x"', "back\\slash", "#hash", "ä", " x "])
def test_every_value_is_read_back_as_it_was_written(value: str) -> None:
    text = merged("A='kept'\nexport NAME=old\n", {"NAME": value})
    assert text.startswith("A='kept'\n")
    assert "old" not in text
