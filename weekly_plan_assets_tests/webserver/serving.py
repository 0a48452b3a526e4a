"""A guarded server on loopback that notes what it lets through, and raw requests to it."""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from weekly_plan_assets.webserver.access import Access
from weekly_plan_assets.webserver.request_guard import RequestGuard, loopback_authorities

Header = tuple[str, str]

_HANDSHAKE = (
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
)


_SWITCHING = b"HTTP/1.1 101 "


class Response(NamedTuple):
    """What came back for a request."""

    status: int
    text: str


@dataclass
class GuardedServer:
    """An application behind the guard, and the requests that reached it."""

    port: int
    reached: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application behind the guard."""
        if scope["type"] == "websocket":
            self.reached.append(f"websocket {scope['path']}")
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 1000})
            return
        self.reached.append(f"{scope['method']} {scope['path']}")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"through"})

    def host(self, name: str = "127.0.0.1") -> Header:
        return ("Host", f"{name}:{self.port}")

    def ask(
        self,
        path: str,
        headers: Sequence[Header] | None = None,
        *,
        method: str = "GET",
        body: str = "",
        address: str = "127.0.0.1",
    ) -> Response:
        """Send a request with exactly these headers; by default, with its own Host."""
        lines = [f"{method} {path} HTTP/1.1"]
        sent = [self.host()] if headers is None else headers
        lines += [f"{name}: {value}" for name, value in sent]
        lines += [f"Content-Length: {len(body)}"] if body else []
        lines += [] if ("Connection", "Upgrade") in sent else ["Connection: close"]
        with socket.create_connection((address, self.port), timeout=10) as connection:
            connection.sendall("\r\n".join([*lines, "", body]).encode())
            return _response(connection)

    def handshake(self, path: str, *headers: Header, host: Header | None = None) -> Response:
        """Ask for a websocket."""
        return self.ask(path, [host or self.host(), *_HANDSHAKE, *headers])


def _response(connection: socket.socket) -> Response:
    received = b""
    while part := connection.recv(65536):
        received += part
        if received.startswith(_SWITCHING):
            break
    return Response(int(received.split(b" ", 2)[1]), received.decode("latin-1"))


@contextmanager
def guarded(access: Access, *names: str) -> Iterator[GuardedServer]:
    """A server behind the guard; `names` are other hosts under which it may be asked."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        app = GuardedServer(port)
        guard = RequestGuard(app, access, {*loopback_authorities(port), *names})
        with _serving(guard, listening):
            yield app


@contextmanager
def served(app: ASGIApp) -> Iterator[int]:
    """Any application, as it is; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening, _serving(app, listening):
        yield listening.getsockname()[1]


@contextmanager
def _serving(app: ASGIApp, listening: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", proxy_headers=False, lifespan="off")
    )
    thread = Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
