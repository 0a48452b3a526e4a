"""`weekly-plan db` and `weekly-plan dev` on an embedded server of their own."""

import json
import os
import signal
from typing import Any

import psutil
import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for
from weekly_plan_assets_tests.support.terminal import Terminal


def status(terminal: Terminal) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(terminal.run("db", "status", "--json").stdout)
    return answer


def test_a_started_server_stays_and_its_url_serves_any_client(embedded: Terminal) -> None:
    assert embedded.run("db", "status").returncode == 1
    started = embedded.run("db", "start")
    assert started.returncode == 0, started.stderr
    running = status(embedded)
    assert (running["running"], running["pinned"], running["in_use"]) == (True, True, False)
    with open_client(running["url"]) as client:
        assert client.server_info()["ok"] == 1
    assert embedded.run("db", "stop").returncode == 0
    assert status(embedded)["running"] is False


@pytest.mark.slow
def test_a_command_that_started_the_server_stops_it_at_its_end(embedded: Terminal) -> None:
    assert embedded.run("runs").returncode == 0
    assert status(embedded)["running"] is False


def test_with_a_url_set_db_start_says_that_it_is_not_needed(embedded: Terminal) -> None:
    refused = embedded.run("db", "start", MONGO_URL="mongodb://127.0.0.1:1")
    assert refused.returncode == 1
    assert "MONGO_URL is set" in refused.stderr


@pytest.mark.slow
def test_dev_brings_a_dead_server_back_and_one_signal_stops_everything(
    embedded: Terminal,
) -> None:
    port = free_port()
    process = embedded.popen("dev", "--port", str(port))
    try:
        wait_for(DagsterUi(port).is_up, "the UI")
        refused = embedded.run("dev", "--port", str(port))
        assert refused.returncode == 1
        assert f"port {port} is taken" in refused.stderr

        first = status(embedded)["pid"]
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: status(embedded)["pid"] not in {None, first}, "the server again", 60)

        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) >= 4
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
        assert status(embedded)["running"] is False
    finally:
        if process.poll() is None:
            process.kill()
