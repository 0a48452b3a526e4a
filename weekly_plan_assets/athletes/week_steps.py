"""What is made of an athlete's weeks, step by step: metrics, adherence, what a planner knows.

Each takes what was read and gives what is to be stored; where both lie belongs to the IO manager
of the assets, and to `stored_steps`.
"""

from collections.abc import Sequence

import pandas as pd
from pymongo.database import Database

from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.delivery.looking_again import facts_on_calendar
from weekly_plan_assets.domain.adherence import NOT_DELIVERED, planned_of_late
from weekly_plan_assets.domain.done_workouts import done_workouts
from weekly_plan_assets.domain.metrics.recorded_weeks import RecordedWeeks
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, summarise_athletes
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession, count_sessions
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.planning import KnownWeeks
from weekly_plan_assets.lineage.records.published_plan import PublishedPlan
from weekly_plan_assets.lineage.records.records import PlanAdherence
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.week_rows import left_out_of


def computed_metrics(
    athlete: OpenedAthlete,
    database: Database[BsonDocument],
    weeks: Sequence[TrainingWeek],
    activities: pd.DataFrame,
    wellness: pd.DataFrame,
) -> pd.DataFrame:
    """The metrics of `weeks`, one row a week.

    Args:
        athlete: Whose weeks.
        database: Where it is written what of the weeks could not be used.
        weeks: In order.
        activities: Stored rows of them and of the weeks of history before.
        wellness: Stored rows of them.
    """
    left_out = left_out_of(database, athlete.source.athlete_id, weeks)
    recorded = RecordedWeeks(
        athlete.source.athlete_id,
        weeks,
        activities,
        wellness,
        last_day=athlete.days_known(weeks)[1],
        left_out=left_out,
    )
    return summarise_athletes([recorded])


def compared_weeks(
    athlete: OpenedAthlete,
    database: Database[BsonDocument],
    activities: Sequence[Activity],
    metrics: Sequence[WeeklyMetrics],
    counted: Sequence[CountedSession] | None = None,
) -> dict[TrainingWeek, PlanAdherence]:
    """What was done of the plans for the weeks of `metrics`, for those that have a plan.

    Args:
        athlete: Whose weeks.
        database: Where the plans are.
        activities: Sessions of these weeks.
        metrics: Metrics of these weeks.
        counted: Those of the activities that count; None where they are still to be counted.
    """
    athlete_id = athlete.source.athlete_id
    of_week = {TrainingWeek(one.week_start): one for one in metrics}
    deadlines = {week: athlete.end_of(week.start) for week in of_week}
    plans = PublishedPlan.for_weeks(database, athlete_id, deadlines)
    if not plans:
        return {}
    week_ends = {week: athlete.end_of(week.end) for week in plans}
    facts = facts_on_calendar(database, athlete.settings, athlete_id, week_ends)
    sessions = count_sessions(activities) if counted is None else counted
    return {
        week: plans[week].adherence(sessions, of_week[week], facts.get(week, NOT_DELIVERED))
        for week in of_week
        if week in plans
    }


def known_after(
    athlete: OpenedAthlete,
    week: TrainingWeek,
    *,
    metrics: Sequence[WeeklyMetrics],
    activities: Sequence[Activity],
    wellness: Sequence[WellnessDay],
    adherence: Sequence[PlanAdherence],
) -> KnownWeeks:
    """What a planner knows after `week`: what is stored, and what the athlete's source says."""
    in_time = [done for done in adherence if done.in_time]
    return KnownWeeks(
        athlete_id=athlete.source.athlete_id,
        metrics=metrics,
        activities=activities,
        wellness=wellness,
        context=athlete.athlete_context(week),
        adherence=next((done for done in in_time if done.planned_week == week), None),
        workouts=done_workouts(in_time),
        planned_of_late=planned_of_late(in_time, week),
    )
