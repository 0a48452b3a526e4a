"""A long line to MongoDB: a port of this machine through which every answer takes its time."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import unquote


@dataclass
class SlowLine:
    """Forwards connections to a server's socket.

    Attributes:
        delay_s: How long an answer takes longer than without the line.
        is_cut: Nothing gets through any more, and nobody is refused.
    """

    server: Path
    delay_s: float = 0.0
    is_cut: bool = False
    _listener: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        port = self._listener.getsockname()[1]
        return f"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=500"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.server))
                Thread(target=self._pump, args=(client, server, 0.0), daemon=True).start()
                Thread(target=self._pump, args=(server, client, None), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, delay_s: float | None) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                time.sleep(self.delay_s if delay_s is None else delay_s)
                while self.is_cut:
                    time.sleep(0.05)
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def slow_line(mongo_url: str) -> Iterator[SlowLine]:
    """A line to the server of `mongo_url`, which listens on a unix socket."""
    line = SlowLine(
        Path(unquote(mongo_url.removeprefix("mongodb://").partition("/?")[0].rstrip("/")))
    )
    try:
        yield line
    finally:
        line.is_cut = False
        line.close()
