"""A server that stalls, drips, never ends or packs a bomb: bounded in time and memory."""

import gzip
import json
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic, sleep

import httpx
import pytest
from pydantic import SecretStr

from weekly_plan_assets.common.http_retries import Patience
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.answer import LARGEST_ANSWER_BYTES
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets_tests.support.intervals_server import API_KEY, Fault, IntervalsServer

WELLNESS = "/athlete/0/wellness"
JANUARY = {"oldest": "2024-01-01", "newest": "2024-01-31"}
DAYS = b'[{"id": "2024-01-01", "restingHR": 50}]'
BUDGET_S = 1.5
SLACK_S = 1.0
"""For a busy machine."""


@pytest.fixture
def client(intervals: IntervalsServer) -> IntervalsClient:
    intervals.wellness = json.loads(DAYS)
    return hasty(intervals)


def hasty(intervals: IntervalsServer) -> IntervalsClient:
    return IntervalsClient(
        intervals.base_url,
        SecretStr(API_KEY),
        patience=Patience(BUDGET_S),
        answer_s=BUDGET_S,
        timeouts=httpx.Timeout(0.7),
    )


def ask(client: IntervalsClient) -> list[WellnessDay]:
    return client.rows(WELLNESS, WellnessDay, JANUARY).rows


def refusal(client: IntervalsClient) -> str:
    with pytest.raises(SourceError) as refused:
        ask(client)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert len(sentence) < 400
    return sentence


STALLING = {
    "says nothing": Fault(delay_s=20),
    "sends its headers a byte at a time": Fault(body=DAYS, byte_every_s=0.1),
    "sends its body a byte at a time": Fault(body=DAYS, byte_every_s=0.1, head_at_once=True),
    "sends a packed body a byte at a time": Fault(
        headers={"Content-Encoding": "gzip"},
        body=gzip.compress(DAYS),
        byte_every_s=0.1,
        head_at_once=True,
    ),
    "stops in the middle of its status": Fault(raw=b"HTTP/1.1 2", delay_s=0),
    "never comes to the answer": Fault(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000),
}


@pytest.mark.parametrize("fault", STALLING.values(), ids=STALLING.keys())
def test_a_server_that_stalls_is_given_up_within_the_budget(
    intervals: IntervalsServer, client: IntervalsClient, fault: Fault
) -> None:
    intervals.always = fault
    began_s = monotonic()
    sentence = refusal(client)
    assert monotonic() - began_s < BUDGET_S + SLACK_S
    assert intervals.base_url in sentence
    assert "given up after" in sentence


def test_an_answer_that_drips_is_cut_off_although_every_byte_is_in_time(
    intervals: IntervalsServer, client: IntervalsClient
) -> None:
    intervals.always = Fault(body=DAYS, byte_every_s=0.1, head_at_once=True)
    assert "does not answer in full within 1.5 s; given up after 1 attempt in 2 s" in refusal(
        client
    )


def test_what_did_not_answer_a_moment_ago_is_not_waited_for_again(
    intervals: IntervalsServer, client: IntervalsClient
) -> None:
    intervals.always = Fault(delay_s=20)
    first = refusal(client)
    asked = len(intervals.requests)
    began_s = monotonic()
    assert [refusal(client) for _ in range(3)] == [first] * 3
    assert monotonic() - began_s < 1
    assert len(intervals.requests) == asked


def test_after_a_rest_a_server_is_asked_again(intervals: IntervalsServer) -> None:
    intervals.wellness = json.loads(DAYS)
    intervals.always = Fault(500)
    client = IntervalsClient(
        intervals.base_url, SecretStr(API_KEY), patience=Patience(0.3, rest_s=1.0)
    )
    refusal(client)
    intervals.always = None
    refusal(client)
    sleep(1.0)
    assert len(ask(client)) == 1


