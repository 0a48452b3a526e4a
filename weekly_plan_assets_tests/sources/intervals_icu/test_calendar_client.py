"""The calendar is read and changed over real sockets, and no change is ever sent twice."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import monotonic
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from weekly_plan_assets.common.http_retries import Patience
from weekly_plan_assets.delivery.deliver_plan import open_calendar
from weekly_plan_assets.domain.plan.session_id import session_id, week_note_id
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.intervals_credential import AccessToken
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.calendar_client import (
    CalendarEntry,
    IntervalsCalendar,
    WriteOutcome,
)
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer, OAuthApp
from weekly_plan_assets_tests.support.intervals_server import API_KEY, Fault

MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 12, 6)
TUESDAY = date(2026, 12, 1)
SESSION = session_id(MONDAY, TUESDAY, 1)
NOTE = week_note_id(MONDAY)
ANSWER_S = 2.0
SLACK_S = 3.0
"""For a busy machine."""

PATIENCE_S = 20.0
"""A question is asked again where a busy machine kept it waiting; a change is sent once."""


@pytest.fixture
def calendar(calendar_server: CalendarServer) -> IntervalsCalendar:
    return IntervalsCalendar(client_of(calendar_server.base_url))


def client_of(base_url: str, key: str = API_KEY) -> IntervalsClient:
    return IntervalsClient(
        base_url,
        SecretStr(key),
        patience=Patience(PATIENCE_S),
        answer_s=ANSWER_S,
        timeouts=httpx.Timeout(1.0),
    )


def event(external_id: str = SESSION, **fields: Any) -> dict[str, Any]:
    return {
        "category": "WORKOUT",
        "type": "Run",
        "start_date_local": f"{TUESDAY}T00:00:00",
        "name": "Easy run",
        "description": "- 40m Z2 HR",
        "target": "HR",
        "external_id": external_id,
    } | fields


def note() -> dict[str, Any]:
    start = f"{MONDAY}T00:00:00"
    return {"category": "NOTE", "start_date_local": start, "for_week": True, "external_id": NOTE}


def made(calendar: IntervalsCalendar, *events: dict[str, Any]) -> tuple[CalendarEntry, ...]:
    outcome = calendar.create(events or [event()])
    assert outcome.kind == "applied", outcome
    return outcome.entries


Change = Callable[[IntervalsCalendar, str], WriteOutcome]

CHANGES: dict[str, Change] = {
    "create": lambda calendar, _: calendar.create([event(session_id(MONDAY, SUNDAY, 1))]),
    "update": lambda calendar, event_id: calendar.update(event_id, {"name": "Changed"}),
    "delete": lambda calendar, event_id: calendar.delete(event_id, MONDAY),
}
each_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())


def assert_sentence(outcome: WriteOutcome) -> str:
    assert outcome.error
    assert API_KEY not in outcome.error
    assert "\n" not in outcome.error
    assert len(outcome.error) < 700
    return outcome.error


def test_a_week_is_created_in_one_request_and_read_back(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    outcome = calendar.create([event(), note()])
    assert (outcome.kind, outcome.status, outcome.error) == ("applied", 200, None)
    (request,) = calendar_server.requests
    assert (request.method, request.path) == ("POST", "/api/v1/athlete/0/events/bulk")
    assert request.query["upsert"] == "true"
    assert request.headers["Content-Type"] == "application/json"
    assert request.sent == [event(), note()]
    first, second = calendar.entries(MONDAY, SUNDAY)
    assert [entry.external_id for entry in (first, second)] == [NOTE, SESSION]
    assert outcome.entries == (second, first)
    assert (first.day, first.for_week, first.is_own) == (MONDAY, True, True)
    assert (second.day, second.moving_time, second.target) == (TUESDAY, 2400, "HR")
    assert second.workout_doc is not None
    assert second.workout_doc["steps"][0]["hr"] == {"units": "hr_zone", "value": 2}
    assert second.updated
    assert second.push_errors == ()


def test_what_is_read_is_kept_to_the_last_character(calendar: IntervalsCalendar) -> None:
    description = "Run easily.\n\n" * 300 + "- 40m Z2 HR"
    (entry,) = made(calendar, event(description=description, name="é\U0001f3c3 <b>"))
    (read,) = calendar.entries(MONDAY, SUNDAY)
    assert read == entry
    assert (read.description, read.name) == (description, "é\U0001f3c3 <b>")


def test_entries_of_others_are_read_too_and_are_not_ours(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    by_hand = calendar_server.add(category="RACE_A", start_date_local=f"{SUNDAY}T09:30:00")
    calendar_server.add(category="NOTE", start_date_local="2026-12-07T00:00:00")
    (entry,) = calendar.entries(MONDAY, SUNDAY)
    assert (entry.id, entry.is_own, entry.day) == (by_hand, False, SUNDAY)


def test_steps_are_read_with_their_beats_where_that_is_asked(calendar: IntervalsCalendar) -> None:
    made(calendar)
    (entry,) = calendar.entries(MONDAY, SUNDAY, resolve=True)
    assert entry.workout_doc is not None
    assert entry.workout_doc["steps"][0]["_hr"]["end"] > 100


def test_what_a_service_refused_is_read(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    (entry,) = made(calendar)
    calendar_server.add_push_error(entry.id, "WAHOO", "no power target")
    (read,) = calendar.entries(MONDAY, SUNDAY)
    (refusal,) = read.push_errors
    assert (refusal.service, refusal.message) == ("WAHOO", "no power target")


def test_a_change_sends_the_fields_it_is_given_and_no_others(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    (before,) = made(calendar)
    outcome = calendar.update(before.id, {"description": "- 20m Z1 HR"})
    (after,) = outcome.entries
    assert (outcome.kind, after.id, after.name, after.moving_time) == (
        "applied",
        before.id,
        before.name,
        1200,
    )
    request = calendar_server.requests[-1]
    assert (request.method, request.path) == ("PUT", f"/api/v1/athlete/0/events/{before.id}")
    assert request.sent == {"description": "- 20m Z1 HR"}


def test_one_event_is_deleted_and_never_a_range(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    (entry, kept) = made(calendar, event(), note())
    outcome = calendar.delete(entry.id, TUESDAY)
    assert (outcome.kind, outcome.status, outcome.entries) == ("applied", 200, ())
    request = calendar_server.requests[-1]
    assert (request.method, request.path) == ("DELETE", f"/api/v1/athlete/0/events/{entry.id}")
    assert request.query == {"notBefore": "2026-12-01"}
    assert [one.id for one in calendar.entries(MONDAY, SUNDAY)] == [kept.id]
    assert calendar_server.range_deletes == []


def test_an_event_of_the_past_is_not_deleted(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    (entry,) = made(calendar)
    assert calendar.delete(entry.id, SUNDAY).kind == "refused"
    assert len(calendar_server.events) == 1


@pytest.mark.parametrize(
    "event_id", ["", "?oldest=2026-01-01", "1/../..", "bulk-delete", "٣", "-1"]
)
def test_what_is_no_id_is_never_sent(
    calendar_server: CalendarServer, calendar: IntervalsCalendar, event_id: str
) -> None:
    for outcome in (calendar.delete(event_id, MONDAY), calendar.update(event_id, {"name": "x"})):
        assert (outcome.kind, outcome.status) == ("refused", None)
        assert "nothing was sent" in assert_sentence(outcome)
    assert calendar_server.requests == []


def test_nothing_to_create_asks_nothing(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    assert calendar.create([]).kind == "applied"
    assert calendar_server.requests == []


def test_a_refused_week_names_the_event_and_leaves_nothing(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    outcome = calendar.create([note(), event(name="x" * 81)])
    assert (outcome.kind, outcome.status, outcome.entries) == ("refused", 422, ())
    sentence = assert_sentence(outcome)
    assert f"Event 1 '{'x' * 81}': Name is too long" in sentence
    assert "POST /athlete/0/events/bulk with 422" in sentence
    assert calendar_server.events == []


def test_a_wrong_key_and_one_that_may_not_write_are_refused_with_the_way_out(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    wrong = IntervalsCalendar(client_of(calendar_server.base_url, "wrong-key"))
    outcome = wrong.create([event()])
    assert (outcome.kind, outcome.status) == ("refused", 401)
    assert "INTERVALS_API_KEY" in assert_sentence(outcome)
    calendar_server.key_may_write = False
    outcome = calendar.create([event()])
    assert (outcome.kind, outcome.status) == ("refused", 403)
    assert "CALENDAR:WRITE" in assert_sentence(outcome)
    assert "may not write to the calendar" in assert_sentence(outcome)


def test_the_token_of_an_app_writes_what_its_scopes_allow(
    calendar_server: CalendarServer,
) -> None:
    calendar_server.apps["t0k3n"] = OAuthApp(7, frozenset({"CALENDAR:READ"}))
    client = IntervalsClient(calendar_server.base_url, AccessToken("t0k3n"))
    calendar = IntervalsCalendar(client)
    refused = calendar.create([event()])
    assert (refused.kind, refused.status) == ("refused", 403)
    assert "authorize the app with the scope CALENDAR:WRITE" in assert_sentence(refused)
    calendar_server.apps["t0k3n"] = OAuthApp(7, frozenset({"CALENDAR:WRITE"}))
    assert calendar.create([event()]).kind == "applied"
    del calendar_server.apps["t0k3n"]
    revoked = calendar.create([event()])
    assert (revoked.kind, revoked.status) == ("refused", 401)
    assert "set INTERVALS_ACCESS_TOKEN to the new token" in assert_sentence(revoked)


def test_an_event_that_is_not_there_is_refused(calendar: IntervalsCalendar) -> None:
    for outcome in (calendar.update("5", {"name": "x"}), calendar.delete("5", MONDAY)):
        assert (outcome.kind, outcome.status) == ("refused", 404)
        assert "Event not found" in assert_sentence(outcome)


@each_change
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422])
def test_a_refusal_proves_that_nothing_was_applied(
    calendar_server: CalendarServer, calendar: IntervalsCalendar, change: Change, status: int
) -> None:
    (entry,) = made(calendar)
    calendar_server.write_faults.append(Fault(status, body=b'{"error": "No,\\n not so"}'))
    outcome = change(calendar, entry.id)
    assert (outcome.kind, outcome.status) == ("refused", status)
    assert "No, not so" in assert_sentence(outcome)
    assert len(calendar_server.writes) == 2


LOST = {
    "too many requests": Fault(429, {"Retry-After": "0"}),
    "request timed out": Fault(408),
    "moved": Fault(302, {"Location": "/login"}),
    "error of the server": Fault(500),
    "error of a gateway": Fault(502, body=b"<html>Bad</html>", content_type="text/html"),
    "unavailable": Fault(503, {"Retry-After": "1"}),
    "cut off": Fault(hangs_up=True),
    "silent": Fault(delay_s=6),
    "dripping": Fault(body=b"[]" * 100, byte_every_s=0.1, head_at_once=True),
    "dripping from the first byte": Fault(byte_every_s=0.1),
    "breaking off": Fault(body=b"[]", breaks_off=True),
    "a page": Fault(body=b"<html>Sign in</html>", content_type="text/html"),
    "no JSON": Fault(body=b'{"id": '),
    "no UTF-8 and no JSON": Fault(body=b"\xff\xfe"),
    "too deep": Fault(body=b"[" * 100_000),
    "no HTTP": Fault(raw=b"HELLO\r\n\r\n"),
    "packed strangely": Fault(headers={"Content-Encoding": "br"}),
    "a bomb": Fault(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b" " * 20 * 1024**2)),
}


EVERY_WAY = [
    *((name, "create") for name in LOST),
    *(
        (name, change)
        for name in ("cut off", "silent", "a page")
        for change in ("update", "delete")
    ),
]


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize(("fault", "change"), EVERY_WAY)
def test_a_lost_answer_is_in_doubt_and_the_change_is_not_sent_again(
    calendar_server: CalendarServer,
    calendar: IntervalsCalendar,
    fault: str,
    change: str,
    applied: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    (entry,) = made(calendar)
    before = json.dumps(calendar_server.events)
    calendar_server.write_faults.append(replace(LOST[fault], applies_first=applied))
    began_s = monotonic()
    outcome = CHANGES[change](calendar, entry.id)
    assert monotonic() - began_s < ANSWER_S + SLACK_S
    assert outcome.kind == "unknown"
    assert "read the calendar" in assert_sentence(outcome)
    assert len(calendar_server.writes) == 2
    assert (json.dumps(calendar_server.events) != before) == applied
    # The next question is answered: nothing of the lost one is taken for it.
    assert len(calendar.entries(MONDAY, SUNDAY)) == len(calendar_server.events)


@pytest.mark.parametrize(
    "body",
    [
        *(b"[]", b"{}", b"null", b"7", b'"done"', b"[1, 2]", b'[{"id": 1}]', b'{"status": "ok"}'),
        b'[{"start_date_local": "2026-12-01T00:00:00"}]',
        b'[{"id": 1, "start_date_local": "2026-12-01T00:00:00", "external_id": "another"}]',
        b'[{"id": 1, "start_date_local": "soon", "external_id": "weekly-plan:x"}]',
    ],
)
def test_an_answer_that_does_not_name_what_was_sent_is_in_doubt(
    calendar_server: CalendarServer, calendar: IntervalsCalendar, body: bytes
) -> None:
    (entry,) = made(calendar)
    calendar_server.write_faults.extend([Fault(body=body), Fault(body=body)])
    for outcome in (calendar.create([event(NOTE)]), calendar.update(entry.id, {"name": "x"})):
        assert (outcome.kind, outcome.status) == ("unknown", 200)
        assert_sentence(outcome)


def test_a_shorter_answer_is_in_doubt_and_says_what_it_named(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    named = {"id": 5, "start_date_local": f"{TUESDAY}T00:00:00", "external_id": SESSION}
    calendar_server.write_faults.append(Fault(body=json.dumps([named]).encode()))
    outcome = calendar.create([event(), note()])
    assert outcome.kind == "unknown"
    assert "1 of 2 events" in assert_sentence(outcome)
    assert [entry.id for entry in outcome.entries] == ["5"]


def test_a_deletion_is_applied_by_an_empty_answer_too(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    (entry,) = made(calendar)
    empty = Fault(body=b"", content_type="", applies_first=True)
    calendar_server.write_faults.append(empty)
    assert calendar.delete(entry.id, MONDAY).kind == "applied"


@each_change
def test_a_server_that_is_not_there_got_nothing(change: Change) -> None:
    calendar = IntervalsCalendar(client_of("http://127.0.0.1:1/api/v1"))
    outcome = change(calendar, "5")
    assert (outcome.kind, outcome.status) == ("refused", None)
    assert "nothing was sent" in assert_sentence(outcome)


@pytest.mark.parametrize(
    "echo",
    [
        f"{'x' * 290}{API_KEY}",
        b64encode(f"API_KEY:{API_KEY}".encode()).decode(),
        f"\x1b[31m{API_KEY}\u2028\u202e",
    ],
)
def test_a_refusal_that_repeats_the_key_is_said_without_it(
    calendar_server: CalendarServer, calendar: IntervalsCalendar, echo: str
) -> None:
    bodies = (json.dumps({"error": echo}).encode(), echo.encode())
    for body in bodies:
        calendar_server.write_faults.append(Fault(422, body=body))
        sentence = assert_sentence(calendar.create([event()]))
        assert "***" in sentence
        assert API_KEY[:8] not in sentence
        assert echo not in sentence
        assert sentence.isprintable()


def test_a_page_is_not_quoted(calendar_server: CalendarServer, calendar: IntervalsCalendar) -> None:
    for kind in ("text/html", "application/json"):
        calendar_server.write_faults.append(Fault(403, body=b"<html>No</html>", content_type=kind))
        assert "html" not in assert_sentence(calendar.create([event()]))


def test_questions_are_asked_again_while_changes_are_not(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    calendar_server.faults.append(Fault(503))
    assert calendar.entries(MONDAY, SUNDAY) == []
    assert len(calendar_server.requests) == 2
    calendar_server.faults.append(Fault(503))
    assert calendar.create([event()]).kind == "unknown"
    assert len(calendar_server.writes) == 1


def test_a_calendar_that_cannot_be_read_is_one_sentence(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    calendar_server.faults.append(Fault(403))
    with pytest.raises(SourceError, match="INTERVALS_ATHLETE_ID"):
        calendar.entries(MONDAY, SUNDAY)


def test_a_delivery_that_is_refused_says_that_it_has_to_write(
    calendar_server: CalendarServer,
) -> None:
    named = Settings.model_validate(
        {
            "WEEKLY_PLAN_SOURCE": "intervals",
            "INTERVALS_API_KEY": API_KEY,
            "INTERVALS_BASE_URL": calendar_server.base_url,
        }
    )
    calendar_server.faults.append(Fault(403))
    with pytest.raises(SourceError, match="may not read and write the calendar"):
        open_calendar(named).entries(MONDAY, SUNDAY)


def test_an_entry_that_cannot_be_read_is_left_out_and_one_value_of_it_too(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    made(calendar)
    (whole,) = calendar.entries(MONDAY, SUNDAY)
    endless: Any = {"steps": ["x" * 20_000]}
    rows = [{"id": 1}, 7, {**calendar_server.events[0], "workout_doc": endless, "moving_time": "?"}]
    calendar_server.bodies["events"] = json.dumps(rows).encode()
    (entry,) = calendar.entries(MONDAY, SUNDAY)
    assert (entry.id, entry.description) == (whole.id, whole.description)
    assert (entry.workout_doc, entry.moving_time) == (None, None)


def test_devices_are_named_with_their_connection_and_their_tick(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    calendar_server.connect("garmin")
    calendar_server.connect("wahoo", uploads=False)
    by_name = {one.name: (one.connected, one.uploads_workouts) for one in calendar.devices()}
    assert by_name == {
        "Garmin": (True, True),
        "Suunto": (False, False),
        "COROS": (False, False),
        "Wahoo": (True, False),
        "Zwift": (False, False),
        "Zepp": (False, False),
        "Huawei": (False, False),
    }


def test_what_an_account_does_not_say_of_a_device_is_not_known(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    calendar_server.bodies |= {"connections": b"{}", "0": b'{"icu_api_key": "x"}'}
    assert {(one.connected, one.uploads_workouts) for one in calendar.devices()} == {(None, None)}


def test_changes_keep_under_the_rate_that_is_allowed(
    calendar_server: CalendarServer, calendar: IntervalsCalendar
) -> None:
    (entry,) = made(calendar)
    for _ in range(8):
        calendar.update(entry.id, {"name": "x"})
    took_s = calendar_server.requests[-1].at_s - calendar_server.requests[0].at_s
    assert took_s >= 0.95
