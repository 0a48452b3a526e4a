"""Of a webhook no more is read than whose data has changed, and on which days."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr

from weekly_plan_assets.sources.intervals_icu.webhook import (
    MOST_EVENTS,
    ChangedDays,
    WebhookRefusedError,
    changes_of,
)

SECRET = SecretStr("planted-s3cret")
DAY = date(2026, 11, 10)


def changes(*events: Any) -> list[ChangedDays]:
    body = {"secret": SECRET.get_secret_value(), "events": list(events)}
    return changes_of(json.dumps(body).encode(), SECRET)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"athlete_id": "i1", "type": kind, "timestamp": "2026-11-10T08:00:00Z", **fields}


def test_events_of_activities_name_the_activity_and_its_local_day() -> None:
    activity = {"id": "i7", "start_date_local": f"{DAY}T23:30:00", "icu_training_load": 40}
    for kind in ("UPLOADED", "ANALYZED", "UPDATED", "DELETED"):
        found = changes(event(f"ACTIVITY_{kind}", activity=activity))
        assert found == [ChangedDays("i1", frozenset({DAY}), "i7")]


def test_a_deleted_activity_may_have_no_day() -> None:
    found = changes(event("ACTIVITY_DELETED", activity={"id": 7}))
    assert found == [ChangedDays("i1", frozenset(), "7")]


def test_events_of_days_name_each_of_them() -> None:
    records = [{"id": "2026-11-10", "ctl": 40.0}, {"id": "2026-11-09"}]
    for kind in ("WELLNESS_UPDATED", "FITNESS_UPDATED"):
        (found,) = changes(event(kind, records=records))
        assert found == ChangedDays("i1", frozenset({DAY, date(2026, 11, 9)}))


@pytest.mark.parametrize(
    "strange",
    [
        None,
        "ACTIVITY_UPLOADED",
        [],
        {},
        event("ACTIVITY_UPLOADED"),
        event("ACTIVITY_UPLOADED", activity={"start_date_local": "2026-11-10"}),
        event("ACTIVITY_UPLOADED", activity={"id": "../i7"}),
        event("ACTIVITY_UPLOADED", activity={"id": "i7", "start_date_local": 1_700_000_000}),
        event("ACTIVITY_UPLOADED", activity={"id": "i7", "start_date_local": "1700000000"}),
        event("ACTIVITY_UPLOADED", activity={"id": "i7", "start_date_local": "2026-11-31"}),
        event("ACTIVITY_UPLOADED", activity={"id": "i7"}) | {"athlete_id": {"$ne": None}},
        event("ACTIVITY_UPLOADED", activity={"id": "i7"}) | {"athlete_id": "i1 i2"},
        event("ACTIVITY_UPLOADED", activity={"id": "i7"}) | {"type": ["ACTIVITY_UPLOADED"]},
        event("WELLNESS_UPDATED", records=[{"id": 20261110}]),
        event("CALENDAR_UPDATED", events=[{"id": 1}]),
        event("activity_uploaded", activity={"id": "i7"}),
    ],
)
def test_what_does_not_look_like_an_event_is_left_out_and_the_others_are_read(
    strange: Any,
) -> None:
    right = event("ACTIVITY_UPLOADED", activity={"id": "i7"})
    assert changes(strange, right) == [ChangedDays("i1", frozenset(), "i7")]


def test_more_events_than_are_taken_at_once_are_not_looked_at() -> None:
    right = event("ACTIVITY_UPLOADED", activity={"id": "i7"})
    assert len(changes(*[right] * (MOST_EVENTS + 5))) == MOST_EVENTS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff",
        b"[]",
        b"null",
        b'{"events": []}',
        b'{"secret": null}',
        b'{"secret": ""}',
        b'{"secret": ["planted-s3cret"]}',
        b'{"secret": "planted-s3cre"}',
        b'{"secret": "planted-s3cret "}',
        b'{"secret": "\\ud800"}',
    ],
)
def test_what_does_not_hold_the_secret_is_refused_and_not_repeated(body: bytes) -> None:
    with pytest.raises(WebhookRefusedError) as refused:
        changes_of(body, SECRET)
    assert str(refused.value) in {"The body has to be JSON.", "The secret is missing or wrong."}


@pytest.mark.parametrize("events", [None, {}, "all", 7])
def test_a_webhook_without_a_list_of_events_says_nothing(events: Any) -> None:
    body = {"secret": SECRET.get_secret_value(), "events": events}
    assert changes_of(json.dumps(body).encode(), SECRET) == []