def test_trouble_that_comes_and_goes_has_one_budget(intervals: IntervalsServer) -> None:
    """Each question would be answered at its second attempt, but waiting is not endless."""
    intervals.wellness = json.loads(DAYS)
    client = IntervalsClient(intervals.base_url, SecretStr(API_KEY), patience=Patience(2.0))
    began_s = monotonic()
    answered = 0
    with suppress(SourceError):
        while monotonic() - began_s < 10:
            intervals.faults.append(Fault(503))
            ask(client)
            answered += 1
    assert 2 <= answered <= 4
    assert monotonic() - began_s < 2.0 + SLACK_S


@pytest.mark.slow
def test_a_healthy_server_may_be_slow(intervals: IntervalsServer) -> None:
    """Ten answers that together take far longer than the budget."""
    intervals.wellness = json.loads(DAYS)
    intervals.always = Fault(body=DAYS, delay_s=0.3)
    client = IntervalsClient(
        intervals.base_url, SecretStr(API_KEY), patience=Patience(1.0), answer_s=1.0
    )
    assert sum(len(ask(client)) for _ in range(10)) == 10


@pytest.fixture
def mute_address() -> Iterator[str]:
    """An address whose queue of connections is full, so that connecting takes for ever."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.settimeout(0)
            filler.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_address_that_takes_no_connection_is_given_up_within_the_budget(
    mute_address: str,
) -> None:
    client = IntervalsClient(
        mute_address, SecretStr(API_KEY), patience=Patience(BUDGET_S), answer_s=BUDGET_S
    )
    began_s = monotonic()
    assert "given up after" in refusal(client)
    assert monotonic() - began_s < BUDGET_S + SLACK_S


@pytest.fixture
def deaf_address() -> Iterator[str]:
    """An address that takes connections and says nothing, not even to a greeting of TLS."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


def test_a_greeting_of_tls_that_is_not_answered_is_given_up_within_the_budget(
    deaf_address: str,
) -> None:
    client = IntervalsClient(
        deaf_address, SecretStr(API_KEY), patience=Patience(BUDGET_S), answer_s=BUDGET_S
    )
    began_s = monotonic()
    assert "given up after" in refusal(client)
    assert monotonic() - began_s < BUDGET_S + SLACK_S


