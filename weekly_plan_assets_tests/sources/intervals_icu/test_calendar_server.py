"""The test server of the calendar does what the documents and other clients say of the real one."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer, OAuthApp
from weekly_plan_assets_tests.support.graph import activity
from weekly_plan_assets_tests.support.intervals_server import API_KEY, Fault

EVENTS = "athlete/0/events"
BULK = f"{EVENTS}/bulk?upsert=true&upsertOnUid=false&updatePlanApplied=false"
TUESDAY = "2026-12-01T00:00:00"
WEEK = {"oldest": "2026-11-30", "newest": "2026-12-06"}


@pytest.fixture
def http(calendar_server: CalendarServer) -> Iterator[httpx.Client]:
    """A client with the athlete's own key."""
    with httpx.Client(base_url=calendar_server.base_url, auth=("API_KEY", API_KEY)) as client:
        yield client


def as_app(server: CalendarServer, client_id: int, *scopes: str) -> httpx.Client:
    token = f"token-of-{client_id}"
    server.apps[token] = OAuthApp(client_id, frozenset(scopes or ["CALENDAR:WRITE"]))
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=server.base_url, headers=headers)


def session(**fields: Any) -> dict[str, Any]:
    return {
        "category": "WORKOUT",
        "type": "Run",
        "start_date_local": TUESDAY,
        "name": "Easy",
        "external_id": "ours:1",
        "description": "- 40m Z2 HR",
    } | fields


