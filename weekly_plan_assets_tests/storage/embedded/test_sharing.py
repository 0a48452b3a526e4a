"""One server for many: processes come and go, are killed, fork, and run threads."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient, WriteConcern

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets_tests.storage.embedded.conftest import UserProcess

StartUser = Callable[..., UserProcess]


def pid_of(server: EmbeddedServer) -> int:
    pid = server.status().pid
    assert pid is not None
    return pid


def kill_and_await_end(pid: int) -> None:
    process = psutil.Process(pid)
    process.kill()
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def test_processes_that_come_at_once_share_one_server_and_the_last_one_stops_it(
    server: EmbeddedServer, folder: Path, user_process: StartUser
) -> None:
    first, second = user_process(), user_process()
    assert first.says() == second.says() != ""
    servers = [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(folder / "data") in (process.info["cmdline"] or [])
    ]
    assert len(servers) == 1

    first.end()
    assert server.status().running
    second.end()
    assert not server.status().running


def test_a_server_whose_user_was_killed_is_taken_over_and_stopped_by_the_next(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    starter = user_process()
    starter.says()
    starter.kill()
    orphan = server.status()
    assert orphan.running
    assert not orphan.in_use

    with server.lease():
        assert pid_of(server) == orphan.pid
    assert not server.status().running


def test_a_server_is_stopped_for_a_killed_user_unless_it_is_used_or_pinned(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    assert not server.stop_if_unused()
    user = user_process()
    user.says()
    assert not server.stop_if_unused()
    server.start()
    user.kill()
    assert not server.stop_if_unused()
    assert server.status().running
    server.stop()
    user = user_process()
    user.says()
    user.kill()
    assert server.stop_if_unused()
    assert not server.status().running


def test_a_server_whose_starter_was_killed_before_it_was_ready_is_taken_over(
    server: EmbeddedServer, folder: Path, user_process: StartUser
) -> None:
    starter = user_process()
    pid_file = folder / "mongod.pid"
    while not (pid_file.exists() and pid_file.read_text()):
        time.sleep(0.002)
    starter.kill()

    with server.lease() as url:
        assert pid_of(server) == int(pid_file.read_text())
        MongoClient(url).admin.command("ping")


def test_an_orphan_that_no_pid_file_names_is_taken_over(
    server: EmbeddedServer, folder: Path, user_process: StartUser
) -> None:
    starter = user_process()
    starter.says()
    starter.kill()
    orphan_pid = pid_of(server)
    (folder / "mongod.pid").unlink()

    with server.lease():
        assert pid_of(server) == orphan_pid


def test_a_killed_server_is_started_again_with_its_data(server: EmbeddedServer) -> None:
    with server.lease() as url, MongoClient[dict[str, object]](url) as client:
        weeks = client.test.get_collection("weeks", write_concern=WriteConcern(j=True))
        weeks.insert_one({"weekStart": "2024-01-01"})
        kill_and_await_end(pid_of(server))

        assert server.ensure_running() == url
        assert weeks.count_documents({"weekStart": "2024-01-01"}) == 1


def test_after_a_kill_of_server_and_user_the_next_one_starts_normally(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    user = user_process()
    user.says()
    kill_and_await_end(pid_of(server))
    user.kill()

    with server.lease() as url:
        MongoClient(url).admin.command("ping")


def test_a_process_that_got_the_id_of_a_dead_server_is_left_alone(
    server: EmbeddedServer, folder: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        (folder / "data").mkdir(parents=True)
        for name in ("mongod.pid", "data/mongod.lock"):
            (folder / name).write_text(str(bystander.pid))

        with server.lease():
            assert pid_of(server) != bystander.pid
        assert not server.stop()
        assert bystander.poll() is None
        bystander.kill()


def test_looking_after_a_living_server_takes_less_than_a_millisecond(
    server: EmbeddedServer,
) -> None:
    with server.lease():
        started = time.perf_counter()
        for _ in range(100):
            server.ensure_running()
        assert (time.perf_counter() - started) / 100 < 0.001


def test_only_who_has_a_lease_may_ask_for_the_server_to_be_looked_after(
    server: EmbeddedServer,
) -> None:
    with pytest.raises(EmbeddedServerError, match=r"has no lease .* call acquire\(\) first"):
        server.ensure_running()


def test_leases_of_one_process_are_counted(server: EmbeddedServer, folder: Path) -> None:
    url = server.acquire()
    assert server.acquire() == url
    with EmbeddedServer(folder).lease() as same_url:
        assert same_url == url
    server.release()
    assert server.status().running
    server.release()
    assert not server.status().running
    server.release()
    assert not server.status().running


def test_threads_may_come_and_go_at_once(server: EmbeddedServer) -> None:
    def use() -> str:
        with server.lease() as url:
            return url

    with server.lease() as url:
        with ThreadPoolExecutor(4) as threads:
            urls = {future.result() for future in [threads.submit(use) for _ in range(16)]}
        assert urls == {url}
        assert server.status().running
    assert not server.status().running


FORK = """
import os, sys
from pathlib import Path
from weekly_plan_assets.storage.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
with server.lease():
    if os.fork() > 0:
        os.wait()
        print(server.status().in_use, server.status().running, flush=True)
        sys.stdin.read()
