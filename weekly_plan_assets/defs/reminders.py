"""The daily reminder: a job that sends today's sessions, and the schedule that starts it.

The schedule is off until somebody starts it, and part of the code location only where
WEEKLY_PLAN_NOTIFY names a service.
"""

from dagster import (
    DefaultScheduleStatus,
    OpExecutionContext,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    job,
    op,
    schedule,
)

from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.operations.notifications import remind
from weekly_plan_assets.runs.executors import IN_PROCESS
from weekly_plan_assets.settings import Settings


@op
def send_reminder(
    context: OpExecutionContext, mongo: MongoResource, source: SourceResource
) -> None:
    """Send today's sessions of the plan in force, once a day to each service."""
    settings = source.settings
    sent = remind(mongo.database(), settings, settings.today(), source.athlete_id())
    context.log.info("today's sessions were sent" if sent else "there was nothing to send")


@job(executor_def=IN_PROCESS, description="Sends today's sessions of the plan in force.")
def daily_reminder() -> None:
    """Send today's sessions."""
    send_reminder()


def build_reminder_schedule(settings: Settings) -> ScheduleDefinition:
    """The schedule of reminders, at the hour of the settings in the athlete's zone; it is off."""

    @schedule(
        job=daily_reminder,
        cron_schedule=f"0 {settings.reminder_hour} * * *",
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.STOPPED,
    )
    def remind_every_day(_: ScheduleEvaluationContext) -> RunRequest:
        """Send today's sessions of the plan in force."""
        return RunRequest()

    return remind_every_day
