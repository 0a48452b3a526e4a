"""The schedules: plan on Sunday evening, close the week on Monday, in the athlete's zone.

Both stay stopped until somebody starts them in the UI, or WEEKLY_PLAN_SCHEDULES says so. That of
the daily look at ended runs is on, as the sensor of run events is: it plans nothing.
"""

from dagster import (
    DefaultScheduleStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    schedule,
)

from weekly_plan_assets.defs.automation import MONDAY_MORNING, SUNDAY_EVENING
from weekly_plan_assets.defs.jobs import close_week_job, reconcile_runs_job, weekly_plan_job
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import ScheduleState, Settings

EARLY_EVERY_DAY = "20 4 * * *"
"""When no week is planned or closed."""


def plan_on_sunday_evening(context: ScheduleEvaluationContext) -> RunRequest:
    """Sunday 21:00: plan next week from the week that is ending."""
    week = TrainingWeek.containing(context.scheduled_execution_time.date())
    return RunRequest(partition_key=week.key)


def close_week_on_monday(context: ScheduleEvaluationContext) -> RunRequest:
    """Monday 06:00: read last week again, with what was uploaded after the plan was made."""
    week = TrainingWeek.containing(context.scheduled_execution_time.date()).shift(-1)
    return RunRequest(partition_key=week.key)


def build_reconciliation_schedule(settings: Settings) -> ScheduleDefinition:
    """The schedule of the daily look at ended runs, in the zone of the settings."""

    @schedule(
        job=reconcile_runs_job,
        cron_schedule=EARLY_EVERY_DAY,
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.RUNNING,
    )
    def reconcile_every_day(_: ScheduleEvaluationContext) -> RunRequest:
        """Look for runs that ended without their run event, and write what is missing."""
        return RunRequest()

    return reconcile_every_day


def build_schedules(settings: Settings) -> list[ScheduleDefinition]:
    """Both weekly schedules, in the zone of the settings; they run where the settings say so."""
    status = (
        DefaultScheduleStatus.RUNNING
        if settings.schedules is ScheduleState.RUNNING
        else DefaultScheduleStatus.STOPPED
    )
    return [
        schedule(
            job=job,
            cron_schedule=cron_schedule,
            execution_timezone=settings.timezone,
            default_status=status,
        )(request)
        for job, cron_schedule, request in (
            (weekly_plan_job, SUNDAY_EVENING, plan_on_sunday_evening),
            (close_week_job, MONDAY_MORNING, close_week_on_monday),
        )
    ]
