"""`dagster dev -w workspace.yaml` alone: what the UI's buttons ask of it, over its own API."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT, Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.graph import activity, write_export

WEEK = "2024-01-08"
REPOSITORY = {
    "repositoryLocationName": "weekly_plan_assets",
    "repositoryName": "__repository__",
}
LAUNCH_RUN = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  }
}"""
LAUNCH_BACKFILL = """
mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
  }
}"""
RUN_STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
BACKFILL = """
query ($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status numPartitions } }
}"""

RUNS_OF_BACKFILL = """
query ($id: String!) {
  runsOrError(filter: {tags: [{key: "dagster/backfill", value: $id}]}) {
    ... on Runs { results { runId } }
  }
}"""


class DagsterUi:
    """A running `dagster dev`, asked as its own pages ask it."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}"

    def is_up(self) -> bool:
        try:
            with urlopen(f"{self._url}/server_info", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = Request(  # noqa: S310 - loopback
            f"{self._url}/graphql", body, {"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            content = json.load(answer)
        assert "errors" not in content, content["errors"]
        return content["data"]

    def materialize(self, job: str, week: str) -> str:
        params = {
            "selector": {**REPOSITORY, "jobName": job},
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": week}]},
            "mode": "default",
        }
        launched = self.ask(LAUNCH_RUN, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def status(self, run_id: str) -> str:
        return str(self.ask(RUN_STATUS, id=run_id)["runOrError"]["status"])

    def backfill(self, assets: list[str], weeks: list[str]) -> str:
        params = {
            "assetSelection": [{"path": [name]} for name in assets],
            "partitionNames": weeks,
        }
        launched = self.ask(LAUNCH_BACKFILL, params=params)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def backfill_status(self, backfill_id: str) -> str:
        return str(self.ask(BACKFILL, id=backfill_id)["partitionBackfillOrError"]["status"])


def wait_for(condition: Callable[[], Any], what: str, timeout_s: float = 90) -> Any:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if answer := condition():
            return answer
        time.sleep(0.5)
    raise TimeoutError(f"{what} did not come within {timeout_s:g} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    known = {str(field.alias) for field in Settings.model_fields.values()} | {"DAGSTER_HOME"}
    port = free_port()
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-p", str(port)],
        cwd=PROJECT_ROOT,
        env={name: value for name, value in os.environ.items() if name not in known}
        | {
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": store.name,
            "WEEKLY_PLAN_EXPORT_DIR": str(export),
            "WEEKLY_PLAN_STATE_DIR": str(folder / "state"),
        },
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    ui = DagsterUi(port)
    try:
        wait_for(ui.is_up, "the UI")
        yield ui
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        log.close()


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
    runs = ui.ask(RUNS_OF_BACKFILL, id=backfill)["runsOrError"]["results"]
    assert len(runs) == 1


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
