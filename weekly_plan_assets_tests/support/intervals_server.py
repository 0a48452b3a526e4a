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

    is_applied: bool = False
    """Whether a write is applied all the same."""


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at_s: float
    method: str = "GET"
    body: Any = None


@dataclass
class IntervalsServer:
    """The server's data, the faults still to come (None: a right answer), the requests so far."""

    activities: Rows = field(default_factory=list)
    wellness: Rows = field(default_factory=list)
    sport_settings: Rows = field(default_factory=list)
    events: Rows = field(default_factory=list)
    faults: deque[Fault | None] = field(default_factory=deque)
    always: Fault | None = None
    """The answer to everything, once the others are given."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    """By the end of its path, such as `activities`, an answer that is sent as it is."""

    requests: list[Request] = field(default_factory=list)
    write_faults: deque[Fault | None] = field(default_factory=deque)
    """The same for writes, which have their own."""

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

    def written(self, request: Request) -> tuple[int, Any]:
        """Status and JSON of the answer to a write; this server takes none."""
        return 405, {"status": 405, "error": f"{request.method} is not allowed"}

    def answer(self, path: str, query: Mapping[str, str]) -> Any:
        """The JSON at a path below the API; None where there is nothing."""
        parts = path.removeprefix("/api/v1").strip("/").split("/")
        match parts:
            case ["athlete", "0" | "fx000002"]:
                return {"id": ATHLETE_ID, "name": "Athlete", "icu_api_key": API_KEY}
            case ["athlete", "0" | "fx000002", "activities"]:
                return _asked(self.activities, "start_date_local", query)
            case ["athlete", "0" | "fx000002", "wellness"]:
                return _asked(self.wellness, "id", query)
            case ["athlete", "0" | "fx000002", "sport-settings"]:
                return self.sport_settings
            case ["athlete", "0" | "fx000002", "events"]:
                return _asked(self.events, "start_date_local", query)
        return None


def _asked(rows: Sequence[Mapping[str, Any]], key: str, query: Mapping[str, str]) -> Rows:
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
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self.data.requests.append(Request(url.path, query, dict(self.headers), monotonic()))
        fault = self.data.faults.popleft() if self.data.faults else self.data.always
        if fault is not None:
            self._misbehave(fault)
        elif self.headers["Authorization"] != _basic(API_KEY):
            self._send(401, b'{"status":401,"error":"Unauthorized"}')
        elif (body := self.data.bodies.get(url.path.rpartition("/")[2])) is not None:
            self._send(200, body)
        elif (answer := self.data.answer(url.path, query)) is None:
            self._send(404, b'{"status":404,"error":"Not Found"}')
        else:
            self._send(200, json.dumps(answer).encode())

    def do_POST(self) -> None:
        self._do_write()

    def do_PUT(self) -> None:
        self._do_write()

    def do_DELETE(self) -> None:
        self._do_write()

    def _do_write(self) -> None:
        """Apply a write; with a fault, whether it is applied at all is the fault's affair."""
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(content) if content else None
        request = Request(url.path, query, dict(self.headers), monotonic(), self.command, body)
        self.data.requests.append(request)
        fault = self.data.write_faults.popleft() if self.data.write_faults else None
        if self.headers["Authorization"] != _basic(API_KEY):
            self._send(401, b'{"status":401,"error":"Unauthorized"}')
            return
        answer = None
        if fault is None or fault.is_applied:
            answer = self.data.written(request)
        if fault is not None:
            self._misbehave(fault)
        elif answer is not None:
            self._send(answer[0], json.dumps(answer[1]).encode())

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


def _basic(key: str) -> str:
    return f"Basic {b64encode(f'API_KEY:{key}'.encode()).decode()}"
