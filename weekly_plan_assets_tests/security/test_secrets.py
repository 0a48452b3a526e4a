"""Keys and passwords stand in the environment alone: everything else is searched for them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support import openai_server as openai
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for
from weekly_plan_assets_tests.support.graph import activity
from weekly_plan_assets_tests.support.intervals_server import (
    ACCESS_TOKEN,
    API_KEY,
    Fault,
    IntervalsServer,
)
from weekly_plan_assets_tests.support.notified import PLANTED, notified
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-01"
PASSWORD = "p4ss/w0rd-0f-the-server"  # noqa: S105 - planted, to be searched for
WRONG_KEY = "wr0ng-key-0f-the-athlete"
WEBHOOK_SECRET = "h00k-s3cret-0f-the-app"  # noqa: S105 - planted, to be searched for
SECRETS = (
    API_KEY,
    ACCESS_TOKEN,
    WRONG_KEY,
    WEBHOOK_SECRET,
    PASSWORD,
    quote(PASSWORD, safe=""),
    openai.API_KEY,
    PLANTED,
)

RESOURCES = """
query ($repository: RepositorySelector!) {
  allTopLevelResourceDetailsOrError(repositorySelector: $repository) {
    ... on ResourceDetailsList {
      results { name description configuredValues { key value type } configFields { name } }
    }
    ... on PythonError { message stack }
  }
}"""
RUNS = """
query {
  runsOrError {
    ... on Runs {
      results {
        runId runConfigYaml tags { key value }
        eventConnection(limit: 10000) { events {
          ... on MessageEvent { message }
          ... on ExecutionStepFailureEvent {
            error { message stack causes { message stack } errorChain { error { message stack } } }
          }
          ... on MaterializationEvent { metadataEntries { label description
            ... on TextMetadataEntry { text } ... on JsonMetadataEntry { jsonString }
            ... on MarkdownMetadataEntry { mdStr } } }
        } }
      }
    }
  }
}"""


@pytest.fixture
def guarded(mongo_url: str, intervals: IntervalsServer, tmp_path: Path) -> Iterator[Terminal]:
    """The terminal of an athlete whose every setting holds a secret."""
    name = f"test_{uuid4().hex[:12]}"
    intervals.activities = [activity("1", f"{WEEK}T07:00:00")]
    with open_client(mongo_url) as client, notified() as box:
        client["admin"].command(
            "createUser", name, pwd=PASSWORD, roles=[{"role": "readWrite", "db": name}]
        )
        address = mongo_url.replace("//", f"//{name}:{quote(PASSWORD, safe='')}@")
        yield Terminal(
            {
                "MONGO_URL": f"{address}/?authSource=admin",
                "MONGO_DATABASE": name,
                "WEEKLY_PLAN_STATE_DIR": str(tmp_path / "state"),
                "WEEKLY_PLAN_NOTIFY": box.url,
                **intervals.environment,
                "INTERVALS_WEBHOOK_SECRET": WEBHOOK_SECRET,
                "OPENAI_API_KEY": openai.API_KEY,
            }
        )
        client["admin"].command("dropUser", name)
        client.drop_database(name)


@pytest.fixture
def stored(guarded: Terminal, mongo_url: str) -> Iterator[Database[BsonDocument]]:
    with open_client(mongo_url) as client:
        yield client[guarded.environment["MONGO_DATABASE"]]


def require_none_in(told: str, where: str) -> None:
    for secret in SECRETS:
        assert secret not in told, f"{secret} stands in {where}"


def require_none_kept(terminal: Terminal, database: Database[BsonDocument]) -> None:
    """Neither in Dagster's files and compute logs, nor in any document."""
    files = [
        path
        for path in Path(terminal.environment["WEEKLY_PLAN_STATE_DIR"]).rglob("*")
        if path.is_file()
    ]
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        require_none_in(path.read_bytes().decode(errors="replace"), str(path))
    for name in database.list_collection_names():
        require_none_in(repr(list(database[name].find())), name)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_after_good_and_failed_runs_no_secret_is_told_or_kept(
    guarded: Terminal,
    intervals: IntervalsServer,
    stored: Database[BsonDocument],
    tmp_path: Path,
) -> None:
    def typed(*arguments: str, code: int | None, **environment: str) -> None:
        done = guarded.run(*arguments, **environment)
        require_none_in(done.stdout + done.stderr, f"what {arguments} says")
        assert code is None or done.returncode == code, done.stderr

    typed("run", "--week", WEEK, "--verbose", code=0)
    for command in (
        ["runs"],
        ["show"],
        ["explain", "latest"],
        ["compare", "latest", "latest"],
        ["replay", "latest"],
        ["drift"],
        ["doctor"],
        ["db", "status"],
        ["db", "bootstrap"],
        ["db", "backup", str(tmp_path / "backup")],
    ):
        typed(*command, "--json", code=None)
    typed("export", "latest", "--to", str(tmp_path / "export"), code=0)
    for path in [*(tmp_path / "backup").rglob("*"), *(tmp_path / "export").rglob("*")]:
        if path.is_file():
            require_none_in(path.read_bytes().decode(errors="replace"), str(path))

    intervals.faults.extend([Fault(body=b"[1]")] * 20)
    typed("run", "--week", WEEK, "--verbose", code=1)
    intervals.faults.clear()
    typed("run", "--week", WEEK, "--verbose", code=1, INTERVALS_API_KEY=WRONG_KEY)
    typed("doctor", code=1, INTERVALS_API_KEY=WRONG_KEY)
    for token, code in ((ACCESS_TOKEN, 0), (WRONG_KEY, 1)):
        as_an_app = {"INTERVALS_API_KEY": "", "INTERVALS_ACCESS_TOKEN": token}
        typed("run", "--week", WEEK, "--verbose", code=code, **as_an_app)
        typed("doctor", code=code, **as_an_app)
    typed("run", "--week", WEEK, "--verbose", code=1, INTERVALS_ACCESS_TOKEN=ACCESS_TOKEN)
    url = guarded.environment["MONGO_URL"]
    for wrong in (
        url.replace(quote(PASSWORD, safe=""), PASSWORD),
        url.replace("mongodb://", ""),
        url.replace("authSource=admin", "authSource=other"),
        f"mongodb://u:{quote(PASSWORD, safe='')}@127.0.0.1:1/?serverSelectionTimeoutMS=100",
    ):
        typed(
            "run", "--week", WEEK, "--verbose", code=1, MONGO_URL=wrong, WEEKLY_PLAN_TRACEBACK="1"
        )
        typed("doctor", "--json", code=1, MONGO_URL=wrong)
    require_none_kept(guarded, stored)
    assert {event["status"] for event in stored["run_events"].find()} == {"success", "failure"}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_provider_that_repeats_the_key_it_was_given_does_not_make_it_known(
    guarded: Terminal, stored: Database[BsonDocument]
) -> None:
    with openai.openai_server(openai.Reply("{}")) as server:
        environment = {**server.environment, "WEEKLY_PLAN_MODEL": openai.MODEL_ID}
        for key in (openai.API_KEY, WRONG_KEY):
            run = guarded.run(
                "run", "--week", WEEK, "--verbose", **{**environment, "OPENAI_API_KEY": key}
            )
            assert run.returncode == 1
            require_none_in(run.stdout + run.stderr, "what the run says")
    require_none_kept(guarded, stored)
    assert stored["run_events"].count_documents({"status": "failure"}) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERVALS_BASE_URL", f"https://me:{PASSWORD}@intervals.icu/api/v1"),
        ("INTERVALS_BASE_URL", f"https://intervals.icu/api/v1?key={WRONG_KEY}"),
        ("INTERVALS_BASE_URL", f"me:{PASSWORD}@intervals.icu"),
        ("INTERVALS_ACCESS_TOKEN", f"Bearer {WRONG_KEY}"),
        ("WEEKLY_PLAN_MODEL", f"openai:{openai.API_KEY}"),
        ("WEEKLY_PLAN_MAX_ATTEMPTS", WRONG_KEY),
        ("WEEKLY_PLAN_TIMEZONE", WRONG_KEY),
        ("WEEKLY_PLAN_NOTIFY", WRONG_KEY),
        ("WEEKLY_PLAN_OPENLINEAGE", f"ftp://me:{quote(PASSWORD, safe='')}@host"),
        ("MONGO_DATABASE", f"mongodb://me:{quote(PASSWORD, safe='')}@host"),
        ("WEEKLY_PLAN_MONGOD", f"mongodb://me:{quote(PASSWORD, safe='')}@host"),
    ],
)
def test_a_secret_in_a_refused_setting_is_shown_nowhere(
    terminal: Terminal, name: str, value: str
) -> None:
    terminal.environment |= {name: value, "OPENAI_API_KEY": openai.API_KEY, "MONGO_URL": ""}
    for command in (["run"], ["doctor", "--json"]):
        done = terminal.run(*command, WEEKLY_PLAN_TRACEBACK="1")
        assert done.returncode == 1, done.stdout
        assert name in done.stdout + done.stderr
        require_none_in(done.stdout + done.stderr, f"what {command} says")


def asked(ui: DagsterUi, query: str, **variables: Any) -> str:
    return json.dumps(ui.ask(query, **variables))


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_pages_of_the_ui_show_no_secrets(guarded: Terminal, intervals: IntervalsServer) -> None:
    assert guarded.run("run", "--week", WEEK).returncode == 0
    intervals.faults.extend([Fault(body=b"[1]")] * 20)
    assert guarded.run("run", "--week", WEEK).returncode == 1
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "dagster_webserver", "-w", "workspace.yaml", "-p", str(port)],
        cwd=PROJECT_ROOT,
        env={**guarded.environment, "DAGSTER_HOME": str(PROJECT_ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ui = DagsterUi(port)
    repository = {
        "repositoryLocationName": "weekly_plan_assets",
        "repositoryName": "__repository__",
    }
    try:
        wait_for(ui.is_up, "the UI")
        resources = asked(ui, RESOURCES, repository=repository)
        runs = asked(ui, RUNS)
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.wait(timeout=60)
    assert '"configFields": []' in resources
    assert "the answer is [1]" in runs
    require_none_in(resources + runs, "the pages of the UI")
