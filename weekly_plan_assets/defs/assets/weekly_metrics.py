"""The weekly_metrics asset: each training week in numbers."""

import pandas as pd
from dagster import AssetExecutionContext, AssetIn, asset

from weekly_plan_assets.athletes.week_steps import metrics_of
from weekly_plan_assets.defs.assets.groups import METRICS, documented_in, in_group
from weekly_plan_assets.defs.io_manager import week_rows_in, with_earlier_weeks
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.partitions import weeks_of_run
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.metrics.weekly_metrics import (
    HISTORY_WEEKS,
    WeeklyMetrics,
)
from weekly_plan_assets.lineage.records.metric_units import METRIC_UNITS
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS
from weekly_plan_assets.ui.column_schemas import column_schema
from weekly_plan_assets.ui.materializations import week_metadata


@asset(
    **in_group(METRICS),
    kinds={"pandas", "mongodb"},
    metadata={
        **week_rows_in(WEEKLY_METRICS),
        **column_schema(WeeklyMetrics, METRIC_UNITS),
        **documented_in("data_lineage.md", "weekly_metrics"),
    },
    ins={"activities": AssetIn(metadata=with_earlier_weeks(HISTORY_WEEKS))},
)
@retry_step
def weekly_metrics(
    context: AssetExecutionContext,
    source: SourceResource,
    mongo: MongoResource,
    activities: pd.DataFrame,
    wellness: pd.DataFrame,
) -> pd.DataFrame:
    """One row a week: counts, distances, times, fitness and recovery, with missing kept missing."""
    weeks = weeks_of_run(context)
    rows = metrics_of(source.athlete, mongo.database(), weeks, activities, wellness)
    for row in rows.to_dict(orient="records"):
        context.add_asset_metadata(week_metadata(row), partition_key=row["weekStart"])
    return rows
