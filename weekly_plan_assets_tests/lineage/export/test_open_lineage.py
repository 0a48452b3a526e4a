"""OpenLineage events through the client library, to a file and to a real server on loopback."""

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from openlineage.client.event_v2 import RunEvent as LineageEvent
from openlineage.client.serde import Serde

from weekly_plan_assets.lineage.export.open_lineage import TARGET, shown, transport_to
from weekly_plan_assets.lineage.export.open_lineage_events import lineage_events
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.settings import PROJECT_ROOT, SettingsError, load_settings
from weekly_plan_assets.storage.codec import iso_utc
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export

WEEK = "2024-01-08"


class LineageServer:
    """Takes OpenLineage events, and answers each with `status`."""

    def __init__(self) -> None:
        self.status = 201
        self.paths: list[str] = []
        self.authorization: list[str | None] = []
        self.events: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.paths.append(self.path)
                outer.authorization.append(self.headers["Authorization"])
                outer.events.append(json.loads(body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Nothing to the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[LineageServer]:
    server = LineageServer()
    yield server
    server.close()


@pytest.fixture
def trained(graph: Graph) -> Graph:
    write_export(
        graph.export_dir,
        [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (9, 11, 14)],
        [wellness_day(f"2024-01-{day:02d}") for day in range(8, 15)],
    )
    return graph


def told(graph: Graph) -> RunEvent:
    (document,) = graph.documents("run_events")
    return RunEvent.model_validate(document)


def in_file(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_planned_week_is_a_start_and_a_complete(
    trained: Graph, server: LineageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, f"http://{server.host}")
    trained.plan_and_record(WEEK)
    event = told(trained)
    start, complete = server.events
    assert set(server.paths) == {"/api/v1/lineage"}
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["eventTime"] == iso_utc(event.started_at or event.ended_at)
    assert complete["eventTime"] == iso_utc(event.ended_at)
    assert (
        start["run"]["runId"] == complete["run"]["runId"] == str(uuid5(NAMESPACE_URL, event.run_id))
    )
    assert start["job"]["namespace"] == "weekly-plan-assets"
    assert start["job"]["name"] == "weekly_plan.plan"
    facets = complete["run"]["facets"]
    assert facets["nominalTime"]["nominalStartTime"] == "2024-01-15T00:00:00.000Z"
    assert facets["nominalTime"]["nominalEndTime"] == "2024-01-22T00:00:00.000Z"
    assert facets["parent"]["run"]["runId"] == event.dagster_run_id
    assert facets["parent"]["root"]["run"]["runId"] == event.root_run_id
    assert "errorMessage" not in facets


def test_inputs_and_outputs_carry_the_versions_of_their_content(
    trained: Graph, server: LineageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, f"http://{server.host}")
    trained.plan_and_record(WEEK)
    (artifacts,) = trained.documents("run_artifacts")
    start, complete = server.events
    name = trained.database.name
    versions = {
        dataset["name"].removeprefix(f"{name}."): dataset["facets"]["version"]["datasetVersion"]
        for dataset in complete["inputs"]
    }
    assert versions.keys() == {"activities", "wellness", "weekly_metrics", "athlete"}
    assert versions["activities"] == artifacts["inputHashes"]["activities"]
    assert start["inputs"] == complete["inputs"]
    assert [dataset["name"] for dataset in complete["outputs"]] == [
        f"{name}.run_artifacts",
        f"{name}.plan_snapshots",
    ]
    assert {dataset["namespace"] for dataset in complete["outputs"]} == {"mongodb"}


def test_the_same_content_has_the_same_versions_in_another_run(
    trained: Graph, server: LineageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, f"http://{server.host}")
    trained.plan_and_record(WEEK)
    trained.plan_and_record(WEEK)
    _, first, _, second = server.events
    assert first["run"]["runId"] != second["run"]["runId"]
    assert first["inputs"] == second["inputs"]
    assert first["outputs"] == second["outputs"]


def test_a_run_that_broke_is_a_fail_with_its_errors(
    trained: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "events.jsonl"
    monkeypatch.setenv(TARGET, str(target))
    (trained.export_dir / "activities.json").write_text("no JSON")
    trained.plan_and_record(WEEK)
    start, fail = in_file(target)
    assert (start["eventType"], fail["eventType"]) == ("START", "FAIL")
    message = fail["run"]["facets"]["errorMessage"]["message"]
    assert message == "; ".join(told(trained).errors)
    assert "activities.json" in message
    assert start["inputs"] == fail["inputs"] == fail["outputs"] == []


def test_a_folder_holds_the_events_of_all_weeks_in_one_file(
    trained: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lineage"
    folder.mkdir()
    monkeypatch.setenv(TARGET, str(folder))
    trained.plan_and_record(WEEK)
    trained.plan_and_record("2024-01-15")
    events = in_file(folder / "openlineage.jsonl")
    assert [event["eventType"] for event in events] == ["START", "COMPLETE"] * 2


def test_an_event_that_is_recorded_again_is_not_told_again(
    trained: Graph, server: LineageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, f"http://{server.host}")
    run_id = trained.plan_and_record(WEEK)
    record_run_events(trained.instance, trained.database, run_id)
    assert len(server.events) == 2


def test_events_are_what_the_library_describes(trained: Graph) -> None:
    trained.plan_and_record(WEEK)
    (artifacts,) = trained.documents("run_artifacts")
    (snapshot,) = trained.documents("plan_snapshots")
    for event in lineage_events(told(trained), "db", artifacts, snapshot):
        assert type(event) is LineageEvent
        sent = json.loads(Serde.to_json(event))
        assert sent["schemaURL"].endswith("#/$defs/RunEvent")
        parts = [sent["run"], sent["job"], *sent["inputs"], *sent.get("outputs", [])]
        facets = [facet for part in parts for facet in part["facets"].values()]
        assert len(facets) >= 9
        for facet in facets:
            assert facet["_schemaURL"].startswith("https://openlineage.io/spec/facets/")
            assert facet["_producer"]
    again = [Serde.to_json(one) for one in lineage_events(told(trained), "db", None, None)]
    assert again == [Serde.to_json(one) for one in lineage_events(told(trained), "db", None, None)]


@pytest.mark.parametrize("status", [401, 500])
def test_a_server_that_refuses_is_warned_of_once_and_the_event_is_recorded(
    status: int,
    trained: Graph,
    server: LineageServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.status = status
    monkeypatch.setenv(TARGET, f"http://ana:s3cret@{server.host}/lineage")
    with caplog.at_level(logging.WARNING):
        trained.plan_and_record(WEEK)
    event = told(trained)
    (warning,) = [one for one in caplog.messages if "OpenLineage" in one]
    assert warning == (
        f"run {event.run_id} was recorded, but was not sent to OpenLineage at "
        f"http://{server.host}/lineage: it answered {status}"
    )
    assert len(server.events) == 1
    assert "s3cret" not in caplog.text


def test_a_server_that_is_away_holds_nothing_up(
    trained: Graph,
    server: LineageServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.close()
    monkeypatch.setenv(TARGET, f"http://ana:s3cret@{server.host}")
    run_id = trained.plan(WEEK).run_id
    began_s = monotonic()
    with caplog.at_level(logging.WARNING):
        record_run_events(trained.instance, trained.database, run_id)
    assert monotonic() - began_s < 5
    assert told(trained).status is Status.SUCCESS
    assert "was not sent to OpenLineage" in caplog.text
    assert ": ConnectionError" in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.slow
def test_a_server_that_never_answers_holds_a_run_up_for_three_seconds(
    trained: Graph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv(TARGET, "http://{}:{}".format(*silent.getsockname()))
        run_id = trained.plan(WEEK).run_id
        began_s = monotonic()
        record_run_events(trained.instance, trained.database, run_id)
    assert 2 < monotonic() - began_s < 5
    assert told(trained).status is Status.SUCCESS
    assert "was not sent to OpenLineage" in caplog.text


def test_a_file_that_cannot_be_written_is_warned_of(
    trained: Graph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    leads_nowhere = tmp_path / "events.jsonl"
    leads_nowhere.symlink_to(tmp_path / "gone" / "events.jsonl")
    monkeypatch.setenv(TARGET, str(leads_nowhere))
    trained.plan_and_record(WEEK)
    assert told(trained).status is Status.SUCCESS
    assert "was not sent to OpenLineage" in caplog.text
    assert ": RuntimeError" in caplog.text


def test_user_and_password_reach_the_server_and_the_key_of_the_client_wins(
    trained: Graph, server: LineageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, f"http://{server.host}/")
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "key1")
    trained.plan_and_record(WEEK)
    assert set(server.authorization) == {"Bearer key1"}
    monkeypatch.delenv("OPENLINEAGE_API_KEY")
    monkeypatch.setenv(TARGET, f"http://ana:s3cret@{server.host}/")
    trained.plan_and_record(WEEK)
    assert str(server.authorization[-1]).startswith("Basic ")


@pytest.mark.slow
def test_without_a_target_the_library_is_not_imported() -> None:
    code = (
        "import sys, weekly_plan_assets.definitions; "
        "sys.exit(any(name.startswith('openlineage') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, check=True)


@pytest.mark.parametrize(
    ("target", "path"),
    [("events.jsonl", "events.jsonl"), ("folder/", "folder/openlineage.jsonl")],
)
def test_a_path_is_a_file_unless_it_is_a_folder(target: str, path: str) -> None:
    assert transport_to(target) == {"type": "file", "log_file_path": path, "append": True}


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown("https://ana:pw@host:5000/a?key=1#x") == "https://host:5000/a"
    assert shown("lineage/events.jsonl") == "lineage/events.jsonl"


@pytest.mark.parametrize("target", ["http://h:5000", "https://a:b@h/x", ".", "events.jsonl"])
def test_files_folders_and_addresses_are_allowed(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, target)
    found = load_settings().open_lineage
    assert found is not None
    absolute = target if "://" in target else f"{Path.cwd()}/{target}"
    assert found.get_secret_value() == absolute


@pytest.mark.parametrize(
    "target", ["ftp://ana:s3cret@host", "http://", "http://[", "/no/such/folder/events.jsonl"]
)
def test_another_target_is_refused_at_the_start_without_showing_it(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET, target)
    with pytest.raises(SettingsError, match="WEEKLY_PLAN_OPENLINEAGE is set to a value") as refused:
        load_settings()
    assert target not in str(refused.value)
