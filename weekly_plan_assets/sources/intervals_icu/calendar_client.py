"""Reads and changes an athlete's calendar at Intervals.icu; every change is sent once.

A change ends in one of three ways: it was applied, it certainly was not, or nobody knows, and then
the caller reads the calendar again. What is put there, and what may be touched, is decided by the
delivery. There is no method that deletes by range, since that deletes what others made.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.domain.recorded.field_types import Id
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.answer import WriteAnswer
from weekly_plan_assets.sources.intervals_icu.calendar_entry import CalendarEntry, Device
from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient, UnansweredWriteError
from weekly_plan_assets.sources.intervals_icu.credential_advice import CredentialAdvice
from weekly_plan_assets.sources.json_rows import parse_rows, say_problems

__all__ = ["CalendarEntry", "Device", "IntervalsCalendar", "WriteOutcome"]

LONGEST_REASON = 300
"""Characters of the server's own words: a refused week is named with the name that is too long."""

_OPEN_4XX = frozenset({408, httpx.codes.TOO_MANY_REQUESTS, 499})
"""Client errors that a gateway sends in place of the server, which may have had the request."""

_READ_AGAIN = "read the calendar to see whether it was applied"
_SAYING = ("error", "message", "detail")
"""Keys under which a refusal says its reason."""

_EVENT_ID = re.compile("[0-9]+")

_DEVICES = (
    ("Garmin", "garmin_training_connected", "icu_garmin_upload_workouts"),
    ("Suunto", "suunto_connected", "suunto_upload_workouts"),
    ("COROS", "coros_connected", "coros_upload_workouts"),
    ("Wahoo", "wahoo_connected", "wahoo_upload_workouts"),
    ("Zwift", "zwift_connected", "zwift_upload_workouts"),
    ("Zepp", "zepp_connected", "zepp_upload_workouts"),
    ("Huawei", "huawei_connected", "huawei_upload_workouts"),
)
"""Name, key of the connections, key of the athlete's settings; Polar and Apple take no workouts."""


@dataclass(frozen=True)
class WriteOutcome:
    """What became of one change.

    Attributes:
        kind: `applied`; `refused` where certainly nothing was changed; `unknown` where only a look
            at the calendar shows it.
        status: The HTTP status; None where no answer came.
        error: One sentence on what went wrong; None where it was applied.
        entries: What the server answered about the entries after the change, as far as it can be
            read.
    """

    kind: Literal["applied", "refused", "unknown"]
    status: int | None = None
    error: str | None = None
    entries: tuple[CalendarEntry, ...] = ()


class _Flags(BaseModel):
    """The answer's keys that are true or false; the others, the key of the API too, are let go."""

    model_config = ConfigDict(frozen=True)

    garmin_training_connected: bool | None = None
    suunto_connected: bool | None = None
    coros_connected: bool | None = None
    wahoo_connected: bool | None = None
    zwift_connected: bool | None = None
    zepp_connected: bool | None = None
    huawei_connected: bool | None = None
    icu_garmin_upload_workouts: bool | None = None
    suunto_upload_workouts: bool | None = None
    coros_upload_workouts: bool | None = None
    wahoo_upload_workouts: bool | None = None
    zwift_upload_workouts: bool | None = None
    zepp_upload_workouts: bool | None = None
    huawei_upload_workouts: bool | None = None


