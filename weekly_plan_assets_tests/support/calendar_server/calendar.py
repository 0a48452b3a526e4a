"""The entries of the server's calendar, and the rules by which a client may change them.

Assumptions, where nothing is documented: an entry that is refused names its place in the list;
`notBefore` after the entry's day answers 422; a push error is no change, so that `updated` stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Literal
from uuid import uuid4

from weekly_plan_assets_tests.support.calendar_server.workout_load import (
    expected_load,
    settings_for,
)
from weekly_plan_assets_tests.support.calendar_server.workout_text import parse_workout

Row = dict[str, Any]

CATEGORIES = frozenset(
    [
        *("WORKOUT", "RACE_A", "RACE_B", "RACE_C", "NOTE", "PLAN", "HOLIDAY", "SICK"),
        *("INJURED", "SET_EFTP", "FITNESS_DAYS", "SEASON_START", "TARGET", "SET_FITNESS"),
    ]
)
TARGETS = frozenset({"AUTO", "POWER", "HR", "PACE"})
LONGEST_NAME = 80
WITHOUT_LOAD = frozenset({"WeightTraining"})
"""Sports whose steps say neither time nor load."""

OF_THE_SERVER = frozenset(
    [
        *("id", "updated", "athlete_id", "calendar_id", "created_by_id"),
        *("oauth_client_id", "push_errors", "icu_atl", "icu_ctl", "icu_ftp"),
        *("paired_activity_id", "workout_doc", "plan_applied"),
    ]
)
"""What a client may send without any effect."""

EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(
        [
            *("type", "name", "description", "indoor", "color", "moving_time", "icu_ftp"),
            *("icu_training_load", "icu_intensity", "target", "joules", "workout_doc"),
            *("push_errors", "sub_type", "distance", "tags", "attachments", "load_target"),
            *("time_target", "distance_target", "max_training_time", "can_train_sports"),
            *("plan_athlete_id", "plan_folder_id", "plan_workout_id", "plan_applied"),
            *("plan_name", "paired_activity_id", "uid", "external_id", "oauth_client_id"),
            *("icu_atl", "icu_ctl", "carbs_per_hour", "shared_event_id", "carbs_used"),
            *("ss_p_max", "ss_w_prime", "ss_cp", "w_prime", "p_max", "atl_days", "ctl_days"),
            *("joules_above_ftp", "strain_score"),
        ]
    ),
    **dict.fromkeys(
        [
            *("athlete_cannot_edit", "hide_from_athlete", "structure_read_only", "for_week"),
            *("entered", "not_on_fitness_chart", "show_as_note", "show_on_ctl_line"),
        ],
        False,
    ),
    "training_availability": "NORMAL",
}
"""The fields of an entry of which nothing was said."""


class RefusedError(Exception):
    """An entry, or a request about one, that the server does not take."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass
