"""The kinds of values in an athlete's own file, and the entries of its lists.

Each takes what athletes write and gives what is meant. The keys of the file itself belong to
`athlete_file`.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)

from weekly_plan_assets.domain.athlete.athlete_id import ID_ALLOWED, is_athlete_id
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.recorded.value_limits import fastest_race_s
from weekly_plan_assets.domain.units import METRES_PER_KM
from weekly_plan_assets.domain.week import DAY_NAMES, DAY_NAMES_BY_LANGUAGE

WEEKDAY_ALLOWED = "a weekday in English or Spanish, such as monday or lunes"
MINUTES_ALLOWED = "a whole number of minutes from 0 to 1440"
DAY_ALLOWED = "a date as YYYY-MM-DD"
CLOCK_ALLOWED = "a time as h:mm:ss"
PACE_ALLOWED = "a time as m:ss"
YEAR_ALLOWED = "a year from 1900 to the present one"
ZONE_ALLOWED = "an IANA name such as Europe/Madrid"
SPORT_ALLOWED = "run, ride, swim or strength"
ENDURANCE_SPORT_ALLOWED = "run, ride or swim; strength goes by strength_days"

_SPORTS = {sport.name.lower(): sport for sport in Sport}
_ENDURANCE_SPORTS = {name: sport for name, sport in _SPORTS.items() if sport is not Sport.STRENGTH}
_KINDS = {kind.value: kind for kind in SessionKind if kind is not SessionKind.RACE}
KIND_ALLOWED = f"one of {', '.join(_KINDS)}"

_WITHOUT_ACCENTS = str.maketrans("áéíóú", "aeiou")
_WEEKDAYS = {
    spelling: weekday
    for names in DAY_NAMES_BY_LANGUAGE.values()
    for weekday, name in enumerate(names)
    for spelling in (name.lower(), name.lower().translate(_WITHOUT_ACCENTS))
}
_ENGLISH = {spelling: DAY_NAMES[weekday] for spelling, weekday in _WEEKDAYS.items()}
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)")
_PACE = re.compile(r"(\d{1,2}):([0-5]\d)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def weekday_or_none(value: Any) -> int | None:
    """The weekday of a name in English or Spanish, in any case, with or without its accent.

    Returns:
        From 0, Monday, to 6, Sunday; None for what is no such name.
    """
    return _WEEKDAYS.get(value.strip().lower()) if isinstance(value, str) else None


def _meant(names: dict[str, Any], value: Any, allowed: str) -> Any:
    found = names.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(allowed)
    return found


def _named(names: dict[str, Any], allowed: str) -> BeforeValidator:
    """Takes the names, in any case, and gives what they stand for."""
    return BeforeValidator(lambda value: _meant(names, value, allowed))


def _day(value: Any) -> date:
    """A date; text where it stood in quotes. A time of a day is none, nor is a number."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError(DAY_ALLOWED)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(DAY_ALLOWED) from error


def _clock_s(value: Any) -> int:
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(CLOCK_ALLOWED)
    hours, minutes, seconds = map(int, match.groups())
    return (hours * 60 + minutes) * 60 + seconds


