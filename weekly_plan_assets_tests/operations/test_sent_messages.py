"""Messages on their way: forms and lengths of services, files, reminders, and each of them once."""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dagster import DefaultScheduleStatus, build_schedule_context
from pymongo.database import Database

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.reminders import build_reminder_schedule
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.messages.message import Attachment, Line, Message
from weekly_plan_assets.operations.message_targets import AppriseTarget, NotificationError
from weekly_plan_assets.operations.notifications import notify_ends, remind
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets_tests.support.notified import Notified, notified
from weekly_plan_assets_tests.support.planned_page import run
from weekly_plan_assets_tests.support.terminal import Terminal

SNAPSHOT, INPUTS = run()
MONDAY = SNAPSHOT.week_start
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def box() -> Iterator[Notified]:
    with notified() as box:
        yield box


def settings(*urls: str, **others: Any) -> Settings:
    always = {"WEEKLY_PLAN_NOTIFY_ON": "always"}
    return Settings.model_validate({"WEEKLY_PLAN_NOTIFY": " ".join(urls), **always, **others})


@pytest.fixture
def published(database: Database[BsonDocument]) -> Database[BsonDocument]:
    """A store in which a week was planned a moment ago."""
    now = datetime.now(UTC)
    stamps = {"createdAt": now, "updatedAt": now}
    database["plan_snapshots"].insert_one({**encode(SNAPSHOT), **stamps})
    database["run_artifacts"].insert_one({**encode(INPUTS), **stamps})
    event = RunEvent(
        **SNAPSHOT.identity,
        status=Status.SUCCESS,
        attempt=0,
        model_id="rules",
        errors=(),
        error_count=0,
        dagster_run_id="r1",
        dagster_status="SUCCESS",
        job_name="weekly_plan",
        root_run_id="r1",
        retry_number=0,
        will_retry=False,
        started_at=now,
        ended_at=now,
    )
    database["run_events"].insert_one({**encode(event), **stamps})
    return database


def test_a_published_plan_is_sent_with_its_page_and_its_calendar(
    published: Database[BsonDocument], box: Notified
) -> None:
    assert notify_ends(published, settings(box.url)) == 1
    (sent,) = box.messages
    assert sent["title"].startswith("Your training week, 7 to 13 April")
    assert "Tuesday 8: Continuous tempo run 40 min" in sent["message"]
    assert sent["type"] == "success"
    files = {one["filename"]: base64.b64decode(one["base64"]) for one in sent["attachments"]}
    assert files[f"week-{MONDAY}.html"].startswith(b"<!doctype html>")
    assert files[f"week-{MONDAY}.ics"].startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("form", "strong"),
    [("text", "Tuesday 8: C"), ("markdown", "**Tuesday 8:** C"), ("html", "<b>Tuesday 8:</b> C")],
)
def test_a_service_gets_its_own_form(
    published: Database[BsonDocument], box: Notified, form: str, strong: str
) -> None:
    assert notify_ends(published, settings(f"{box.url}?format={form}")) == 1
    assert strong in box.messages[0]["message"]


def test_a_service_that_failed_gets_it_later_and_none_gets_it_twice(
    published: Database[BsonDocument], box: Notified
) -> None:
    with notified() as other:
        other.status = 503
        both = settings(box.url, other.url)
        assert [notify_ends(published, both) for _ in range(2)] == [1, 0]
        assert (len(box.messages), len(other.messages)) == (1, 0)
        other.status = 200
        assert [notify_ends(published, both) for _ in range(2)] == [1, 0]
        assert (len(box.messages), len(other.messages)) == (1, 1)


def test_what_an_older_version_has_sent_is_not_sent_again(
    published: Database[BsonDocument], box: Notified
) -> None:
    now = datetime.now(UTC)
    old = {"_id": f"{SNAPSHOT.run_id} success", "claimedAt": now, "toldAt": now}
    published["notifications"].insert_one(old)
    assert notify_ends(published, settings(box.url)) == 0


