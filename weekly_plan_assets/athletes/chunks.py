"""The athletes of a cohort in chunks, which are read, calculated and written together."""

import gc
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes, roster_error
from weekly_plan_assets.common.garbage import without_garbage_collection
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import (
    CountedSession,
    count_sessions_of_each,
)
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.liveness import is_store_away

T = TypeVar("T")

CHUNK = 25
"""Athletes who are taken together. More at once are hardly quicker; and what a killed run had not
written yet is lost."""


def in_chunks(
    athletes: Sequence[RosterAthlete],
    roster: OpenedRoster,
    step: Callable[[Sequence[RosterAthlete]], Outcomes[T]],
) -> Outcomes[T]:
    """What a step gives for athletes who are taken through it so many at a time.

    Python's garbage collector waits until a chunk is done. A chunk that fails as a whole is taken
    through the step again one by one, which shows whose fault it is.

    Args:
        athletes: Some of the roster.
        roster: The opened roster.
        step: May be repeated.

    Raises:
        PyMongoError: The store does not answer, which is the same for all.
    """
    outcomes: Outcomes[T] = Outcomes()
    gc.freeze()  # what lives already is not looked at again after each chunk
    try:
        for first in range(0, len(athletes), CHUNK):
            with without_garbage_collection():
                of_chunk = _taken(athletes[first : first + CHUNK], roster, step)
            outcomes.done |= of_chunk.done
            outcomes.errors |= of_chunk.errors
            gc.collect()
    finally:
        gc.unfreeze()
    return outcomes


def _taken(
    chunk: Sequence[RosterAthlete],
    roster: OpenedRoster,
    step: Callable[[Sequence[RosterAthlete]], Outcomes[T]],
) -> Outcomes[T]:
    try:
        return step(chunk)
    except Exception as error:
        if is_store_away(roster.database):
            raise
        if len(chunk) == 1:
            return Outcomes(errors={chunk[0].id: roster_error(error, chunk[0])})
    alone = [_taken([one], roster, step) for one in chunk]
    return Outcomes(
        {id_: it for one in alone for id_, it in one.done.items()},
        {id_: it for one in alone for id_, it in one.errors.items()},
    )


def sessions_of_each(
    activities: Mapping[str, Sequence[Activity]],
) -> dict[str, tuple[CountedSession, ...]]:
    """The sessions that count, by athlete, which is quickest for all at once."""
    return dict(zip(activities, count_sessions_of_each(list(activities.values())), strict=True))
