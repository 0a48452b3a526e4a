"""An athlete with nothing but the files of a watch, at the terminal."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.fit_encoder import fit_file
from weekly_plan_assets_tests.support.terminal import Terminal

FIRST_RUN = datetime(2024, 1, 2, 7, tzinfo=UTC)
WEEK = "2024-02-05"
SUNDAY = 6
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


@pytest.mark.slow
def test_a_plan_is_made_from_files_alone_with_load_and_fitness_reckoned(
    with_files: Terminal,
) -> None:
    run = with_files.run("run", "--week", WEEK)
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("torn.fit") == 1
    assert "not read whole: torn.fit: " in run.stderr
    assert "the quick reader took 20 of 20 FIT files" in " ".join(run.stderr.split())
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


@pytest.mark.slow
def test_odd_files_among_good_ones_are_named_on_a_line_each_and_stop_nothing(
    with_files: Terminal,
) -> None:
    files = Path(with_files.environment["WEEKLY_PLAN_EXPORT_DIR"])
    (files / "torn.fit").unlink()
    os.mkfifo(files / "pipe.fit")
    (files / "zero.fit").symlink_to("/dev/zero")
    (files / "a\nno plan: forged\x1b[31m.fit").write_bytes(b"broken")
    good = Path(os.fsdecode(os.fsencode(files) + b"/run-\xff.fit"))
    good.write_bytes(fit_file(FIRST_RUN + timedelta(days=1), heart_bpm=[150] * 2400))
    run = with_files.run("run", "--week", WEEK)
    assert run.returncode == 0, run.stderr
    lines = run.stderr.splitlines()
    assert "Traceback" not in run.stderr
    assert "\x1b" not in run.stderr
    assert [line[:30] for line in lines if line.startswith("no plan")] == []
    named = sorted(line for line in lines if line.startswith("not read whole: "))
    assert [line.split(": ")[1] for line in named] == ["a\\nno plan", "pipe.fit", "zero.fit"]
    with open_client(with_files.environment["MONGO_URL"]) as client:
        database = client[with_files.environment["MONGO_DATABASE"]]
        assert database["activities"].count_documents({"file_name": "run-\ufffd.fit"}) == 1


def test_doctor_says_how_many_files_the_quick_reader_took(with_files: Terminal) -> None:
    findings = json.loads(with_files.run("doctor", "--json").stdout)["findings"]
    (text,) = [f["text"] for f in findings if f["subject"] == "recordings"]
    assert text == (
        "21 of 21 recordings read, the others unchanged; the quick reader took 20 of 20 FIT files"
    )


def test_a_slip_in_the_athletes_own_file_is_told_with_line_and_key(
    with_files: Terminal,
) -> None:
    Path(with_files.environment["WEEKLY_PLAN_ATHLETE"]).write_text("max_hr_bpm: 190\nmax_hr: 3\n")
    run = with_files.run("run", "--week", WEEK)
    assert run.returncode == 1
    told = " ".join(run.stderr.split())
    assert "line 2: max_hr is 3, but there is no such key (did you mean max_hr_bpm?)" in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_data_that_ended_long_ago_are_said_to_have_in_the_plan_too(with_files: Terminal) -> None:
    run = with_files.run("run", "--week", "2024-04-01")
    assert run.returncode == 0, run.stderr
    assert "! your data end on 2024-02-09, " in run.stderr
    assert "--week 2024-02-05" in run.stderr
    assert "! Nothing was recorded last week" in run.stdout
    assert "! the planned week 2024-04-08 to 2024-04-14 is over" in run.stderr


@pytest.mark.slow
def test_next_plans_the_week_after_the_one_under_way_and_says_so(with_files: Terminal) -> None:
    files = Path(with_files.environment["WEEKLY_PLAN_EXPORT_DIR"])
    now = datetime.now(UTC)
    for number, path in enumerate(files.glob("*.fit")):
        start = now - timedelta(days=1 + number)
        path.write_bytes(fit_file(start, heart_bpm=[150] * 1200))
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    run = with_files.run("run", "--next", "--json")
    assert run.returncode == 0, run.stderr
    assert f"! the observed week {monday} to " in run.stderr
    made = json.loads(run.stdout)
    assert made["plan"]["weekStart"] == str(monday + timedelta(days=7))
    under_way = [w for w in made["plan"]["activityPlan"]["warnings"] if "was not over when" in w]
    assert len(under_way) == (0 if today.weekday() == SUNDAY else 1)
    assert with_files.run("run", "--next", "--week", WEEK).returncode == 2


@pytest.mark.slow
def test_doctor_reads_the_athletes_file_says_to_when_data_reach_and_names_slips(
    with_files: Terminal,
) -> None:
    slips = {"WEEKLY_PLAN_TIMEZON": "Europe/Madrid", "WEEKLY_PLAN_COLOUR": "red"}
    path = Path(with_files.environment["WEEKLY_PLAN_ATHLETE"])
    path.write_text(f"{OWN_NUMBERS}timezone: Europe/Madrid\n")
    findings = json.loads(with_files.run("doctor", "--json", **slips).stdout)["findings"]
    said = [f"{f['level']} {f['subject']}: {f['text']}" for f in findings]
    meant = "there is no such setting; did you mean WEEKLY_PLAN_TIMEZONE?"
    assert f"note WEEKLY_PLAN_TIMEZON: is set, but {meant}" in said
    assert "note WEEKLY_PLAN_COLOUR: is set, but there is no such setting; unset it" in said
    assert "right WEEKLY_PLAN_TIMEZONE: Europe/Madrid (athlete's file)" in said
    assert any("data from 2024-01-02 on, the last on 2024-02-09" in line for line in said)
    assert any(line.startswith("note source: your data end on 2024-02-09") for line in said)
    assert f"right athlete's file: {path} holds max_hr_bpm, resting_hr_bpm, " in " ".join(said)
    path.write_text("language: de\n")
    wrong = with_files.run("doctor", "--json")
    assert wrong.returncode == 1
    assert wrong.stdout.count("language is de") == 1