def made(http: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = http.post(BULK, json=[session(**fields)])
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()
    return dict(row)


def test_an_event_is_answered_with_an_id_its_steps_and_what_follows_from_them(
    http: httpx.Client,
) -> None:
    row = made(http, moving_time=1, icu_training_load=999, uid="own-uid", icu_ftp=400)
    assert isinstance(row["id"], int)
    assert row["workout_doc"]["steps"] == [
        {"duration": 2400, "hr": {"units": "hr_zone", "value": 2}}
    ]
    assert row["moving_time"] == 2400
    assert 20 < row["icu_training_load"] < 60
    assert (row["external_id"], row["uid"], row["oauth_client_id"]) == ("ours:1", None, None)
    assert row["icu_ftp"] is None
    assert http.get(f"{EVENTS}/{row['id']}").json() == row


def test_the_fields_of_an_event_are_those_of_a_recorded_one(
    http: httpx.Client, recorded: Path
) -> None:
    (real, *_) = json.loads((recorded / "events.json").read_text())
    assert real.keys() <= made(http).keys()


def test_an_event_without_steps_keeps_the_time_that_was_sent(http: httpx.Client) -> None:
    row = made(http, description="As you feel", moving_time=1800, icu_training_load=30)
    assert (row["moving_time"], row["icu_training_load"]) == (1800, 30)
    assert row["workout_doc"]["steps"] == []


def test_strength_keeps_its_time_and_has_no_load(http: httpx.Client) -> None:
    row = made(http, type="WeightTraining", description="- 50m", moving_time=3600)
    assert (row["moving_time"], row["icu_training_load"]) == (3600, None)


def test_events_are_listed_by_day_and_category(http: httpx.Client) -> None:
    made(http)
    made(http, external_id="ours:2", start_date_local="2026-12-07T00:00:00")
    made(http, external_id="ours:3", category="NOTE")
    assert len(http.get(EVENTS, params=WEEK).json()) == 2
    (note,) = http.get(EVENTS, params={**WEEK, "category": "NOTE,RACE_A"}).json()
    assert note["external_id"] == "ours:3"


def test_a_question_without_days_is_about_today_and_six_more(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    calendar_server.today = date(2026, 11, 25)
    made(http)
    assert len(http.get(EVENTS).json()) == 1
    calendar_server.today = date(2026, 11, 24)
    assert http.get(EVENTS).json() == []


def test_targets_are_resolved_where_that_is_asked(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    calendar_server.sport_settings = [
        {"types": ["Run"], "lthr": 160, "hr_zones": [120, 140, 150, 160, 170]}
    ]
    made(http, description="- 10m Z2 HR\n- 10m 90-95% LTHR")
    (row,) = http.get(EVENTS, params={**WEEK, "resolve": "true"}).json()
    assert [step["_hr"] for step in row["workout_doc"]["steps"]] == [
        {"start": 121, "end": 140},
        {"start": 144, "end": 152},
    ]
    (plain,) = http.get(EVENTS, params=WEEK).json()
    assert "_hr" not in plain["workout_doc"]["steps"][0]


def test_a_change_sets_what_was_sent_and_moves_updated_on(http: httpx.Client) -> None:
    before = made(http)
    after = http.put(f"{EVENTS}/{before['id']}", json={"name": "Easier"}).json()
    assert after["updated"] > before["updated"]
    assert {key for key in before if before[key] != after[key]} == {"name", "updated"}


def test_a_changed_description_is_read_again(http: httpx.Client) -> None:
    before = made(http)
    after = http.put(f"{EVENTS}/{before['id']}", json={"description": "- 20m Z1 HR"}).json()
    assert after["moving_time"] == 1200
    assert after["icu_training_load"] < before["icu_training_load"]


def test_an_event_that_moves_ends_a_day_after_it_begins(http: httpx.Client) -> None:
    row = made(http)
    assert row["end_date_local"] == "2026-12-02T00:00:00"
    moved = http.put(f"{EVENTS}/{row['id']}", json={"start_date_local": "2026-12-03T00:00:00"})
    assert moved.json()["end_date_local"] == "2026-12-04T00:00:00"


@pytest.mark.parametrize(("of_keys", "events"), [("matches", 1), ("duplicates", 2)])
def test_whether_a_key_finds_its_external_ids_is_a_switch(
    calendar_server: CalendarServer, http: httpx.Client, of_keys: Any, events: int
) -> None:
    calendar_server.of_keys = of_keys
    made(http)
    made(http, name="Again")
    assert len(calendar_server.found("ours:1")) == events


def test_an_app_finds_only_its_own_external_ids(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    calendar_server.of_keys = "duplicates"
    made(http)
    first, second = as_app(calendar_server, 7), as_app(calendar_server, 8)
    for client in (first, first, second):
        made(client)
    owners = [row["oauth_client_id"] for row in calendar_server.found("ours:1")]
    assert owners == [None, 7, 8]
    named = [{"external_id": "ours:1", "id": calendar_server.events[0]["id"]}, {"id": 1}]
    gone = first.put(f"{EVENTS}/bulk-delete", json=named).json()
    assert gone == {"eventsDeleted": 1}
    assert [row["oauth_client_id"] for row in calendar_server.events] == [None, 8]


def test_a_uid_is_matched_for_an_app_and_doubles_under_a_key(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    for client, events in ((http, 2), (as_app(calendar_server, 7), 3)):
        for _ in range(2):
            answer = client.post(f"{EVENTS}?upsertOnUid=true", json=session(uid="u1"))
            assert isinstance(answer.json()["id"], int)
        assert len(calendar_server.events) == events


def test_one_wrong_event_refuses_them_all_and_is_named(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    answer = http.post(BULK, json=[session(), session(name="x" * 81)])
    assert answer.status_code == 422
    assert answer.json()["error"] == f"Event 1 '{'x' * 81}': Name is too long"
    assert calendar_server.events == []


@pytest.mark.parametrize(
    "wrong", [{"category": None}, {"category": "RUN"}, {"start_date_local": None}, {"target": "X"}]
)
def test_an_event_that_lacks_what_it_needs_is_refused(
    http: httpx.Client, wrong: dict[str, Any]
) -> None:
    assert http.post(BULK, json=[session(**wrong)]).status_code == 422
    assert http.post(BULK, json=session()).status_code == 400
    assert http.post(BULK, content=b"{").status_code == 400


def test_a_deleted_event_is_gone_and_the_past_can_be_spared(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    path = f"{EVENTS}/{made(http)['id']}"
    assert http.delete(path, params={"notBefore": "2026-12-02"}).status_code == 422
    assert http.delete(path, params={"notBefore": "2026-12-01"}).status_code == 200
    assert http.delete(path).status_code == 404
    assert http.get(path).status_code == 404
    assert http.put(path, json={"name": "x"}).status_code == 404
    assert calendar_server.events == []


def test_a_delete_by_range_takes_the_athletes_own_and_is_remembered(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    calendar_server.add(category="WORKOUT", start_date_local=TUESDAY, name="My own")
    calendar_server.add(category="NOTE", start_date_local=TUESDAY, name="Stays")
    http.delete(EVENTS, params={"oldest": "2026-11-30", "category": "WORKOUT"})
    assert [row["name"] for row in calendar_server.events] == ["Stays"]
    assert len(calendar_server.range_deletes) == 1


def test_a_wrong_key_is_nobody_and_a_token_needs_its_scope(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    base = calendar_server.base_url
    assert httpx.get(f"{base}/{EVENTS}", auth=("API_KEY", "wrong")).status_code == 401
    assert httpx.post(f"{base}/{BULK}", json=[session()]).status_code == 401
    reader = as_app(calendar_server, 7, "CALENDAR:READ")
    assert reader.get(EVENTS).status_code == 200
    refused = reader.post(BULK, json=[session()])
    assert (refused.status_code, "CALENDAR:WRITE" in refused.text) == (403, True)
    assert as_app(calendar_server, 8, "ACTIVITY:READ").get(EVENTS).status_code == 403
    calendar_server.key_may_write = False
    assert http.post(BULK, json=[session()]).status_code == 403
    assert http.get("athlete/i99/events").status_code == 404
    assert calendar_server.events == []


def test_what_an_athlete_does_by_hand_is_seen(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    row = made(http)
    own = calendar_server.add(category="WORKOUT", start_date_local=TUESDAY, name="My own")
    calendar_server.move(row["id"], date(2026, 12, 3))
    calendar_server.edit(row["id"], description="- 30m Z1 HR")
    moved = http.get(f"{EVENTS}/{row['id']}").json()
    assert moved["start_date_local"] == "2026-12-03T00:00:00"
    assert moved["moving_time"] == 1800
    assert moved["updated"] > row["updated"]
    calendar_server.delete(own)
    assert [one["id"] for one in http.get(EVENTS, params=WEEK).json()] == [row["id"]]


def test_a_done_event_and_its_activity_name_each_other(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    row = made(http)
    calendar_server.do(row["id"], activity("a1", "2026-12-01T07:00:00"), compliance=73.97)
    assert http.get(f"{EVENTS}/{row['id']}").json()["paired_activity_id"] == "a1"
    days = {"oldest": "2026-12-01", "newest": "2026-12-02"}
    (done,) = http.get("athlete/0/activities", params=days).json()
    assert (done["paired_event_id"], done["compliance"]) == (row["id"], 73.97)


def test_a_service_that_refuses_is_named_with_the_event(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    row = made(http)
    calendar_server.add_push_error(row["id"], "WAHOO", "no power target")
    after = http.get(f"{EVENTS}/{row['id']}").json()
    assert [error["message"] for error in after["push_errors"]] == ["no power target"]
    assert after["updated"] == row["updated"]


def test_the_account_says_which_devices_are_connected_and_ticked(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    calendar_server.connect("garmin")
    calendar_server.connect("wahoo", uploads=False)
    connections, account = http.get("athlete/0/connections").json(), http.get("athlete/0").json()
    assert connections["garmin_training_connected"]
    assert connections["wahoo_connected"]
    assert not connections["suunto_connected"]
    assert account["icu_garmin_upload_workouts"]
    assert not account["wahoo_upload_workouts"]


def test_a_write_can_be_applied_and_its_answer_lost(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    calendar_server.write_faults.extend([Fault(502, applies_first=True), Fault(429)])
    assert http.get(EVENTS).status_code == 200
    assert http.post(BULK, json=[session()]).status_code == 502
    assert http.post(BULK, json=[session(external_id="ours:2")]).status_code == 429
    assert [row["external_id"] for row in calendar_server.events] == ["ours:1"]
    calendar_server.faults.append(Fault(hangs_up=True, applies_first=True))
    with pytest.raises(httpx.TransportError):
        http.post(BULK, json=[session(external_id="ours:3")])
    assert [row["external_id"] for row in calendar_server.events] == ["ours:1", "ours:3"]


def test_every_request_is_kept_with_its_method_query_and_body(
    calendar_server: CalendarServer, http: httpx.Client
) -> None:
    seen = []
    calendar_server.carried_out = lambda request: seen.append(len(calendar_server.events))
    made(http)
    http.get(EVENTS, params=WEEK)
    write, read = calendar_server.requests
    assert calendar_server.writes == [write]
    assert (write.method, write.path) == ("POST", "/api/v1/athlete/0/events/bulk")
    assert write.query["upsert"] == "true"
    assert write.sent == [session()]
    assert read.query == WEEK
    assert seen == [1]


def test_all_that_a_run_reads_is_served_too(
    calendar_server: CalendarServer, http: httpx.Client, recorded: Path
) -> None:
    calendar_server.load(recorded)
    days = {"oldest": "2024-01-01", "newest": "2024-02-29"}
    for name in ("activities", "wellness", "events", "sport-settings"):
        assert http.get(f"athlete/0/{name}", params=days).json(), name
    (first, _) = calendar_server.events
    calendar_server.move(first["id"], date(2024, 1, 30))
    moved = http.get(f"{EVENTS}/{first['id']}").json()
    assert moved["start_date_local"] == "2024-01-30T00:00:00"
    assert made(http)["id"] not in {10003, 10005}
