"""The weekly_metrics asset: each training week in numbers."""

import pandas as pd
from dagster import AssetExecutionContext, AssetIn, asset

from weekly_plan_assets.assets.groups import DATA_OWNERS, EVERY_WEEK, METRICS
from weekly_plan_assets.domain.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics, summarise_weeks
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.lineage.metric_units import METRIC_UNITS
from weekly_plan_assets.partitions import RANGES, WEEKS, weeks_of
from weekly_plan_assets.presentation.column_schemas import column_schema
from weekly_plan_assets.presentation.materializations import of_week
from weekly_plan_assets.resources import SourceResource
from weekly_plan_assets.retries import retried
from weekly_plan_assets.storage.io_manager import week_rows_in, with_earlier_weeks
from weekly_plan_assets.storage.week_rows import WEEKLY_METRICS


@asset(
    partitions_def=WEEKS,
    backfill_policy=RANGES,
    group_name=METRICS,
    owners=DATA_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"pandas", "mongodb"},
    code_version=package_version(),
    metadata={**week_rows_in(WEEKLY_METRICS), **column_schema(WeeklyMetrics, METRIC_UNITS)},
    ins={"activities": AssetIn(metadata=with_earlier_weeks(HISTORY_WEEKS))},
)
@retried
def weekly_metrics(
    context: AssetExecutionContext,
    source: SourceResource,
    activities: pd.DataFrame,
    wellness: pd.DataFrame,
) -> pd.DataFrame:
    """One row a week: counts, distances, times, fitness and recovery, with missing kept missing."""
    weeks = weeks_of(context)
    _, last_day = source.days_known(weeks)
    rows = summarise_weeks(source.athlete_id(), weeks, activities, wellness, last_day=last_day)
    for row in rows.to_dict(orient="records"):
        context.add_asset_metadata(of_week(row), partition_key=row["weekStart"])
    return rows
