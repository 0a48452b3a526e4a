"""Planning for the athletes of a cohort, a chunk after another.

The caller has noted for whom a run plans; here it is noted whose plan stands and who failed.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from weekly_plan_assets.athletes.chunk_planning import ChunkPlanning, CohortPlanning, Planned
from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.cohort_documents import note_errors, note_standing

CHUNK = 25
"""Athletes who are planned for together. More at once are hardly quicker; and what a killed run had
not written yet is lost."""


def planned_for(
    athletes: Sequence[RosterAthlete], roster: OpenedRoster, planning: CohortPlanning
) -> Outcomes[Planned]:
    """Plan for athletes; one without a valid plan is among the errors."""
    outcomes: Outcomes[Planned] = Outcomes()
    for first in range(0, len(athletes), CHUNK):
        with _collected_afterwards():
            planned = ChunkPlanning(roster, planning).plan(athletes[first : first + CHUNK])
        outcomes.done |= planned.done
        outcomes.errors |= planned.errors
    standing = {one: done.run_id for one, done in outcomes.done.items() if done.stands}
    dagster_run_id = planning.origin.dagster_run_id
    note_standing(roster.database, dagster_run_id, planning.week, standing)
    note_errors(roster.database, dagster_run_id, planning.week, outcomes.errors)
    invalid = {one: done for one, done in outcomes.done.items() if done.errors}
    return Outcomes(
        {one: done for one, done in outcomes.done.items() if one not in invalid},
        outcomes.errors | {one: "; ".join(done.errors) for one, done in invalid.items()},
    )


@contextmanager
def _collected_afterwards() -> Iterator[None]:
    """Let Python's collector of cycles look at what is made only when it is made.

    It would go through all documents of a chunk again and again while they grow, in vain.
    """
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_enabled:
            gc.enable()
