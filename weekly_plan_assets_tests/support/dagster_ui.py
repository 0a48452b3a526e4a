"""A running UI, asked over its own API as its pages ask it."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from weekly_plan_assets.settings import PROJECT_ROOT

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
RUNS = "query { runsOrError { ... on Runs { results { runId status } } } }"
BACKFILLS = """
query { partitionBackfillsOrError { ... on PartitionBackfills { results { id status } } } }
"""
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
    """A running UI, asked as its own pages ask it."""

    def __init__(self, port: int, path_prefix: str = "") -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}{path_prefix}"

    def is_up(self) -> bool:
        try:
            with urlopen(f"{self.url}/server_info", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = Request(  # noqa: S310 - loopback
            f"{self.url}/graphql", body, {"Content-Type": "application/json"}
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

    def materialize_asset(self, asset: str, week: str) -> str:
        """One asset by itself, as by the button on its page."""
        job = {**REPOSITORY, "jobName": "__ASSET_JOB", "assetSelection": [{"path": [asset]}]}
        params = {
            "selector": job,
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": week}]},
            "mode": "default",
        }
        launched = self.ask(LAUNCH_RUN, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def runs(self) -> dict[str, str]:
        """The status of every run, by its id."""
        found = self.ask(RUNS)["runsOrError"]["results"]
        return {run["runId"]: run["status"] for run in found}

    def backfills(self) -> dict[str, str]:
        """The status of every backfill, by its id."""
        found = self.ask(BACKFILLS)["partitionBackfillsOrError"]["results"]
        return {backfill["id"]: backfill["status"] for backfill in found}

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

    def runs_of_backfill(self, backfill_id: str) -> int:
        return len(self.ask(RUNS_OF_BACKFILL, id=backfill_id)["runsOrError"]["results"])

    def backfill_status(self, backfill_id: str) -> str:
        return str(self.ask(BACKFILL, id=backfill_id)["partitionBackfillOrError"]["status"])


@contextmanager
def dagster_dev(environment: Mapping[str, str], log: Path) -> Iterator[DagsterUi]:
    """`dagster dev -w workspace.yaml` alone, without DAGSTER_HOME, until it is interrupted."""
    port = free_port()
    command = ("dagster", "dev", "-w", "workspace.yaml", "-p", str(port))
    own = {name: value for name, value in environment.items() if name != "DAGSTER_HOME"}
    with _running(command, own, DagsterUi(port), log) as ui:
        yield ui


@contextmanager
def weekly_plan_dev(environment: Mapping[str, str], log: Path) -> Iterator[DagsterUi]:
    """`weekly-plan dev`, until it is interrupted."""
    port = free_port()
    command = ("weekly_plan_assets.cli", "dev", "--port", str(port))
    with _running(command, environment, DagsterUi(port), log) as ui:
        yield ui


@contextmanager
def own_webserver(
    environment: Mapping[str, str], log: Path, path_prefix: str = ""
) -> Iterator[DagsterUi]:
    """The guarded webserver alone, as someone runs it who has a daemon of their own."""
    port = free_port()
    command = ("weekly_plan_assets.webserver", "--port", str(port), "-w", "workspace.yaml")
    with _running(command, environment, DagsterUi(port, path_prefix), log) as ui:
        yield ui


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], ui: DagsterUi, log: Path
) -> Iterator[DagsterUi]:
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=PROJECT_ROOT,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for(ui.is_up, "the UI")
            yield ui
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


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
