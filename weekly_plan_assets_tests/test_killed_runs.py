"""A run that is killed at any moment leaves a state from which the next run goes on."""

import signal
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.graph import activity, write_export
from weekly_plan_assets_tests.terminal import Terminal

WEEK = "2024-01-22"
KILLS = 8


def assert_whole(database: Database[BsonDocument]) -> None:
    """No duplicate, no half-written document, and every document joins."""
    for collection, key in (
        ("run_events", "runId"),
        ("run_artifacts", "runId"),
        ("plan_snapshots", "runId"),
        ("weekly_metrics", "weekStart"),
        ("activities", "id"),
    ):
        counts = Counter(row[key] for row in database[collection].find())
        assert set(counts.values()) <= {1}, collection
    events = {event["runId"]: event["status"] for event in database["run_events"].find()}
    published = {snapshot["runId"] for snapshot in database["plan_snapshots"].find()}
    artifacts = {row["runId"]: row for row in database["run_artifacts"].find()}
    assert published == {run_id for run_id, status in events.items() if status == "success"}
    assert set(artifacts) <= set(events)
    assert published <= set(artifacts)
    for row in artifacts.values():
        assert row["status"] in {"success", "failure"}
        assert (row["outputValidated"] is not None) == (row["status"] == "success")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_run_killed_at_any_moment_leaves_nothing_half_done_for_the_next(
    terminal: Terminal, tmp_path: Path, mongo_url: str
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    rows = [activity(f"{week}-{n}", f"2024-01-{week + n:02d}T07:00:00") for week in (1, 8, 15, 22)
            for n in range(7)]  # fmt: skip
    write_export(folder, rows, [])
    terminal.environment["WEEKLY_PLAN_EXPORT_DIR"] = str(folder)

    assert terminal.run("run", "--week", WEEK).returncode == 0
    started_s = time.monotonic()
    assert terminal.run("run", "--week", WEEK).returncode == 0
    whole_run_s = time.monotonic() - started_s
    chance = Random(20240122)  # noqa: S311 - moments to kill at
    with open_client(mongo_url) as client:
        database = client[terminal.environment["MONGO_DATABASE"]]
        for _ in range(KILLS):
            database["weekly_metrics"].delete_many({})
            process = terminal.popen("run", "--week", WEEK)
            # Half of a run is imports; the moments that matter come after.
            time.sleep(whole_run_s * chance.uniform(0.4, 1.0))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        last = terminal.run("run", "--week", WEEK)
        assert last.returncode == 0, last.stderr
        assert_whole(database)
        statuses = Counter(event["status"] for event in database["run_events"].find())
    assert statuses["success"] >= 3
    assert statuses["failure"] >= 1, "no kill fell into a run; the moments are chosen badly"
