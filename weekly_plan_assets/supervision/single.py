"""One `weekly-plan dev` on one state: a second one would start every daemon twice.

The kernel drops the lock however its holder ends. Who holds it is only noted in a file.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import portalocker
import psutil
from pydantic import BaseModel, ValidationError

from weekly_plan_assets.supervision.errors import AlreadyRunningError, SupervisionError

_NOTED_WITHIN_S = 2.0
"""Time in which the first one notes who it is, once it holds the lock."""


class _Holder(BaseModel, frozen=True):
    pid: int
    url: str


@contextmanager
def only_one(folder: Path, url: str) -> Iterator[None]:
    """Hold the lock of a state for the length of a `with` block.

    Args:
        folder: Where lock and note are; made if it is missing.
        url: Address of the UI, shown to a second one.

    Raises:
        AlreadyRunningError: Another process holds the lock.
        SupervisionError: The folder allows no locks.
    """
    note = folder / "dev.json"
    lock = portalocker.Lock(
        folder / "dev.lock", "ab", flags=portalocker.LOCK_EX | portalocker.LOCK_NB, timeout=0
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except portalocker.AlreadyLocked:
        raise AlreadyRunningError(_refusal(_holder(note), folder, url)) from None
    except (portalocker.LockException, OSError) as error:
        raise SupervisionError(
            f"the folder {folder} cannot be locked ({error}); set WEEKLY_PLAN_STATE_DIR to a "
            "folder of yours on a local disk"
        ) from error
    try:
        note.write_text(_Holder(pid=os.getpid(), url=url).model_dump_json())
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _holder(note: Path) -> _Holder | None:
    """The process that holds the lock; None if it does not note itself in time."""
    deadline_s = time.monotonic() + _NOTED_WITHIN_S
    while time.monotonic() < deadline_s:
        try:
            holder = _Holder.model_validate_json(note.read_bytes())
            if psutil.pid_exists(holder.pid):  # else the note of one that was killed
                return holder
        except (OSError, ValidationError):
            pass  # not yet written
        time.sleep(0.05)
    return None


def _refusal(holder: _Holder | None, folder: Path, url: str) -> str:
    if holder is None:
        known, taken = "", ""
    else:
        known = f" (process {holder.pid}, {holder.url})"
        port = url.rpartition(":")[2]
        taken = f"port {port} is taken: " if holder.url == url else ""
    return (
        f"{taken}`weekly-plan dev` already runs on the state in {folder.parent}{known}; stop that "
        "one first, or set WEEKLY_PLAN_STATE_DIR to another folder"
    )
