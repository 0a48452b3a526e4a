"""The athletes of a cohort in chunks, which are read, calculated and written together."""

import gc
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from weekly_plan_assets.athletes.each_athlete import Outcomes
from weekly_plan_assets.common.garbage import without_garbage_collection
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import (
    CountedSession,
    count_sessions_of_each,
)
from weekly_plan_assets.settings.roster import RosterAthlete

T = TypeVar("T")

CHUNK = 25
"""Athletes who are taken together. More at once are hardly quicker; and what a killed run had not
written yet is lost."""


def in_chunks(
    athletes: Sequence[RosterAthlete], step: Callable[[Sequence[RosterAthlete]], Outcomes[T]]
) -> Outcomes[T]:
    """What a step gives for athletes who are taken through it so many at a time.

    Python's garbage collector waits until a chunk is done.
    """
    outcomes: Outcomes[T] = Outcomes()
    gc.freeze()  # what lives already is not looked at again after each chunk
    try:
        for first in range(0, len(athletes), CHUNK):
            with without_garbage_collection():
                of_chunk = step(athletes[first : first + CHUNK])
            outcomes.done |= of_chunk.done
            outcomes.errors |= of_chunk.errors
            gc.collect()
    finally:
        gc.unfreeze()
    return outcomes


def sessions_of_each(
    activities: Mapping[str, Sequence[Activity]],
) -> dict[str, tuple[CountedSession, ...]]:
    """The sessions that count, by athlete, which is quickest for all at once.

    Where values of one athlete cannot be counted, nothing is: they are counted for each alone when
    they are needed.
    """
    try:
        counted = count_sessions_of_each(list(activities.values()))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return {}
    return dict(zip(activities, counted, strict=True))