def test_a_service_that_takes_little_gets_the_first_lines(box: Notified) -> None:
    apprise = pytest.importorskip("apprise")
    service = apprise.Apprise()
    service.add(box.url)
    for one in service:
        one.body_maxlen = 120
        one.attachment_support = False
    lines = tuple(Line(f"line {number} of this message") for number in range(20))
    attached = (Attachment("a.txt", "text/plain", b"a"),)
    assert AppriseTarget(service).send_message(Message("Title", lines, attachments=attached))
    (sent,) = box.messages
    assert len(sent["message"]) <= 120
    assert sent["message"].splitlines()[0] == "line 0 of this message"
    assert sent["message"].splitlines()[-1] == "..."
    assert not sent.get("attachments")


def test_today_is_sent_once_and_a_day_of_rest_or_of_another_week_is_not(
    published: Database[BsonDocument], box: Notified
) -> None:
    assert [remind(published, settings(box.url), TUESDAY) for _ in range(2)] == [True, False]
    assert box.titles == ["Today: Continuous tempo run, 40 min"]
    for day in (MONDAY, TUESDAY - timedelta(weeks=1), TUESDAY + timedelta(weeks=1)):
        assert not remind(published, settings(box.url), day)
    assert len(box.messages) == 1


def test_a_reminder_says_whose_day_it_is_where_there_are_several_athletes(
    published: Database[BsonDocument], box: Notified
) -> None:
    names = {SNAPSHOT.athlete_id: "Anna Keller"}
    assert remind(published, settings(box.url), TUESDAY, SNAPSHOT.athlete_id, names)
    assert box.titles == ["Anna Keller: Today: Continuous tempo run, 40 min"]


def test_reminders_at_once_send_one(published: Database[BsonDocument], box: Notified) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: remind(published, settings(box.url), TUESDAY), range(8)))
    assert sum(sent) == 1
    assert len(box.messages) == 1


def test_the_newest_plan_of_the_week_is_in_force(
    published: Database[BsonDocument], box: Notified
) -> None:
    days = [
        day.model_copy(
            update={
                "sessions": tuple(one.model_copy(update={"name": "Hills"}) for one in day.sessions)
            }
        )
        for day in SNAPSHOT.activity_plan.days
    ]
    plan = SNAPSHOT.activity_plan.model_copy(update={"days": tuple(days)})
    newer = SNAPSHOT.model_copy(update={"run_id": "r2:2025-03-31", "activity_plan": plan})
    stamp = {"createdAt": datetime.now(UTC) + timedelta(seconds=1)}
    published["plan_snapshots"].insert_one({**encode(newer), **stamp})
    remind(published, settings(box.url), TUESDAY)
    assert box.titles == ["Today: Hills, 40 min"]


def test_a_reminder_without_a_service_says_what_to_set(database: Database[BsonDocument]) -> None:
    with pytest.raises(NotificationError, match="WEEKLY_PLAN_NOTIFY"):
        remind(database, Settings(), TUESDAY)


def test_the_schedule_of_reminders_is_off_and_at_the_hour_of_the_athlete(box: Notified) -> None:
    chosen = settings(
        box.url, WEEKLY_PLAN_REMINDER_HOUR="6", WEEKLY_PLAN_TIMEZONE="Pacific/Auckland"
    )
    reminder = build_reminder_schedule(chosen)
    assert reminder.default_status is DefaultScheduleStatus.STOPPED
    assert (reminder.cron_schedule, reminder.execution_timezone) == (
        "0 6 * * *",
        "Pacific/Auckland",
    )
    evaluation = reminder.evaluate_tick(build_schedule_context())
    assert len(evaluation.run_requests or ()) == 1
    names = {one.name for one in build_defs(chosen).resolve_all_job_defs()}
    assert "daily_reminder" in names
    assert "daily_reminder" not in {one.name for one in build_defs().resolve_all_job_defs()}


@pytest.mark.slow
def test_remind_shows_and_sends_todays_sessions_in_the_terminal(
    terminal: Terminal, box: Notified
) -> None:
    assert terminal.run("run").returncode == 0
    today = datetime.now(UTC).date()
    shown = terminal.run("remind", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    planned = terminal.run("show", "--json").stdout
    terminal.environment["WEEKLY_PLAN_NOTIFY"] = box.url
    sent = [terminal.run("remind") for _ in range(2)]
    assert [one.returncode for one in sent] == [0, 0]
    if "Today:" in shown.stdout:
        assert len(box.messages) == 1
        assert "had been sent before" in sent[1].stdout
        assert f'"{today}"' in planned
    else:
        assert f"nothing is planned for today, {today}" in shown.stderr
        assert box.messages == []
