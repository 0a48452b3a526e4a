"""The embedded server's folder: which file is what, who may read it, and the two locks.

`start.lock` is held alone while the server is started or stopped. `users.lock` is held together by
all processes that use the server; the kernel drops it however a process ends. Both are taken only
here, and `users.lock` only under `start.lock`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from weekly_plan_assets.common.private_folder import UnsafeFolderError, private_folder
from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError

LOCK_TIMEOUT_S = 180.0
"""Longer than a start and a stop together may take."""

_LOCK_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """The folder of one server.

    Attributes:
        path: Absolute, and without links.
        named: How it was named, links not resolved, where that is another path.
    """

    path: Path
    named: Path | None = None

    @property
    def data(self) -> Path:
        """The database files."""
        return self.path / "data"

    @property
    def socket(self) -> Path:
        """The unix socket."""
        return self.path / "mongod.sock"

    @property
    def log(self) -> Path:
        """What mongod logged since its last start, a JSON document a line."""
        return self.path / "mongod.log"

    @property
    def previous_log(self) -> Path:
        """The log of the start before; older ones are not kept."""
        return self.path / "mongod.previous.log"

    @property
    def output(self) -> Path:
        """What mongod and the system's loader wrote before the log was open."""
        return self.path / "mongod.out"

    @property
    def pin(self) -> Path:
        """Exists while the server is to stay up without users."""
        return self.path / "pinned"

    @property
    def pid_file(self) -> Path:
        """The process that was started last."""
        return self.path / "mongod.pid"

    @property
    def port_file(self) -> Path:
        """The port used last, so that a URL outlives a restart."""
        return self.path / "mongod.port"

    def recorded_pids(self) -> list[int]:
        """Processes that may be this folder's server; any of them may be long gone.

        mongod's own lock file names the server that was orphaned before `pid_file` was written.
        """
        numbers = (_number_in(self.pid_file), _number_in(self.data / "mongod.lock"))
        return [number for number in numbers if number is not None]

    def last_port(self) -> int | None:
        """The port used last, or None."""
        return _number_in(self.port_file)

    def prepare(self) -> None:
        """Make the folder, readable for its owner only.

        Raises:
            EmbeddedServerError: It cannot be made, written or kept private.
        """
        try:
            if private_folder(self.named or self.path) != self.path:
                raise UnsafeFolderError(f"{self.named} was replaced")
            self.data.mkdir(mode=0o700, exist_ok=True)
            for private in (self.path, self.data):
                if not os.access(private, os.W_OK | os.X_OK):
                    raise PermissionError
        except OSError as error:
            raise EmbeddedServerError(
                f"the embedded MongoDB cannot use the folder {self.path}: {_reason(error)}; "
                "set WEEKLY_PLAN_STATE_DIR to a folder of your own"
            ) from error

    @contextmanager
    def start_lock(self) -> Iterator[None]:
        """Hold `start.lock`: nobody else starts or stops the server meanwhile.

        Raises:
            EmbeddedServerError: The folder is unusable, or another process keeps the lock.
        """
        import portalocker  # noqa: PLC0415 - 70 ms, for processes that need the server only

        self.prepare()
        lock = portalocker.Lock(
            self.path / "start.lock", "ab", timeout=LOCK_TIMEOUT_S, check_interval=_LOCK_POLL_S
        )
        try:
            lock.acquire()
        except portalocker.AlreadyLocked as error:
            raise EmbeddedServerError(
                f"another process has been starting or stopping the embedded MongoDB in "
                f"{self.path} for {LOCK_TIMEOUT_S:.0f} s; end that process, then try again"
            ) from error
        except (portalocker.LockException, OSError) as error:
            raise EmbeddedServerError(
                f"the folder {self.path} does not allow locks ({error}); "
                "set WEEKLY_PLAN_STATE_DIR to a folder on a local disk"
            ) from error
        try:
            yield
        finally:
            lock.release()

    def join_users(self) -> IO[bytes]:
        """Hold `users.lock` together with the other users, until `leave_users`."""
        import portalocker  # noqa: PLC0415 - see start_lock

        users = self._users_file()
        portalocker.lock(users, portalocker.LockFlags.SHARED)
        return users

    def leave_users(self, users: IO[bytes]) -> None:
        """Drop what `join_users` returned, also from processes that were forked with it."""
        import portalocker  # noqa: PLC0415 - see start_lock

        if not users.closed:
            portalocker.unlock(users)
            users.close()

    def has_users(self) -> bool:
        """Whether any process, this one included, holds `users.lock`."""
        import portalocker  # noqa: PLC0415 - see start_lock

        exclusive = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
        with self._users_file() as probe:
            try:
                portalocker.lock(probe, exclusive)
            except portalocker.AlreadyLocked:
                return True
            portalocker.unlock(probe)
        return False

    @property
    def users_lock(self) -> Path:
        """Held by all processes that use the server."""
        return self.path / "users.lock"

    def _users_file(self) -> IO[bytes]:
        return self.users_lock.open("ab")


def _number_in(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        # Missing, empty after a clean stop, cut short by a crash: no number is known.
        return None


def _reason(error: OSError) -> str:
    match error:
        case UnsafeFolderError():
            return str(error)
        case FileExistsError() | NotADirectoryError():
            return "it, or a folder above it, is a file"
        case PermissionError():
            return "this user does not own it, or may not write there"
        case _:
            return error.strerror or str(error)
