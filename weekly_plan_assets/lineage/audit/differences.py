"""Two stored forms side by side, field by field."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from weekly_plan_assets.domain.document import Document

ABSENT = "(absent)"
"""Stands where one side has no such field, or no such item."""


class Difference(Document):
    """One place where what is stored is not what comes out again.

    Attributes:
        path: Keys and indexes, such as `envelope.readiness.signals[2].value`.
        stored: What is stored there.
        again: What comes out again.
    """

    path: str
    stored: Any
    again: Any


def differences(stored: Any, again: Any, path: str = "") -> Iterator[Difference]:
    """Where two encoded values differ: mappings by key, lists by index, texts by line."""
    match stored, again:
        case dict(), dict():
            for key in dict.fromkeys((*stored, *again)):
                place = f"{path}.{key}" if path else key
                yield from differences(stored.get(key, ABSENT), again.get(key, ABSENT), place)
        case list(), list():
            pairs = zip_longest(stored, again, fillvalue=ABSENT)
            for index, pair in enumerate(pairs):
                yield from differences(*pair, f"{path}[{index}]")
        case str(), str() if stored != again and "\n" in stored and "\n" in again:
            yield from differences(stored.split("\n"), again.split("\n"), path)
        case _ if stored != again or isinstance(stored, bool) != isinstance(again, bool):
            yield Difference(path=path, stored=stored, again=again)
