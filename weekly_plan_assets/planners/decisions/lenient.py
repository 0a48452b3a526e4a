"""Reads an answer of decisions leniently: what is meant counts, and what is left out is named.

Words around the JSON, other names of days and sports, numbers as text, single values for lists and
unknown keys are read with a note. What cannot be understood is refused with day and cause.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.planners.decisions.contract import (
    DecidedDay,
    DecidedSession,
    DecidedSport,
    Decisions,
)

_DAYS = tuple(DecidedDay)
_SPORTS = {
    "running": "run",
    "jog": "run",
    "trailrun": "run",
    "ride": "ride",
    "bike": "ride",
    "biking": "ride",
    "cycling": "ride",
    "virtualride": "ride",
    "swimming": "swim",
    "gym": "strength",
    "weights": "strength",
    "weighttraining": "strength",
    "carrera": "run",
    "bici": "ride",
    "natacion": "swim",
    "fuerza": "strength",
} | {sport.value: sport.value for sport in DecidedSport}
_OF_PLANS = frozenset({"schema_version", "schemaVersion", "next_week", "nextWeek", "justification"})
"""Keys of whole plans."""

_REST = frozenset({"", "rest", "off", "none", "descanso"})
_TEXT_KEYS = ("do", "workout", "steps", "what", "session")
_MINUTE_KEYS = ("min", "minutes", "durationmin", "duration_min", "duration")


class UndecidedError(WeeklyPlanError, ValueError):
    """An answer says no week; each line names where and why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


@dataclass(slots=True)
class ReadAnswer:
    """Decisions, and what was read otherwise than it stood there.

    Attributes:
        notes: A line each.
    """

    decisions: Decisions
    notes: list[str] = field(default_factory=list)


def says_decisions(document: Any) -> bool:
    """Whether a JSON document is an answer of decisions, and no whole plan."""
    if not isinstance(document, dict) or _OF_PLANS & document.keys():
        return False
    return bool({"sessions", "days"} & {str(key).lower() for key in document})


def json_within(text: str, hook: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    """The JSON object in a text with words around it; None if there is none.

    Args:
        text: The answer.
        hook: Makes an object of its pairs.
    """
    first, last = text.find("{"), text.rfind("}")
    if not 0 <= first < last:
        return None
    try:
        return json.loads(text[first : last + 1], object_pairs_hook=hook)
    except (json.JSONDecodeError, RecursionError):
        return None


def read_decisions(document: Mapping[str, Any]) -> ReadAnswer:
    """The decisions that a JSON document holds.

    Raises:
        UndecidedError: Something that is needed is missing, or cannot be understood.
    """
    notes: list[str] = []
    known = _lower(document)
    sessions = list(_sessions(known, notes))
    _note_unknown(known, {*Decisions.model_fields, "days"}, "the answer", notes)
    try:
        decisions = Decisions.model_validate(
            {
                "objective": known.get("objective"),
                "sessions": sessions,
                "warnings": _texts(known.get("warnings")),
                "reasons": [_reason(one) for one in _listed(known.get("reasons"))],
                "deviations": _listed(known.get("deviations")),
            }
        )
    except ValidationError as error:
        raise UndecidedError(*_faults(error, sessions)) from error
    return ReadAnswer(decisions, notes)


def _lower(document: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).strip().lower(): value for key, value in document.items()}


def _sessions(known: Mapping[str, Any], notes: list[str]) -> Iterator[dict[str, Any]]:
    """The sessions, listed with their days or sorted under them."""
    for under, listed in ((None, known.get("sessions")), *_by_day(known.get("days"))):
        for one in _listed(listed):
            if isinstance(one, Mapping):
                yield from _session(_lower(one), under, notes)


def _by_day(days: Any) -> Iterator[tuple[Any, Any]]:
    """Each day's name, date or number with its sessions."""
    if isinstance(days, Mapping):
        yield from days.items()
    for number, listed in enumerate(days if isinstance(days, list) else ()):
        of_day = _lower(listed) if isinstance(listed, Mapping) else {"sessions": listed}
        yield of_day.get("day", of_day.get("date", number)), of_day.get("sessions")


