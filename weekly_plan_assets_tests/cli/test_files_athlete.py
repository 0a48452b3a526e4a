"""An athlete with nothing but the files of a watch, at the terminal."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.sources.files.fit_encoder import fit_file
from weekly_plan_assets_tests.terminal import Terminal

FIRST_RUN = datetime(2024, 1, 2, 7, tzinfo=UTC)
WEEK = "2024-02-05"
OWN_NUMBERS = "resting_hr_bpm: 50\nthreshold_hr_bpm: 170\nmax_hr_bpm: 190\n"


@pytest.fixture
def with_files(terminal: Terminal, tmp_path: Path) -> Terminal:
    """Six weeks of a run every other day, one broken file among them, and the athlete's numbers."""
    files = tmp_path / "files"
    files.mkdir()
    for number in range(20):
        start = FIRST_RUN + timedelta(days=2 * number)
        (files / f"{number}.fit").write_bytes(fit_file(start, heart_bpm=[150] * 2400))
    (files / "torn.fit").write_bytes(fit_file(FIRST_RUN)[:60])
    athlete = tmp_path / "athlete.yaml"
    athlete.write_text(OWN_NUMBERS)
    terminal.environment |= {
        "WEEKLY_PLAN_EXPORT_DIR": str(files),
        "WEEKLY_PLAN_ATHLETE": str(athlete),
    }
    return terminal


def test_a_plan_is_made_from_files_alone_with_load_and_fitness_reckoned(
    with_files: Terminal,
) -> None:
    run = with_files.run("run", "--week", WEEK)
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("torn.fit") == 1
    assert "not read whole: torn.fit: " in run.stderr
    with open_client(with_files.environment["MONGO_URL"]) as client:
        weeks = list(
            client[with_files.environment["MONGO_DATABASE"]]["weekly_metrics"]
            .find()
            .sort("weekStart")
        )
    first, week = weeks[0], weeks[-1]
    assert first["weekStart"] == "2024-01-01"
    assert week["weekStart"] == WEEK
    # 40 min at 150 bpm, 100/140 of the reserve, against an hour at 170 bpm, 120/140 of it.
    assert week["trainingLoad"] == 42 * week["runCount"] > 0
    assert week["ctlMean"] > first["ctlMean"] > 0
    assert week["coverage"]["metrics"]["ctlMean"] == {
        "measured": 7,
        "of": 7,
        "sources": ["model"],
    }
    assert week["coverage"]["metrics"]["trainingLoad"]["measured"] == week["runCount"]


def test_doctor_names_the_file_that_is_broken(with_files: Terminal) -> None:
    findings = json.loads(with_files.run("doctor", "--json").stdout)["findings"]
    assert [f["level"] for f in findings if "torn.fit" in f["text"]] == ["note"]


def test_a_slip_in_the_athletes_own_file_is_told_with_line_and_key(
    with_files: Terminal,
) -> None:
    Path(with_files.environment["WEEKLY_PLAN_ATHLETE"]).write_text("max_hr_bpm: 190\nmax_hr: 3\n")
    run = with_files.run("run", "--week", WEEK)
    assert run.returncode == 1
    told = " ".join(run.stderr.split())
    assert "line 2: max_hr is 3, but there is no such key (did you mean max_hr_bpm?)" in told
    assert "Traceback" not in told
