"""What a process sends in threads is counted at a real server: at once, and in a second."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Lock
from time import monotonic, sleep
from typing import Any

import pytest
from pydantic import SecretStr

from weekly_plan_assets.common.http_retries import GivenUpError, Patience
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.settings.intervals_credential import AccessToken
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient, UnansweredWriteError
from weekly_plan_assets.sources.intervals_icu.request_limits import (
    MOST_IN_FLIGHT,
    MOST_IN_FLIGHT_OF_A_KEY,
    AddressLimits,
    KeyLimits,
    RequestLimits,
    RequestQuota,
    shared_limits,
)
from weekly_plan_assets_tests.support.intervals_server import Fault, IntervalsServer

THREADS = 12
ALLOWED_PER_S = 10
"""Of one address, as documented."""

JANUARY = {"oldest": "2024-01-01", "newest": "2024-01-31"}


class CountingServer(IntervalsServer):
    """Answers every key, slowly; the resting heart rate says which athlete was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.answer_s = 0.6
        self.in_flight = 0
        self.most_in_flight = 0
        self._counting = Lock()

    def is_known(self, authorization: str | None) -> bool:
        return authorization is not None

    def answer(self, path: str, query: Mapping[str, str]) -> Any:
        with self._counting:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        sleep(self.answer_s)
        with self._counting:
            self.in_flight -= 1
        return [{"id": "2024-01-01", "restingHR": int(path.split("/")[4])}]

    @property
    def most_in_a_second(self) -> int:
        at_s = sorted(request.at_s for request in self.requests)
        return max(sum(0 <= other - one < 1 for other in at_s) for one in at_s)


@pytest.fixture
def server() -> Iterator[CountingServer]:
    server = CountingServer()
    yield server
    server.close()


def asked(client: IntervalsClient, athlete: int) -> float | None:
    (day,) = client.rows(f"/athlete/{athlete}/wellness", WellnessDay, JANUARY).rows
    return day.resting_hr_bpm


def read_in_threads(clients: list[IntervalsClient]) -> None:
    """Each client asks for an athlete of its own, and must be answered with that one."""
    athletes = range(40, 40 + len(clients))
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(asked, clients, athletes)) == list(athletes)


def test_clients_of_many_athletes_keep_the_bounds_of_the_address_together(
    server: CountingServer,
) -> None:
    keys = [SecretStr(f"key-{number}") for number in range(THREADS)]
    read_in_threads([IntervalsClient(server.base_url, key) for key in keys])
    assert server.most_in_flight == MOST_IN_FLIGHT


def test_no_second_has_more_requests_than_the_server_allows_one_address(
    server: CountingServer,
) -> None:
    server.answer_s = 0.0
    keys = [SecretStr(f"key-{number}") for number in range(2 * THREADS)]
    read_in_threads([IntervalsClient(server.base_url, key) for key in keys])
    assert len(server.requests) == 2 * THREADS
    assert server.most_in_a_second <= ALLOWED_PER_S


def test_one_key_leaves_room_for_others_however_many_clients_it_has(
    server: CountingServer,
) -> None:
    key = SecretStr("the-key-of-a-coach")
    read_in_threads([IntervalsClient(server.base_url, key) for _ in range(6)])
    assert server.most_in_flight == MOST_IN_FLIGHT_OF_A_KEY


def test_threads_that_share_one_client_get_their_own_answers(server: CountingServer) -> None:
    server.answer_s = 0.1
    limits = RequestLimits("INTERVALS_API_KEY", AddressLimits(per_s=1000), KeyLimits(in_flight=9))
    client = IntervalsClient(server.base_url, SecretStr("shared"), limits=limits)
    read_in_threads([client] * (2 * THREADS))
    assert server.most_in_flight == MOST_IN_FLIGHT