def _session(one: dict[str, Any], under: Any, notes: list[str]) -> Iterator[dict[str, Any]]:
    day = _day(one.get("day", one.get("date", under)))
    sport = re.sub(r"[^a-z]", "", str(one.get("sport", one.get("type", ""))).lower())
    said = _do(one)
    if sport in _REST or said in _REST:
        return
    found = {
        "day": day,
        "sport": _SPORTS.get(sport, sport),
        "do": said,
        "long": one.get("long") is True or str(one.get("kind", "")).lower() == "long",
        "note": str(one.get("note", one.get("notes", one.get("description", ""))) or ""),
    }
    read = {*found, "date", "type", "kind", "notes", "description", *_TEXT_KEYS, *_MINUTE_KEYS}
    _note_unknown(one, read | {"intent"}, f"{day} {found['sport']}", notes)
    yield found


def _do(one: Mapping[str, Any]) -> str:
    """What is to be done, in one line: as it says, or of minutes and an intent."""
    for key in _TEXT_KEYS:
        said = one.get(key)
        if isinstance(said, str) and said.strip():
            return said.strip()
        if isinstance(said, list) and said:
            return "; ".join(_step(step) for step in said)
    minutes = next((one[key] for key in _MINUTE_KEYS if one.get(key)), None)
    if minutes is None:
        return ""
    text = str(minutes).strip()
    amount = f"{float(text):.0f} min" if re.fullmatch(r"\d+(\.\d+)?", text) else text
    how = str(one.get("intent", one.get("kind", "easy"))).lower()
    return f"{amount} {'easy' if how in {'long', 'strength', ''} else how}"


def _step(step: Any) -> str:
    """A step in the words of a level."""
    if not isinstance(step, Mapping):
        return str(step).strip()
    one = _lower(step)
    times = one.get("times", one.get("repeats"))
    amount = f"{one.get('min', one.get('minutes', ''))} min {one.get('intent', 'easy')}"
    rest = one.get("rest", one.get("restmin", one.get("rest_min")))
    text = f"{times} x {amount}" if times else amount
    return f"{text} / {rest} min" if rest else text


def _day(value: Any) -> str:
    """The day that a name, a date or a number from 0, Monday, means; as it stands if none is."""
    if isinstance(value, int) and 0 <= value < len(_DAYS):
        return _DAYS[value]
    text = str(value).strip().lower()
    for names in DAY_NAMES_BY_LANGUAGE.values():
        for weekday, name in enumerate(names):
            if text and len(text) >= len("mon") and name.lower().startswith(text.rstrip(".")):
                return _DAYS[weekday]
    try:
        return _DAYS[date.fromisoformat(text[:10]).weekday()]
    except ValueError:
        return text


def _reason(one: Any) -> Any:
    """A reason; one that is only a text cites nothing."""
    if isinstance(one, str):
        return {"text": one}
    if isinstance(one, Mapping):
        known = _lower(one)
        cited = known.get("metrics", known.get("evidence"))
        names = [
            each.get("metric") if isinstance(each, Mapping) else each for each in _listed(cited)
        ]
        return {"text": known.get("text"), "metrics": [str(name) for name in names if name]}
    return one


def _texts(value: Any) -> list[str]:
    return [str(one) for one in _listed(value) if str(one).strip()]


def _listed(value: Any) -> list[Any]:
    """A list of what may be one, one thing, or nothing."""
    if value is None or (isinstance(value, str) and value.strip().lower() in _REST):
        return []
    return value if isinstance(value, list) else [value]


def _note_unknown(known: Mapping[str, Any], read: set[str], where: str, notes: list[str]) -> None:
    unknown = sorted(key for key in known if key not in read)
    if unknown:
        notes.append(f"{where}: {', '.join(unknown)[:200]} not asked for, and left out")


def _faults(error: ValidationError, sessions: list[dict[str, Any]]) -> Iterator[str]:
    """What is missing or cannot be understood; a session is called by its day and sport."""
    for detail in error.errors(include_url=False, include_context=False):
        place = detail["loc"]
        where = ".".join(map(str, place)) or "answer"
        if place[:1] == ("sessions",) and len(place) > 1 and isinstance(place[1], int):
            one = sessions[place[1]]
            where = f"{one['day']} {one['sport']}, {'.'.join(map(str, place[2:]))}"
        if place[-1:] == ("day",):
            allowed = f"a day is one of {', '.join(DecidedDay)}"
        elif place[-1:] == ("sport",):
            allowed = f"a sport is one of {', '.join(DecidedSport)}"
        elif place[-1:] == ("do",):
            allowed = str(DecidedSession.model_fields["do"].description)
        else:
            allowed = detail["msg"]
        yield f"shape: {where}: {str(detail['input'])[:60]!r} cannot be used; {allowed}"
