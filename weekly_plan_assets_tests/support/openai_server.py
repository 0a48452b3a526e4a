"""A real HTTP server on loopback that speaks OpenAI's chat completions, by a script.

It knows one key and one model. Each request takes the next reply of the script; the last one is
repeated.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any

API_KEY = "sk-plant3d-key-0f-the-athlete"
MODEL = "coach-1"
MODEL_ID = f"openai-chat:{MODEL}"
ANSWERING_MODEL = "coach-1-2026-11-01"


@dataclass(frozen=True)
class Reply:
    """What the model writes, or what goes wrong instead."""

    text: str | None = None
    finish_reason: str = "stop"
    refusal: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay_s: float = 0.0
    byte_every_s: float = 0.0
    repeats_body: bool = False


@dataclass
class OpenAIServer:
    """The script, and the requests so far."""

    script: Sequence[Reply]
    takes_schemas: bool = True
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self

        class Handler(_Handler):
            data = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def environment(self) -> dict[str, str]:
        """The variables of somebody whose model runs here."""
        return {
            "OPENAI_API_KEY": API_KEY,
            "OPENAI_BASE_URL": f"http://127.0.0.1:{self._http.server_port}/v1",
        }

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, request: Mapping[str, Any]) -> tuple[Reply, Any]:
        """The reply to a request, and its body."""
        if request["model"] != MODEL:
            return Reply(status=404), _error("no such model", "model_not_found")
        if "response_format" in request and not self.takes_schemas:
            return Reply(status=400), _error("response_format is not supported", None)
        self.requests.append(dict(request))
        reply = self.script[min(len(self.requests), len(self.script)) - 1]
        if reply.status != 200:
            return reply, _error("trouble", None)
        return reply, _completion(reply)


@contextmanager
def openai_server(*script: Reply) -> Iterator[OpenAIServer]:
    """A server with this script, for as long as the block lasts."""
    server = OpenAIServer(script or (Reply("{}"),))
    yield server
    server.close()


def _error(message: str, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code}}


def _completion(reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1790000000,
        "model": ANSWERING_MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
    }


class _Handler(BaseHTTPRequestHandler):
    data: OpenAIServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            self._send(Reply(status=404), _error(f"nothing at {self.path}", None))
        elif self.headers["Authorization"] != f"Bearer {API_KEY}":
            # As careless servers do, it repeats the key that it was given.
            told = f"wrong key: {self.headers['Authorization']}"
            self._send(Reply(status=401), _error(told, "invalid_api_key"))
        else:
            self._send(*self.data.answer(request))

    def _send(self, reply: Reply, answer: Any) -> None:
        sleep(reply.delay_s)
        body = json.dumps(answer).encode() if reply.body is None else reply.body
        try:
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            if reply.byte_every_s or reply.repeats_body:
                self.close_connection = True
            else:
                self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self._write(body, reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _write(self, body: bytes, reply: Reply) -> None:
        if not reply.byte_every_s:
            self.wfile.write(body)
            while reply.repeats_body:
                self.wfile.write(body)
        for byte in body if reply.byte_every_s else b"":
            self.wfile.write(bytes([byte]))
            sleep(reply.byte_every_s)

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests are kept."""
