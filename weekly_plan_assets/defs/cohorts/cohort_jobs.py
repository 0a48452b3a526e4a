"""The jobs of a roster: the same as for one athlete, under the same names."""

from dagster import AssetSelection, define_asset_job

from weekly_plan_assets.defs.assets.groups import DELIVERY, INGEST, METRICS, PLANNING
from weekly_plan_assets.defs.jobs import CHECKS_OF_ALL
from weekly_plan_assets.runs.code_location import CLOSE_WEEK, MAKE_PLAN, WEEKLY_PLAN
from weekly_plan_assets.runs.executors import IN_PROCESS

weekly_plan_job = define_asset_job(
    WEEKLY_PLAN,
    selection=AssetSelection.groups(INGEST, METRICS, PLANNING, DELIVERY) - CHECKS_OF_ALL,
    executor_def=IN_PROCESS,
    description="From the raw data of a cohort's week to the published plans for the week after.",
)

close_week_job = define_asset_job(
    CLOSE_WEEK,
    selection=AssetSelection.groups(INGEST, METRICS),
    executor_def=IN_PROCESS,
    description="Reads a cohort's weeks again and brings their metrics up to date; makes no plan.",
)

make_plan_job = define_asset_job(
    MAKE_PLAN,
    selection=AssetSelection.groups(PLANNING, DELIVERY) - CHECKS_OF_ALL,
    executor_def=IN_PROCESS,
    description="From stored metrics to the published plans; reads no source data again.",
)
