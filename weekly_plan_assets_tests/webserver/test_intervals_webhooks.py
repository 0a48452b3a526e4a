"""The path for webhooks, asked over real sockets in front of everything else that is served."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import Settings, load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WeekRows
from weekly_plan_assets.webserver import intervals_webhooks
from weekly_plan_assets.webserver.intervals_webhooks import (
    LARGEST_WEBHOOK_BYTES,
    WEBHOOKS,
    IntervalsWebhooks,
)
from weekly_plan_assets_tests.webserver.serving import GuardedServer, served

SECRET = "planted-s3cret"  # noqa: S105 - planted, to be searched for
WEEK = TrainingWeek(date(2026, 11, 9))
OK = (200, "ok\n")


def body(*events: dict[str, Any], secret: str = SECRET) -> dict[str, Any]:
    return {"secret": secret, "events": list(events)}


def uploaded(athlete_id: str, day: object, activity_id: str = "7") -> dict[str, Any]:
    activity = {"id": activity_id, "start_date_local": f"{day}T07:00:00"}
    return {"athlete_id": athlete_id, "type": "ACTIVITY_UPLOADED", "activity": activity}


@pytest.fixture
def settings(mongo_url: str, database: Database[BsonDocument]) -> Settings:
    WeekRows(database, ACTIVITIES, "i1").replace([WEEK], [])
    return Settings(
        mongo_url=mongo_url,
        mongo_database=database.name,
        intervals_api_key=SecretStr("a-key"),
    )


@pytest.fixture
def behind() -> GuardedServer:
    return GuardedServer(0)


@pytest.fixture
def url(settings: Settings, behind: GuardedServer) -> Iterator[str]:
    with served(IntervalsWebhooks(behind, settings, SecretStr(SECRET))) as port:
        yield f"http://127.0.0.1:{port}{WEBHOOKS}"


def sent(url: str, payload: dict[str, Any]) -> tuple[int, str]:
    answer = httpx.post(url, json=payload)
    return answer.status_code, answer.text


def marked(database: Database[BsonDocument]) -> set[tuple[str, str]]:
    return {(one["athleteId"], one["weekStart"]) for one in database["read_marks"].find()}


def test_the_week_of_a_session_is_marked_once_however_often_it_is_sent(
    url: str, database: Database[BsonDocument]
) -> None:
    for _ in range(2):
        assert sent(url, body(uploaded("i1", WEEK.end), uploaded("i1", WEEK.start, "8"))) == OK
    assert marked(database) == {("i1", WEEK.key)}
    assert database["read_marks"].count_documents({}) == 1


def test_a_session_that_moved_marks_the_week_that_it_left_too(
    url: str, database: Database[BsonDocument]
) -> None:
    row = {"id": "7", "start_date_local": f"{WEEK}T07:00:00"}
    WeekRows(database, ACTIVITIES, "i1").replace([WEEK], [row])
    assert sent(url, body(uploaded("i1", WEEK.next().start, "7"))) == OK
    assert marked(database) == {("i1", WEEK.key), ("i1", WEEK.next().key)}
    database["read_marks"].delete_many({})
    gone = {"athlete_id": "i1", "type": "ACTIVITY_DELETED", "activity": {"id": "7"}}
    assert sent(url, body(gone)) == OK
    assert marked(database) == {("i1", WEEK.key)}


def test_days_to_come_are_projections_and_mark_nothing(
    url: str, database: Database[BsonDocument]
) -> None:
    today = datetime.now(UTC).date()
    days = [today, *(today + timedelta(days=ahead) for ahead in (9, 90)), date(1970, 1, 1)]
    records = [{"id": day.isoformat(), "ctl": 40.0} for day in days]
    event = {"athlete_id": "i1", "type": "FITNESS_UPDATED", "records": records}
    assert sent(url, body(event)) == OK
    assert marked(database) == {("i1", TrainingWeek.containing(today).key)}


def test_whether_an_athlete_is_known_shows_in_no_answer(
    url: str, database: Database[BsonDocument]
) -> None:
    for stranger in ("i2", "0", "i1/../i2"):
        assert sent(url, body(uploaded(stranger, WEEK.start))) == OK
    assert sent(url, body()) == OK
    assert marked(database) == set()


def test_a_wrong_secret_marks_nothing_and_is_not_repeated(
    url: str, database: Database[BsonDocument]
) -> None:
    for wrong in ("", "planted-s3cre", f"{SECRET}x"):
        answer = sent(url, body(uploaded("i1", WEEK.start), secret=wrong))
        assert answer == (403, "The secret is missing or wrong.\n")
    assert marked(database) == set()


def test_an_athlete_of_another_source_is_not_known(
    settings: Settings, behind: GuardedServer, database: Database[BsonDocument], tmp_path: Path
) -> None:
    others = [
        settings.model_copy(update={"source_name": "folder", "export_dir": tmp_path}),
        settings.model_copy(update={"intervals_athlete_id": "i2"}),
    ]
    for other in others:
        with served(IntervalsWebhooks(behind, other, SecretStr(SECRET))) as port:
            url = f"http://127.0.0.1:{port}{WEBHOOKS}"
            assert sent(url, body(uploaded("i1", WEEK.start))) == OK
    assert marked(database) == set()


def test_of_a_roster_those_are_known_whose_source_it_is(
    settings: Settings,
    behind: GuardedServer,
    database: Database[BsonDocument],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "ben").mkdir()
    entries = [
        {"id": "i101", "name": "Anna", "source": "intervals", "key": "ANNA_KEY"},
        {"id": "i102", "source": "intervals", "token": "CARLA_TOKEN"},
        {"id": "ben", "source": "folder", "folder": "ben"},
    ]
    path = tmp_path / "roster.yaml"
    path.write_text(json.dumps({"athletes": entries}))
    assert settings.mongo_url is not None
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    monkeypatch.setenv("MONGO_URL", settings.mongo_url.get_secret_value())
    monkeypatch.setenv("MONGO_DATABASE", database.name)
    events = [uploaded(one, WEEK.start) for one in ("i101", "i102", "ben", "Anna", "i1")]
    with served(IntervalsWebhooks(behind, load_settings(), SecretStr(SECRET))) as port:
        assert sent(f"http://127.0.0.1:{port}{WEBHOOKS}", body(*events)) == OK
    assert marked(database) == {("i101", WEEK.key), ("i102", WEEK.key)}


def test_what_is_no_webhook_is_refused_before_it_is_read(
    url: str, behind: GuardedServer, database: Database[BsonDocument]
) -> None:
    assert httpx.get(url).status_code == 405
    form = httpx.post(url, content=json.dumps(body()), headers={"Content-Type": "text/plain"})
    assert form.status_code == 415
    large = body(uploaded("i1", WEEK.start)) | {"filler": "x" * LARGEST_WEBHOOK_BYTES}
    assert sent(url, large)[0] == 413
    assert httpx.post(url, content=b"{", headers={"Content-Type": "application/json"}).text == (
        "The body has to be JSON.\n"
    )
    assert (behind.reached, marked(database)) == ([], set())


def test_a_body_that_does_not_come_is_not_waited_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intervals_webhooks, "BODY_S", 0.3)
    address = httpx.URL(url)
    head = (
        f"POST {WEBHOOKS} HTTP/1.1\r\nHost: {address.netloc.decode()}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{"
    )
    with socket.create_connection((address.host, address.port or 0), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


def test_where_the_store_is_away_it_is_to_be_sent_again(
    settings: Settings, behind: GuardedServer
) -> None:
    nowhere = SecretStr("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100")
    away = settings.model_copy(update={"mongo_url": nowhere})
    with served(IntervalsWebhooks(behind, away, SecretStr(SECRET))) as port:
        url = f"http://127.0.0.1:{port}{WEBHOOKS}"
        answer = sent(url, body(uploaded("i1", WEEK.start)))
        assert answer == (503, "Send it again later.\n")
        assert sent(url, body(secret=SECRET[1:]))[0] == 403


def test_everything_else_is_passed_on(url: str, behind: GuardedServer) -> None:
    base = url.removesuffix(WEBHOOKS)
    for path in ("/", "/overview", f"{WEBHOOKS}/", f"/link{WEBHOOKS}", "/webhooks"):
        assert httpx.post(f"{base}{path}", json=body()).text == "through"
    assert len(behind.reached) == 5
