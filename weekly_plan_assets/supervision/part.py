"""One supervised process, with all that it starts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import psutil

from weekly_plan_assets.supervision.part_log import PartLog
from weekly_plan_assets.supervision.restarts import Restarts


class PartName(StrEnum):
    """The parts of `dev`, as they are called in messages."""

    CODE_SERVER = "code server"
    DAEMON = "daemon"
    WEBSERVER = "webserver"


@dataclass(frozen=True, slots=True)
class Program:
    """What a part runs.

    Attributes:
        module: Python module, run as by `python -m`.
        folder: Its working folder.
        environment: Its whole environment.
        log: File that its output is appended to.
    """

    name: PartName
    module: str
    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    log: Path


@dataclass
class SupervisedPart:
    """A program and the process that runs it now.

    Attributes:
        process: The running one; None between an end and the next start.
        started_s: Monotonic time of its start.
        is_ready: Whether it has done its work since then.
        due_s: Monotonic time before which it is not started.
    """

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    is_ready: bool = False
    due_s: float = 0.0
    restarts: Restarts = field(default_factory=Restarts)
    log: PartLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = PartLog(self.program.log)

    @property
    def name(self) -> PartName:
        """The name of the part."""
        return self.program.name

    def start(self) -> int:
        """Start the process and return its number.

        Call it from the main thread: on Linux, the process ends with the thread that started it.
        """
        program = self.program
        command = [
            sys.executable,
            "-m",
            "weekly_plan_assets.common.child_process",
            str(os.getpid()),
        ]
        with program.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, program.module, *program.arguments],
                cwd=program.folder,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A group of its own: it can be ended whole, and a Ctrl-C does not reach it.
                start_new_session=True,
            )
        self.started_s = time.monotonic()
        self.is_ready = False
        return self.process.pid

    def exit_code(self) -> int | None:
        """Return the exit code of a process that has ended, and end what it had started."""
        if self.process is None:
            return None
        code = self.process.poll()
        if code is not None:
            kill_group(self.process.pid)
        return code

    def terminate(self) -> None:
        """Ask the process to end."""
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """End the process, with all that it has started, at once."""
        if self.process is not None:
            kill_group(self.process.pid)
            self.process.wait()

    def workers(self) -> list[psutil.Process]:
        """Return the processes that it has spawned by `multiprocessing`."""
        if self.process is None:
            return []
        with suppress(psutil.Error):
            children = psutil.Process(self.process.pid).children()
            return [child for child in children if _is_worker(child)]
        return []


def kill_group(pid: int) -> None:
    """Kill a process that leads a group, and the whole group even if its leader is gone."""
    if os.name == "posix":
        # On macOS a group of zombies does not permit signals.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        return
    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in (*leader.children(recursive=True), leader):
            process.kill()


def _is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "--multiprocessing-fork" in process.cmdline()
    return False
