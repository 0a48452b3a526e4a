"""Where the embedded server listens, and the few commands that are sent to it without a client.

A unix socket where the system has them, else the loopback interface. Documents travel through
pymongo, elsewhere.
"""

import os
import socket
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError

MAX_SOCKET_PATH_BYTES = 103 if sys.platform == "darwin" else 107
"""What `sun_path` of the system's socket address holds, without the final zero."""

LOOPBACK = "127.0.0.1"
# mongod also opens a socket in /tmp, named by its port, and takes that of any other mongod away.
_NO_SOCKET_IN_TMP = ("--nounixsocket",) if os.name == "posix" else ()
_OP_MSG = 2013
_HEADER = struct.Struct("<iiii")
_FLAGS_AND_KIND = struct.Struct("<IB")


@dataclass(frozen=True, slots=True)
class UnixEndpoint:
    """A unix socket: who may open its folder may connect, and nobody else."""

    path: Path

    @property
    def url(self) -> str:
        """The MongoDB URL."""
        return "mongodb://" + quote(str(self.path), safe="")

    @property
    def arguments(self) -> list[str]:
        """The command line that makes mongod listen here and nowhere else."""
        return ["--bind_ip", str(self.path), *_NO_SOCKET_IN_TMP]

    def connect(self, timeout_s: float) -> socket.socket:
        """A new connection."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout_s)
        try:
            connection.connect(str(self.path))
        except OSError:
            connection.close()
            raise
        return connection


@dataclass(frozen=True, slots=True)
class TcpEndpoint:
    """A port of the loopback interface: every user of this machine may connect."""

    port: int

    @property
    def url(self) -> str:
        """The MongoDB URL."""
        return f"mongodb://{LOOPBACK}:{self.port}"

    @property
    def arguments(self) -> list[str]:
        """The command line that makes mongod listen here and nowhere else."""
        return ["--bind_ip", LOOPBACK, "--port", str(self.port), *_NO_SOCKET_IN_TMP]

    def connect(self, timeout_s: float) -> socket.socket:
        """A new connection."""
        return socket.create_connection((LOOPBACK, self.port), timeout_s)


Endpoint = UnixEndpoint | TcpEndpoint


def unix_endpoint(path: Path) -> UnixEndpoint:
    """The endpoint of a socket file.

    Raises:
        EmbeddedServerError: The path is longer than a socket address can hold.
    """
    length_bytes = len(os.fsencode(path))
    if length_bytes > MAX_SOCKET_PATH_BYTES:
        raise EmbeddedServerError(
            f"the socket path {path} has {length_bytes} bytes, and the system allows "
            f"{MAX_SOCKET_PATH_BYTES}; set WEEKLY_PLAN_STATE_DIR to a shorter path"
        )
    return UnixEndpoint(path)


def tcp_endpoint(preferred_port: int | None) -> TcpEndpoint:
    """An endpoint on a free port: `preferred_port` where that is free."""
    with socket.socket() as probe:
        if os.name == "posix":
            # A port is free although connections of the last server linger on it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, preferred_port or 0))
        except OSError:
            probe.bind((LOOPBACK, 0))
        return TcpEndpoint(port=probe.getsockname()[1])


def endpoint_of(command_line: list[str]) -> Endpoint:
    """The endpoint in a mongod's command line, as `Endpoint.arguments` wrote it."""
    options = dict(pairwise(command_line))
    if "--port" in options:
        return TcpEndpoint(int(options["--port"]))
    return UnixEndpoint(Path(options["--bind_ip"]))


def command(endpoint: Endpoint, name: str, timeout_s: float) -> Mapping[str, Any]:
    """The server's answer to the command `name`, which is sent to the database admin.

    One OP_MSG there and one back. A MongoClient would cost 130 ms of imports and start threads,
    which an interpreter that is shutting down refuses.

    Raises:
        OSError: Nobody listens, or no answer came.
    """
    import bson  # noqa: PLC0415 - 40 ms, and it runs while mongod starts

    body = bson.encode({name: 1, "$db": "admin"})
    preamble = _FLAGS_AND_KIND.pack(0, 0)
    length_bytes = _HEADER.size + len(preamble) + len(body)
    with endpoint.connect(timeout_s) as connection:
        connection.sendall(_HEADER.pack(length_bytes, 1, 0, _OP_MSG) + preamble + body)
        answer_bytes, *_ = _HEADER.unpack(_receive(connection, _HEADER.size))
        answer = _receive(connection, answer_bytes - _HEADER.size)
    return bson.decode(answer[_FLAGS_AND_KIND.size :])


def _receive(connection: socket.socket, length_bytes: int) -> bytes:
    received = b""
    while len(received) < length_bytes:
        part = connection.recv(length_bytes - len(received))
        if not part:
            raise ConnectionResetError("mongod closed the connection")
        received += part
    return received
