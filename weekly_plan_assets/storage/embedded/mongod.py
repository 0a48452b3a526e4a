"""One mongod process: start it, find it again, wait for it, stop it.

Who may do so, and when, is decided in `server`; everything here runs under `start.lock`. The
running process is its own record: its command line names its folder and its endpoint, so neither a
stale file nor a reused process id can be taken for a server.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from weekly_plan_assets.storage.embedded.binary import WAYS_OUT
from weekly_plan_assets.storage.embedded.endpoint import Endpoint, command, endpoint_of
from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError
from weekly_plan_assets.storage.embedded.failure import startup_failure
from weekly_plan_assets.storage.embedded.folder import ServerFolder

READY_TIMEOUT_S = 90.0
"""How long a start may take, recovery after a crash included."""

STOP_TIMEOUT_S = 20.0
"""How long a clean stop may take; then the process is killed, and its journal repairs the data."""

_ANSWER_TIMEOUT_S = 5.0
_POLL_S = 0.01
# Journal files of 16 MB made as they fill: mongod's default writes 300 MB at the first start.
_JOURNAL = "log=(prealloc=false,file_max=16MB)"


_NEEDED = re.compile(
    r"PATH|HOME|TMPDIR|TMP|TEMP|TZ|LANG|LANGUAGE|(LC|LD|DYLD)_\w+|GLIBC_TUNABLES|SYSTEMROOT|WINDIR",
    re.IGNORECASE,
)
"""Variables that the server is given; the others may hold keys, which are no business of it."""


@dataclass(frozen=True, slots=True)
class Mongod:
    """A mongod of this project that was alive when it was looked at."""

    process: psutil.Process
    endpoint: Endpoint

    @classmethod
    def find(cls, folder: ServerFolder) -> Self | None:
        """The folder's server, no matter which process started it; None if there is none."""
        for pid in folder.recorded_pids():
            try:
                process = psutil.Process(pid)
                arguments = process.cmdline()[1:]
            except psutil.Error:
                # Gone, a zombie, or another user's: not our server.
                continue
            if arguments[:2] == ["--dbpath", str(folder.data)]:
                return cls(process, endpoint_of(arguments))
        return None

    @classmethod
    def start(
        cls, binary: Path, folder: ServerFolder, endpoint: Endpoint, parameters: Mapping[str, str]
    ) -> Self:
        """A new server on the folder, which answers when this returns.

        Raises:
            EmbeddedServerError: It ended at once, or did not answer in time.
        """
        arguments = [str(binary), *_arguments(folder, endpoint, parameters)]
        if folder.log.exists():
            folder.log.replace(folder.previous_log)
        with folder.output.open("wb") as output:
            try:
                child = _start_detached(arguments, folder.path, output.fileno())
            except OSError as error:
                raise EmbeddedServerError(
                    f"{binary} cannot be run: {error.strerror}; {WAYS_OUT}"
                ) from error
        folder.pid_file.write_text(str(child.pid))
        mongod = cls(psutil.Process(child.pid), endpoint)
        # Without a parent that waits for it, a dead server would stay behind as a zombie.
        threading.Thread(target=child.wait, name="embedded-mongod", daemon=True).start()
        try:
            ready = mongod.wait_until_ready()
        except BaseException:
            mongod.stop()
            raise
        if not ready:
            raise startup_failure(binary, child.wait(), folder)
        return mongod

    def is_alive(self) -> bool:
        """Whether the process still runs; False as soon as it begins to die."""
        try:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def wait_until_ready(self) -> bool:
        """True as soon as the server answers, False when its process ended.

        Raises:
            EmbeddedServerError: It runs and does not answer.
        """
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            if not self.is_alive():
                return False
            try:
                command(self.endpoint, "hello", _ANSWER_TIMEOUT_S)
            except OSError:
                # It is not listening yet.
                time.sleep(_POLL_S)
            else:
                return True
        raise EmbeddedServerError(
            f"mongod (process {self.process.pid}) has not answered at {self.endpoint.url} for "
            f"{READY_TIMEOUT_S:.0f} s; end that process, then try again"
        )

    def version(self) -> str | None:
        """The version of MongoDB; None while the server does not answer."""
        try:
            return str(command(self.endpoint, "buildInfo", _ANSWER_TIMEOUT_S)["version"])
        except OSError:
            return None

    def stop(self) -> None:
        """Shut down cleanly, or kill after `STOP_TIMEOUT_S`. The process is gone on return."""
        if not self.is_alive():
            return
        self._ask_to_shut_down()
        if not self._is_gone_within(STOP_TIMEOUT_S):
            with suppress(psutil.NoSuchProcess):
                self.process.kill()
            self._is_gone_within(STOP_TIMEOUT_S)

    def _ask_to_shut_down(self) -> None:
        if os.name == "posix":
            with suppress(psutil.NoSuchProcess):
                self.process.terminate()
            return
        # Windows has no signal that a server could handle: there, terminate() is a kill.
        with suppress(OSError):  # a server that obeys closes the connection without an answer
            command(self.endpoint, "shutdown", _ANSWER_TIMEOUT_S)

    def _is_gone_within(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        while self.is_alive() or self._is_dying():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def _is_dying(self) -> bool:
        """Whether it looks like a zombie while its last threads still hold files and sockets.

        A true zombie, which nobody waits for (in a container, say), has one thread and no files.
        """
        try:
            return self.process.is_running() and self.process.num_threads() > 1
        except psutil.NoSuchProcess:
            return False


def _arguments(
    folder: ServerFolder, endpoint: Endpoint, parameters: Mapping[str, str]
) -> list[str]:
    """The command line. `Mongod.find` relies on its first two words."""
    all_parameters = {"diagnosticDataCollectionEnabled": "false", **parameters}
    return [
        "--dbpath",
        str(folder.data),
        *endpoint.arguments,
        "--logpath",
        str(folder.log),
        "--quiet",
        "--wiredTigerCacheSizeGB",
        "0.25",
        "--wiredTigerEngineConfigString",
        _JOURNAL,
        *(
            word
            for name, value in all_parameters.items()
            for word in ("--setParameter", f"{name}={value}")
        ),
    ]


def _start_detached(arguments: list[str], folder: Path, output: int) -> subprocess.Popen[bytes]:
    """The process, out of reach of a Ctrl-C in the terminal that started it."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        arguments,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name)},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        creationflags=flags,
    )
