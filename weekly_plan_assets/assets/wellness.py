"""The wellness asset: raw days of fitness, heart, sleep and steps, as the source tells them."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.assets.groups import DATA_OWNERS, EVERY_WEEK, INGEST
from weekly_plan_assets.domain.wellness import WellnessDay
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.partitions import RANGES, WEEKS, weeks_of
from weekly_plan_assets.presentation.column_schemas import column_schema
from weekly_plan_assets.resources import SourceResource
from weekly_plan_assets.retries import retried
from weekly_plan_assets.storage.io_manager import week_rows_in
from weekly_plan_assets.storage.week_rows import WELLNESS


@asset(
    partitions_def=WEEKS,
    backfill_policy=RANGES,
    group_name=INGEST,
    owners=DATA_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"python", "mongodb"},
    code_version=package_version(),
    metadata={**week_rows_in(WELLNESS), **column_schema(WellnessDay)},
)
@retried
def wellness(context: AssetExecutionContext, source: SourceResource) -> list[WellnessDay]:
    """Wellness days of the week, raw, one row a day. Days that are still to come are left out."""
    first, last = source.days_known(weeks_of(context))
    return source.source.wellness(first, last)
