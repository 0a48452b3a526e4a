"""Where the graph of a roster meets: assets, jobs, the schedules of each zone, the sensors."""

from collections.abc import Mapping
from typing import Any

from dagster import Definitions

from weekly_plan_assets.defs.cohorts.cohort_assets import cohort_assets, cohort_delivery
from weekly_plan_assets.defs.cohorts.cohort_jobs import (
    close_week_job,
    make_plan_job,
    weekly_plan_job,
)
from weekly_plan_assets.defs.cohorts.cohort_partitions import cohort_weeks
from weekly_plan_assets.defs.cohorts.cohort_read_again import build_cohort_read_again_sensor
from weekly_plan_assets.defs.cohorts.cohort_schedules import cohort_schedules
from weekly_plan_assets.defs.cohorts.cohort_sensor import new_cohorts
from weekly_plan_assets.defs.cohorts.roster_resource import RosterResource
from weekly_plan_assets.defs.resources import project_resources
from weekly_plan_assets.defs.upkeep import upkeep_defs
from weekly_plan_assets.runs.executors import IN_PROCESS
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.roster import Roster


def build_cohort_defs(
    settings: Settings, roster: Roster, *, resources: Mapping[str, Any] | None = None
) -> Definitions:
    """The code location of a roster.

    Args:
        settings: What the athletes share.
        roster: Who they are; those added later are found by the runs.
        resources: Take the place of `mongo`, `roster` or `planner`.

    Raises:
        SettingsError: A setting is wrong.
    """
    plain = project_resources(settings)
    weeks = cohort_weeks(settings)
    delivers = any(one.deliver for one in roster.athletes)
    graph = Definitions(
        assets=[*cohort_assets(weeks), *([cohort_delivery(weeks)] if delivers else [])],
        jobs=[weekly_plan_job, close_week_job, make_plan_job],
        schedules=cohort_schedules(settings, roster),
        sensors=[
            new_cohorts,
            *([build_cohort_read_again_sensor(weeks)] if settings.intervals_webhook_secret else []),
        ],
        resources={
            "mongo": plain["mongo"],
            "planner": plain["planner"],
            "roster": RosterResource(),
            **(resources or {}),
        },
        executor=IN_PROCESS,
    )
    return Definitions.merge(graph, upkeep_defs(settings))
