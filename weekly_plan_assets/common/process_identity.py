"""Which process it is that executes a run or holds a claim, and whether it is still there.

A process number alone says little, because numbers are used again. Nor does the time at which a
process started, because the system derives it from the wall clock, which may be set. A process is
therefore identified by something that no clock changes, recorded by the process itself.
"""

import os
import platform
import sys
from pathlib import Path
from typing import Self

import psutil
from pydantic import ValidationError

from weekly_plan_assets.domain.document import Document

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")

# Positions in /proc/PID/stat after the name of the program, see proc(5).
_STATE, _THREADS, _START_TICKS = 0, 17, 19


class ProcessIdentity(Document):
    """A process, as it records itself.

    Attributes:
        machine: The machine or container that it runs on; numbers mean nothing elsewhere.
        pid: Its number.
        start: Identifies its start on that machine: compared, never calculated with.
    """

    machine: str
    pid: int
    start: str

    @classmethod
    def current(cls) -> Self:
        """This process."""
        pid = os.getpid()
        return cls(machine=this_machine(), pid=pid, start=process_start(pid) or "")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The process that was recorded as `text`; None if it cannot be read."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return None

    def text(self) -> str:
        """The process as it is recorded."""
        return self.model_dump_json()

    def is_gone(self) -> bool:
        """Whether it ended; False where that cannot be known from this machine."""
        return self.machine == this_machine() and process_start(self.pid) != self.start


def this_machine() -> str:
    """The name of this machine, or of this container, which has processes of its own."""
    return platform.node()


def this_boot() -> str:
    """Identifies the time from one start of the machine to the next; empty where unknown."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


def process_start(pid: int) -> str | None:
    """Identifies the start of a process that is there; None if there is none of that number.

    On Linux the boot and the clock tick of the start. Elsewhere the time of the start, which those
    systems note once and do not derive from the wall clock again.
    """
    if platform.system() == "Linux":
        return _start_on_linux(pid)
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return f"{process.create_time():.6f}"
    except psutil.NoSuchProcess:
        return None


def may_be_python(pid: int) -> bool:
    """Whether the process of that number may be a Python; True where that cannot be known."""
    try:
        program = Path(psutil.Process(pid).exe()).name
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
    known = Path(sys.executable).resolve().name
    return not program or program == known or program.startswith("python")


def _start_on_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(b")")[2].split()  # the name of the program may hold anything
    # A process that looks like a zombie may have threads that finish a write.
    if fields[_STATE] in {b"Z", b"X"} and int(fields[_THREADS]) <= 1:
        return None
    return f"{this_boot()}/{int(fields[_START_TICKS])}"
