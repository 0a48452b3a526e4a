"""Planning for the athletes of a cohort, a chunk after another.

The caller has noted for whom a run plans; here it is noted whose plan stands and who failed.
"""

from collections.abc import Sequence

from weekly_plan_assets.athletes.chunk_planning import ChunkPlanning, CohortPlanning, Planned
from weekly_plan_assets.athletes.chunks import in_chunks
from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.cohort_documents import note_errors, note_standing


def planned_for(
    athletes: Sequence[RosterAthlete], roster: OpenedRoster, planning: CohortPlanning, step: str
) -> Outcomes[Planned]:
    """Plan for athletes; one without a valid plan is among the errors.

    Args:
        athletes: For whom.
        roster: Theirs.
        planning: What the run is to plan.
        step: The step of the run in which it is done, for what is noted.
    """
    outcomes = in_chunks(
        athletes, roster, lambda chunk: ChunkPlanning(roster, planning).plan(chunk)
    )
    standing = {one: done.run_id for one, done in outcomes.done.items() if done.stands}
    dagster_run_id = planning.origin.dagster_run_id
    note_standing(roster.database, dagster_run_id, planning.week, standing)
    note_errors(roster.database, dagster_run_id, planning.week, outcomes.errors, step)
    invalid = {one: done for one, done in outcomes.done.items() if done.errors}
    return Outcomes(
        {one: done for one, done in outcomes.done.items() if one not in invalid},
        outcomes.errors | {one: "; ".join(done.errors) for one, done in invalid.items()},
    )
