"""The server that tests start: an `IntervalsServer` whose calendar can be changed.

It serves a whole `weekly-plan run` and what is delivered after it. The rules of the calendar are in
`calendar`; here are addresses, credentials and what an athlete does by hand between two requests.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import RLock
from typing import Any, Literal

from weekly_plan_assets_tests.support.calendar_server.calendar import (
    RefusedError,
    Row,
    ServerCalendar,
    checked,
    checked_list,
)
from weekly_plan_assets_tests.support.calendar_server.workout_load import resolved, settings_for
from weekly_plan_assets_tests.support.intervals_server import (
    API_KEY,
    ATHLETE_ID,
    Answered,
    IntervalsServer,
    Request,
    asked_rows,
    basic,
)

WINDOW_DAYS = 6
"""After `oldest`, where `newest` is not asked."""

READ_SCOPES = frozenset({"CALENDAR:READ", "CALENDAR:WRITE"})
DEVICES = ("garmin", "suunto", "coros", "wahoo", "zwift", "zepp", "huawei")


@dataclass(frozen=True)
class OAuthApp:
    """An application that an athlete let in.

    Attributes:
        client_id: What its entries carry as `oauth_client_id`.
        scopes: What it may do.
    """

    client_id: int
    scopes: frozenset[str] = frozenset({"CALENDAR:WRITE"})


@dataclass
class CalendarServer(IntervalsServer):
    """An Intervals.icu whose calendar clients, and the athlete, can change.

    Attributes:
        today: The athlete's day, from which an unbounded question counts; None: the machine's.
        of_keys: What `upsert` does under an API key: see `ServerCalendar`.
        key_may_write: Whether the key of the athlete may change the calendar.
        apps: By their token, the applications that were let in.
        carried_out: Called with each change after it was made, before it is answered.
        range_deletes: The requests that deleted by range: a client must never send one.
        settings: What the account says of the athlete in addition, such as uploads to devices.
        connections: What the account says of connected devices.
    """

    today: date | None = None
    of_keys: Literal["matches", "duplicates"] = "matches"
    key_may_write: bool = True
    apps: dict[str, OAuthApp] = field(default_factory=dict)
    carried_out: Callable[[Request], None] = lambda request: None
    range_deletes: list[Request] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    connections: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = RLock()
        self._calendar = ServerCalendar([], ATHLETE_ID)
        super().__post_init__()

    # What the athlete does by hand.

    def add(self, **fields: Any) -> str:
        """Put an entry on the calendar by hand; its id."""
        with self._lock:
            return str(self.calendar.add(checked(fields), None, keeps_uid=True)["id"])

    def move(self, event_id: int | str, day: date) -> None:
        """Drag an entry to another day."""
        with self._lock:
            clock = str(self.event(event_id)["start_date_local"])[10:] or "T00:00:00"
            self.edit(event_id, start_date_local=f"{day}{clock}")

    def edit(self, event_id: int | str, **fields: Any) -> None:
        """Change an entry by hand."""
        with self._lock:
            self.calendar.change(self.event(event_id), checked(fields, is_new=False))

    def delete(self, event_id: int | str) -> None:
        """Take an entry off the calendar by hand."""
        with self._lock:
            self.calendar.delete(event_id, None, others=False)

    def do(self, event_id: int | str, activity: Mapping[str, Any], compliance: float = 100) -> None:
        """Record an activity that the server pairs with an entry.

        Args:
            event_id: The entry.
            activity: As the API answers it.
            compliance: How much of the entry was done, in percent.
        """
        with self._lock:
            row = self.event(event_id)
            paired = {"paired_event_id": row["id"], "compliance": compliance}
            self.activities.append({**activity, **paired})
            self.calendar.change(row, {})
            row["paired_activity_id"] = activity["id"]

    def add_push_error(self, event_id: int | str, service: str, message: str) -> None:
        """Let a service refuse an entry, which is no change of it."""
        with self._lock:
            row = self.event(event_id)
            error = {"service": service, "message": message, "date": row["updated"]}
            row["push_errors"] = [*(row.get("push_errors") or []), error]

    def connect(self, device: str, *, uploads: bool = True) -> None:
        """Connect a device of `DEVICES`, with the tick for workouts or without it."""
        assert device in DEVICES
        connected = "garmin_training_connected" if device == "garmin" else f"{device}_connected"
        ticked = f"{'icu_' if device == 'garmin' else ''}{device}_upload_workouts"
        self.connections[connected] = True
        self.settings[ticked] = uploads

    def event(self, event_id: int | str) -> Row:
        """An entry as the server holds it."""
        return self.calendar.row(event_id)

    def found(self, external_id: str) -> list[Row]:
        """The entries with this external id; more than one are duplicates."""
        return [row for row in self.events if row.get("external_id") == external_id]

    @property
    def calendar(self) -> ServerCalendar:
        """The entries and their rules, with whatever a test has set since."""
        calendar = self._calendar
        calendar.rows, calendar.sport_settings = self.events, self.sport_settings
        calendar.of_keys = self.of_keys
        return calendar

    # What clients ask.

    def is_known(self, authorization: str | None) -> bool:
        return authorization == basic(API_KEY) or self._app(authorization) is not None

    def respond(self, request: Request) -> Answered:
        with self._lock:
            try:
                content = self._responded(request)
            except RefusedError as refused:
                error = {"status": refused.status, "error": refused.reason}
                return Answered(refused.status, error)
        if content is None:
            return Answered(404, {"status": 404, "error": "Not Found"})
        if request.is_write:
            self.carried_out(request)
        return Answered(200, content)

    def answer(self, path: str, query: Mapping[str, str]) -> Any:
        match _below_athlete(path):
            case []:
                return super().answer(path, query) | _uploads() | self.settings
            case ["connections"]:
                return {"id": ATHLETE_ID} | _connections() | self.connections
            case ["events"]:
                return self._listed(query)
            case ["events", event_id]:
                return deepcopy(self.event(event_id))
        return super().answer(path, query)

    def _responded(self, request: Request) -> Any:
        app = self._app(request.headers.get("Authorization"))
        self._require_scope(request, app)
        if not request.is_write:
            return self.answer(request.path, request.query)
        return self._changed(request, app.client_id if app is not None else None)

    def _changed(self, request: Request, client: int | None) -> Any:
        answer: Any = None
        match (request.method, *(_below_athlete(request.path) or [])):
            case ("POST", "events"):
                answer = self._upserted([checked(_json(request))], request, client)[0]
            case ("POST", "events", "bulk"):
                answer = self._upserted(checked_list(_json(request)), request, client)
            case ("PUT", "events", "bulk-delete"):
                answer = self._bulk_deleted(_json(request), client)
            case ("PUT", "events", event_id):
                row = self.event(event_id)
                self.calendar.change(row, checked(_json(request), is_new=False))
                answer = deepcopy(row)
            case ("DELETE", "events", event_id):
                others = request.query.get("others") == "true"
                self.calendar.delete(event_id, request.query.get("notBefore"), others=others)
                answer = {}
            case ("DELETE", "events"):
                answer = self._range_deleted(request)
        return answer

    def _upserted(
        self, sent: list[Mapping[str, Any]], request: Request, client: int | None
    ) -> list[Row]:
        query = request.query
        key = "none"
        if query.get("upsert") == "true" and request.path.endswith("/bulk"):
            key = "external_id"
        elif query.get("upsertOnUid") == "true":
            key = "uid"
        rows = self.calendar.upsert(sent, client, key)
        if query.get("updatePlanApplied") == "true":
            for row in rows:
                row["plan_applied"] = rows[0]["updated"]
        return deepcopy(rows)

    def _bulk_deleted(self, named: list[Mapping[str, Any]], client: int | None) -> Any:
        doomed = self.calendar.doomed(named, client)
        for row in doomed:
            self.events.remove(row)
        return {"eventsDeleted": len(doomed)}

    def _range_deleted(self, request: Request) -> Any:
        """Delete whatever is in the range, the athlete's own too, as the real one does."""
        self.range_deletes.append(request)
        query = request.query
        if "oldest" not in query or "category" not in query:
            raise RefusedError(400, "oldest and category are required")
        oldest, newest = query["oldest"], query.get("newest", "9999-12-31")
        categories = query["category"].split(",")
        self.events[:] = [
            row
            for row in self.events
            if not oldest <= row["start_date_local"][:10] <= newest
            or row.get("category") not in categories
        ]
        return {}

    def _listed(self, query: Mapping[str, str]) -> list[Row]:
        today = self.today or datetime.now(UTC).date()
        oldest = date.fromisoformat(query.get("oldest", str(today))[:10])
        newest = query.get("newest", str(oldest + timedelta(days=WINDOW_DAYS)))
        days = {**query, "oldest": str(oldest), "newest": newest}
        rows = deepcopy(asked_rows(self.events, "start_date_local", days))
        if "category" in query:
            rows = [row for row in rows if row.get("category") in query["category"].split(",")]
        if query.get("resolve") == "true":
            for row in rows:
                if row.get("workout_doc"):
                    settings = settings_for(row.get("type"), self.sport_settings)
                    row["workout_doc"] = resolved(row["workout_doc"], settings)
        return rows[: int(query["limit"])] if "limit" in query else rows

    def _require_scope(self, request: Request, app: OAuthApp | None) -> None:
        below = _below_athlete(request.path) or []
        if app is None:
            if request.is_write and not self.key_may_write:
                raise RefusedError(403, "Scope CALENDAR:WRITE is required")
        elif request.is_write and "CALENDAR:WRITE" not in app.scopes:
            raise RefusedError(403, "Scope CALENDAR:WRITE is required")
        elif below[:1] == ["events"] and not app.scopes & READ_SCOPES:
            raise RefusedError(403, "Scope CALENDAR:READ is required")

    def _app(self, authorization: str | None) -> OAuthApp | None:
        return self.apps.get((authorization or "").removeprefix("Bearer "))


def _below_athlete(path: str) -> list[str] | None:
    """The parts of a path after the athlete's id; None for another athlete's."""
    match path.removeprefix("/api/v1").strip("/").split("/"):
        case ["athlete", "0" | "fx000002", *below]:
            return below
    return None


def _json(request: Request) -> Any:
    try:
        return request.sent
    except ValueError as error:
        raise RefusedError(400, "JSON expected") from error


def _uploads() -> dict[str, bool]:
    return {"icu_garmin_upload_workouts": False} | {
        f"{device}_upload_workouts": False for device in DEVICES[1:]
    }


def _connections() -> dict[str, bool]:
    named = ("garmin_health", "garmin_training", "polar", *DEVICES[1:])
    return {f"{name}_connected": False for name in named}
