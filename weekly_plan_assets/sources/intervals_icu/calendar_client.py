"""The calendar of an athlete on Intervals.icu: its entries are read, made, changed and removed.

A write is sent once. What its answer proves is said in `WriteOutcome`; what is done about one of
which nobody knows is decided by the caller, who reads the calendar again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.field_types import Id, Number
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient, WriteAnswer
from weekly_plan_assets.sources.json_rows import say_problems

LONGEST_REASON = 300
"""So much of what a server says about a refused write is quoted."""

UPLOADING_DEVICES = {
    "garmin": ("Garmin", "garmin_training_connected", "icu_garmin_upload_workouts"),
    "wahoo": ("Wahoo", "wahoo_connected", "wahoo_upload_workouts"),
    "suunto": ("Suunto", "suunto_connected", "suunto_upload_workouts"),
    "coros": ("COROS", "coros_connected", "coros_upload_workouts"),
    "zwift": ("Zwift", "zwift_connected", "zwift_upload_workouts"),
    "zepp": ("Zepp", "zepp_connected", "zepp_upload_workouts"),
    "huawei": ("Huawei", "huawei_connected", "huawei_upload_workouts"),
}
"""Services to which Intervals.icu sends workouts: the name, and the fields that say that the
service is connected and that its box for workouts is ticked (OpenAPI of Intervals.icu)."""

_PROVEN_NOT_APPLIED = range(400, 500)
_TOO_MANY = httpx.codes.TOO_MANY_REQUESTS
_TIMED_OUT = httpx.codes.REQUEST_TIMEOUT


class PushProblem(BaseModel):
    """What a device's service said when Intervals.icu sent it a workout."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: str | None = None
    message: str | None = None

    @property
    def sentence(self) -> str:
        """Who refused it, and why."""
        return f"{self.service or 'a device'} refused it: {self.message or 'no reason was given'}"


class CalendarEntry(CalendarEvent):
    """An entry of the calendar as it is read for a delivery.

    Attributes:
        external_id: The id that who made it gave it.
        icu_training_load: What the calendar expects of it.
        paired_activity_id: The activity that was recorded for it.
        push_errors: What went wrong on the way to devices.
    """

    external_id: str | None = None
    description: str | None = None
    target: str | None = None
    updated: str | None = None
    icu_training_load: Number | None = None
    paired_activity_id: Id | None = None
    push_errors: tuple[PushProblem, ...] | None = None

    @property
    def push_error_texts(self) -> tuple[str, ...]:
        """What went wrong on the way to devices, a sentence each."""
        return tuple(one.sentence for one in self.push_errors or ())


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What the answer to a write proves.

    Attributes:
        kind: `applied`; `refused`, so that nothing was changed; or `unknown`.
        status: The status of HTTP; None where there was none.
        error: Why it was not applied, or is not known; None if it was.
    """

    kind: Literal["applied", "refused", "unknown"]
    status: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A service that takes workouts from Intervals.icu.

    Attributes:
        is_connected: Whether the athlete has connected it.
        uploads_workouts: Whether its box for planned workouts is ticked.
    """

    name: str
    is_connected: bool
    uploads_workouts: bool


