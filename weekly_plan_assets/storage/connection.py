"""Connections of this process: clients by URL, leases on embedded servers, indexes once ensured.

One of each a process, opened when first needed; a forked child opens its own.
"""

import atexit
import os
from pathlib import Path
from threading import Lock
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI
from pymongo.synchronous import monitor

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.errors import MongoUrlError
from weekly_plan_assets.storage.indexes import ensure_indexes

_DEFAULTS: dict[str, Any] = {
    "appname": "weekly-plan-assets",
    "retryWrites": True,
    "retryReads": True,
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 30_000,
}
"""Short time-outs, and safe repeats. What the URL itself says comes first."""

# At the end of a process pymongo waits half a second for its watching threads to wake up; nothing
# depends on them, and whoever typed a command would wait too.
atexit.unregister(getattr(monitor, "_shutdown_resources", None))  # type: ignore[arg-type]


def project_database(
    url: str | None, embedded_dir: Path, name: str, *, bootstrapped: bool = True
) -> Database[BsonDocument]:
    """The project's database.

    Args:
        url: Where MongoDB is; None: the embedded server, started where it does not run.
        embedded_dir: The embedded server's folder.
        name: The database.
        bootstrapped: Whether its indexes are ensured, once a process.

    Raises:
        EmbeddedServerError: The embedded server cannot be started.
        MongoUrlError: The URL is not one.
        PyMongoError: The server does not answer, or refuses.
    """
    server_url = url or _SERVERS.url(embedded_dir)
    return _CONNECTIONS.database(server_url, name, bootstrapped=bootstrapped)


def open_client(url: str) -> MongoClient[BsonDocument]:
    """A client that gives up soon, repeats what is safe to repeat, and reads aware times.

    Raises:
        MongoUrlError: `url` is not a MongoDB URL.
    """
    if "://" not in url:  # pymongo would take it for the name of a host
        raise _wrong_url("no scheme")
    # Keyword arguments would win over the URL's options, so those that it has are left out.
    said = url.lower()
    options = {name: value for name, value in _DEFAULTS.items() if f"{name.lower()}=" not in said}
    try:
        return MongoClient(url, tz_aware=True, **options)
    except (ConfigurationError, InvalidURI, ValueError) as error:
        raise _wrong_url(type(error).__name__) from None


def _wrong_url(reason: str) -> MongoUrlError:
    return MongoUrlError(
        "MONGO_URL is not a MongoDB URL; it has the form mongodb://user:password@host:port/ "
        f"with reserved characters percent-encoded ({reason})"
    )


class _Connections:
    def __init__(self) -> None:
        self._lock = Lock()
        self._clients: dict[tuple[int, str], MongoClient[BsonDocument]] = {}
        self._ready: set[tuple[int, str, str]] = set()

    def database(self, url: str, name: str, *, bootstrapped: bool) -> Database[BsonDocument]:
        pid = os.getpid()
        with self._lock:
            if (pid, url) not in self._clients:
                self._clients[pid, url] = open_client(url)
            database = self._clients[pid, url][name]
            if bootstrapped and (pid, url, name) not in self._ready:
                ensure_indexes(database)
                self._ready.add((pid, url, name))
            return database


class _Servers:
    def __init__(self) -> None:
        self._lock = Lock()
        self._servers: dict[tuple[int, Path], EmbeddedServer] = {}

    def url(self, folder: Path) -> str:
        key = (os.getpid(), folder)
        with self._lock:
            if key not in self._servers:
                server = EmbeddedServer(folder)
                server.acquire()
                self._servers[key] = server
            return self._servers[key].ensure_running()


_CONNECTIONS = _Connections()
_SERVERS = _Servers()
