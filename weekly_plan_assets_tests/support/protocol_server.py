"""A real HTTP server on loopback that gives scripted texts as answers in four providers' protocols.

Its tokens are four characters each. What it does with the id of an answer that a request continues
is scripted too.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

OUTPUT_TOKENS, CACHED_TOKENS = 300, 20
BEYOND_ITS_PROTOCOL = ("prompt_cache_key", "cache_control")


class Memory(Enum):
    """What becomes of the id of an answer that a request continues."""

    KEEPS = auto()
    FORGETS = auto()
    PASSES_OVER = auto()


@dataclass(frozen=True)
class ProtocolRequest:
    """A request as it came."""

    path: str
    body: dict[str, Any]
    input_tokens: int


@dataclass
class ProtocolServer:
    """The script, and the requests so far, refused ones too.

    Attributes:
        texts: The answers in turn; the last one is repeated.
        memory: What it does with the ids of its answers.
        knows_caching: Whether it takes what a provider's protocol says of caching.
    """

    texts: tuple[str, ...]
    memory: Memory = Memory.KEEPS
    knows_caching: bool = True
    address: str = ""
    requests: list[ProtocolRequest] = field(default_factory=list)
    kept_tokens: dict[str, int] = field(default_factory=dict)

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer to a request."""
        continued = body.get("previous_response_id")
        read = len(json.dumps(body)) // 4
        if continued and self.memory is Memory.KEEPS:
            read += self.kept_tokens[continued]
        self.requests.append(ProtocolRequest(path, body, read))
        if continued and self.memory is Memory.FORGETS:
            return 400, _error("Previous response not found.", "previous_response_not_found")
        if not self.knows_caching and any(key in json.dumps(body) for key in BEYOND_ITS_PROTOCOL):
            return 400, _error("Unrecognized request argument.", None)
        answered = len(self.kept_tokens)
        text = self.texts[min(answered, len(self.texts) - 1)]
        name = f"resp_{answered + 1}"
        self.kept_tokens[name] = read + OUTPUT_TOKENS
        ending = next(one for one in ANSWERS if path.endswith(one))
        return 200, ANSWERS[ending](text, name, read)


def _error(message: str, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code}}


def _chat(text: str, name: str, read: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": name,
        "object": "chat.completion",
        "created": 1790000000,
        "model": "coach",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": OUTPUT_TOKENS,
            "total_tokens": read + OUTPUT_TOKENS,
            "prompt_tokens_details": {"cached_tokens": CACHED_TOKENS},
        },
    }


def _responses(text: str, name: str, read: int) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {
        "id": name,
        "object": "response",
        "created_at": 1790000000,
        "model": "coach",
        "status": "completed",
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "output": [
            {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [part],
            }
        ],
        "usage": {
            "input_tokens": read,
            "output_tokens": OUTPUT_TOKENS,
            "total_tokens": read + OUTPUT_TOKENS,
            "input_tokens_details": {"cached_tokens": CACHED_TOKENS},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def _messages(text: str, name: str, read: int) -> dict[str, Any]:
    return {
        "id": name,
        "type": "message",
        "role": "assistant",
        "model": "coach",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": read - CACHED_TOKENS,
            "cache_read_input_tokens": CACHED_TOKENS,
            "output_tokens": OUTPUT_TOKENS,
        },
    }


def _generated(text: str, name: str, read: int) -> dict[str, Any]:
    return {
        "responseId": name,
        "candidates": [
            {"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}
        ],
        "modelVersion": "coach",
        "usageMetadata": {
            "promptTokenCount": read,
            "cachedContentTokenCount": CACHED_TOKENS,
            "candidatesTokenCount": OUTPUT_TOKENS,
            "totalTokenCount": read + OUTPUT_TOKENS,
        },
    }


ANSWERS = {
    "/chat/completions": _chat,
    "/responses": _responses,
    "/messages": _messages,
    ":generateContent": _generated,
}


@contextmanager
def protocol_server(*texts: str, **behaviour: Any) -> Iterator[ProtocolServer]:
    """A server with these answers, for as long as the block lasts."""
    server = ProtocolServer(texts, **behaviour)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = server.answer(self.path.partition("?")[0], sent)
            self._send(status, answer)

        def _send(self, status: int, answer: Mapping[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
