"""An athlete of Intervals.icu at the terminal: the local server answers, and fails on demand."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from pymongo.database import Database

from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.graph import activity, wellness_day
from weekly_plan_assets_tests.support.intervals_server import API_KEY, Fault, IntervalsServer
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-01"


@pytest.fixture
def at_home(terminal: Terminal, intervals: IntervalsServer) -> Terminal:
    """The terminal of somebody whose Intervals.icu is the local server."""
    terminal.environment |= intervals.environment
    return terminal


@pytest.fixture
def stored(at_home: Terminal) -> Iterator[Database[BsonDocument]]:
    with open_client(at_home.environment["MONGO_URL"]) as client:
        yield client[at_home.environment["MONGO_DATABASE"]]


def documents(database: Database[BsonDocument]) -> dict[str, list[BsonDocument]]:
    return {name: list(database[name].find()) for name in sorted(database.list_collection_names())}


@pytest.mark.slow
def test_a_run_waits_for_a_server_in_trouble_says_so_and_has_the_right_figures(
    at_home: Terminal,
    intervals: IntervalsServer,
    stored: Database[BsonDocument],
    recorded: Path,
) -> None:
    intervals.load(recorded)
    intervals.faults.extend([Fault(429, {"Retry-After": "1"}), Fault(500), Fault(500)])
    run = at_home.run("run", "--week", WEEK)
    assert run.returncode == 0, run.stderr
    told = [line for line in run.stderr.splitlines() if "asking again in" in line]
    assert len(told) == 3
    assert "answers 429 (Too Many Requests); asking again in 1.0 s" in told[0]
    assert all("answers 500" in line for line in told[1:])
    (week,) = stored["weekly_metrics"].find()
    assert (week["runCount"], week["rideCount"], week["sleepScoreMean"]) == (1, 3, None)
    means = [week[name] for name in ("ctlMean", "restHrMean", "hrvMean", "stepsMean")]
    assert means == pytest.approx([32.018, 57.571, 75.210, 7178.286], abs=5e-4)


@pytest.mark.slow
def test_a_wait_within_a_run_stands_in_the_log_of_that_run(
    at_home: Terminal, intervals: IntervalsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    intervals.activities = [activity("1", f"{WEEK}T07:00:00")]
    before_the_run = [None, None, None]
    intervals.faults.extend([*before_the_run, Fault(503)])
    run = at_home.run("run", "--week", WEEK, "--json")
    assert "answers 503" in run.stderr
    for name, value in at_home.environment.items():
        monkeypatch.setenv(name, value)
    with open_instance() as instance:
        log = instance.all_logs(json.loads(run.stdout)["event"]["dagsterRunId"])
    (told,) = [entry for entry in log if "asking again in" in entry.user_message]
    assert told.step_key == "activities"


@pytest.mark.slow
def test_a_wrong_key_fails_at_once_with_one_sentence_and_changes_nothing_else(
    at_home: Terminal,
    intervals: IntervalsServer,
    stored: Database[BsonDocument],
    account: Path,
) -> None:
    intervals.load(account)
    assert at_home.run("run", "--week", WEEK).returncode == 0
    before = documents(stored)
    intervals.requests.clear()

    run = at_home.run("run", "--week", WEEK, INTERVALS_API_KEY="no-such-key")
    assert monotonic() - intervals.requests[0].at_s < 5
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.count("INTERVALS_API_KEY is not a key that it knows") == 1

    after = documents(stored)
    (event,) = [event for event in after["run_events"] if event not in before["run_events"]]
    after["run_events"].remove(event)
    assert after == before
    assert event["status"] == "failure"
    (sentence,) = event["errors"]
    assert "answers 401 (Unauthorized): INTERVALS_API_KEY is not a key" in sentence
    assert sentence in " ".join(run.stderr.split())


@pytest.mark.slow
def test_the_key_is_shown_and_kept_nowhere(
    at_home: Terminal, intervals: IntervalsServer, stored: Database[BsonDocument]
) -> None:
    intervals.activities = [activity("1", f"{WEEK}T07:00:00")]
    outputs = [at_home.run("run", "--week", WEEK, "--verbose")]
    intervals.faults.append(Fault(body=b"[1]"))
    outputs += [at_home.run("run", "--week", WEEK, "--verbose"), at_home.run("doctor")]
    for output in outputs:
        assert API_KEY not in output.stdout + output.stderr
    assert API_KEY not in repr(documents(stored))
    for path in Path(at_home.environment["WEEKLY_PLAN_STATE_DIR"]).rglob("*"):
        assert not path.is_file() or API_KEY.encode() not in path.read_bytes(), path


@pytest.mark.slow
def test_a_page_instead_of_data_leaves_what_is_stored_as_it_is(
    at_home: Terminal, intervals: IntervalsServer, stored: Database[BsonDocument]
) -> None:
    intervals.activities = [activity("1", f"{WEEK}T07:00:00")]
    assert at_home.run("run", "--week", WEEK).returncode == 0
    before = documents(stored)
    intervals.faults.extend([Fault(body=b"<html>", content_type="text/html")] * 3)
    run = at_home.run("run", "--week", WEEK)
    assert run.returncode == 1
    assert "not JSON; check INTERVALS_BASE_URL" in " ".join(run.stderr.split())
    assert documents(stored) | {"run_events": []} == before | {"run_events": []}


@pytest.mark.slow
def test_doctor_tries_key_and_athlete_and_counts_the_nights_with_hrv(
    at_home: Terminal, intervals: IntervalsServer, account: Path
) -> None:
    intervals.load(account)
    intervals.activities = []
    today = datetime.now(UTC).date()
    race_day = today + timedelta(days=30)
    intervals.events = [
        {"id": 1, "category": "RACE_A", "start_date_local": f"{race_day}T00:00:00"},
    ]
    days = [today - timedelta(days=back) for back in range(40)]
    intervals.wellness = [wellness_day(day.isoformat()) for day in days[::2]]

    def findings(**environment: str) -> dict[str, str]:
        told = json.loads(at_home.run("doctor", "--json", **environment).stdout)["findings"]
        return {f"{f['level']} {f['subject']}": f["text"] for f in told}

    settings = json.loads((account / "sport_settings.json").read_text())
    highest_run_bpm = next(one["max_hr"] for one in settings if "Run" in one["types"])
    right = findings()
    source = f"intervals, athlete fx000002, data from {days[38]} on, the last on {days[0]}"
    assert right["right source"] == source
    assert "on 14 of the last 28 days" in right["right wellness"]
    assert f"Run up to {highest_run_bpm} bpm" in right["right heart-rate zones"]
    assert right["right calendar"].startswith("races: 1, absences (illness, injury, holiday): 0")
    assert "not a key" in findings(INTERVALS_API_KEY="no-such-key")["wrong source"]
    assert "no such athlete" in findings(INTERVALS_ATHLETE_ID="i999")["wrong source"]
