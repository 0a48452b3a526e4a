"""A real HTTP server on loopback that answers as Intervals.icu does, and misbehaves when told to.

Activities, wellness, sport settings and events are whatever a test gives it, the recorded real
responses for one. What it answers for the athlete alone is made up: no such response was recorded.
"""

import json
from base64 import b64encode
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

API_KEY = "k3y-0f-the-athlete"
ACCESS_TOKEN = "t0k3n-0f-the-athlete"  # noqa: S105 - planted, to be searched for
ATHLETE_ID = "fx000002"

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Fault:
    """One wrong answer, given instead of the right one."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"status": 500, "error": "trouble"}'
    content_type: str = "application/json"
    breaks_off: bool = False
    hangs_up: bool = False
    delay_s: float = 0.0
    byte_every_s: float = 0.0
    """The whole answer, status and headers too, a byte at a time."""

    head_at_once: bool = False
    """Of such an answer, status and headers come at once."""

    repeats_body: bool = False
    """The body begins again and again, without an end."""

    raw: bytes | None = None
    """What is sent in the place of an answer."""

    applies_first: bool = False
    """What was asked is carried out, and then its answer is lost."""


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at_s: float
    method: str = "GET"
    body: bytes = b""

    @property
    def is_write(self) -> bool:
        """Whether it was to change something."""
        return self.method != "GET"

    @property
    def sent(self) -> Any:
        """The body, as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answered:
    """A status, and what is sent as JSON."""

    status: int
    content: Any


@dataclass
class IntervalsServer:
    """The server's data, the faults still to come (None: a right answer), the requests so far."""

    activities: Rows = field(default_factory=list)
    wellness: Rows = field(default_factory=list)
    sport_settings: Rows = field(default_factory=list)
    events: Rows = field(default_factory=list)
    faults: deque[Fault | None] = field(default_factory=deque)
    write_faults: deque[Fault | None] = field(default_factory=deque)
    """Faults of what is to change something, which come before those of `faults`."""

    always: Fault | None = None
    """The answer to everything, once the others are given."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    """By the end of its path, such as `activities`, an answer that is sent as it is."""

    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self

        class Handler(_Handler):
            data = server

        self._http = _Http(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/api/v1"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of somebody whose Intervals.icu this is."""
        return {"INTERVALS_API_KEY": API_KEY, "INTERVALS_BASE_URL": self.base_url}

    def load(self, recorded: Path) -> None:
        """Answer with the recorded real responses."""
        for name in ("activities", "wellness", "sport_settings", "events"):
            setattr(self, name, json.loads((recorded / f"{name}.json").read_text()))

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def writes(self) -> list[Request]:
        """The requests so far that were to change something."""
        return [request for request in self.requests if request.is_write]

    def is_known(self, authorization: str | None) -> bool:
        """Whether the credentials of a request are somebody's."""
        return authorization in {basic(API_KEY), f"Bearer {ACCESS_TOKEN}"}

    def respond(self, request: Request) -> Answered:
        """What is answered to somebody who is known; nothing can be changed here."""
        if request.is_write:
            return Answered(405, {"status": 405, "error": "Method Not Allowed"})
        answer = self.answer(request.path, request.query)
        if answer is None:
            return Answered(404, {"status": 404, "error": "Not Found"})
        return Answered(200, answer)

    def answer(self, path: str, query: Mapping[str, str]) -> Any:
        """The JSON at a path below the API; None where there is nothing."""
        parts = path.removeprefix("/api/v1").strip("/").split("/")
        match parts:
            case ["athlete", "0" | "fx000002"]:
                return {"id": ATHLETE_ID, "name": "Athlete", "icu_api_key": API_KEY}
            case ["athlete", "0" | "fx000002", "activities"]:
                return asked_rows(self.activities, "start_date_local", query)
            case ["athlete", "0" | "fx000002", "wellness"]:
                return asked_rows(self.wellness, "id", query)
            case ["athlete", "0" | "fx000002", "sport-settings"]:
                return self.sport_settings
            case ["athlete", "0" | "fx000002", "events"]:
                return asked_rows(self.events, "start_date_local", query)
        return None


def asked_rows(rows: Sequence[Mapping[str, Any]], key: str, query: Mapping[str, str]) -> Rows:
    """Rows of the days asked, newest first; with `fields` also without nulls, as documented."""
    oldest, newest = query["oldest"], query["newest"]
    inside = [dict(row) for row in rows if oldest <= row[key] and row[key][: len(newest)] <= newest]
    if "fields" in query:
        fields = set(query["fields"].split(","))
        inside = [
            {name: value for name, value in row.items() if name in fields and value is not None}
            for row in inside
        ]
    return inside[::-1]


class _Http(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client may hang up."""


class _Handler(BaseHTTPRequestHandler):
    data: IntervalsServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        url = urlsplit(self.path)
        query = {name: ",".join(values) for name, values in parse_qs(url.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(
            url.path, query, dict(self.headers), monotonic(), self.command or "", body
        )
        self.data.requests.append(request)
        fault = self._next_fault(request)
        if fault is None:
            self._send(*self._right_answer(request))
            return
        if fault.applies_first:
            self._right_answer(request)
        self._misbehave(fault)

    def _next_fault(self, request: Request) -> Fault | None:
        queues = [self.data.write_faults] if request.is_write else []
        for queue in (*queues, self.data.faults):
            if queue:
                return queue.popleft()
        return self.data.always

    def _right_answer(self, request: Request) -> tuple[int, bytes]:
        if not self.data.is_known(self.headers["Authorization"]):
            return 401, b'{"status":401,"error":"Unauthorized"}'
        as_it_is = self.data.bodies.get(request.path.rpartition("/")[2])
        if as_it_is is not None and not request.is_write:
            return 200, as_it_is
        answered = self.data.respond(request)
        return answered.status, json.dumps(answered.content).encode()

    def _misbehave(self, fault: Fault) -> None:
        sleep(fault.delay_s)
        if fault.hangs_up:
            self.close_connection = True
            self.connection.close()
            return
        if fault.raw is not None:
            self._write(fault.raw, 0.0)
            self.close_connection = True
            return
        missing = 1000 if fault.breaks_off else 0
        if fault.byte_every_s or fault.repeats_body:
            self._send_slowly(fault)
            return
        self._send(fault.status, fault.body, fault.content_type, fault.headers, missing)

    def _send_slowly(self, fault: Fault) -> None:
        self.close_connection = True
        head = f"HTTP/1.1 {fault.status} OK\r\nContent-Type: {fault.content_type}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in fault.headers.items())
        self._write(f"{head}\r\n".encode(), 0.0 if fault.head_at_once else fault.byte_every_s)
        self._write(fault.body, fault.byte_every_s)
        while fault.repeats_body:
            self._write(fault.body, fault.byte_every_s)

    def _write(self, content: bytes, byte_every_s: float) -> None:
        """Send `content`; a client that has gone away ends the request."""
        if not byte_every_s:
            self.wfile.write(content)
            return
        for byte in content:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            sleep(byte_every_s)

    def _send(
        self,
        status: int,
        body: bytes,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        missing: int = 0,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) + missing))
        for name, value in (headers or {}).items():
            # As UTF-8: headers may hold any byte.
            self.send_header(name, value.encode().decode("latin-1"))
        self.end_headers()
        self.wfile.write(body)
        if missing:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests are kept."""


def basic(key: str) -> str:
    """What a client with this key sends as `Authorization`."""
    return f"Basic {b64encode(f'API_KEY:{key}'.encode()).decode()}"
