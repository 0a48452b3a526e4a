"""The values of a JSON text, one after the other, so that one that is odd spoils no other.

What a row must hold belongs to `json_rows`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from weekly_plan_assets.errors import WeeklyPlanError

MOST_DIGITS = 40
"""Whole numbers of more digits stand for infinity, as `1e999` does; Python would not read them."""

TOO_DEEP: Final = object()
"""Stands for a value that is nested too deep to be read."""

_BLANKS = re.compile(r"[ \t\n\r]*")
_PARTS = re.compile(r'"(?:[^"\\]++|\\.?+)*+(?:"|\Z)|[\[{]+|[\]}]+', re.DOTALL)
"""Texts, and brackets that open or close. A text without an end reaches to the end of all: were it
no part, the search would begin again at each quotation mark in it."""


class NoListError(WeeklyPlanError, ValueError):
    """The text is JSON, but no list; the message is what Python calls its value."""


def values_of(text: str) -> Iterator[Any]:
    """Each value of a JSON list.

    NaN and Infinity, which JSON does not have and some servers send, become floats. Control
    characters, which JSON allows in no text, are kept for the reader of the row to repair.

    Raises:
        NoListError: It is another JSON value.
        ValueError: It is not JSON: `json.JSONDecodeError`, with the place.
    """
    at = _after_blanks(text, 0)
    if not text.startswith("[", at):
        raise NoListError(type(value_of(text)).__name__)
    at = _after_blanks(text, at + 1)
    if text.startswith("]", at):
        _require_end(text, at + 1)
        return
    while True:
        value, at = _value_at(text, at)
        yield value
        at = _after_blanks(text, at)
        if text.startswith("]", at):
            _require_end(text, at + 1)
            return
        if not text.startswith(",", at):
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _after_blanks(text, at + 1)


def value_of(text: str) -> Any:
    """The one value of a JSON text; errors are those of `values_of`."""
    at = _after_blanks(text, 0)
    value, at = _value_at(text, at)
    _require_end(text, at)
    return value


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(f"{digits[0]}1e999".lstrip("+"))


# Not strict: a control character in one text would otherwise spoil all others.
_DECODER = json.JSONDecoder(parse_int=_whole_number, parse_constant=float, strict=False)


def _value_at(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        return TOO_DEEP, _end_of_value(text, at)


def _end_of_value(text: str, at: int) -> int:
    """Where the list or object that begins at `at` ends."""
    depth = 0
    for part in _PARTS.finditer(text, at):
        brackets = part[0]
        if brackets[0] in "[{":
            depth += len(brackets)
        elif brackets[0] in "]}":
            if depth <= len(brackets):
                return part.start() + depth
            depth -= len(brackets)
    raise json.JSONDecodeError("Unterminated value", text, at)


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _require_end(text: str, at: int) -> None:
    at = _after_blanks(text, at)
    if at != len(text):
        raise json.JSONDecodeError("Extra data", text, at)
