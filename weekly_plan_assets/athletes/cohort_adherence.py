"""What the athletes of a cohort did of their plans, a chunk at a time."""

from collections.abc import Sequence

from weekly_plan_assets.athletes.chunks import in_chunks, sessions_of_each
from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.athletes.week_steps import compared_weeks
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.codec import encode
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.rows_of_athletes import RowsOfAthletes
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WEEKLY_METRICS


def compared_for(
    athletes: Sequence[RosterAthlete], roster: OpenedRoster, weeks: Sequence[TrainingWeek]
) -> Outcomes[int]:
    """Compare what each athlete did in consecutive weeks with their plans; how many had one."""
    return in_chunks(athletes, roster, lambda chunk: _compared(chunk, roster, weeks))


def _compared(
    chunk: Sequence[RosterAthlete], roster: OpenedRoster, weeks: Sequence[TrainingWeek]
) -> Outcomes[int]:
    database, ids = roster.database, [one.id for one in chunk]
    activities = RowsOfAthletes(database, ACTIVITIES, ids, weeks)
    metrics = RowsOfAthletes(database, WEEKLY_METRICS, ids, weeks)

    def stored(steps: StoredSteps) -> tuple[list[Activity], list[WeeklyMetrics]]:
        id_, known = steps.athlete_id, steps.with_data(weeks)
        return (
            as_models(activities.load(id_, required=known), Activity),
            as_models(metrics.load(id_, required=known), WeeklyMetrics),
        )

    read = roster.for_each(chunk, stored)
    sessions = sessions_of_each({id_: done for id_, (done, _) in read.done.items()})
    found = roster.for_each(
        [one for one in chunk if one.id in read.done],
        lambda steps: compared_weeks(
            steps.athlete, database, *read.done[steps.athlete_id], sessions[steps.athlete_id]
        ),
    )
    documents = {
        id_: [encode(adherence) for adherence in of_weeks.values()]
        for id_, of_weeks in found.done.items()
    }
    written = roster.write_each(CollectionName.PLAN_ADHERENCE, chunk, documents)
    return Outcomes(
        {id_: len(documents[id_]) for id_ in written.done},
        read.errors | found.errors | written.errors,
    )
