"""Connections of this process: clients by URL, leases on embedded servers, indexes once ensured.

One of each a process, opened when first needed; a forked child opens its own.
"""

import atexit
import logging
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI
from pymongo.synchronous import monitor

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.errors import MongoUrlError
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.retrying import with_retries
from weekly_plan_assets.storage.staged_restore import finish_restore

log = logging.getLogger(__name__)

_DEFAULTS: dict[str, Any] = {
    "appname": "weekly-plan-assets",
    "retryWrites": True,
    "retryReads": True,
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 30_000,
}
"""Short time-outs, and safe repeats. What the URL itself says comes first."""

_FOR_A_REPLICA_SET: dict[str, Any] = {**_DEFAULTS, "serverSelectionTimeoutMS": 20_000}
"""While its members elect a primary, every operation waits; an election takes up to 12 s."""

# At the end of a process pymongo waits half a second for its watching threads to wake up; nothing
# depends on them, and a person at the terminal would wait too.
atexit.unregister(getattr(monitor, "_shutdown_resources", None))  # type: ignore[arg-type]


def project_database(
    url: str | None, embedded_dir: Path, name: str, *, bootstrapped: bool = True
) -> Database[BsonDocument]:
    """The project's database.

    Args:
        url: Where MongoDB is; None: the embedded server, started where it does not run.
        embedded_dir: The embedded server's folder.
        name: The database.
        bootstrapped: Whether an interrupted restore is finished, and, once a process, collections
            are checked and indexes ensured.

    Raises:
        EmbeddedServerError: The embedded server cannot be started.
        MongoUrlError: The URL is not one.
        StoreError: The database cannot be used as it is; the message says why.
        PyMongoError: The server does not answer, or refuses.
    """
    server_url = url or _SERVERS.url(embedded_dir)
    return _CONNECTIONS.database(server_url, name, bootstrapped=bootstrapped)


def open_client(
    url: str, defaults: Mapping[str, Any] = MappingProxyType(_DEFAULTS)
) -> MongoClient[BsonDocument]:
    """A client that gives up soon, repeats what is safe to repeat, and reads aware times.

    Args:
        url: Where MongoDB is.
        defaults: Options of the client, as far as the URL does not set them.

    Raises:
        MongoUrlError: `url` is not a MongoDB URL, or names a file that cannot be read.
    """
    if "://" not in url:  # pymongo would take it for the name of a host
        raise _wrong_url("no scheme")
    # Keyword arguments would win over the URL's options, so those that it has are left out.
    said = url.lower()
    options = {name: value for name, value in defaults.items() if f"{name.lower()}=" not in said}
    try:
        with warnings.catch_warnings(record=True) as refusals:
            warnings.simplefilter("always")
            client = MongoClient[BsonDocument](url, tz_aware=True, **options)
    except (ConfigurationError, InvalidURI, ValueError) as error:
        raise _wrong_url(type(error).__name__) from None
    except OSError as error:  # a certificate that the URL names
        named = f"the file {error.filename}" if error.filename else "a file of certificates"
        raise MongoUrlError(
            f"MONGO_URL names {named}, which cannot be used "
            f"({error.strerror or type(error).__name__}); correct the options for TLS"
        ) from None
    for refusal in refusals:
        log.warning(
            "MONGO_URL has an option that is not used, because its name or its value is not known"
            "%s; correct it or leave it out",
            _option_in(url, refusal),
        )
    return client


def _option_in(url: str, refusal: warnings.WarningMessage) -> str:
    """The option that a warning of pymongo is about; never its value, which may be a secret."""
    names = [pair.partition("=")[0] for pair in url.partition("?")[2].split("&")]
    said = str(refusal.message).lower().replace(" ", "")
    return next((f": {name}" for name in names if name and name.lower() in said), "")


def _connected_client(url: str) -> MongoClient[BsonDocument]:
    """A client that has reached a server; one that is away is reported within seconds.

    Any member of a replica set will do here. What needs its primary then waits for an election.
    """
    client = open_client(url)
    nearest = ReadPreference.NEAREST
    try:
        with_retries(lambda: client.admin.command("ping", read_preference=nearest))
    except BaseException:
        client.close()
        raise
    if not client.topology_description.topology_type_name.startswith("ReplicaSet"):
        return client
    client.close()
    return open_client(url, _FOR_A_REPLICA_SET)


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
                self._clients[pid, url] = _connected_client(url)
            database = self._clients[pid, url][name]
            if bootstrapped:
                finish_restore(database)  # each time: it may have begun while this process runs
                if (pid, url, name) not in self._ready:
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