class ServerCalendar:
    """The entries of one athlete.

    Attributes:
        rows: The entries; a test may put its own there.
        athlete_id: Whose they are.
        sport_settings: What the athlete set, for the load of steps.
        of_keys: What `upsert` does with an `external_id` that was sent under an API key, which is
            not documented: it `matches` what another key made, or makes `duplicates`.
    """

    rows: list[Row]
    athlete_id: str
    sport_settings: list[Row] = field(default_factory=list)
    of_keys: Literal["matches", "duplicates"] = "matches"
    _ids: Any = field(default_factory=lambda: count(70_000_001))
    _last_change: datetime = datetime(2026, 1, 1)  # noqa: DTZ001 - the API sends none

    def row(self, event_id: int | str) -> Row:
        """The entry with this id.

        Raises:
            RefusedError: There is none.
        """
        found = next((row for row in self.rows if str(row["id"]) == str(event_id)), None)
        if found is None:
            raise RefusedError(404, "Event not found")
        return found

    def add(self, sent: Mapping[str, Any], client: int | None, *, keeps_uid: bool) -> Row:
        """Make an entry; it is checked before."""
        day = _day(sent)
        row = {
            **EMPTY,
            "id": next(self._ids),
            "calendar_id": 1,
            "athlete_id": self.athlete_id,
            "created_by_id": self.athlete_id,
            "oauth_client_id": client,
            "uid": sent.get("uid") or str(uuid4()) if keeps_uid else None,
            "end_date_local": f"{day + timedelta(days=1)}T00:00:00",
        }
        self.rows.append(row)
        self.change(row, {key: value for key, value in sent.items() if key != "uid"})
        return row

    def change(self, row: Row, sent: Mapping[str, Any]) -> None:
        """Set what was sent; steps that were sent, or a sport, change time and load."""
        before = row.get("start_date_local")
        row |= {key: value for key, value in sent.items() if key not in OF_THE_SERVER}
        if before != row["start_date_local"] and "end_date_local" not in sent:
            row["end_date_local"] = f"{_day(row) + timedelta(days=1)}T00:00:00"
        if sent.keys() & {"description", "type", "moving_time", "icu_training_load"}:
            self._read_steps(row)
        row["updated"] = self._now()

    def upsert(self, sent: Iterable[Mapping[str, Any]], client: int | None, key: str) -> list[Row]:
        """Make or change entries, found again by a key such as `external_id`; all were checked."""
        done = []
        for one in sent:
            known = self._known(one.get(key), client, key)
            if known is None:
                known = self.add(one, client, keeps_uid=client is not None)
            else:
                self.change(known, one)
            done.append(known)
        return done

    def delete(self, event_id: int | str, not_before: str | None, *, others: bool) -> int:
        """Take one entry away, with others of the same plan where that is asked; their number."""
        row = self.row(event_id)
        if not_before and str(row["start_date_local"])[:10] < not_before[:10]:
            raise RefusedError(422, f"Event is before {not_before}")
        doomed = [row]
        if others and row.get("plan_applied"):
            doomed = [one for one in self.rows if one.get("plan_applied") == row["plan_applied"]]
        for one in doomed:
            self.rows.remove(one)
        return len(doomed)

    def doomed(self, named: Iterable[Mapping[str, Any]], client: int | None) -> list[Row]:
        """What a list of ids and external ids means; external ids win, and find an app's own."""
        rows: dict[int, Row] = {}
        for one in named:
            if one.get("external_id") is not None:
                known = self._known(one["external_id"], client, "external_id")
            else:
                known = next((row for row in self.rows if row["id"] == one.get("id")), None)
            if known is not None:
                rows[known["id"]] = known
        return list(rows.values())

    def _known(self, value: Any, client: int | None, key: str) -> Row | None:
        if value is None or (client is None and (self.of_keys == "duplicates" or key == "uid")):
            return None
        mine = (row for row in self.rows if row.get("oauth_client_id") == client)
        return next((row for row in mine if row.get(key) == value), None)

    def _read_steps(self, row: Row) -> None:
        if row.get("category") != "WORKOUT":
            return
        doc = parse_workout(row.get("description") or "", row.get("type"))
        row["workout_doc"] = doc
        if row.get("type") in WITHOUT_LOAD:
            row["icu_training_load"] = None
        elif doc["steps"]:
            settings = settings_for(row.get("type"), self.sport_settings)
            row["moving_time"] = doc["duration"]
            row["icu_training_load"] = expected_load(doc, settings)

    def _now(self) -> str:
        """A moment that no entry has; the real server's have whole seconds."""
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        self._last_change = max(now, self._last_change + timedelta(seconds=1))
        return self._last_change.isoformat()


def checked(sent: Any, *, is_new: bool = True) -> Mapping[str, Any]:
    """What was sent about an entry.

    Raises:
        RefusedError: It is none.
    """
    if not isinstance(sent, dict):
        raise RefusedError(400, "Event expected")
    if len(sent.get("name") or "") > LONGEST_NAME:
        raise RefusedError(422, "Name is too long")
    for key, allowed in (("category", CATEGORIES), ("target", TARGETS)):
        if sent.get(key) is not None and sent[key] not in allowed:
            raise RefusedError(422, f"Unknown {key} {sent[key]}")
    if is_new and sent.get("category") is None:
        raise RefusedError(422, "category is required")
    if is_new or "start_date_local" in sent:
        _day(sent)
    return sent


def checked_list(sent: Any) -> list[Mapping[str, Any]]:
    """What was sent about several entries; the first that is wrong refuses them all.

    Raises:
        RefusedError: One of them is none; the reason names it.
    """
    if not isinstance(sent, list):
        raise RefusedError(400, "Array of events expected")
    for index, one in enumerate(sent):
        try:
            checked(one)
        except RefusedError as refused:
            name = one.get("name") if isinstance(one, dict) else one
            raise RefusedError(refused.status, f"Event {index} '{name}': {refused}") from refused
    return sent


def _day(sent: Mapping[str, Any]) -> date:
    try:
        return datetime.fromisoformat(str(sent.get("start_date_local"))).date()
    except ValueError as error:
        raise RefusedError(422, "start_date_local is not a local date") from error