@pytest.mark.slow
def test_a_name_that_is_not_found_is_told_in_a_few_lines(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = IntervalsClient("http://nowhere.invalid/api", SecretStr(API_KEY))
    began_s = monotonic()
    first = refusal(client)
    assert "http://nowhere.invalid/api cannot be reached" in first
    assert [refusal(client) for _ in range(3)] == [first] * 3
    assert monotonic() - began_s < 20
    assert len([record for record in caplog.records if "asking again" in record.message]) <= 4


@pytest.mark.parametrize(
    "raw",
    [
        b"ICY 200 " + b"z" * 50_000 + b"\r\n\r\n",
        b"HTTP/1.1 500 " + b"z" * 50_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: " + b"z" * 50_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA\x00B: c\r\n\r\n",
        bytes(range(256)),
    ],
    ids=["status", "reason", "type", "location", "header", "bytes"],
)
def test_words_of_a_server_without_an_end_are_cut_short(
    intervals: IntervalsServer, client: IntervalsClient, raw: bytes
) -> None:
    intervals.always = Fault(raw=raw)
    assert intervals.base_url in refusal(client)


ENDLESS = {
    "plain": Fault(body=b'{"id": 1}, ' * 1000, repeats_body=True, head_at_once=True),
    "chunk sizes that lie": Fault(
        raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + b"9" * 18
        + b"\r\n\r\n"
        + b"1" * (LARGEST_ANSWER_BYTES + 100_000)
    ),
    "empty blocks in gzip": Fault(
        headers={"Content-Encoding": "gzip"},
        body=gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 4_000_000,
    ),
    "a bomb in gzip": Fault(
        headers={"Content-Encoding": "gzip"}, body=gzip.compress(bytes(64 * 1024**2))
    ),
}


@pytest.mark.parametrize("fault", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_answer_without_an_end_is_refused_at_its_limit(
    intervals: IntervalsServer, client: IntervalsClient, fault: Fault
) -> None:
    intervals.always = fault
    assert "wellness answers with more than 16 MiB; check INTERVALS_BASE_URL" in refusal(client)
    assert len(intervals.requests) == 1


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(DAYS))),
        ("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(DAYS)))),
        ("deflate", zlib.compress(DAYS)),
        ("deflate, gzip", gzip.compress(zlib.compress(DAYS))),
        ("br", DAYS),
        ("zstd", DAYS),
        ("compress", DAYS),
        ("x-no-such-thing" * 100, DAYS),
    ],
    ids=["gzip in gzip", "three layers", "deflate", "two kinds", "br", "zstd", "compress", "long"],
)
def test_what_is_packed_in_a_way_that_was_not_asked_for_is_refused(
    intervals: IntervalsServer, client: IntervalsClient, encoding: str, body: bytes
) -> None:
    intervals.always = Fault(headers={"Content-Encoding": encoding}, body=body)
    assert f"answers with Content-Encoding {encoding[:60]}" in refusal(client)
    assert len(intervals.requests) == 1


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", "identity", "", "identity, gzip"])
def test_gzip_and_nothing_at_all_are_understood(
    intervals: IntervalsServer, client: IntervalsClient, encoding: str
) -> None:
    packed = "gzip" in encoding.lower()
    body = gzip.compress(DAYS) if packed else DAYS
    intervals.always = Fault(headers={"Content-Encoding": encoding}, body=body)
    assert [row.resting_hr_bpm for row in ask(client)] == [50]
    assert intervals.requests[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (gzip.compress(DAYS)[:-9], "breaks off after"),
        (gzip.compress(DAYS) + b"more", "goes on after the end of its gzip archive"),
        (b"plain text", "failed: Error -3 while decompressing data: incorrect header check"),
    ],
    ids=["cut", "goes on", "no archive"],
)
def test_a_gzip_archive_that_is_not_whole_is_refused(
    intervals: IntervalsServer, client: IntervalsClient, body: bytes, sentence: str
) -> None:
    intervals.always = Fault(headers={"Content-Encoding": "gzip"}, body=body)
    assert sentence in refusal(client)


_CHILD = """
import re, sys
from pathlib import Path
from pydantic import SecretStr
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient

def peak_kib():
    return int(re.search("VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

client = IntervalsClient(sys.argv[1], SecretStr("key"))
before_kib = peak_kib()
try:
    client.rows("/athlete/0/wellness", WellnessDay, {})
except SourceError as error:
    print(error, file=sys.stderr)
print((peak_kib() - before_kib) // 1024)
"""


LARGEST_GROWTH_MIB = 500
"""What an answer of the largest size allowed may take while it is parsed; most take far less."""


def _bomb(layers: int) -> bytes:
    """Half a GiB in the innermost of so many layers of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    content = b"".join(packer.compress(bytes(1024**2)) for _ in range(512)) + packer.flush()
    for _ in range(layers - 1):
        content = gzip.compress(content)
    return content


def _gzip(layers: int) -> Fault:
    return Fault(headers={"Content-Encoding": ", ".join(["gzip"] * layers)}, body=_bomb(layers))


MEMORY_BOMBS: dict[str, Callable[[], Fault]] = {
    "gzip": lambda: _gzip(1),
    "gzip in gzip": lambda: _gzip(2),
    "three layers": lambda: _gzip(3),
    "empty objects": lambda: Fault(body=b"[" + b"{}," * (5 * 1024**2) + b"{}]"),
    "empty lists": lambda: Fault(body=b"[" + b"[]," * (5 * 1024**2) + b"[]]"),
    "wide text": lambda: Fault(
        body=b'["\\ud83d' + "\u00e9\U0001f600".encode() * (2 * 1024**2) + b'"]'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", MEMORY_BOMBS)
def test_no_answer_fills_the_memory(intervals: IntervalsServer, kind: str) -> None:
    intervals.always = MEMORY_BOMBS[kind]()
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, intervals.base_url],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert child.returncode == 0, child.stderr
    assert "Traceback" not in child.stderr
    assert int(child.stdout) < LARGEST_GROWTH_MIB, child.stderr
