"""A folder for a server, and processes of their own that use it."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from weekly_plan_assets.storage.embedded import EmbeddedServer

USER = """
import sys
from pathlib import Path
from weekly_plan_assets.storage.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
print(server.acquire(), flush=True)
sys.stdin.read()
"""
"""Takes a lease, says so, and ends without giving it back when its input is closed."""


class UserProcess:
    """Another process that works with the server of `folder`."""

    def __init__(self, folder: Path, script: str = USER) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def says(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> int:
        self._process.communicate(timeout=30)
        return self._process.returncode

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def folder() -> Iterator[Path]:
    # pytest's own temporary folders may be too deep for a socket path.
    base = Path(tempfile.mkdtemp(prefix="wp", dir="/tmp")).resolve()
    folder = base / "mongodb"
    yield folder
    # The processes themselves are asked, so that nothing outlives a bug in what is tested.
    left_over = [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(folder / "data") in (process.info["cmdline"] or [])
    ]
    for process in left_over:
        process.kill()
    psutil.wait_procs(left_over, timeout=5)
    shutil.rmtree(base)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(folder)
    yield server
    while server.status().in_use:
        server.release()
    server.stop()


@pytest.fixture
def user_process(folder: Path) -> Iterator[Callable[..., UserProcess]]:
    started: list[UserProcess] = []

    def start(script: str = USER) -> UserProcess:
        started.append(UserProcess(folder, script))
        return started[-1]

    yield start
    for user in started:
        user.kill()
