"""Reads one answer of the API whole, within a deadline and a size that no server can stretch.

The deadline holds from the look-up of the name to the last byte, whatever the server does in
between. What an answer means, and whether to ask again, belongs to `client`.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import Any, Generic, TypeVar

import httpx

from weekly_plan_assets.common.unpacking import LONGEST_QUOTE, Unpacker, UnusableAnswerError
from weekly_plan_assets.errors import WeeklyPlanError

LARGEST_ANSWER_BYTES = 16 * 1024**2
"""A year of activities is about one MiB; what is far larger is not an answer to what was asked.

JSON takes up to twenty times its size when it is parsed, and must fit into the memory.
"""

T = TypeVar("T")


class DeadlineError(WeeklyPlanError):
    """The answer was not there, or not whole, when its time was up."""


@dataclass(frozen=True, slots=True)
class WriteAnswer:
    """What a server answered to a write, whatever its status.

    Attributes:
        status: The HTTP status.
        reason: The words of the status line, cut short.
        content_type: What the server calls the body, cut short; empty if it does not.
        body: The unpacked body; empty where it cannot be used.
        fault: What is wrong with the body; None for one that came whole.
    """

    status: int
    reason: str
    content_type: str
    body: bytes
    fault: str | None = None


class AnswerReader:
    """Asks one question at a time, over connections that are kept for the next one."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._line = _Line()

    def read(
        self,
        url: str,
        query: Mapping[str, str],
        check: Callable[[httpx.Response], None],
        *,
        within_s: float,
        timeouts: httpx.Timeout,
    ) -> bytes:
        """The unpacked body of the answer.

        Args:
            url: What is asked.
            query: Its parameters.
            check: Raises where status and headers say that the body is of no use.
            within_s: How long all of it may take.
            timeouts: How long the server may be silent.

        Raises:
            DeadlineError: It took longer.
            UnusableAnswerError: The body is too large, packed in a way that was not asked for, or
                breaks off.
            httpx.HTTPError: The answer did not come.
        """

        def take(response: httpx.Response) -> bytes:
            check(response)
            return _body(response)

        request = self._http.build_request(
            "GET", url, params=query, timeout=_at_most(timeouts, within_s)
        )
        return self._exchange(request, take, within_s)

    def write(
        self,
        method: str,
        url: str,
        query: Mapping[str, str],
        content: bytes | None,
        *,
        within_s: float,
        timeouts: httpx.Timeout,
    ) -> WriteAnswer:
        """Send a request that changes something, and return whatever is answered.

        Args:
            method: POST, PUT or DELETE.
            url: What is changed.
            query: Its parameters.
            content: JSON to send; None for no body.
            within_s: How long all of it may take.
            timeouts: How long the server may be silent.

        Raises:
            DeadlineError: It took longer.
            httpx.HTTPError: The answer did not come.
        """
        request = self._http.build_request(
            method,
            url,
            params=query,
            content=content,
            headers={} if content is None else {"Content-Type": "application/json"},
            timeout=_at_most(timeouts, within_s),
        )
        return self._exchange(request, _write_answer, within_s)

    def _exchange(
        self, request: httpx.Request, take: Callable[[httpx.Response], T], within_s: float
    ) -> T:
        """What `take` makes of the answer; it is sent once, over the line that can be cut off."""
        line = self._line = _Line(self._line.stream)
        request.extensions["trace"] = line.follow

        def ask() -> T:
            response = self._http.send(request, stream=True)
            try:
                return take(response)
            finally:
                response.close()

        return _Task(ask).result(within_s, cut_off=line.cut_off)


class AnswerReaders:
    """Readers for one thread each; one that is free is taken again, with its connection."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        """No reader yet.

        Args:
            headers: Sent with every question.
        """
        self._headers = dict(headers)
        self._free: list[AnswerReader] = []

    @contextmanager
    def one(self) -> Iterator[AnswerReader]:
        """A reader that no other thread uses for as long as it is held."""
        try:
            reader = self._free.pop()
        except IndexError:
            reader = AnswerReader(httpx.Client(headers=self._headers, verify=_known_authorities()))
        try:
            yield reader
        finally:
            self._free.append(reader)


@cache
def _known_authorities() -> ssl.SSLContext:
    """The certificates of this machine; reading them takes longer than a short question."""
    return httpx.create_ssl_context()


class _Line:
    """The connection of one question: the one that was kept, or a new one."""

    def __init__(self, stream: Any = None) -> None:
        self.stream = stream
        self._is_cut = False

    def follow(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of a step of the HTTP library, which calls this before and after each one."""
        if self._is_cut:
            raise DeadlineError
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.stream = info["return_value"]

    def cut_off(self) -> None:
        """End the connection, which wakes the thread that reads from it and ends it too."""
        self._is_cut = True
        if self.stream is None:
            return
        connection = self.stream.get_extra_info("socket")
        # Not the method of a TLS socket, which would take its session from under the reader.
        with suppress(OSError):  # it has ended by itself
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _Task(Generic[T]):
    """Work in a thread of its own, which is left to itself when its time is up.

    Nothing else bounds all of a request: the time-outs of sockets begin again with every byte, and
    looking up a name has none.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._results: list[T] = []
        self._errors: list[BaseException] = []

    def result(self, within_s: float, *, cut_off: Callable[[], None]) -> T:
        thread = Thread(target=self._run, name="intervals.icu", daemon=True)
        thread.start()
        try:
            thread.join(within_s)
        finally:
            if thread.is_alive():  # Ctrl-C ends it too
                cut_off()
        if self._results:
            return self._results[0]
        if self._errors:
            raise self._errors[0]
        raise DeadlineError

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
            self._errors.append(error)


def _body(response: httpx.Response) -> bytes:
    """The body as it is unpacked; one that breaks off was sent so, and would be again."""
    encodings = response.headers.get_list("Content-Encoding", split_commas=True)
    unpacker = Unpacker(encodings, LARGEST_ANSWER_BYTES)
    content = bytearray()
    try:
        for part in response.iter_raw():
            content += unpacker.add(part)
    except (httpx.RemoteProtocolError, httpx.ReadError) as error:
        raise unpacker.broken_off() from error
    unpacker.end()
    return bytes(content)


def _write_answer(response: httpx.Response) -> WriteAnswer:
    try:
        body, fault = _body(response), None
    except UnusableAnswerError as error:
        body, fault = b"", str(error)
    kind = response.headers.get("Content-Type", "")[:LONGEST_QUOTE]
    reason = response.reason_phrase[:LONGEST_QUOTE]
    return WriteAnswer(response.status_code, reason, kind, body, fault)


def _at_most(timeouts: httpx.Timeout, within_s: float) -> httpx.Timeout:
    return httpx.Timeout(
        **{
            name: within_s if limit_s is None else min(limit_s, within_s)
            for name, limit_s in timeouts.as_dict().items()
        }
    )
