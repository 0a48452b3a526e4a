"""How much of one file is read, and for how long: no file holds up a run or fills the memory.

Every limit is far above what a device records, so that only a broken or hostile file meets it.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from weekly_plan_assets.sources.files.errors import TooMuchError

MIB = 1024**2

MOST_RECORDS = 10 * 24 * 3600
"""Ten days at a record a second: the longest races against the clock take six."""

MOST_MESSAGES = 4 * MOST_RECORDS
"""FIT messages of all kinds: devices add to a record up to three of their own."""

MOST_SESSIONS = 2_500
"""Sessions of a file; a long multisport race has about twenty."""

MOST_PARTS = 1_000
"""FIT files chained into one file; devices chain an activity and their settings."""

MOST_PROCESSOR_S = 60.0
"""Processor time to read a file: twenty times what the slowest reader takes for a real recording of
2.4 MB. It does not pass while other programs have the machine: a file is not refused by chance."""

ITEMS_BETWEEN_LOOKS = 32
"""Looking at the clock takes about as long as reading a small message."""

Item = TypeVar("Item")


class Deadline:
    """When the time to read one file is up; counted in processor time of the calling thread."""

    def __init__(self, processor_s: float | None = None) -> None:
        """A deadline in `processor_s`, `MOST_PROCESSOR_S` unless given."""
        self._allowed_s = MOST_PROCESSOR_S if processor_s is None else processor_s
        self._end_s = time.thread_time() + self._allowed_s

    def check(self) -> None:
        """Do nothing while there is time.

        Raises:
            TooMuchError: Time is up.
        """
        if time.thread_time() > self._end_s:
            raise TooMuchError(
                f"it takes more than {self._allowed_s:g} s of processor time to read"
            )

    def watched(self, items: Iterable[Item], most: int, what: str) -> Iterator[Item]:
        """The items, as long as there is time and they are not too many.

        Args:
            items: What is read one by one.
            most: How many of them a file may hold.
            what: How messages call them.

        Raises:
            TooMuchError: Time is up, or there are more than `most`.
        """
        for number, item in enumerate(items):
            if number % ITEMS_BETWEEN_LOOKS == 0:
                self.check()
            at_most(number + 1, most, what)
            yield item


class Tally:
    """Counts what the parts of one file hold together."""

    def __init__(self, most: int, what: str) -> None:
        """A count of nothing yet.

        Args:
            most: How many a file may hold.
            what: How messages call them.
        """
        self._most = most
        self._what = what
        self._count = 0

    def add(self, count: int) -> None:
        """Count what one more part holds.

        Raises:
            TooMuchError: Together there are more than `most`.
        """
        self._count += count
        at_most(self._count, self._most, self._what)


def at_most(count: int, most: int, what: str) -> None:
    """Do nothing where `count` is within the limit.

    Raises:
        TooMuchError: There are more than `most`.
    """
    if count > most:
        raise TooMuchError(f"it holds more than {most:,} {what}")
