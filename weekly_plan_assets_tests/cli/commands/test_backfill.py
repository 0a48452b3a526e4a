"""`weekly-plan backfill` as a user types it: real processes, a real mongod."""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export
from weekly_plan_assets_tests.support.terminal import INTERRUPTED, Terminal

FIRST, LAST = TrainingWeek.parse("2024-01-29"), TrainingWeek.parse("2024-02-19")
HISTORY = TrainingWeek.parse("2024-01-01")
WEEKS = [week.key for week in weeks_between(FIRST, LAST)]
RANGE = ("--from", FIRST.key, "--to", LAST.key)

pytestmark = pytest.mark.slow


@pytest.fixture
def athlete(terminal: Terminal, tmp_path: Path) -> Terminal:
    """The terminal of an athlete who ran on each Wednesday and Saturday of two months."""
    folder = tmp_path / "export"
    folder.mkdir()
    weeks = list(weeks_between(HISTORY, LAST))
    days = [day for week in weeks for day in (week.days[2], week.days[5])]
    rows = [activity(str(day), f"{day}T07:00:00") for day in days]
    wellness = [wellness_day(str(day)) for week in weeks for day in week.days]
    write_export(folder, rows, wellness)
    terminal.environment["WEEKLY_PLAN_EXPORT_DIR"] = str(folder)
    return terminal


@pytest.fixture
def stored(athlete: Terminal, mongo_url: str) -> Iterator[Database[BsonDocument]]:
    with open_client(mongo_url) as client:
        yield client[athlete.environment["MONGO_DATABASE"]]


def parsed(terminal: Terminal, *arguments: str) -> Any:
    done = terminal.run("backfill", *RANGE, *arguments, "--json")
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def statuses(database: Database[BsonDocument]) -> dict[str, str]:
    return {event["observedWeekStart"]: event["status"] for event in database["run_events"].find()}


def test_metrics_alone_make_no_plan_and_come_in_one_run(
    athlete: Terminal, stored: Database[BsonDocument]
) -> None:
    assert parsed(athlete) == {"computed": WEEKS, "events": [], "skipped": []}
    assert [row["weekStart"] for row in stored["weekly_metrics"].find().sort("weekStart")] == WEEKS
    assert stored["plan_snapshots"].count_documents({}) == 0
    assert parsed(athlete)["computed"] == []


def test_plans_bring_their_history_and_what_is_finished_is_left_out(
    athlete: Terminal, stored: Database[BsonDocument]
) -> None:
    made = parsed(athlete, "--plans")
    assert made["computed"] == [str(week) for week in weeks_between(HISTORY, LAST)]
    assert [event["status"] for event in made["events"]] == ["success"] * len(WEEKS)
    assert statuses(stored) == dict.fromkeys(WEEKS, "success")
    for artifacts in stored["run_artifacts"].find():
        assert len(artifacts["history"]) == 4
    # Each plan is compared with its week once that is computed: the first is for FIRST.next().
    compared = [row["weekStart"] for row in stored["plan_adherence"].find().sort("weekStart")]
    assert compared == WEEKS[1:]

    again = parsed(athlete, "--plans")
    assert (again["computed"], again["events"], again["skipped"]) == ([], [], WEEKS)
    forced = parsed(athlete, "--plans", "--force")
    assert len(forced["events"]) == len(WEEKS)
    assert Counter(row["weekStart"] for row in stored["plan_snapshots"].find()) == {
        TrainingWeek.parse(week).next().key: 2 for week in WEEKS
    }


def test_a_week_that_cannot_be_planned_fails_alone(
    athlete: Terminal, stored: Database[BsonDocument]
) -> None:
    assert athlete.run("backfill", *RANGE).returncode == 0
    stored["weekly_metrics"].update_one({"weekStart": LAST.key}, {"$set": {"runCount": -1}})
    failed = athlete.run("backfill", *RANGE, "--plans")
    assert failed.returncode == 1
    assert "3 plans published, 1 failed" in failed.stdout
    assert f"{LAST}: planning_inputs: ValidationError" in failed.stderr
    assert statuses(stored) == dict.fromkeys(WEEKS[:-1], "success") | {LAST.key: "failure"}


def test_an_interrupted_backfill_leaves_nothing_open_and_goes_on(
    athlete: Terminal, stored: Database[BsonDocument]
) -> None:
    assert athlete.run("backfill", *RANGE).returncode == 0
    process = athlete.popen("backfill", *RANGE, "--plans")
    deadline_s = time.monotonic() + 60
    while not statuses(stored) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in INTERRUPTED, err
    assert "goes on where it was" in err
    assert "Traceback" not in err
    finished = [week for week, status in statuses(stored).items() if status == "success"]
    again = parsed(athlete, "--plans")
    assert again["skipped"] == sorted(finished)
    assert set(statuses(stored).values()) == {"success"}


def test_a_range_that_ends_before_it_begins_is_refused(athlete: Terminal) -> None:
    wrong = athlete.run("backfill", "--from", LAST.key, "--to", FIRST.key)
    assert wrong.returncode == 2
    assert "lies before" in wrong.stderr
    assert (
        "2024-01-30 is a Tuesday"
        in athlete.run("backfill", "--from", "2024-01-30", "--to", LAST.key).stderr
    )
