"""Sessions whose date is that of a clock that was reset, years before the athlete's history begins.

A device whose battery was empty begins again at the first day of some year. Such a session must not
become the first day of a history: all weeks since would be computed. Times that no file can have
are refused by the readers of files.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

FIRST_FILES = date(2002, 1, 1)
"""GPX is of 2002, TCX and FIT are younger."""

SAME_RESET = timedelta(days=31)
"""Sessions that follow each other more closely were recorded before the clock was set again."""

ALONE = timedelta(days=365)
"""So long before all others nobody trained once. Project convention."""

ROLLOVER = timedelta(weeks=1024)
"""The satellites of GPS count weeks up to 1024 and begin again; an old receiver then falls back by
so much, to 2007 in 2026 (IS-GPS-200)."""

_NEW_YEAR = frozenset({(12, 31), (1, 1), (1, 2)})
"""Where clocks begin again, in any time zone."""

RESET_WAY_OUT = (
    "was dated by a clock that was reset, more than a year before all others, and is left out; "
    "correct its date where it comes from"
)
"""How a sentence about such a session ends."""


def reset_days(days: Iterable[date]) -> frozenset[date]:
    """The days of sessions that a reset clock has dated.

    These are groups of days that lie more than a year before all later ones, and begin at New Year,
    or before there were files, or that many years before the others that a receiver falls back.

    Args:
        days: Days of all recorded sessions, in any order.
    """
    ordered = sorted(set(days))
    found: list[date] = []
    while ordered:
        group = _first_group(ordered)
        ordered = ordered[len(group) :]
        if not ordered or ordered[0] - group[-1] <= ALONE:
            break
        if not _begins_at_reset(group[0]) and not _is_rolled_over(group, ordered):
            break
        found += group
    return frozenset(found)


def _first_group(ordered: Sequence[date]) -> Sequence[date]:
    gaps = zip(ordered[1:], ordered, strict=False)
    end = next((n for n, (day, before) in enumerate(gaps, 1) if day - before > SAME_RESET), None)
    return ordered[:end]


def _is_rolled_over(group: Sequence[date], others: Sequence[date]) -> bool:
    """Whether a group falls among the others once the weeks that the receiver lost are added."""
    is_long_ago = others[0] - group[-1] > ROLLOVER / 2
    return is_long_ago and others[0] - ALONE <= group[0] + ROLLOVER <= others[-1] + ALONE


def _begins_at_reset(day: date) -> bool:
    return day < FIRST_FILES or (day.month, day.day) in _NEW_YEAR