"""


def test_a_forked_child_that_ends_leaves_its_parents_lease_alone(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    parent = user_process(FORK)
    assert parent.says() == "True True"
    assert parent.end() == 0
    assert not server.status().running


LINGERING_CHILDREN = """
import os, subprocess, sys
from pathlib import Path
from weekly_plan_assets.storage.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.acquire()
wait = "import sys; sys.stdin.read()"
subprocess.Popen([sys.executable, "-c", wait], close_fds=False)
if os.fork() == 0:
    sys.stdin.read()
    os._exit(0)
print("ready", flush=True)
os.kill(os.getpid(), 9)
"""


def test_children_that_outlive_a_killed_user_do_not_keep_its_lease(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    user = user_process(LINGERING_CHILDREN)
    assert user.says() == "ready"
    deadline = time.monotonic() + 5
    while server.status().in_use and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not server.status().in_use
    user.end()


def test_an_interrupt_of_the_terminal_does_not_reach_the_server(
    server: EmbeddedServer,
) -> None:
    with server.lease():
        assert os.getsid(pid_of(server)) != os.getsid(0)


def test_a_pinned_server_outlives_its_users_until_it_is_stopped(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    url = server.start()
    user = user_process()
    assert user.says() == url
    user.end()
    status = server.status()
    assert status.running
    assert status.pinned

    assert server.stop()
    assert not server.status().running
    assert not server.status().pinned
    assert not server.stop()


def test_a_server_in_use_is_not_stopped_but_unpinned(
    server: EmbeddedServer, user_process: StartUser
) -> None:
    server.start()
    user = user_process()
    user.says()
    with pytest.raises(EmbeddedServerError) as refused:
        server.stop()
    assert re.search(r"is in use by python\S* \(process \d+\)", str(refused.value))
    assert "`weekly-plan db stop --force`" in str(refused.value)
    assert server.status().running
    user.end()
    assert not server.status().running


def test_force_stops_a_server_in_use_and_its_user_gets_it_back(
    server: EmbeddedServer, folder: Path
) -> None:
    with server.lease() as url:
        assert EmbeddedServer(folder).stop(force=True)
        assert not server.status().running
        assert server.ensure_running() == url
        assert server.status().running


def test_a_server_that_hangs_is_killed(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weekly_plan_assets.storage.embedded.mongod.STOP_TIMEOUT_S", 0.2)
    server.start()
    os.kill(pid_of(server), signal.SIGSTOP)
    assert server.stop()
    assert not server.status().running


@pytest.mark.slow
def test_a_run_document_outlives_a_server_that_is_killed_right_after_it(
    server: EmbeddedServer,
) -> None:
    with open_client(server.acquire()) as client:
        events = RunDocuments(client["kept"], "run_events")
        events.merge({"runId": "the first one makes the collection"})
        time.sleep(0.5)
        events.merge({"runId": "r1"})
        kill_and_await_end(pid_of(server))
    with open_client(server.acquire()) as client:
        assert RunDocuments(client["kept"], "run_events").find("r1") is not None
