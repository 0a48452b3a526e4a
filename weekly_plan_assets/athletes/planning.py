"""Planning for the athletes of a cohort, one after another.

For whom a run plans is noted before, by whoever calls; here, whose plan stands and who failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.athletes.stored_steps import Planned
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.cohorts import note_ends


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
    run_ids = {one.id: mint_run_id(origin.dagster_run_id, week, one.id) for one in athletes}
    standing = {run_ids[one]: done.run_id for one, done in outcomes.done.items() if done.stands}
    errors = {run_ids[one]: error for one, error in outcomes.errors.items()}
    note_ends(roster.database, errors=errors, standing=standing)
    invalid = {one: done for one, done in outcomes.done.items() if done.errors}
    return Outcomes(
        {one: done for one, done in outcomes.done.items() if one not in invalid},
        outcomes.errors | {one: "; ".join(done.errors) for one, done in invalid.items()},
    )
