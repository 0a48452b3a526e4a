import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import httpx
import pytest
from pydantic import SecretStr

from weekly_plan_assets.common.http_retries import Patience
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.settings.intervals_credential import AccessToken
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.client import USER_AGENT, IntervalsClient
from weekly_plan_assets_tests.support.intervals_server import (
    ACCESS_TOKEN,
    API_KEY,
    Fault,
    IntervalsServer,
)

WELLNESS = "/athlete/0/wellness"
JANUARY = {"oldest": "2024-01-01", "newest": "2024-01-31"}
DAY = {"id": "2024-01-01", "restingHR": 50}
DAYS = b'[{"id": "2024-01-01", "restingHR": 50}]'


@pytest.fixture
def client(intervals: IntervalsServer) -> IntervalsClient:
    intervals.wellness = [dict(DAY)]
    return IntervalsClient(intervals.base_url, SecretStr(API_KEY))


def ask(client: IntervalsClient) -> list[WellnessDay]:
    return client.rows(WELLNESS, WellnessDay, JANUARY).rows


def refusal(client: IntervalsClient) -> str:
    with pytest.raises(SourceError) as refused:
        ask(client)
    sentence = str(refused.value)
    assert API_KEY not in sentence
    assert "\n" not in sentence
    return sentence


def test_a_question_carries_the_key_and_the_projects_own_name(
    intervals: IntervalsServer, client: IntervalsClient
) -> None:
    assert [row.resting_hr_bpm for row in ask(client)] == [50]
    (request,) = intervals.requests
    assert request.path == "/api/v1/athlete/0/wellness"
    assert request.query == JANUARY
    assert request.headers["User-Agent"] == USER_AGENT
    assert "httpx" not in USER_AGENT


def test_an_access_token_is_sent_as_a_bearer_and_never_repeated(
    intervals: IntervalsServer,
) -> None:
    intervals.wellness = [dict(DAY)]
    client = IntervalsClient(intervals.base_url, AccessToken(ACCESS_TOKEN))
    assert len(ask(client)) == 1
    (request,) = intervals.requests
    assert request.headers["Authorization"] == f"Bearer {ACCESS_TOKEN}"
    said = f"you sent Bearer {ACCESS_TOKEN} and {API_KEY}"
    assert client.without_key(said) == f"you sent Bearer *** and {API_KEY}"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "INTERVALS_ACCESS_TOKEN is not a token that it knows, or was revoked; authorize"),
        (403, "the token may not read this athlete (0); set INTERVALS_ATHLETE_ID to 0, its owner"),
    ],
)
def test_a_refused_token_is_named_with_what_makes_it_valid_again(
    intervals: IntervalsServer, status: int, said: str
) -> None:
    intervals.faults.append(Fault(status))
    sentence = refusal(IntervalsClient(intervals.base_url, AccessToken(ACCESS_TOKEN)))
    assert said in sentence
    assert "INTERVALS_API_KEY" not in sentence
    assert ACCESS_TOKEN not in sentence


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(429), "answers 429 (Too Many Requests)"),
        (Fault(500), "answers 500 (Internal Server Error)"),
        (Fault(503, body=b"<html>", content_type="text/html"), "answers 503"),
        (Fault(hangs_up=True), "cannot be reached"),
    ],
)
def test_trouble_that_may_pass_is_asked_again_and_told(
    intervals: IntervalsServer,
    client: IntervalsClient,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    told: str,
) -> None:
    intervals.faults.append(fault)
    assert len(ask(client)) == 1
    assert len(intervals.requests) == 2
    (message,) = [
        record.getMessage() for record in caplog.records if record.levelno == logging.WARNING
    ]
    assert told in message
    assert "asking again in" in message


