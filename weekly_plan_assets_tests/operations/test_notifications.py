"""Who wants to know is sent once how a planned week ended, and nothing waits for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from dagster import DagsterInstance, build_sensor_context
from pymongo.database import Database

from weekly_plan_assets.defs.sensors import notification_sensor
from weekly_plan_assets.operations import notifications
from weekly_plan_assets.operations.notifications import notify_ends
from weekly_plan_assets.operations.stored_messages import message_of_end
from weekly_plan_assets.settings import Settings, SettingsError, load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.graph import Graph
from weekly_plan_assets_tests.support.notified import PLANTED, Notified, notified
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def box() -> Iterator[Notified]:
    with notified() as box:
        yield box


def settings(*urls: str, **others: Any) -> Settings:
    return Settings.model_validate({"WEEKLY_PLAN_NOTIFY": " ".join(urls), **others})


def event(run_id: str, status: str = "failure", **others: Any) -> BsonDocument:
    return {
        "runId": run_id,
        "status": status,
        "weekStart": "2026-11-16",
        "weekEnd": "2026-11-22",
        "errors": ["activities: the source is down"] if status == "failure" else [],
        "createdAt": datetime.now(UTC),
        "willRetry": False,
    } | others


def test_a_failed_week_is_told_once_with_week_errors_and_run_id(
    database: Database[BsonDocument], box: Notified
) -> None:
    database["run_events"].insert_many([event("a:1"), event("b:1", "success")])
    assert [notify_ends(database, settings(box.url)) for _ in range(2)] == [1, 0]
    (sent,) = box.messages
    assert sent["title"] == "Plan for 2026-11-16 to 2026-11-22 failed"
    first, *_, last = sent["message"].splitlines()
    assert (first, last) == ("activities: the source is down", "runId a:1")
    assert "Try again with: weekly-plan run --week" in sent["message"]
    assert sent["type"] == "failure"


def test_published_plans_are_told_where_that_is_wanted(
    database: Database[BsonDocument], box: Notified
) -> None:
    database["run_events"].insert_many([event("a:1"), event("b:1", "success")])
    assert notify_ends(database, settings(box.url, WEEKLY_PLAN_NOTIFY_ON="always")) == 2
    assert sorted(box.titles) == [
        "Plan for 2026-11-16 to 2026-11-22 failed",
        "Plan for 2026-11-16 to 2026-11-22 is ready",
    ]


def test_what_ended_before_messages_were_asked_for_is_no_news_but_for_the_newest(
    database: Database[BsonDocument], box: Notified
) -> None:
    now = datetime.now(UTC)
    earlier = [
        event(f"run {hours} h ago", "success", createdAt=now - timedelta(hours=hours))
        for hours in (5, 3, 1)
    ]
    database["run_events"].insert_many(earlier)
    always = settings(box.url, WEEKLY_PLAN_NOTIFY_ON="always")
    assert [notify_ends(database, always) for _ in range(2)] == [1, 0]
    database["run_events"].insert_many([event("a:1", "success"), event("b:1")])
    assert notify_ends(database, always) == 2
    assert box.messages[0]["message"].endswith("runId run 1 h ago")


def test_old_failures_and_those_that_are_about_to_be_retried_are_no_news(
    database: Database[BsonDocument], box: Notified
) -> None:
    old = datetime.now(UTC) - timedelta(days=2)
    database["run_events"].insert_many([event("a", createdAt=old), event("b", willRetry=True)])
    assert notify_ends(database, settings(box.url)) == 0
    assert box.messages == []


def test_a_failure_of_long_ago_is_no_news_when_its_event_is_written_again(
    database: Database[BsonDocument], box: Notified
) -> None:
    now = datetime.now(UTC)
    database["run_events"].insert_many(
        [
            event("lost and written again", endedAt=now - timedelta(days=90)),
            event("of a moment ago", endedAt=now - timedelta(minutes=1)),
        ]
    )
    assert notify_ends(database, settings(box.url)) == 1
    assert box.messages[0]["message"].endswith("runId of a moment ago")


def test_ten_that_tell_at_once_tell_each_failure_once(
    database: Database[BsonDocument], box: Notified
) -> None:
    database["run_events"].insert_many([event(str(number)) for number in range(5)])
    with ThreadPoolExecutor(10) as pool:
        sent = list(pool.map(lambda _: notify_ends(database, settings(box.url)), range(10)))
    assert sum(sent) == 5
    assert len(box.messages) == 5


def test_a_service_that_is_away_is_warned_of_and_told_when_it_is_back(
    database: Database[BsonDocument], box: Notified, caplog: pytest.LogCaptureFixture
) -> None:
    database["run_events"].insert_one(event("a:1"))
    box.status = 503
    assert notify_ends(database, settings(box.url)) == 0
    assert "the notification service JSON did not take it" in caplog.text
    box.status = 200
    assert notify_ends(database, settings(box.url)) == 1
    assert PLANTED not in caplog.text


def test_one_service_that_is_away_does_not_keep_the_news_from_another_or_repeat_it(
    database: Database[BsonDocument], box: Notified
) -> None:
    database["run_events"].insert_one(event("a:1"))
    both = settings(f"json://127.0.0.1:1/{PLANTED}", box.url)
    assert [notify_ends(database, both) for _ in range(2)] == [1, 0]
    assert len(box.messages) == 1


def test_a_service_that_never_answers_is_left_behind(
    database: Database[BsonDocument],
    box: Notified,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(notifications, "BUDGET_S", 0.5)
    database["run_events"].insert_many([event(str(number)) for number in range(5)])
    box.answering.clear()
    began_s = monotonic()
    assert notify_ends(database, settings(box.url)) == 0
    assert monotonic() - began_s < 2
    assert "did not answer in time" in caplog.text


def test_whoever_claimed_a_failure_and_was_killed_does_not_keep_it_from_being_told(
    database: Database[BsonDocument], box: Notified
) -> None:
    database["run_events"].insert_one(event("a:1"))
    claimed = datetime.now(UTC) - timedelta(minutes=6)
    database[CollectionName.NOTIFICATIONS].insert_one({"_id": "a:1 failure", "claimedAt": claimed})
    assert [notify_ends(database, settings(box.url)) for _ in range(2)] == [1, 0]


def test_what_was_told_is_forgotten_after_a_month(
    database: Database[BsonDocument], box: Notified
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    database[CollectionName.NOTIFICATIONS].insert_one({"_id": "a:1 failure", "claimedAt": long_ago})
    notify_ends(database, settings(box.url))
    assert database[CollectionName.NOTIFICATIONS].count_documents({}) == 0


@pytest.mark.parametrize("url", ["nosuchservice://host", "https://"])
def test_a_url_that_apprise_does_not_know_is_a_warning_that_does_not_show_it(
    database: Database[BsonDocument], caplog: pytest.LogCaptureFixture, url: str
) -> None:
    assert notify_ends(database, settings(f"{url}{PLANTED}" if "such" in url else url)) == 0
    assert "WEEKLY_PLAN_NOTIFY holds no URL that apprise knows; correct it" in caplog.text
    assert PLANTED not in caplog.text


def test_what_is_no_url_is_refused_at_start_without_being_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_NOTIFY", PLANTED)
    with pytest.raises(SettingsError, match="WEEKLY_PLAN_NOTIFY is set to a value") as refused:
        load_settings()
    assert PLANTED not in str(refused.value)


def test_with_a_roster_a_message_says_whose_it_is_and_names_commands_that_work(
    database: Database[BsonDocument], box: Notified, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.yaml"
    roster.write_text(
        "athletes:\n  - {id: anna, name: Anna Keller, source: simulated}\n"
        "  - {id: ben, source: simulated}\n"
    )
    events = [event(f"r:{one}:1", athleteId=one) for one in ("anna", "ben", "gone", "unknown")]
    database["run_events"].insert_many(events)
    assert notify_ends(database, settings(box.url, WEEKLY_PLAN_ROSTER=str(roster))) == 4
    sent = {one["title"]: one["message"] for one in box.messages}
    failed = "Plan for 2026-11-16 to 2026-11-22 failed"
    assert sent.keys() == {f"Anna Keller: {failed}", f"ben: {failed}", f"gone: {failed}", failed}
    assert "weekly-plan run --athlete anna --week 2026-11-16" in sent[f"Anna Keller: {failed}"]


def test_a_message_holds_nothing_that_a_terminal_would_obey_and_no_endless_list(
    database: Database[BsonDocument],
) -> None:
    errors = ["\x1b[31mred\x07" + "x" * 1000, *["again"] * 20]
    body = message_of_end(database, event("a:1", errors=errors), is_simulated=False).text
    assert body.startswith("[31mredxxx")
    assert len(body) < 1000
    assert "+ 11" in body


def test_the_daemon_tells_of_a_run_of_the_ui_that_failed(
    graph: Graph, box: Notified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_NOTIFY", box.url)
    run_id = graph.plan_and_record("2024-01-01")
    for _ in range(2):
        with DagsterInstance.ephemeral() as instance:
            context = build_sensor_context(
                instance=instance,
                resources={"mongo": graph.mongo},
                definitions=graph.definitions(),
            )
            notification_sensor(context)
    (sent,) = box.messages
    assert sent["title"] == "Plan for 2024-01-08 to 2024-01-14 failed"
    assert f"runId {run_id}:2024-01-01" in sent["message"]


def test_the_sensor_is_there_only_where_somebody_wants_to_be_told(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, box: Notified
) -> None:
    def names() -> set[str]:
        return {one.name for one in graph.definitions().get_repository_def().sensor_defs}

    assert "notification_sensor" not in names()
    monkeypatch.setenv("WEEKLY_PLAN_NOTIFY", box.url)
    assert "notification_sensor" in names()


def test_a_run_in_the_terminal_that_fails_tells_so_and_shows_no_secret(
    terminal: Terminal, box: Notified, tmp_path: Any
) -> None:
    environment = {
        "WEEKLY_PLAN_NOTIFY": f"{box.url} json://127.0.0.1:1/{PLANTED}",
        "WEEKLY_PLAN_EXPORT_DIR": str(tmp_path / "nowhere"),
    }
    run = terminal.run("run", "--week", "2024-01-01", **environment)
    assert run.returncode == 1
    (sent,) = box.messages
    assert sent["title"] == "Plan for 2024-01-08 to 2024-01-14 failed"
    assert "is not a folder" in sent["message"]
    assert "the notification service JSON did not take it" in run.stderr
    assert PLANTED not in run.stdout + run.stderr
    with open_client(terminal.environment["MONGO_URL"]) as client:
        stored = client[terminal.environment["MONGO_DATABASE"]]
        assert PLANTED not in repr([list(stored[n].find()) for n in stored.list_collection_names()])
