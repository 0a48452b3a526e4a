"""The activities asset: raw training sessions, as the source tells them."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.assets.groups import DATA_OWNERS, EVERY_WEEK, INGEST
from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.partitions import RANGES, WEEKS, weeks_of
from weekly_plan_assets.presentation.column_schemas import column_schema
from weekly_plan_assets.resources import SourceResource
from weekly_plan_assets.retries import retried
from weekly_plan_assets.storage.io_manager import week_rows_in
from weekly_plan_assets.storage.week_rows import ACTIVITIES


@asset(
    partitions_def=WEEKS,
    backfill_policy=RANGES,
    group_name=INGEST,
    owners=DATA_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"python", "mongodb"},
    code_version=package_version(),
    metadata={**week_rows_in(ACTIVITIES), **column_schema(Activity)},
)
@retried
def activities(context: AssetExecutionContext, source: SourceResource) -> list[Activity]:
    """Training sessions of the week, raw, one row an activity."""
    first, last = source.days_known(weeks_of(context))
    rows = source.source.activities(first, last)
    for problem in source.source.problems:
        context.log.warning("%s", problem)
    return rows
