"""Cleans up after a `weekly-plan dev` that was killed: run as a process of its own.

`dev` holds the other end of this process's input, which the kernel closes however `dev` ends. Then
all that `dev` had started is killed, and an embedded server that nobody uses any more is stopped.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
from weekly_plan_assets.supervision.part import kill_group

_DONE = "done"
_UNUSED_WITHIN_S = 5.0
"""After a kill: the last users go, and a mongod that was just being started can be found."""

_ENDS_WITHIN_S = 30.0


@dataclass
class OrphanGuard:
    """The guard as `dev` sees it.

    Attributes:
        embedded: Folder of the embedded server; None if it is not used.
        temporary: Folder to delete at the end; None if there is none.
    """

    embedded: Path | None
    temporary: Path | None
    _process: subprocess.Popen[str] | None = None
    _parts: frozenset[int] = frozenset()

    @contextmanager
    def watching(self) -> Iterator["OrphanGuard"]:
        """Keep the guard for the length of a `with` block, which it outlives only to clean up."""
        self._ensure_running()
        is_interrupted = True
        try:
            yield self
            is_interrupted = False
        except Exception:
            is_interrupted = False
            raise
        finally:
            if not is_interrupted:
                self._say(_DONE)
            if self._process is not None:
                try:
                    self._process.communicate(timeout=_ENDS_WITHIN_S)
                except subprocess.TimeoutExpired:
                    self._process.kill()

    def _ensure_running(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        folders = [str(folder or "") for folder in (self.embedded, self.temporary)]
        # Where there is no memory for another process, the next call tries again.
        with suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-m", "weekly_plan_assets.supervision.orphan_guard", *folders],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
            self._say(self._named_parts())

    def know(self, parts: frozenset[int]) -> None:
        """Name the processes to be killed if `dev` is killed now.

        A guard that was itself killed is replaced.
        """
        is_news, self._parts = parts != self._parts, parts
        self._ensure_running()
        if is_news:
            self._say(self._named_parts())

    def _named_parts(self) -> str:
        return " ".join(str(pid) for pid in sorted(self._parts))

    def _say(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(f"{line}\n")
                self._process.stdin.flush()
            except BrokenPipeError:  # it was killed; its successor hears all when it starts
                return


def _main(embedded: str, temporary: str) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # meant for `dev`, which ends this process
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    last = ""
    for line in sys.stdin:
        last = line.strip()
    if last != _DONE:
        for pid in last.split():
            kill_group(int(pid))
        if embedded:
            _stop_unused(EmbeddedServer(Path(embedded)))
    if temporary:
        shutil.rmtree(temporary, ignore_errors=True)


def _stop_unused(server: EmbeddedServer) -> None:
    deadline_s = time.monotonic() + _UNUSED_WITHIN_S
    while time.monotonic() < deadline_s:
        try:
            if server.stop_if_unused():
                return
        except EmbeddedServerError:
            return  # the folder is gone, or cannot be locked
        time.sleep(0.1)


if __name__ == "__main__":
    _main(*sys.argv[1:])
    os._exit(0)
