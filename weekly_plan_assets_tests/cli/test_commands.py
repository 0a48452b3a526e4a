"""The commands as a user types them: real processes, a real mongod."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.index_set import SUPERSEDED
from weekly_plan_assets_tests.support.earlier_database import as_before, names
from weekly_plan_assets_tests.support.graph import activity, write_export
from weekly_plan_assets_tests.support.intervals_server import (
    ACCESS_TOKEN,
    API_KEY,
    ATHLETE_ID,
    IntervalsServer,
)
from weekly_plan_assets_tests.support.terminal import INTERRUPTED, Terminal

WEEK = "2024-01-08"


@pytest.fixture
def own_data(terminal: Terminal, tmp_path: Path) -> Terminal:
    """The terminal of an athlete with two activities in a folder."""
    folder = tmp_path / "export"
    folder.mkdir()
    rows = [activity("1", "2024-01-03T07:00:00"), activity("2", "2024-01-10T07:00:00")]
    write_export(folder, rows, [])
    terminal.environment["WEEKLY_PLAN_EXPORT_DIR"] = str(folder)
    return terminal


def parsed(text: str) -> Any:
    return json.loads(text)


@pytest.mark.slow
def test_run_makes_a_plan_and_show_and_runs_tell_of_it(own_data: Terminal) -> None:
    run = own_data.run("run", "--week", WEEK, "--json")
    assert run.returncode == 0, run.stderr
    made = parsed(run.stdout)
    assert made["event"]["status"] == "success"
    run_id = made["event"]["runId"]
    assert made["plan"]["weekStart"] == "2024-01-15"

    shown = own_data.run("show", "--run-id", run_id, "--json")
    assert parsed(shown.stdout) == made["plan"]
    assert parsed(own_data.run("show", "--week", WEEK, "--json").stdout) == made["plan"]
    table = own_data.run("show")
    assert "Plan for 2024-01-15 to 2024-01-21" in table.stdout
    assert run_id in table.stdout
    (event,) = parsed(own_data.run("runs", "--json").stdout)
    assert event["runId"] == run_id
    for observed_or_planned in (WEEK, "2024-01-15"):
        listed = own_data.run("runs", "--week", observed_or_planned).stdout
        assert f"athlete i1, from the week of {WEEK}" in listed
        assert run_id in listed
    assert run_id not in own_data.run("runs", "--week", "2024-01-22").stdout


@pytest.mark.slow
def test_run_reads_the_weeks_before_that_have_no_metrics(
    own_data: Terminal, mongo_url: str
) -> None:
    assert own_data.run("run", "--week", WEEK).returncode == 0
    with open_client(mongo_url) as client:
        metrics = client[own_data.environment["MONGO_DATABASE"]]["weekly_metrics"]
        stored = {row["weekStart"]: row["createdAt"] for row in metrics.find()}
        assert set(stored) == {"2024-01-01", WEEK}
        assert own_data.run("run", "--week", WEEK).returncode == 0
        assert {row["weekStart"]: row["createdAt"] for row in metrics.find()} == stored


@pytest.mark.slow
def test_the_sample_is_said_to_be_simulated(terminal: Terminal) -> None:
    run = terminal.run("run", "--week", "2024-01-29")
    assert run.returncode == 0, run.stderr
    assert "simulated athlete" in run.stdout
    assert "simulated athlete" in terminal.run("show").stdout


@pytest.mark.parametrize(
    ("week", "sentence"),
    [
        ("2024-01-10", "the Monday of that week is 2024-01-08"),
        ("1999-01-04", "the nearest is 2015-01-05"),
        ("soon", "'soon' is not a date"),
    ],
)
def test_a_week_that_is_none_is_refused_naming_the_nearest(
    own_data: Terminal, week: str, sentence: str
) -> None:
    run = own_data.run("run", "--week", week)
    assert run.returncode == 2
    assert sentence in " ".join(run.stderr.split())


@pytest.mark.slow
def test_a_broken_export_fails_in_one_sentence_that_the_event_keeps(
    own_data: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "export" / "activities.json").write_text("{")
    run = own_data.run("run", "--week", WEEK)
    assert run.returncode == 1
    assert "activities.json is not JSON" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WEEKLY_PLAN_TIMEZONE", "Madrid", "WEEKLY_PLAN_TIMEZONE is 'Madrid'"),
        ("MONGO_URL", "postgres://secret@x", "MONGO_URL is not a MongoDB URL"),
        ("WEEKLY_PLAN_EXPORT_DIR", "/nowhere", "which is not a folder"),
        (
            "MONGO_URL",
            "mongodb://u:planted@127.0.0.1:1/?serverSelectionTimeoutMS=200",
            "MongoDB does not answer",
        ),
    ],
)
def test_a_wrong_setting_fails_in_one_sentence_without_secrets(
    own_data: Terminal, name: str, value: str, sentence: str
) -> None:
    run = own_data.run("run", "--week", WEEK, **{name: value})
    assert run.returncode == 1
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr
    assert "planted" not in run.stderr + run.stdout
    assert "secret" not in run.stderr


def test_show_without_any_plan_says_how_to_make_one(terminal: Terminal) -> None:
    shown = terminal.run("show")
    assert shown.returncode == 1
    assert "`weekly-plan run` makes one" in shown.stderr


@pytest.mark.slow
def test_an_emptied_source_removes_what_is_stored_only_where_that_is_allowed(
    own_data: Terminal, tmp_path: Path
) -> None:
    assert own_data.run("run", "--week", WEEK).returncode == 0
    write_export(tmp_path / "export", [activity("1", "2024-01-03T07:00:00")], [])
    refused = own_data.run("run", "--week", WEEK)
    assert refused.returncode == 1
    assert "run once with WEEKLY_PLAN_ALLOW_REMOVAL=true" in " ".join(refused.stderr.split())
    assert own_data.run("run", "--week", WEEK, WEEKLY_PLAN_ALLOW_REMOVAL="true").returncode == 0


def test_doctor_is_content_with_a_sound_installation(own_data: Terminal) -> None:
    doctor = own_data.run("doctor", "--json")
    assert doctor.returncode == 0, doctor.stdout
    report = parsed(doctor.stdout)
    assert report["healthy"]
    source = next(f for f in report["findings"] if f["subject"] == "source")
    assert "athlete i1, data from 2024-01-03 on" in source["text"]
    url = next(f for f in report["findings"] if f["subject"] == "MONGO_URL")
    assert "mongodb" not in url["text"]


def test_doctor_begins_with_what_is_set_and_tries_a_key_that_nothing_uses_yet(
    own_data: Terminal, intervals: IntervalsServer
) -> None:
    key = {
        "INTERVALS_API_KEY": API_KEY,
        "INTERVALS_BASE_URL": intervals.base_url,
        "WEEKLY_PLAN_SOURCE": "folder",
    }
    findings = parsed(own_data.run("doctor", "--json", **key).stdout)["findings"]
    said = [f["text"] for f in findings]
    defaults = [text.endswith("(default)") for text in said]
    assert defaults == sorted(defaults)
    assert any(f"is the key of athlete {ATHLETE_ID}" in text for text in said)
    wrong = own_data.run("doctor", "--json", **{**key, "INTERVALS_API_KEY": "wrong"})
    assert wrong.returncode == 1
    assert "INTERVALS_API_KEY is not a key that it knows" in wrong.stdout
    token = {**key, "INTERVALS_API_KEY": "", "INTERVALS_ACCESS_TOKEN": ACCESS_TOKEN}
    tried = parsed(own_data.run("doctor", "--json", **token).stdout)["findings"]
    (found,) = [f["text"] for f in tried if "of athlete" in f["text"] and "token" in f["text"]]
    assert f"is the token of athlete {ATHLETE_ID}" in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "subject"),
    [
        ("WEEKLY_PLAN_EXPORT_DIR", "/nowhere", "source"),
        ("MONGO_URL", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200", "MONGO_URL"),
        ("WEEKLY_PLAN_MAX_ATTEMPTS", "no", "settings"),
        ("WEEKLY_PLAN_STATE_DIR", "/proc/none", "state folder"),
    ],
)
def test_doctor_names_what_is_wrong(
    own_data: Terminal, name: str, value: str, subject: str
) -> None:
    doctor = own_data.run("doctor", "--json", **{name: value})
    assert doctor.returncode == 1
    wrong = [f["subject"] for f in parsed(doctor.stdout)["findings"] if f["level"] == "wrong"]
    assert wrong == [subject]


def test_bootstrap_says_what_it_did(terminal: Terminal) -> None:
    first = terminal.run("db", "bootstrap", "--json")
    assert {change["action"] for change in parsed(first.stdout)} == {"created"}
    again = terminal.run("db", "bootstrap")
    assert "kept run_events.runId_1" in again.stdout
    assert "earlier version" not in again.stderr


@pytest.mark.slow
def test_unique_indexes_of_before_are_named_with_what_to_run_until_they_are_replaced(
    terminal: Terminal, mongo_url: str
) -> None:
    with open_client(mongo_url) as client:
        as_before(client[terminal.environment["MONGO_DATABASE"]])
    due = f"({', '.join(names(SUPERSEDED))})"
    bootstrap = terminal.run("db", "bootstrap")
    assert bootstrap.returncode == 0, bootstrap.stderr
    assert due in bootstrap.stderr
    doctor = terminal.run("doctor", "--json")
    notes = [one["text"] for one in parsed(doctor.stdout)["findings"] if one["level"] == "note"]
    assert any(due in text and "`weekly-plan db migrate --apply`" in text for text in notes)
    seen = terminal.run("db", "migrate").stdout
    assert f"are replaced with --apply: {', '.join(names(SUPERSEDED))}" in seen
    assert "of an earlier version are replaced:" in terminal.run("db", "migrate", "--apply").stdout
    for command in ("bootstrap", "migrate"):
        done = terminal.run("db", command)
        assert "earlier version" not in done.stdout + done.stderr
    assert terminal.run("db", "migrate").stdout.endswith("nothing is to be changed\n")


@pytest.mark.slow
def test_ctrl_c_ends_a_run_with_130_and_the_next_run_succeeds(own_data: Terminal) -> None:
    for pause_s in (2.0, 2.6, 3.2):
        process = own_data.popen("run", "--week", WEEK)
        time.sleep(pause_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert process.returncode in {0, *INTERRUPTED}, err
        assert f"{PROJECT_ROOT}/weekly_plan_assets/" not in err, "a traceback through our code"
    assert own_data.run("run", "--week", WEEK).returncode == 0
    statuses = [event["status"] for event in parsed(own_data.run("runs", "--json").stdout)]
    assert statuses[0] == "success"


@pytest.mark.slow
def test_a_second_athlete_in_one_database_is_refused_naming_both(
    own_data: Terminal, tmp_path: Path
) -> None:
    assert own_data.run("run", "--week", WEEK).returncode == 0
    rows = [activity("1", "2024-01-10T07:00:00", icu_athlete_id="i2")]
    write_export(tmp_path / "export", rows, [])
    run = own_data.run("run", "--week", WEEK)
    assert run.returncode == 1
    assert "'i1'" in run.stderr
    assert "'i2'" in run.stderr
