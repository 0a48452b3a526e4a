"""Delivering the plans of the athletes of a cohort, one after another.

What did not arrive is noted where the overview and the command that planned read it: a plan that
was refused leaves no receipt.
"""

from collections.abc import Iterator, Sequence

from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import TargetOutcome
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.settings.roster_words import in_roster_words
from weekly_plan_assets.storage.cohort_documents import note_delivery_problems

Delivered = tuple[TargetOutcome, ...]


def delivered_for(
    athletes: Sequence[RosterAthlete],
    roster: OpenedRoster,
    week: TrainingWeek,
    dagster_run_id: str,
) -> Outcomes[Delivered]:
    """Deliver to the targets of each athlete; a plan that did not arrive is among the errors.

    Args:
        athletes: Some of the roster.
        roster: The opened roster.
        week: The observed week.
        dagster_run_id: The run.

    Returns:
        Athletes without a target or a plan are in neither part.
    """
    outcomes = roster.for_each(athletes, lambda steps: steps.deliver(week, dagster_run_id))
    problems = dict(outcomes.errors)
    for athlete in athletes:
        found = "; ".join(_problems(outcomes.done.get(athlete.id, ())))
        if found:
            problems[athlete.id] = in_roster_words(found, athlete)
    note_delivery_problems(roster.database, dagster_run_id, week, problems)
    done = {one: it for one, it in outcomes.done.items() if it and one not in problems}
    return Outcomes(done, problems)


def _problems(outcomes: Delivered) -> Iterator[str]:
    for one in outcomes:
        if not one.is_right:
            partly = "not everything arrived; `weekly-plan deliver` delivers the rest"
            yield f"{one.target}: {one.problem or partly}"
