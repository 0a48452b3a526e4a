"""Makes the values of a row such that any store, log and page can hold them.

Text is repaired; what cannot be repaired, in keys that nothing is calculated from, is left out.
Whether a value is what its field calls for is judged by the row's model.
"""

import re
from functools import cache, lru_cache
from math import inf, isfinite
from typing import Any

from pydantic import BaseModel

from weekly_plan_assets.domain.recorded.field_types import LARGEST_WHOLE_NUMBER
from weekly_plan_assets.errors import WeeklyPlanError

LONGEST_TEXT = 1000
"""Characters of a text that a figure or a page rests on, such as a name."""

LARGEST_EXTRA = 16_000
"""Characters and values that one unknown key may hold; the largest real one has 710."""

MOST_EXTRAS = 500
"""Unknown keys of one row; Intervals.icu sends about 170."""

DEEPEST_EXTRA = 16
"""MongoDB holds a hundred levels; the deepest real value has eight."""

LONGEST_KEY = 100

KEYS_OF_THE_STORE = frozenset(
    {"_id", "athleteId", "weekStart", "contentHash", "createdAt", "updatedAt"}
)
"""What the store adds to a row is not the source's to say."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters but for tab and the ends of lines."""

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of a character that was cut in two, an emoji often; no text file can hold them."""


_SPECIAL = frozenset("$.")
"""What MongoDB gives a meaning in the name of a field."""


class _CannotBeStoredError(WeeklyPlanError, ValueError):
    """Says why."""


def cleaned(raw: dict[str, Any], model: type[BaseModel]) -> tuple[dict[str, Any], dict[str, str]]:
    """The row with repaired texts, and without unknown keys that cannot be stored.

    Args:
        raw: As it was sent.
        model: Its fields are left for it to judge, but for the texts in them.

    Returns:
        The row, and by key what was wrong with it, as the end of a sentence that begins with the
        row.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    extras, fields = 0, _fields(model)
    for key, value in raw.items():
        if key in fields:
            values[key], fault = _with_repaired_text(value, longest=_longest_text(key, model))
            if fault is not None:
                faults[key] = f"has a text in {key} {fault}"
            continue
        extras += 1
        fault = _fault_of_key(key, extras)
        if fault is None and (value is None or type(value) is bool or _is_plain_number(value)):
            values[key] = value  # nearly all of a row
        elif fault is None:
            try:
                values[key] = _Extra().cleaned(value)
            except _CannotBeStoredError as error:
                fault = str(error)
        if fault is not None:
            faults[key] = f"has {repaired(key)[:LONGEST_KEY]!r}, which {fault}; it is left out"
    return values, faults


def storable_value(value: Any) -> Any:
    """The value with repaired texts.

    Raises:
        ValueError: It is too large or too deep, or holds what no store takes.
    """
    return _Extra().cleaned(value)


def repaired(text: str) -> str:
    """The text without control characters, and with a sign for every half of a character."""
    return _HALVES.sub("\ufffd", _CONTROLS.sub("", text))


def _longest_text(key: str, model: type[BaseModel]) -> float:
    """A name can be cut; what identifies the row cannot, and is refused by the model instead.

    A model names in `WHOLE_TEXTS` what it compares to the last character.
    """
    if key in required_keys(model):
        return inf
    return LARGEST_EXTRA if key in getattr(model, "WHOLE_TEXTS", ()) else LONGEST_TEXT


def _with_repaired_text(value: Any, *, longest: float) -> tuple[Any, str | None]:
    """The value of a field, and what was wrong with a text in it."""
    if isinstance(value, list):
        parts = [
            _with_repaired_text(part, longest=longest) if isinstance(part, str) else (part, None)
            for part in value
        ]
        return [part for part, _ in parts], next((fault for _, fault in parts if fault), None)
    if not isinstance(value, str):
        return value, None
    text = repaired(value)
    if len(text) > longest:
        return f"{text[: int(longest) - 1]}\u2026", f"of {len(text)} characters; it was cut"
    if text != value:
        return text, "with characters that no text can hold; they were replaced"
    return text, None


def _fault_of_key(key: str, number: int) -> str | None:
    if number > MOST_EXTRAS:
        return f"comes after {MOST_EXTRAS} other unknown keys"
    return _fault_of_name(key)


@lru_cache(maxsize=1000)
def _fault_of_name(key: str) -> str | None:
    if key in KEYS_OF_THE_STORE:
        return "is a key that the store keeps for itself"
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable() or not _SPECIAL.isdisjoint(key):
        return "cannot be the name of a field"
    return None


class _Extra:
    """One unknown key, and how much more it may hold."""

    def __init__(self) -> None:
        self._room = LARGEST_EXTRA

    def cleaned(self, value: Any, depth: int = 0) -> Any:
        """The value with repaired texts.

        Raises:
            _CannotBeStoredError: It is too large or too deep, or holds what no store takes.
        """
        self._room -= 1 + (len(value) if isinstance(value, str) else 0)
        if self._room < 0:
            raise _CannotBeStoredError(f"holds more than {LARGEST_EXTRA} characters and values")
        if depth > DEEPEST_EXTRA:
            raise _CannotBeStoredError(f"is nested deeper than {DEEPEST_EXTRA} levels")
        match value:
            case str():
                return repaired(value)
            case list():
                return [self.cleaned(part, depth + 1) for part in value]
            case dict():
                return {
                    self._key(key): self.cleaned(part, depth + 1) for key, part in value.items()
                }
            case int() | float() if not isinstance(value, bool):
                _check_number(value)
        return value

    def _key(self, key: str) -> str:
        self._room -= len(key)
        fault = _fault_of_key(key, 0) if key not in KEYS_OF_THE_STORE else None
        if fault is not None:
            raise _CannotBeStoredError(f"holds {repaired(key)[:LONGEST_KEY]!r}, which {fault}")
        return key


def _is_plain_number(value: Any) -> bool:
    kind = type(value)
    if kind is float:
        return isfinite(value)
    return kind is int and abs(value) <= LARGEST_WHOLE_NUMBER


def _check_number(value: int | float) -> None:
    if isinstance(value, float) and not isfinite(value):
        raise _CannotBeStoredError("holds a number that is not finite")
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE_NUMBER:
        raise _CannotBeStoredError("holds a number that does not fit into 64 bits")


@cache
def _fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


@cache
def required_keys(model: type[BaseModel]) -> frozenset[str]:
    """The keys without which a row is nothing."""
    fields = model.model_fields.items()
    return frozenset(field.alias or name for name, field in fields if field.is_required())
