"""The athletes of a cohort in chunks, which are read, calculated and written together."""

import gc
from collections.abc import Iterator, Sequence

from weekly_plan_assets.settings.roster import RosterAthlete

CHUNK = 25
"""Athletes who are taken together. More at once are hardly quicker; and what a killed run had not
written yet is lost."""


def in_chunks(athletes: Sequence[RosterAthlete]) -> Iterator[Sequence[RosterAthlete]]:
    """Athletes, so many at a time.

    Python's collector of cycles waits until a chunk is done: it would go through all documents of
    the chunk again and again while they are made, in vain.
    """
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        for first in range(0, len(athletes), CHUNK):
            yield athletes[first : first + CHUNK]
            gc.collect()
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
