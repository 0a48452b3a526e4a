"""Which processes of a state folder are there, found by their environment or arguments."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


def processes_of(state: Path) -> list[psutil.Process]:
    """Every process that was started with this state folder, whatever its parent is by now."""
    return [process for process in psutil.process_iter() if _belongs_to(process, str(state))]


def is_mongod(process: psutil.Process) -> bool:
    try:
        return process.name().startswith("mongod")
    except psutil.NoSuchProcess:
        return False


def left_after(state: Path, timeout_s: float) -> list[str]:
    """The command lines of what still runs after a while, mongod apart; empty as soon as none."""
    deadline_s = time.monotonic() + timeout_s
    while left := [process for process in processes_of(state) if not is_mongod(process)]:
        if time.monotonic() > deadline_s:
            return [_shown(process) for process in left]
        time.sleep(0.05)
    return []


@contextmanager
def none_left_behind(state: Path) -> Iterator[None]:
    """Kill what a test leaves, so that a failing one disturbs no other."""
    try:
        yield
    finally:
        left = processes_of(state)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=10)


def _belongs_to(process: psutil.Process, state: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        is_its_mongod = f"{state}/mongodb/data" in process.cmdline()
        return is_its_mongod or process.environ().get("WEEKLY_PLAN_STATE_DIR") == state
    except (psutil.Error, OSError):
        return False


def _shown(process: psutil.Process) -> str:
    try:
        return f"{process.pid}: {' '.join(process.cmdline())}"
    except psutil.Error:
        return f"{process.pid}: ended"
