"""The embedded server as its users see it: leases, pinning, status.

Several processes share one server. The first lease starts it, the end of the last one stops it; a
server whose users were killed stays up and is taken over by the next one. What a process or a file
is belongs to `mongod` and `folder`.
"""

import atexit
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal
from weakref import WeakSet

from weekly_plan_assets.storage.embedded.binary import find_mongod
from weekly_plan_assets.storage.embedded.endpoint import Endpoint, tcp_endpoint, unix_endpoint
from weekly_plan_assets.storage.embedded.errors import DataInUseError, EmbeddedServerError
from weekly_plan_assets.storage.embedded.folder import ServerFolder
from weekly_plan_assets.storage.embedded.mongod import Mongod
from weekly_plan_assets.storage.embedded.users import server_users

DYING_TIMEOUT_S = 3.0
"""How long a server that was killed may take to give its data files free."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What is known of a server without starting it.

    Attributes:
        pinned: It stays up without users.
        in_use: At least one process, the asking one included, holds a lease.
        url: None while it does not run; so are `pid` and `uptime_s`.
        version: Version of MongoDB; None also while the server does not answer.
        uptime_s: Seconds since the process was started.
    """

    folder: Path
    running: bool
    pinned: bool
    in_use: bool
    url: str | None = None
    pid: int | None = None
    version: str | None = None
    uptime_s: float | None = None


@dataclass(slots=True)
class _Holding:
    """What a process keeps while it has leases."""

    users: IO[bytes]
    mongod: Mongod
    leases: int = 0


