"""Where everything meets, and nothing else happens: assets, checks, jobs, schedules, the sensor.

`build_defs` makes the code location from settings, and with other resources, so that tests need not
patch anything. Two of them with different settings can stand in one process. The graph of a roster
of several athletes is put together in `cohorts.cohort_build`.
"""

from collections.abc import Mapping
from typing import Any

from dagster import Definitions

from weekly_plan_assets.defs.assets.activities import activities
from weekly_plan_assets.defs.assets.adherence import adherence
from weekly_plan_assets.defs.assets.artifacts import artifacts
from weekly_plan_assets.defs.assets.delivery import delivery
from weekly_plan_assets.defs.assets.plan import plan
from weekly_plan_assets.defs.assets.planning_inputs import planning_inputs
from weekly_plan_assets.defs.assets.weekly_metrics import weekly_metrics
from weekly_plan_assets.defs.assets.wellness import wellness
from weekly_plan_assets.defs.automation import automation_sensor, conditions_by_group
from weekly_plan_assets.defs.checks.data_quality import data_can_be_relied_on
from weekly_plan_assets.defs.checks.delivery import plan_is_delivered
from weekly_plan_assets.defs.checks.late_data import no_plan_rests_on_old_values
from weekly_plan_assets.defs.checks.plan import plan_is_valid
from weekly_plan_assets.defs.cohorts.cohort_build import build_cohort_defs
from weekly_plan_assets.defs.jobs import close_week_job, make_plan_job, weekly_plan_job
from weekly_plan_assets.defs.partitions import asset_in_weeks, check_in_weeks, weekly_partitions
from weekly_plan_assets.defs.read_again import build_read_again_sensor
from weekly_plan_assets.defs.reminders import build_reminder_schedule, daily_reminder
from weekly_plan_assets.defs.resources import project_resources
from weekly_plan_assets.defs.schedules import build_schedules
from weekly_plan_assets.defs.step_retries import RetryingIOManager
from weekly_plan_assets.defs.upkeep import upkeep_defs
from weekly_plan_assets.runs.executors import IN_PROCESS
from weekly_plan_assets.settings import Settings, load_settings

ASSETS = (
    activities,
    wellness,
    weekly_metrics,
    adherence,
    planning_inputs,
    artifacts,
    plan,
)

DELIVERIES = (delivery,)
"""Part of the graph where WEEKLY_PLAN_DELIVER names a target."""

CHECKS_OF_A_WEEK = (
    plan_is_valid,
    data_can_be_relied_on,
    no_plan_rests_on_old_values,
)


def build_defs(
    settings: Settings | None = None, *, resources: Mapping[str, Any] | None = None
) -> Definitions:
    """The code location.

    The resources of the project read the environment when a run needs them, so that neither secrets
    nor paths are in its run config: of the settings given here they do not know.

    Args:
        settings: Which weeks there are, in which zone, and what is started; None: those of the
            environment.
        resources: Take the place of `mongo`, `source` or `planner`; the IO manager uses them too.

    Raises:
        SettingsError: A setting is wrong.
    """
    settings = settings or load_settings()
    if settings.roster is not None:
        return build_cohort_defs(settings, settings.roster, resources=resources)
    weeks = weekly_partitions(settings)
    takes_webhooks = settings.intervals_webhook_secret is not None
    conditions = conditions_by_group(settings.timezone)
    assets = (*ASSETS, *(DELIVERIES if settings.delivery_targets else ()))
    checks = (*CHECKS_OF_A_WEEK, *((plan_is_delivered,) if settings.delivery_targets else ()))
    plain = {**project_resources(settings), **(resources or {})}
    graph = Definitions(
        assets=[asset_in_weeks(asset, weeks, conditions) for asset in assets],
        asset_checks=[check_in_weeks(check, weeks) for check in checks],
        jobs=[
            *(weekly_plan_job, close_week_job, make_plan_job),
            *([daily_reminder] if settings.notify else []),
        ],
        schedules=[
            *build_schedules(settings),
            *([build_reminder_schedule(settings)] if settings.notify else []),
        ],
        sensors=[
            automation_sensor(settings),
            *([build_read_again_sensor(settings, weeks)] if takes_webhooks else []),
        ],
        resources={
            **plain,
            "io_manager": RetryingIOManager(mongo=plain["mongo"], source=plain["source"]),
        },
        # Its run config names no modules to import, unlike that of the multiprocess executor.
        executor=IN_PROCESS,
    )
    return Definitions.merge(graph, upkeep_defs(settings))
