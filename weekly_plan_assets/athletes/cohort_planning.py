"""Planning for the athletes of a cohort, one after another.

The caller has noted for whom a run plans; here it is noted whose plan stands and who failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.athletes.stored_steps import Planned
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.cohort_documents import note_errors, note_standing


@dataclass(frozen=True, slots=True)
class CohortPlanning:
    """What a run is to plan.

    Attributes:
        week: The observed week.
        planner: Who is asked.
        origin: The run.
        again: Whether athletes are planned for whose plan stands.
    """

    week: TrainingWeek
    planner: PlannerSetup
    origin: RunOrigin
    again: bool = False


def planned_for(
    athletes: Sequence[RosterAthlete], roster: OpenedRoster, planning: CohortPlanning
) -> Outcomes[Planned]:
    """Plan for athletes, one after another; an athlete without a valid plan is among the errors."""
    week, origin = planning.week, planning.origin
    outcomes = roster.for_each(
        athletes, lambda steps: steps.plan(week, planning.planner, origin, again=planning.again)
    )
    standing = {one: done.run_id for one, done in outcomes.done.items() if done.stands}
    note_standing(roster.database, origin.dagster_run_id, week, standing)
    note_errors(roster.database, origin.dagster_run_id, week, outcomes.errors)
    invalid = {one: done for one, done in outcomes.done.items() if done.errors}
    return Outcomes(
        {one: done for one, done in outcomes.done.items() if one not in invalid},
        outcomes.errors | {one: "; ".join(done.errors) for one, done in invalid.items()},
    )