def test_a_silent_server_is_asked_again(intervals: IntervalsServer) -> None:
    intervals.wellness = [dict(DAY)]
    intervals.faults.append(Fault(delay_s=1.0))
    client = IntervalsClient(intervals.base_url, SecretStr(API_KEY), timeouts=httpx.Timeout(0.2))
    assert len(ask(client)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("as_date", [False, True])
def test_the_wait_that_the_server_asks_for_is_kept(
    intervals: IntervalsServer, client: IntervalsClient, *, as_date: bool
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    intervals.faults.append(Fault(429, {"Retry-After": until if as_date else "2"}))
    ask(client)
    first, second = intervals.requests
    # A date has whole seconds.
    assert 1.9 <= second.at_s - first.at_s <= 10


def test_a_wait_beyond_the_budget_is_not_begun(
    intervals: IntervalsServer, client: IntervalsClient
) -> None:
    intervals.faults.append(Fault(429, {"Retry-After": "900"}))
    began_s = monotonic()
    sentence = refusal(client)
    assert monotonic() - began_s < 5
    assert "asks to wait 900 s; given up after 1 attempt in 0 s, so run again later" in sentence


@pytest.mark.parametrize(
    "asked",
    [
        *("Fri, 31 Dec 9999 23:59:59 -2359", "Sat, 01 Jan 0001 00:00:00 +2359", "0", "-5"),
        *("nan", "1e999", "inf", "٣", "²", "", "soon", "1.5", "Fri, 31 Dec 99999 23:59:59 GMT"),
        "Fri, 31 Feb 2027 23:59:59 GMT",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
    ],
)
def test_a_wait_that_makes_no_sense_is_not_waited(
    intervals: IntervalsServer, client: IntervalsClient, asked: str
) -> None:
    intervals.faults.append(Fault(429, {"Retry-After": asked}))
    began_s = monotonic()
    assert len(ask(client)) == 1
    assert monotonic() - began_s < 10


@pytest.mark.parametrize("asked", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_of_ages_is_not_begun_and_named_as_more_than_a_day(
    intervals: IntervalsServer, client: IntervalsClient, asked: str
) -> None:
    intervals.faults.append(Fault(429, {"Retry-After": asked}))
    assert "asks to wait more than a day; given up after 1 attempt in 0 s" in refusal(client)


def test_trouble_that_stays_ends_with_the_budget(intervals: IntervalsServer) -> None:
    intervals.faults.extend([Fault(500)] * 10)
    client = IntervalsClient(intervals.base_url, SecretStr(API_KEY), patience=Patience(1.0))
    assert "given up after" in refusal(client)
    assert 2 <= len(intervals.requests) <= 3


def test_nobody_at_the_address_is_told_with_the_address() -> None:
    client = IntervalsClient("http://127.0.0.1:1/api", SecretStr(API_KEY), patience=Patience(0.5))
    said = refusal(client)
    assert "http://127.0.0.1:1/api cannot be reached: 127.0.0.1 refuses the connection" in said
    assert "Errno" not in said


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(401), r"answers 401 (Unauthorized): INTERVALS_API_KEY is not a key"),
        (Fault(403), r"answers 403 (Forbidden): the key may not read this athlete"),
        (Fault(404), r"answers 404 (Not Found): there is no such athlete"),
        (Fault(302, {"Location": "/login"}), r"answers 302 (Found): check INTERVALS_BASE_URL"),
        (Fault(400), r"answers 400 (Bad Request): check INTERVALS_BASE_URL"),
        (
            Fault(body=b"<html>Sign in</html>", content_type="text/html; charset=utf-8"),
            "answers with text/html; charset=utf-8, not JSON",
        ),
        (Fault(breaks_off=True), "breaks off after 35 bytes"),
        (Fault(body=b'[{"id": "2024-01-0'), "is not JSON at line 1, column 9"),
        (Fault(body=b'{"error": "x"}'), "holds a JSON dict, not the list of rows"),
        (Fault(body=b"\xff\xfe[]"), "is not JSON at line 1, column 1"),
        (Fault(body=b"[" * 100_000), "is not JSON at line 1"),
        (Fault(body=b"[1" * 100_000), "is not JSON at line 1"),
        (
            Fault(body=b"[{}, {}, {}, {}, {}, " + DAYS[1:]),
            "5 of 6 rows cannot be used, the first: ",
        ),
        (Fault(body=b"plain text", headers={"Content-Encoding": "gzip"}), "wellness failed: "),
    ],
)
def test_what_no_other_attempt_would_change_is_one_sentence_at_once(
    intervals: IntervalsServer, client: IntervalsClient, fault: Fault, told: str
) -> None:
    intervals.faults.append(fault)
    began_s = monotonic()
    assert told in refusal(client)
    assert monotonic() - began_s < 5
    assert len(intervals.requests) == 1


def test_a_wrong_key_is_asked_once(intervals: IntervalsServer) -> None:
    client = IntervalsClient(intervals.base_url, SecretStr("wrong-key"))
    with pytest.raises(SourceError, match="INTERVALS_API_KEY") as refused:
        ask(client)
    assert "wrong-key" not in str(refused.value)
    assert len(intervals.requests) == 1


def test_questions_keep_under_the_rate_that_is_allowed(
    intervals: IntervalsServer, client: IntervalsClient
) -> None:
    for _ in range(9):
        ask(client)
    took_s = intervals.requests[-1].at_s - intervals.requests[0].at_s
    assert took_s >= 0.95