def test_a_thread_that_runs_out_of_time_ends_no_other_request(server: CountingServer) -> None:
    server.answer_s = 1.0
    limits = RequestLimits("INTERVALS_API_KEY", AddressLimits(per_s=1000))
    client = IntervalsClient(
        server.base_url, SecretStr("shared"), limits=limits, patience=Patience(3), answer_s=3.0
    )
    server.faults.extend([Fault(delay_s=9.0), None])
    with ThreadPoolExecutor(2) as pool:
        silent = pool.submit(asked, client, 41)
        sleep(0.2)
        answered = pool.submit(asked, client, 42)
        assert answered.result() == 42
        assert isinstance(silent.exception(), SourceError)


def test_keys_and_tokens_are_counted_apart_and_again_at_every_address() -> None:
    url, key, token = "https://one.example/api/v1", SecretStr("a"), AccessToken("b")
    shared = shared_limits(url, key)
    assert shared_limits("https://one.example/other", SecretStr("a")).key is shared.key
    assert shared_limits(url, token).key is not shared.key
    assert shared_limits(url, token).address is shared.address
    assert shared_limits("https://two.example/api/v1", key).address is not shared.address
    assert shared_limits(url, token).variable == "INTERVALS_ACCESS_TOKEN"


def test_a_quota_that_is_used_up_for_a_moment_is_waited_for(server: CountingServer) -> None:
    server.answer_s = 0.0
    key = KeyLimits([RequestQuota(2, 0.5), RequestQuota(100, 900)])
    limits = RequestLimits("INTERVALS_API_KEY", AddressLimits(per_s=1000), key)
    client = IntervalsClient(server.base_url, SecretStr("key"), limits=limits)
    for athlete in range(40, 45):
        asked(client, athlete)
    at_s = [request.at_s for request in server.requests]
    assert all(third - first >= 0.45 for first, third in zip(at_s, at_s[2:], strict=False))


def test_a_quota_that_is_used_up_for_long_is_said_in_one_sentence_and_nothing_is_sent(
    server: CountingServer,
) -> None:
    server.answer_s = 0.0
    key = KeyLimits([RequestQuota(2, 900)])
    limits = RequestLimits("INTERVALS_API_KEY", AddressLimits(), key)
    client = IntervalsClient(server.base_url, SecretStr("key"), limits=limits)
    for athlete in (40, 41):
        asked(client, athlete)
    began_s = monotonic()
    said = (
        "INTERVALS_API_KEY has sent 2 requests within 15 min, which is all that Intervals.icu "
        "takes from one key; run again in 15 min"
    )
    with pytest.raises(SourceError) as refused:
        asked(client, 42)
    assert str(refused.value) == said
    assert isinstance(refused.value.__cause__, GivenUpError)
    with pytest.raises(UnansweredWriteError) as unsent:
        client.write("POST", "/athlete/0/events/bulk", {}, [])
    assert str(unsent.value) == f"{said}; nothing was sent"
    assert not unsent.value.may_be_applied
    assert monotonic() - began_s < 5
    assert len(server.requests) == 2


def test_a_wait_that_the_server_asks_for_holds_every_thread(server: CountingServer) -> None:
    server.answer_s = 0.0
    server.faults.append(Fault(429, {"Retry-After": "1"}))
    clients = [IntervalsClient(server.base_url, SecretStr(f"key-{one}")) for one in range(3)]
    read_in_threads(clients)
    at_s = sorted(request.at_s for request in server.requests)
    assert len(at_s) == 4
    assert max(later - earlier for earlier, later in pairwise(at_s)) >= 0.7


def test_what_a_request_waits_for_its_turn_is_not_taken_from_the_patience(
    server: CountingServer,
) -> None:
    server.answer_s = 0.0
    key = KeyLimits([RequestQuota(1, 1.5)])
    limits = RequestLimits("INTERVALS_API_KEY", AddressLimits(), key)
    patient = IntervalsClient(
        server.base_url, SecretStr("key"), limits=limits, patience=Patience(2.0)
    )
    asked(patient, 40)
    server.faults.append(Fault(500))
    assert asked(patient, 41) == 41  # two turns of 1.5 s, and half a second of patience
