"""`dagster dev -w workspace.yaml` alone: what the UI's buttons ask of it, over its own API."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, dagster_dev, wait_for
from weekly_plan_assets_tests.support.graph import activity, write_export
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-08"


@pytest.fixture(scope="module")
def store(mongo_url: str) -> Iterator[Database[BsonDocument]]:
    with open_client(mongo_url) as client:
        name = f"test_{uuid4().hex[:12]}"
        yield client[name]
        client.drop_database(name)


@pytest.fixture(scope="module")
def ui(
    mongo_url: str, store: Database[BsonDocument], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DagsterUi]:
    folder = tmp_path_factory.mktemp("dev")
    export = folder / "export"
    export.mkdir()
    rows = [activity(str(n), f"2024-01-{n:02d}T07:00:00") for n in (3, 10, 17)]
    write_export(export, rows, [])
    terminal = Terminal(
        {
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": store.name,
            "WEEKLY_PLAN_EXPORT_DIR": str(export),
            "WEEKLY_PLAN_STATE_DIR": str(folder / "state"),
        }
    )
    with dagster_dev(terminal.environment, folder / "log") as ui:
        yield ui


@pytest.mark.slow
def test_a_week_materialized_from_the_ui_is_planned_and_the_daemon_writes_its_event(
    ui: DagsterUi, store: Database[BsonDocument]
) -> None:
    run_id = ui.materialize("weekly_plan", WEEK)
    wait_for(lambda: ui.status(run_id) in {"SUCCESS", "FAILURE"}, "the end of the run")
    assert ui.status(run_id) == "SUCCESS"
    event = wait_for(
        lambda: store["run_events"].find_one({"runId": f"{run_id}:{WEEK}"}), "the run event"
    )
    assert event["status"] == "success"
    assert store["plan_snapshots"].count_documents({"runId": event["runId"]}) == 1


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_range_backfilled_from_the_ui_stores_every_week_in_one_run(
    ui: DagsterUi, store: Database[BsonDocument]
) -> None:
    weeks = ["2023-12-04", "2023-12-11", "2023-12-18", "2023-12-25"]
    backfill = ui.backfill(["activities", "wellness", "weekly_metrics"], weeks)
    # The backfill daemon wakes every 30 seconds.
    wait_for(lambda: ui.backfill_status(backfill) != "REQUESTED", "the end of the backfill", 180)
    assert ui.backfill_status(backfill) == "COMPLETED_SUCCESS"
    rows = {row["weekStart"]: row for row in store["weekly_metrics"].find()}
    assert set(weeks) <= set(rows)
    assert ui.runs_of_backfill(backfill) == 1


def test_the_workspace_loads_as_dagster_checks_it(tmp_path: Path) -> None:
    check = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        cwd=PROJECT_ROOT,
        env=os.environ | {"WEEKLY_PLAN_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert check.returncode == 0, check.stderr
    assert "weekly_plan_assets" in check.stderr + check.stdout
