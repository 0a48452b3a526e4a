"""The small contract of a language model: decisions and words, and no number that code knows.

Dates, names, phase, targets, loads, sums, races, fixed sessions and values of evidence are code's.
"""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TEXT = 300
MOST_DECIDED = 21
MOST_TEXTS = 8


class DecidedDay(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class DecidedSport(StrEnum):
    """A sport, in the words of the athlete file."""

    RUN = "run"
    RIDE = "ride"
    SWIM = "swim"
    STRENGTH = "strength"


class Decided(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class DecidedSession(Decided):
    """One session."""

    day: DecidedDay
    sport: DecidedSport
    do: str = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        description=(
            "a workout id, '<min> min with <workout id>', or steps: '15 min easy; 4 x 5 min "
            "threshold / 2 min; 10 min easy'; strength: '45 min'"
        ),
    )
    long: bool = False
    note: str = Field(default="", max_length=LONGEST_TEXT)


class DecidedReason(Decided):
    """Why the week looks as it does."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    metrics: tuple[str, ...] = Field(default=(), max_length=6)


class Deviation(Decided):
    """A rule that says "should" and is broken for a reason."""

    rule: str = Field(max_length=60)
    why: str = Field(min_length=1, max_length=LONGEST_TEXT)


class Decisions(Decided):
    """A week as a model decides it; a day without a session is one of rest."""

    objective: str = Field(min_length=1, max_length=LONGEST_TEXT)
    sessions: tuple[DecidedSession, ...] = Field(max_length=MOST_DECIDED)
    warnings: tuple[str, ...] = Field(default=(), max_length=MOST_TEXTS)
    reasons: tuple[DecidedReason, ...] = Field(default=(), max_length=MOST_TEXTS)
    deviations: tuple[Deviation, ...] = Field(default=(), max_length=MOST_TEXTS)


def answer_schema() -> dict[str, Any]:
    """The JSON Schema that an answer is asked for with, without what only costs tokens."""
    slim: dict[str, Any] = _slim(Decisions.model_json_schema())
    return slim


def _slim(part: Any) -> Any:
    """A part of a schema without titles, defaults, limits and the docstrings of our models."""
    left_out = {"title", "default", "maxLength", "minLength", "maxItems"}
    if isinstance(part, list):
        return [_slim(one) for one in part]
    if not isinstance(part, dict):
        return part
    is_model = "properties" in part or "enum" in part
    return {
        key: {name: _slim(one) for name, one in value.items()}
        if key in {"properties", "$defs"}
        else _slim(value)
        for key, value in part.items()
        if key not in left_out and not (key == "description" and is_model)
    }
