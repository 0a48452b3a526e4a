"""Entries by hand that describe a session which a device recorded too.

They have no measured time: the start is often midnight, noon or when it was typed. So they are
known by what they say. Two recordings of one session belong to `twins`.
"""

import math
from collections.abc import Iterable
from typing import Any, cast

import pandas as pd

from weekly_plan_assets.domain.units import SECONDS_PER_DAY

UNSET_CLOCKS_S = (0, SECONDS_PER_DAY // 2)
"""Midnight and noon: what a form holds before anybody fills it in."""

NEAR_S = 2 * 3600
"""Another start that is no farther from the recorded one was meant to be the same. Convention."""

SAME_SHARE = 0.1
SAME_TIME_S = 180.0
"""Time and distance that differ by no more are those of one session, rounded by hand."""


def twins_of_entries(sessions: pd.DataFrame) -> dict[int, int]:
    """By the position of each session that an entry by hand repeats, the one that counts.

    The recording counts, unless only the entry has a training load. A recording answers for one
    entry only: an athlete who enters two sessions did two.

    Args:
        sessions: The sessions that count, with the columns that `twins` makes.
    """
    is_by_hand = sessions["by_hand"].to_numpy(dtype=bool)
    if not is_by_hand.any() or is_by_hand.all():
        return {}
    by_week: dict[int, list[Any]] = {}
    for row in sessions[~is_by_hand].itertuples():
        by_week.setdefault(int(cast(int, row.week)), []).append(row)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for entry in sessions[is_by_hand].itertuples():
        of_week = by_week.get(int(cast(int, entry.week)), ())
        recorded = _described_by(entry, (row for row in of_week if row.Index not in taken))
        if recorded is not None:
            taken.add(recorded.Index)
            only_entry_has_load = entry.has_load and not recorded.has_load
            pair = [_position(entry), _position(recorded)]
            twin, counts = reversed(pair) if only_entry_has_load else pair
            found[twin] = counts
    return found


def _position(row: Any) -> int:
    return int(row.Index)


def _described_by(entry: Any, recorded: Iterable[Any]) -> Any | None:
    """The recording that the entry is paired with, or whose time is nearest to what it says."""
    fits = []
    for row in recorded:
        if _is_paired(entry, row):
            return row
        if _is_alike(entry, row):
            fits.append((abs(row.time_s - entry.time_s), row.Index, row))
    return min(fits)[-1] if fits else None


def _is_paired(entry: Any, row: Any) -> bool:
    """Whether both stand for the same planned workout of the calendar."""
    return bool(pd.notna(entry.paired_with) and entry.paired_with == row.paired_with)


def _is_alike(entry: Any, row: Any) -> bool:
    is_of_kind = row.kind == entry.kind or row.is_generic or entry.is_generic
    is_near = abs(row.clock_s - entry.clock_s) <= NEAR_S
    is_of_day = row.clock_s // SECONDS_PER_DAY == entry.clock_s // SECONDS_PER_DAY
    is_unset = entry.clock_s % SECONDS_PER_DAY in UNSET_CLOCKS_S
    return bool(
        is_of_kind
        and is_of_day
        and (is_near or is_unset)
        and _is_same(entry.time_s, row.time_s, SAME_TIME_S)
        and _is_same(entry.distance_m, row.distance_m, 0.0)
    )


def _is_same(entered: float, measured: float, least: float) -> bool:
    if math.isnan(entered) or math.isnan(measured):
        return True
    return abs(entered - measured) <= max(SAME_SHARE * measured, least)
