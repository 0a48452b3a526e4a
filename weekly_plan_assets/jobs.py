"""The jobs: what is run together."""

from dagster import (
    AssetCheckKey,
    AssetKey,
    AssetSelection,
    define_asset_job,
    in_process_executor,
)

from weekly_plan_assets.assets.groups import INGEST, METRICS, PLANNING

WEEKLY_PLAN = "weekly_plan"
CLOSE_WEEK = "close_week"
MAKE_PLAN = "make_plan"

# One process: the steps are short and follow one another, a process for each costs seconds.
weekly_plan_job = define_asset_job(
    WEEKLY_PLAN,
    selection=AssetSelection.all(),
    executor_def=in_process_executor,
    description="From the week's raw data to the published plan for the week after.",
)

close_week_job = define_asset_job(
    CLOSE_WEEK,
    selection=AssetSelection.groups(INGEST, METRICS),
    executor_def=in_process_executor,
    description="Reads the week again and brings its metrics up to date; makes no plan.",
)

# Dagster's history is compared with the store once a week, not in every week of a backfill.
_RECONCILIATION = AssetSelection.checks(
    AssetCheckKey(AssetKey("plan"), "every_ended_run_has_its_event")
)

make_plan_job = define_asset_job(
    MAKE_PLAN,
    selection=AssetSelection.groups(PLANNING) - _RECONCILIATION,
    executor_def=in_process_executor,
    description="From stored metrics to the published plan; reads no source data again.",
)
