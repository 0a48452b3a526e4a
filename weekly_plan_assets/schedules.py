"""The schedules: plan on Sunday evening, close the week on Monday, in the athlete's zone.

Both stay stopped until somebody starts them in the UI, or WEEKLY_PLAN_SCHEDULES says so.
"""

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleEvaluationContext,
    schedule,
)

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.jobs import close_week_job, weekly_plan_job
from weekly_plan_assets.settings import ScheduleState, load_settings

_SETTINGS = load_settings()
_STATUS = (
    DefaultScheduleStatus.RUNNING
    if _SETTINGS.schedules is ScheduleState.RUNNING
    else DefaultScheduleStatus.STOPPED
)


@schedule(
    job=weekly_plan_job,
    cron_schedule="0 21 * * 0",
    execution_timezone=_SETTINGS.timezone,
    default_status=_STATUS,
)
def plan_on_sunday_evening(context: ScheduleEvaluationContext) -> RunRequest:
    """Sunday 21:00: plan next week from the week that is ending."""
    week = TrainingWeek.containing(context.scheduled_execution_time.date())
    return RunRequest(partition_key=week.key)


@schedule(
    job=close_week_job,
    cron_schedule="0 6 * * 1",
    execution_timezone=_SETTINGS.timezone,
    default_status=_STATUS,
)
def close_week_on_monday(context: ScheduleEvaluationContext) -> RunRequest:
    """Monday 06:00: read last week again, with what was uploaded after the plan was made."""
    week = TrainingWeek.containing(context.scheduled_execution_time.date()).shift(-1)
    return RunRequest(partition_key=week.key)