class EmbeddedServer:
    """The mongod of a folder, shared by all processes that name the same folder.

    Safe to use from several threads. A forked child starts without leases; those of its parent
    stay the parent's.

    Args:
        folder: Database, log, socket and locks; made where it is missing.
        transport: `unix` for a socket file only this user can reach, `tcp` for a port of the
            loopback interface, `auto` for the first where the system has it.
        parameters: mongod's `--setParameter` values, for a server that is started here; one that
            runs already keeps its own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        transport: Literal["auto", "unix", "tcp"] = "auto",
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        # Unlike pathlib, os.path leaves a link that leads back to itself to the code that opens it.
        real = Path(os.path.realpath(folder))
        self._folder = ServerFolder(real, named=folder.absolute())
        self._unix = transport == "unix" or (transport == "auto" and os.name == "posix")
        self._parameters = dict(parameters or {})
        self._lock = threading.RLock()
        self._holding: _Holding | None = None
        _servers.add(self)

    @property
    def pid(self) -> int | None:
        """The process of the leased server when it was last needed; None without a lease."""
        return None if self._holding is None else self._holding.mongod.process.pid

    def acquire(self) -> str:
        """Take a lease: the server runs from now until `release`, or the end of this process.

        Returns:
            The MongoDB URL.

        Raises:
            EmbeddedServerError: The server cannot be run; the message says why.
        """
        with self._lock:
            if self._holding is None:
                with self._folder.start_lock():
                    mongod = self._running_or_started()
                    self._holding = _Holding(self._folder.join_users(), mongod)
                atexit.register(self._leave)
            self._holding.leases += 1
            return self.ensure_running()

    def release(self) -> None:
        """Give a lease back; the last one of all processes stops the server, unless it is pinned.

        Without a lease nothing happens: a forked child may run its parent's clean-up.
        """
        with self._lock:
            if self._holding is None:
                return
            self._holding.leases -= 1
            if self._holding.leases == 0:
                self._leave()

    @contextmanager
    def lease(self) -> Iterator[str]:
        """A lease for the length of a `with` block; gives the MongoDB URL."""
        url = self.acquire()
        try:
            yield url
        finally:
            self.release()

    def ensure_running(self) -> str:
        """The URL of the leased server, which is started again where it died. Cheap when alive.

        Raises:
            EmbeddedServerError: This process has no lease, or the server cannot be run.
        """
        holding = self._holding
        if holding is None:
            raise EmbeddedServerError(
                f"this process has no lease on the embedded MongoDB in {self._folder.path}; "
                "call acquire() first"
            )
        if not holding.mongod.is_alive():
            with self._lock, self._folder.start_lock():
                holding.mongod = self._running_or_started()
        return holding.mongod.endpoint.url

    def start(self) -> str:
        """Start the server where it does not run, and pin it: it stays up until `stop`.

        Returns:
            The MongoDB URL.

        Raises:
            EmbeddedServerError: The server cannot be run; the message says why.
        """
        with self._lock, self._folder.start_lock():
            mongod = self._running_or_started()
            self._folder.pin.touch()
            return mongod.endpoint.url

    def stop(self, *, force: bool = False) -> bool:
        """Unpin the server and stop it.

        Args:
            force: Stop it although processes use it; they start it again when they need it.

        Returns:
            Whether there was a server to stop.

        Raises:
            EmbeddedServerError: It is in use. It is unpinned, and ends with its last user.
        """
        if not self._folder.path.is_dir():
            return False
        with self._lock, self._folder.start_lock():
            self._folder.pin.unlink(missing_ok=True)
            mongod = Mongod.find(self._folder)
            if mongod is None:
                return False
            if self._folder.has_users() and not force:
                users = " and ".join(server_users(self._folder.users_lock)) or "another process"
                raise EmbeddedServerError(
                    f"the embedded MongoDB in {self._folder.path} is in use by {users}, so it "
                    "stays up until its last user ends; end that, or stop it now with "
                    "`weekly-plan db stop --force`"
                )
            mongod.stop()
            return True

    def stop_if_unused(self) -> bool:
        """Stop a server that is neither used nor pinned, as its last user would have done.

        Returns:
            Whether there was such a server.

        Raises:
            EmbeddedServerError: The folder is unusable.
        """
        if not self._folder.path.is_dir():
            return False
        with self._lock, self._folder.start_lock():
            mongod = Mongod.find(self._folder)
            if mongod is None or self._folder.pin.exists() or self._folder.has_users():
                return False
            mongod.stop()
            return True

    def status(self) -> ServerStatus:
        """How the server is. Starts nothing, and waits while somebody starts or stops it.

        Raises:
            EmbeddedServerError: The folder exists and is unusable.
        """
        path = self._folder.path
        if not path.exists():
            return ServerStatus(folder=path, running=False, pinned=False, in_use=False)
        with self._lock, self._folder.start_lock():
            pinned = self._folder.pin.exists()
            in_use = self._folder.has_users()
            mongod = Mongod.find(self._folder)
            if mongod is None:
                return ServerStatus(folder=path, running=False, pinned=pinned, in_use=in_use)
            return ServerStatus(
                folder=path,
                running=True,
                pinned=pinned,
                in_use=in_use,
                url=mongod.endpoint.url,
                pid=mongod.process.pid,
                version=mongod.version(),
                uptime_s=time.time() - mongod.process.create_time(),
            )

    def _running_or_started(self) -> Mongod:
        """The folder's server, answering. Needs `start_lock`."""
        deadline = time.monotonic() + DYING_TIMEOUT_S
        while True:
            mongod = Mongod.find(self._folder)
            if mongod is not None and mongod.wait_until_ready():
                return mongod
            try:
                return Mongod.start(find_mongod(), self._folder, self._endpoint(), self._parameters)
            except DataInUseError:
                if time.monotonic() > deadline:
                    raise

    def _endpoint(self) -> Endpoint:
        if self._unix:
            return unix_endpoint(self._folder.socket)
        endpoint = tcp_endpoint(self._folder.last_port())
        self._folder.port_file.write_text(str(endpoint.port))
        return endpoint

    def _leave(self) -> None:
        """Give all leases of this process back."""
        with self._lock:
            holding, self._holding = self._holding, None
            if holding is None:
                return
            atexit.unregister(self._leave)
            try:
                with self._folder.start_lock():
                    self._folder.leave_users(holding.users)
                    if not self._folder.has_users() and not self._folder.pin.exists():
                        # A folder that was deleted meanwhile no longer names its server.
                        (Mongod.find(self._folder) or holding.mongod).stop()
            finally:
                self._folder.leave_users(holding.users)

    def _forget_leases(self) -> None:
        """In a forked child: close the copy of the lock file, which leaves the parent's lock."""
        self._lock = threading.RLock()
        if self._holding is not None:
            self._holding.users.close()
            self._holding = None


_servers: WeakSet[EmbeddedServer] = WeakSet()


def _forget_leases_of_parent() -> None:
    for server in _servers:
        server._forget_leases()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_leases_of_parent)
