"""The kinds of values in an athlete's own file, and the entries of its lists.

Each takes what athletes write and gives what is meant. The keys of the file itself belong to
`athlete_file`.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.domain.weekly_plan import SessionKind, Sport

_SPORTS = {sport.name.lower(): sport for sport in Sport}
_ENDURANCE_SPORTS = {name: sport for name, sport in _SPORTS.items() if sport is not Sport.STRENGTH}
_KINDS = {kind.value: kind for kind in SessionKind if kind is not SessionKind.RACE}
_WITHOUT_ACCENTS = str.maketrans("áéíóú", "aeiou")
_WEEKDAYS = {
    spelling: weekday
    for names in DAY_NAMES_BY_LANGUAGE.values()
    for weekday, name in enumerate(names)
    for spelling in (name.lower(), name.lower().translate(_WITHOUT_ACCENTS))
}
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

WEEKDAYS_ALLOWED = "a weekday in English or Spanish, such as monday or lunes"
_DAY_ALLOWED = "a date as YYYY-MM-DD"


def weekday_of(value: Any) -> int:
    """The weekday of a name in English or Spanish, any case, from 0, Monday, to 6, Sunday.

    Raises:
        ValueError: It is no such name.
    """
    return _one_of(_WEEKDAYS, value, WEEKDAYS_ALLOWED)


def _day(value: Any) -> date:
    """A date; text where it stands in quotes. A time of a day is none, nor is a number."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # 2024-02-30 has the form of a date and is none
    raise ValueError(_DAY_ALLOWED)


def _clock_s(value: Any) -> int:
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a time as h:mm:ss")
    hours, minutes, seconds = map(int, match.groups())
    return (hours * 60 + minutes) * 60 + seconds


def _one_of(known: dict[str, Any], value: Any, allowed: str) -> Any:
    found = known.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(allowed)
    return found


def _named(known: dict[str, Any], allowed: str) -> BeforeValidator:
    """Takes the names of `known` in any case, and the values themselves."""
    return BeforeValidator(
        lambda value: value if value in known.values() else _one_of(known, value, allowed)
    )


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("an IANA name such as Europe/Madrid") from error
    return name
