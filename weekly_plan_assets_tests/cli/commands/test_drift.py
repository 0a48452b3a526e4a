"""`weekly-plan drift` as a user types it."""

import json

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from
from weekly_plan_assets_tests.support.terminal import Terminal

WEEKS = weeks_from(FIRST, 3)


@pytest.mark.slow
def test_drifted_runs_are_listed_with_what_moved_and_fail(
    terminal: Terminal, mongo_url: str
) -> None:
    with open_client(mongo_url) as client:
        database = client[terminal.environment["MONGO_DATABASE"]]
        store_weeks(database, WEEKS)
        (run_id,) = keep_runs(database, WEEKS[-1:])
        before = terminal.run("drift")
        assert (before.returncode, before.stdout) == (
            0,
            "every run rests on what the store holds (athlete sample)\n",
        )
        week = {"weekStart": WEEKS[-1].key}
        row = database["weekly_metrics"].find_one(week)
        assert row is not None
        database["weekly_metrics"].update_one(week, {"$inc": {"runCount": 2}})

    run = terminal.run("drift")
    assert run.returncode == 1
    weeks = f"plan for {WEEKS[-1].next()} from {WEEKS[-1]}"
    assert f"{run_id}: athlete sample, {weeks}, its plan is published\n" in run.stdout
    count = row["runCount"]
    assert f"    runCount: used {count}, now {count + 2} (+2)\n" in run.stdout
    told = terminal.run("drift", "--json")
    assert told.returncode == 1
    (shown,) = json.loads(told.stdout)["runs"]
    assert shown["runId"] == run_id
    assert shown["weeks"][0]["metrics"] == [
        {"metric": "runCount", "used": count, "now": count + 2, "by": 2.0}
    ]
    nobody = terminal.run("drift", "--athlete", "somebody")
    assert nobody.returncode == 1
    assert "holds nothing of athlete 'somebody'; it holds sample" in nobody.stderr