class _Flags(BaseModel):
    """The fields of an object that are true or false; the rest is let go, secrets too."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Connections(_Flags):
    garmin_training_connected: bool | None = None
    wahoo_connected: bool | None = None
    suunto_connected: bool | None = None
    coros_connected: bool | None = None
    zwift_connected: bool | None = None
    zepp_connected: bool | None = None
    huawei_connected: bool | None = None


class _Uploads(_Flags):
    icu_garmin_upload_workouts: bool | None = None
    wahoo_upload_workouts: bool | None = None
    suunto_upload_workouts: bool | None = None
    coros_upload_workouts: bool | None = None
    zwift_upload_workouts: bool | None = None
    zepp_upload_workouts: bool | None = None
    huawei_upload_workouts: bool | None = None


class IntervalsCalendar:
    """The calendar of one athlete."""

    def __init__(self, client: IntervalsClient, athlete_id: str = "0") -> None:
        """A calendar of which nothing is asked yet.

        Args:
            client: With the athlete's key.
            athlete_id: Whose; 0 for the owner of the key.
        """
        self._client = client
        self._athlete = f"/athlete/{athlete_id}"
        self._events = f"{self._athlete}/events"

    def entries(self, first: date, last: date) -> list[CalendarEntry]:
        """The entries of the days `first` to `last`, both included, by start.

        Raises:
            SourceError: The calendar cannot be read.
        """
        # A bare day may mean its first moment.
        days = {"oldest": first.isoformat(), "newest": f"{last.isoformat()}T23:59:59"}
        answer = self._client.rows(self._events, CalendarEntry, days)
        return sorted(say_problems(answer), key=lambda one: (one.start_date_local, one.id))

    def create(self, events: Sequence[Mapping[str, Any]]) -> WriteOutcome:
        """Make entries, all in one request, which is refused as a whole if one of them is wrong.

        An entry of the same `external_id` is updated, where the server knows it by that.
        """
        answer = self._client.write(
            "POST", f"{self._events}/bulk", {"upsert": "true"}, [dict(one) for one in events]
        )
        outcome = _outcome_of(answer)
        if outcome.kind != "applied":
            return outcome
        count = _rows_in(answer.content)
        if count == len(events):
            return outcome
        said = "something other than a list" if count is None else f"{count} entries"
        return WriteOutcome(
            "unknown", answer.status, f"{len(events)} entries were sent, and {said} came back"
        )

    def update(self, event_id: str, fields: Mapping[str, Any]) -> WriteOutcome:
        """Change some fields of an entry and leave the others."""
        return _outcome_of(
            self._client.write("PUT", f"{self._events}/{event_id}", {}, dict(fields))
        )

    def delete(self, event_id: str, not_before: date) -> WriteOutcome:
        """Remove one entry, unless its day is before `not_before`."""
        query = {"notBefore": not_before.isoformat()}
        return _outcome_of(self._client.write("DELETE", f"{self._events}/{event_id}", query))

    def devices(self) -> tuple[Device, ...]:
        """The services to which workouts can go, with what the athlete has chosen for each.

        Raises:
            SourceError: The account cannot be read.
        """
        connected = self._client.object(f"{self._athlete}/connections", _Connections)
        uploads = self._client.object(self._athlete, _Uploads)
        return tuple(
            Device(name, bool(getattr(connected, linked)), bool(getattr(uploads, ticked)))
            for name, linked, ticked in UPLOADING_DEVICES.values()
        )


def _outcome_of(answer: WriteAnswer) -> WriteOutcome:
    """What an answer proves: refusals name what is wrong, and anything else may have been applied.

    A server that is too busy, or behind one that is, may have applied what it did not answer.
    """
    status = answer.status
    if status is None or not answer.whole:
        return WriteOutcome("unknown", status, answer.said)
    if httpx.codes.is_success(status):
        return WriteOutcome("applied", status)
    reason = _reason(answer.content)
    sentence = f"{answer.said}: {reason}" if reason else answer.said
    if status in _PROVEN_NOT_APPLIED and status not in {_TOO_MANY, _TIMED_OUT}:
        return WriteOutcome("refused", status, sentence)
    return WriteOutcome("unknown", status, sentence)


def _rows_in(content: bytes) -> int | None:
    """How many rows a list holds; None if it is none."""
    try:
        rows = json.loads(content)
    except ValueError:
        return None
    return len(rows) if isinstance(rows, list) else None


class _Refusal(BaseModel):
    """The body of a refusal, as far as it is read."""

    model_config = ConfigDict(extra="ignore")

    error: str | None = None
    message: str | None = None


def _reason(content: bytes) -> str:
    """What the server says is wrong, in one line; empty if it says nothing that can be quoted."""
    try:
        refusal = _Refusal.model_validate_json(content)
    except ValidationError:  # a page of HTML, say
        return ""
    words = " ".join((refusal.error or refusal.message or "").split())
    return words if len(words) <= LONGEST_REASON else f"{words[:LONGEST_REASON]}..."