def _clock(seconds: int) -> str:
    """As the athlete writes it, so that what is stored can be read again."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _pace_s(value: Any) -> int:
    match = _PACE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(PACE_ALLOWED)
    return int(match[1]) * 60 + int(match[2])


def _pace(seconds: int) -> str:
    """As the athlete writes it, so that what is stored can be read again."""
    return f"{seconds // 60}:{seconds % 60:02}"


def _athlete_id(value: Any) -> str:
    if not isinstance(value, str) or not is_athlete_id(value):
        raise ValueError(ID_ALLOWED)
    return value


def _year_so_far(year: int) -> int:
    if year > datetime.now(UTC).year:
        raise ValueError(YEAR_ALLOWED)
    return year


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError) as error:
        raise ValueError(ZONE_ALLOWED) from error


WholeNumber = Annotated[int, Field(strict=True)]
Minutes = Annotated[WholeNumber, Field(ge=0, le=24 * 60)]
Pace = Annotated[int, BeforeValidator(_pace_s), PlainSerializer(_pace)]
"""Seconds; written as minutes and seconds."""

FileDay = Annotated[date, BeforeValidator(_day)]
AthleteId = Annotated[str, BeforeValidator(_athlete_id)]
Year = Annotated[WholeNumber, Field(ge=1900), AfterValidator(_year_so_far)]
TimeZone = Annotated[str, BeforeValidator(_zone)]
Weekday = Annotated[
    int, _named(_WEEKDAYS, WEEKDAY_ALLOWED), PlainSerializer(lambda day: DAY_NAMES[day].lower())
]
"""From 0, Monday, to 6, Sunday; written as its name."""

WeekdayName = Annotated[str, _named(_ENGLISH, WEEKDAY_ALLOWED)]
"""The English name, whichever was written."""

EnduranceSport = Annotated[Sport, _named(_ENDURANCE_SPORTS, ENDURANCE_SPORT_ALLOWED)]


class Entry(BaseModel):
    """An entry of a list in the file. The description of each field says what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class HalfDays(Entry):
    """Minutes that can be trained before and after noon."""

    am: Minutes = Field(default=0, description=MINUTES_ALLOWED)
    pm: Minutes = Field(default=0, description=MINUTES_ALLOWED)


class RaceEntry(Entry):
    """A goal race, as the athlete writes it down."""

    date: FileDay = Field(description=DAY_ALLOWED)
    priority: Literal["A", "B", "C"] = Field(description="A, B or C")
    name: str | None = Field(
        default=None, strict=True, min_length=1, max_length=100, description="a text"
    )
    sport: EnduranceSport | None = Field(default=None, description="run, ride or swim")
    distance_km: Annotated[float, Field(strict=True)] | None = Field(
        default=None, gt=0, le=1000, description="a number of km above 0 and up to 1000"
    )
    target_time_s: (
        Annotated[int, BeforeValidator(_clock_s), PlainSerializer(_clock), Field(gt=0)] | None
    ) = Field(default=None, alias="target", description=CLOCK_ALLOWED)

    @field_validator("target_time_s")
    @classmethod
    def _somebody_can_do_it(cls, time_s: int | None, info: ValidationInfo) -> int | None:
        """Refuses 0:10:00 for a marathon, a slip of the pen."""
        distance_km, sport = info.data.get("distance_km"), info.data.get("sport")
        if time_s is None or distance_km is None:
            return time_s
        least_s = fastest_race_s(sport and sport.name.lower(), distance_km * METRES_PER_KM)
        if time_s < least_s:
            raise ValueError(
                f"a target that somebody can reach: {distance_km:g} km take more than "
                f"{_clock(round(least_s))}"
            )
        return time_s


class AnchoredEntry(Entry):
    """A session that has its place every week, as the athlete writes it down."""

    weekday: Weekday = Field(alias="day", description=WEEKDAY_ALLOWED)
    sport: Annotated[Sport, _named(_SPORTS, SPORT_ALLOWED)] = Field(description=SPORT_ALLOWED)
    kind: Annotated[SessionKind, _named(_KINDS, KIND_ALLOWED)] = Field(description=KIND_ALLOWED)
    duration_min: Minutes = Field(
        alias="minutes", gt=0, description="a whole number of minutes from 1 to 1440"
    )

    @model_validator(mode="after")
    def _strength_is_of_its_own_kind(self) -> Self:
        if (self.sport is Sport.STRENGTH) != (self.kind is SessionKind.STRENGTH):
            raise ValueError("sport strength with kind strength, and no other")
        return self


class AbsenceEntry(Entry):
    """Days without training, as the athlete writes them down."""

    first: FileDay = Field(description=DAY_ALLOWED)
    last: FileDay = Field(description=DAY_ALLOWED)
    kind: Literal["sick", "injured", "holiday"] = Field(description="sick, injured or holiday")
    what: str | None = Field(
        default=None, strict=True, min_length=1, max_length=100, description="a text"
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last < self.first:
            raise ValueError("a last day that is not before the first")
        return self