class _Owner(BaseModel):
    """Whose account it is; the rest of the answer, the key of the API too, is let go."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: Id


class IntervalsCalendar:
    """The calendar of one athlete."""

    def __init__(self, client: IntervalsClient, athlete_id: str = "0") -> None:
        """A calendar of which nothing is read yet.

        Args:
            client: With a key or token that may write to it.
            athlete_id: Whose calendar; 0 for the owner of the key or token.
        """
        self._client = client
        self._path = f"/athlete/{athlete_id}"
        advice = client.advice
        self._ways_out = {401: advice.unknown_at_write, 403: advice.may_not_write}

    @property
    def advice(self) -> CredentialAdvice:
        """How the credential is called, and what to do where it is refused."""
        return self._client.advice

    def owner_id(self) -> str:
        """The id of the athlete whose calendar it is.

        Raises:
            SourceError: The account cannot be read.
        """
        return self._client.object(self._path, _Owner).id

    def entries(self, first: date, last: date, *, resolve: bool = False) -> list[CalendarEntry]:
        """Everything on the calendar from `first` to `last`, both included, by start and id.

        Args:
            first: A local day of the athlete.
            last: A local day of the athlete.
            resolve: Whether steps come with their targets in bpm, watts and metres a second.

        Raises:
            SourceError: The calendar cannot be read.
        """
        query = {"oldest": first.isoformat(), "newest": last.isoformat()}
        if resolve:
            query["resolve"] = "true"
        answer = self._client.rows(f"{self._path}/events", CalendarEntry, query)
        return sorted(say_problems(answer), key=lambda one: (one.start_date_local, one.id))

    def create(self, events: Sequence[Mapping[str, Any]]) -> WriteOutcome:
        """Put events on the calendar, all or none of them, in one request.

        Args:
            events: In the fields of the API. An `external_id` that is already there may be
                updated or doubled, depending on the kind of key; look before.
        """
        if not events:
            return WriteOutcome("applied")
        # The document requires the last two of the parameters.
        query = {"upsert": "true", "upsertOnUid": "false", "updatePlanApplied": "false"}
        path = f"{self._path}/events/bulk"
        outcome = self._change("POST", path, query, [dict(event) for event in events])
        return _whole(outcome, events) if outcome.kind == "applied" else outcome

    def update(self, event_id: str, fields: Mapping[str, Any]) -> WriteOutcome:
        """Change the given fields of one event, and no others."""
        if (refused := _without_event(event_id)) is not None:
            return refused
        outcome = self._change("PUT", f"{self._path}/events/{event_id}", {}, dict(fields))
        if outcome.kind == "applied" and [one.id for one in outcome.entries] != [event_id]:
            return _doubtful(outcome, f"the answer is not about event {event_id}")
        return outcome

    def delete(self, event_id: str, not_before: date) -> WriteOutcome:
        """Take one event off the calendar; 404 means that it was not there.

        Args:
            event_id: The server's id; an `external_id` may belong to several events.
            not_before: The server leaves earlier days alone.
        """
        if (refused := _without_event(event_id)) is not None:
            return refused
        query = {"notBefore": not_before.isoformat()}
        return self._change("DELETE", f"{self._path}/events/{event_id}", query, None)

    def devices(self) -> tuple[Device, ...]:
        """The services that take workouts: which are connected, and which get them.

        Raises:
            SourceError: The account cannot be read.
        """
        connections = self._client.object(f"{self._path}/connections", _Flags)
        settings = self._client.object(self._path, _Flags)
        return tuple(
            Device(
                name=name,
                connected=getattr(connections, connected),
                uploads_workouts=getattr(settings, uploads),
            )
            for name, connected, uploads in _DEVICES
        )

    def _change(
        self, method: str, path: str, query: Mapping[str, str], payload: Any
    ) -> WriteOutcome:
        asked = f"{method} {path}"
        try:
            answer = self._client.write(method, path, query, payload)
        except UnansweredWriteError as error:
            if not error.may_be_applied:
                return WriteOutcome("refused", None, self._said(f"{asked}: {error}"))
            return WriteOutcome("unknown", None, self._said(f"{asked}: {error}; {_READ_AGAIN}"))
        if answer.status == httpx.codes.OK:
            return self._applied(asked, answer, has_entries=method != "DELETE")
        words = f": {said}" if (said := self._words(answer)) else ""
        fault = f"{self._client.name} answers {asked} with {answer.status} ({answer.reason}){words}"
        is_certain = httpx.codes.is_client_error(answer.status) and answer.status not in _OPEN_4XX
        way_out = self._ways_out.get(answer.status) if is_certain else _READ_AGAIN
        sentence = self._said(f"{fault}; {way_out}" if way_out else fault)
        return WriteOutcome("refused" if is_certain else "unknown", answer.status, sentence)

    def _applied(self, asked: str, answer: WriteAnswer, *, has_entries: bool) -> WriteOutcome:
        """The outcome of an answer with status 200, if its body is the API's."""
        fault = answer.fault
        is_empty = fault is None and not answer.body.strip()
        if fault is None and "json" not in answer.content_type.lower():
            fault = f"answers with {answer.content_type or 'no type'}, not JSON"
        if is_empty and not has_entries:
            return WriteOutcome("applied", answer.status)
        entries: tuple[CalendarEntry, ...] = ()
        if fault is None:
            try:
                entries = _entries(answer.body) if has_entries else _no_entries(answer.body)
            except SourceError as error:
                fault = str(error)
        if fault is None:
            return WriteOutcome("applied", answer.status, None, entries)
        sentence = self._said(f"{self._client.name}, {asked}: {fault}; {_READ_AGAIN}")
        return WriteOutcome("unknown", answer.status, sentence)

    def _words(self, answer: WriteAnswer) -> str:
        """What the server says in the body of a refusal; nothing of a page made for a browser."""
        if answer.fault is not None or "html" in answer.content_type.lower():
            return ""
        text = answer.body.decode(errors="replace")
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            said = "" if text.lstrip().startswith("<") else text
        if isinstance(said, dict):
            said = next((said[key] for key in _SAYING if said.get(key)), "")
        # The key goes before the end does: half of it would not be found.
        words = " ".join(self._client.without_key(str(said)).split())
        return words if len(words) <= LONGEST_REASON else f"{words[:LONGEST_REASON]}..."

    def _said(self, words: str) -> str:
        return one_line(self._client.without_key(" ".join(words.split())))


def _without_event(event_id: str) -> WriteOutcome | None:
    """Refuse an id that is no number: an empty one would name the whole calendar."""
    if _EVENT_ID.fullmatch(event_id):
        return None
    fault = f"{one_line(event_id)[:LONGEST_REASON]!r} is not the id of one event; nothing was sent"
    return WriteOutcome("refused", None, fault)


def _whole(outcome: WriteOutcome, sent: Sequence[Mapping[str, Any]]) -> WriteOutcome:
    """The outcome, in doubt where the answer does not name all that was sent."""
    if len(outcome.entries) != len(sent):
        fault = f"the answer names {len(outcome.entries)} of {len(sent)} events"
        return _doubtful(outcome, fault)
    named = {entry.external_id for entry in outcome.entries}
    missing = [one["external_id"] for one in sent if one.get("external_id") not in {None, *named}]
    if missing:
        return _doubtful(outcome, f"the answer does not name {missing[0]}")
    return outcome


def _doubtful(outcome: WriteOutcome, fault: str) -> WriteOutcome:
    sentence = one_line(f"{fault}; {_READ_AGAIN}")
    return WriteOutcome("unknown", outcome.status, sentence, outcome.entries)


def _entries(body: bytes) -> tuple[CalendarEntry, ...]:
    """The entries of an answer, which is one or a list of them."""
    rows = body if body.lstrip()[:1] == b"[" else b"[" + body + b"]"
    parsed = parse_rows(
        rows, "the answer", CalendarEntry, way_out="the change cannot be seen in it"
    )
    return tuple(parsed.rows)


def _no_entries(body: bytes) -> tuple[CalendarEntry, ...]:
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceError("the answer is not JSON") from error
    return ()
