"""The retention of Dagster's own history: a job that deletes old runs, and its monthly schedule.

The job can be launched by hand in the UI. Its schedule is part of the code location only where
WEEKLY_PLAN_HISTORY_DAYS says how long runs are kept.
"""

from datetime import UTC, datetime, timedelta

from dagster import (
    Config,
    DefaultScheduleStatus,
    OpExecutionContext,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    job,
    op,
    schedule,
)
from pydantic import Field

from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.runs.deleting import delete_dagster_run
from weekly_plan_assets.runs.executors import IN_PROCESS
from weekly_plan_assets.runs.last_look import LastLook
from weekly_plan_assets.runs.old_runs import FEWEST_DAYS, old_runs
from weekly_plan_assets.runs.set_aside import SetAsideEvents
from weekly_plan_assets.settings import Settings, load_settings

_ONCE_A_MONTH = "40 4 1 * *"

_SAID_EVERY = 1_000


class RetentionNotSetError(WeeklyPlanError, ValueError):
    """Nobody said how old a run must be to be deleted."""


class OldRunsConfig(Config):
    """Which runs are deleted."""

    older_than_days: int | None = Field(
        default=None, ge=FEWEST_DAYS, description="Default: WEEKLY_PLAN_HISTORY_DAYS."
    )
    also_latest: bool = Field(
        default=False,
        description="Also runs that hold the latest materialization of a week: Dagster then shows "
        "that week as never materialized. Its documents stay.",
    )
    dry_run: bool = Field(default=False, description="Only count what would be deleted.")


@op
def delete_old_runs(
    context: OpExecutionContext, config: OldRunsConfig, mongo: MongoResource
) -> None:
    """Delete ended runs of Dagster's history that are old; no document is touched.

    Raises:
        RetentionNotSetError: Neither the config nor the settings say how old.
    """
    settings = load_settings()
    days = config.older_than_days or settings.history_days
    if days is None:
        raise RetentionNotSetError("set older_than_days in the config of the job")
    database, instance = mongo.database(), context.instance
    set_aside = SetAsideEvents(instance)
    unsettled = {*LastLook.at(instance, database).unsettled, *(run_id for run_id, _ in set_aside)}
    before = datetime.now(UTC) - timedelta(days=days)
    found = old_runs(instance, database.name, before, unsettled)
    doomed = (*found.deletable, *(found.on_show if config.also_latest else ()))
    for number, run_id in enumerate(() if config.dry_run else doomed, start=1):
        delete_dagster_run(instance, set_aside, run_id, settings.dagster_state_dir)
        if number % _SAID_EVERY == 0:
            context.log.info("%d of %d runs are deleted", number, len(doomed))
    context.log.info(
        "%s %d runs older than %d days; %d more hold the latest state of a week or a check",
        "would delete" if config.dry_run else "deleted",
        len(doomed),
        days,
        0 if config.also_latest else len(found.on_show),
    )


@job(
    executor_def=IN_PROCESS,
    description="Deletes old runs of Dagster's history that show nothing any more.",
)
def delete_old_history() -> None:
    """Delete old runs."""
    delete_old_runs()


def build_retention_schedule(settings: Settings) -> ScheduleDefinition:
    """The monthly schedule of the job; it runs, because a setting asks for it."""

    @schedule(
        job=delete_old_history,
        cron_schedule=_ONCE_A_MONTH,
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.RUNNING,
    )
    def delete_old_history_every_month(_: ScheduleEvaluationContext) -> RunRequest:
        """Delete runs that are older than WEEKLY_PLAN_HISTORY_DAYS."""
        return RunRequest()

    return delete_old_history_every_month
