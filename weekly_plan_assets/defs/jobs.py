"""The jobs: what is run together."""

from dagster import (
    AssetCheckKey,
    AssetKey,
    AssetSelection,
    define_asset_job,
)

from weekly_plan_assets.defs.assets.groups import DELIVERY, INGEST, METRICS, PLANNING
from weekly_plan_assets.runs.code_location import (
    CHECK_LINEAGE,
    CLOSE_WEEK,
    MAKE_PLAN,
    RECONCILE_RUNS,
    WEEKLY_PLAN,
)
from weekly_plan_assets.runs.executors import IN_PROCESS

LINEAGE_CHECK = "lineage_is_whole"
"""The name of the check that reads everything."""

RECONCILIATION_CHECK = "every_ended_run_has_its_event"
"""The name of the check that compares Dagster's history with the store."""

_LINEAGE = AssetSelection.checks(AssetCheckKey(AssetKey("plan"), LINEAGE_CHECK))
_RECONCILIATION = AssetSelection.checks(AssetCheckKey(AssetKey("plan"), RECONCILIATION_CHECK))

CHECKS_OF_ALL = _LINEAGE | _RECONCILIATION
"""Checks that look at more than a week, and so are no part of the weekly jobs."""

# One process: the steps are short and follow one another, a process for each costs seconds.
weekly_plan_job = define_asset_job(
    WEEKLY_PLAN,
    selection=AssetSelection.all() - CHECKS_OF_ALL,
    executor_def=IN_PROCESS,
    description="From the week's raw data to the published plan for the week after.",
)

close_week_job = define_asset_job(
    CLOSE_WEEK,
    selection=AssetSelection.groups(INGEST, METRICS),
    executor_def=IN_PROCESS,
    description="Reads the week again and brings its metrics up to date; makes no plan.",
)

make_plan_job = define_asset_job(
    MAKE_PLAN,
    selection=AssetSelection.groups(PLANNING, DELIVERY) - CHECKS_OF_ALL,
    executor_def=IN_PROCESS,
    description="From stored metrics to the published plan; reads no source data again.",
)

check_lineage_job = define_asset_job(
    CHECK_LINEAGE,
    selection=_LINEAGE,
    executor_def=IN_PROCESS,
    description="Reads all that is stored and looks for what cannot be; changes nothing.",
)

reconcile_runs_job = define_asset_job(
    RECONCILE_RUNS,
    selection=_RECONCILIATION,
    executor_def=IN_PROCESS,
    description="Looks for runs that ended without their run event, and writes what is missing.",
)
