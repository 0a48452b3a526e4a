"""The schedules of a roster: the same two moments as for one athlete, in each zone of its athletes.

A new zone is seen when the code location is loaded again; a new athlete of a known zone, at the
next tick.
"""

import re
from collections.abc import Callable, Iterator

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    schedule,
)

from weekly_plan_assets.athletes.cohorts import cohorts_of
from weekly_plan_assets.defs.automation import MONDAY_MORNING, SUNDAY_EVENING
from weekly_plan_assets.defs.cohorts.cohort_jobs import close_week_job, weekly_plan_job
from weekly_plan_assets.defs.cohorts.cohort_partitions import add_cohorts, partition_of
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import ScheduleState, Settings, load_settings
from weekly_plan_assets.settings.roster import Roster, zone_of

_JOBS = (
    (weekly_plan_job, SUNDAY_EVENING, 0),
    (close_week_job, MONDAY_MORNING, -1),
)
"""What is run when, and for which week: the present one, or the one before."""


def cohort_schedules(settings: Settings, roster: Roster) -> list[ScheduleDefinition]:
    """Both schedules for each zone; they run where the settings say so."""
    status = (
        DefaultScheduleStatus.RUNNING
        if settings.schedules is ScheduleState.RUNNING
        else DefaultScheduleStatus.STOPPED
    )
    zones = sorted({zone_of(settings, one) for one in roster.athletes})
    return [
        schedule(
            name=f"{job.name}_{_in_a_name(zone)}",
            job=job,
            cron_schedule=cron,
            execution_timezone=zone,
            default_status=status,
        )(_requests_in(zone, weeks))
        for zone in zones
        for job, cron, weeks in _JOBS
    ]


def _in_a_name(zone: str) -> str:
    """A zone as it may stand in the name of a schedule; `Etc/GMT+5` is not `Etc/GMT-5`."""
    signed = re.sub(r"\+(?=\d)", "_plus_", re.sub(r"-(?=\d)", "_minus_", zone))
    return re.sub("[^A-Za-z0-9]", "_", signed)


def _requests_in(zone: str, weeks: int) -> Callable[..., Iterator[RunRequest]]:
    def requests(context: ScheduleEvaluationContext, mongo: MongoResource) -> Iterator[RunRequest]:
        """A run for each cohort of the zone."""
        settings = load_settings()
        week = TrainingWeek.containing(context.scheduled_execution_time.date()).shift(weeks)
        if settings.roster is None:
            return
        cohorts = cohorts_of(mongo.database(), settings, settings.roster)
        due = [one.key for one in cohorts if one.timezone == zone]
        add_cohorts(context.instance, due)
        for key in due:
            yield RunRequest(run_key=None, partition_key=partition_of(key, week))

    return requests
