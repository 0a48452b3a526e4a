"""A server that keeps a calendar as Intervals.icu is said to keep one, over real sockets.

What it does follows from its API document and from what its author and its users report; the
text of a workout is read by a small parser of its own, in `calendar_steps`. The hand of an athlete
is a method each: moved, edited, deleted, done, added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from threading import RLock
from typing import Any

from weekly_plan_assets_tests.support.calendar_steps import parsed_workout
from weekly_plan_assets_tests.support.intervals_server import (
    ATHLETE_ID,
    IntervalsServer,
    Request,
)

LONGEST_NAME = 80
FIRST_ID = 9001
DEVICES = ("garmin_training", "wahoo", "suunto", "coros", "zwift", "zepp", "huawei")


@dataclass
class CalendarServer(IntervalsServer):
    """A calendar that can be written.

    Attributes:
        matches_external_ids: Whether a bulk upsert finds an entry of the same external_id, which
            is documented for OAuth apps, and reported for keys.
        drops_external_ids: Whether the server forgets them.
        may_write: Whether the key has the right to.
        normalises: Whether it changes the text of what it is sent.
        connected, ticked: Devices that are connected, and whose box for workouts is ticked.
    """

    matches_external_ids: bool = True
    may_write: bool = True
    normalises: bool = False
    connected: set[str] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._ids = count(FIRST_ID)
        self._clock = count(1)
        self._lock = RLock()
        super().__post_init__()

    def answer(self, path: str, query: Mapping[str, str]) -> Any:
        parts = path.removeprefix("/api/v1").strip("/").split("/")
        match parts:
            case ["athlete", "0" | "fx000002", "connections"]:
                return {f"{name}_connected": name in self.connected for name in DEVICES}
            case ["athlete", "0" | "fx000002"]:
                names = {name: name for name in DEVICES} | {"garmin_training": "icu_garmin"}
                ticks = {f"{names[one]}_upload_workouts": one in self.ticked for one in DEVICES}
                return {**super().answer(path, query), **ticks}
            case ["athlete", "0" | "fx000002", "events"]:
                with self._lock:
                    return super().answer(path, query)
            case ["athlete", "0" | "fx000002", "events", event_id]:
                return self.by_id(event_id)
        return super().answer(path, query)

    def written(self, request: Request) -> tuple[int, Any]:
        parts = request.path.removeprefix("/api/v1").strip("/").split("/")
        if not self.may_write:
            return 403, {"status": 403, "error": "The key lacks CALENDAR:WRITE"}
        with self._lock:
            match request.method, parts:
                case "POST", ["athlete", "0" | "fx000002", "events", "bulk"]:
                    return self._bulk(request)
                case "POST", ["athlete", "0" | "fx000002", "events"]:
                    return self._bulk(request, [request.body])
                case "PUT", ["athlete", "0" | "fx000002", "events", event_id]:
                    return self._put(event_id, request.body)
                case "DELETE", ["athlete", "0" | "fx000002", "events", event_id]:
                    return self._delete(event_id, request.query)
                case "DELETE", ["athlete", "0" | "fx000002", "events"]:
                    raise AssertionError("a range of the calendar was deleted")
        return 404, {"status": 404, "error": "Not Found"}

    def by_id(self, event_id: str | int) -> dict[str, Any] | None:
        return next((one for one in self.events if str(one["id"]) == str(event_id)), None)

    def own(self) -> list[dict[str, Any]]:
        """The entries that a delivery made, by their external_id."""
        found = [
            one for one in self.events if str(one.get("external_id")).startswith("weekly-plan:")
        ]
        return sorted(found, key=lambda one: str(one["external_id"]))

    def one(self, name: str) -> dict[str, Any]:
        """The entry of that name."""
        (found,) = [one for one in self.events if one["name"] == name]
        return found

    def move(self, event_id: int, day: date) -> None:
        self.edit(event_id, start_date_local=f"{day}T00:00:00")

    def edit(self, event_id: int, **fields: Any) -> None:
        event = self.by_id(event_id)
        assert event is not None
        self._change(event, fields)

    def delete(self, event_id: int) -> None:
        self.events = [one for one in self.events if one["id"] != event_id]

    def add(self, **fields: Any) -> int:
        """An entry of the athlete's own."""
        return int(self._made({"category": "WORKOUT", "external_id": None, **fields})["id"])

    def do(self, event_id: int, activity: Mapping[str, Any]) -> None:
        """Record an activity for an entry."""
        event = self.by_id(event_id)
        assert event is not None
        event["paired_activity_id"] = activity["id"]
        self.activities.append({**activity, "paired_event_id": event_id})

    @property
    def writes(self) -> list[Request]:
        return [one for one in self.requests if one.method != "GET"]

    def _bulk(self, request: Request, rows: Any = None) -> tuple[int, Any]:
        rows = request.body if rows is None else rows
        faults = [fault for row in rows if (fault := self._refusal(row))]
        if faults:  # one bad entry has all of them refused
            return 422, {"status": 422, "error": faults[0]}
        upsert = request.query.get("upsert") == "true" and self.matches_external_ids
        made = []
        for row in rows:
            same = [
                one
                for one in self.events
                if upsert and row.get("external_id") and one["external_id"] == row["external_id"]
            ]
            if same:
                self._change(same[0], row)
            made.append(same[0] if same else self._made(row))
        return 200, made

    def _put(self, event_id: str, fields: Mapping[str, Any]) -> tuple[int, Any]:
        event = self.by_id(event_id)
        if event is None:
            return 404, {"status": 404, "error": f"Event {event_id} not found"}
        fault = self._refusal({**event, **fields})
        if fault:
            return 422, {"status": 422, "error": fault}
        self._change(event, fields)
        return 200, event

    def _delete(self, event_id: str, query: Mapping[str, str]) -> tuple[int, Any]:
        event = self.by_id(event_id)
        if event is None:
            return 404, {"status": 404, "error": f"Event {event_id} not found"}
        if str(event["start_date_local"])[:10] < query.get("notBefore", ""):
            return 422, {"status": 422, "error": "Event is in the past"}
        self.delete(event["id"])
        return 200, {}

    def _refusal(self, row: Mapping[str, Any]) -> str | None:
        if len(str(row.get("name") or "")) > LONGEST_NAME:
            return f"Name is too long: {str(row['name'])[:20]}"
        if not row.get("category") or not row.get("start_date_local"):
            return "category and start_date_local are required"
        return None

    def _made(self, row: Mapping[str, Any]) -> dict[str, Any]:
        event: dict[str, Any] = {
            "id": next(self._ids),
            "athlete_id": ATHLETE_ID,
            "calendar_id": 1,
            "oauth_client_id": None,
            "external_id": None,
            "description": None,
            "type": None,
            "name": None,
            "moving_time": None,
            "icu_training_load": None,
            "paired_activity_id": None,
            "push_errors": None,
            "workout_doc": None,
        }
        self._change(event, {name: value for name, value in row.items() if name != "uid"})
        self.events.append(event)
        return event

    def _change(self, event: dict[str, Any], fields: Mapping[str, Any]) -> None:
        """Set fields as the server does: steps, duration and load follow from the text."""
        event |= {name: value for name, value in fields.items() if name != "uid"}
        event["updated"] = f"2026-01-01T00:{next(self._clock):02d}:00.000+00:00"
        if self.normalises and event["description"]:
            event["description"] = event["description"].replace("Main set", "Main Set") + "\n"
        if "description" in fields and event["category"] == "WORKOUT":
            workout = parsed_workout(event["description"] or "")
            event["workout_doc"] = {"steps": workout.steps} if workout.steps else None
            if workout.steps:
                event["moving_time"] = workout.duration_s
                event["icu_training_load"] = round(workout.duration_s / 60)
