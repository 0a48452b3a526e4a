"""A real HTTP server on loopback that takes notifications, as apprise's json:// sends them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

PLANTED = "t0ken-0f-the-service"


@dataclass
class Notified:
    """Whoever is notified.

    Attributes:
        messages: What came.
        status: What the server answers.
        answering: Until it is set, nobody gets an answer.
    """

    messages: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    answering: Event = field(default_factory=Event)
    port: int = 0

    @property
    def url(self) -> str:
        """The URL for apprise, with a secret in it."""
        return f"json://user:{PLANTED}@127.0.0.1:{self.port}/{PLANTED}"

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]


@contextmanager
def notified() -> Iterator[Notified]:
    """A server that takes notifications, for as long as the block lasts."""
    box = Notified()
    box.answering.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            box.answering.wait(60)
            if box.status == 200:
                box.messages.append(body)
            self.send_response(box.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the messages are kept."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    box.port = http.server_port
    Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield box
    finally:
        box.answering.set()
        http.shutdown()
        http.server_close()
