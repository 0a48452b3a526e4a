"""The command that runs the guarded webserver."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT, load_settings
from weekly_plan_assets.webserver.access import OwnConnections, SecretLink, access_of
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_that_another_program_has_on_either_loopback_address_is_taken(address: str) -> None:
    """A browser takes `localhost` for both, so that the other program could pass for the UI."""
    port = free_port()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, port), family=family):
        done = subprocess.run(
            [sys.executable, "-m", "weekly_plan_assets.webserver", "--port", str(port)],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports owners")
def test_on_loopback_the_owner_of_a_connection_is_asked_for(host: str) -> None:
    assert isinstance(access_of(load_settings(), host), OwnConnections)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "plan.example.org"])  # noqa: S104
def test_elsewhere_the_link_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    assert isinstance(access_of(load_settings(), host), SecretLink)


def test_the_link_is_used_where_owners_are_not_reported_or_the_setting_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WEEKLY_PLAN_UI_LINK", "true")
    assert isinstance(access_of(load_settings(), "127.0.0.1"), SecretLink)
    monkeypatch.delenv("WEEKLY_PLAN_UI_LINK")
    monkeypatch.delattr(socket, "AF_NETLINK", raising=False)
    assert isinstance(access_of(load_settings(), "127.0.0.1"), SecretLink)


@pytest.mark.slow
def test_it_serves_until_it_is_asked_to_stop(terminal: Terminal, tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "weekly_plan_assets.webserver"),
            *("--port", str(port), "-w", "workspace.yaml"),
        ],
        cwd=PROJECT_ROOT,
        env=terminal.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(DagsterUi(port).is_up, "the UI")
    process.terminate()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert f"Dagster UI: http://127.0.0.1:{port}\n" in said
