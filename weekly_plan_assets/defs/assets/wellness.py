"""The wellness asset: raw days of fitness, heart, sleep and steps, as the source sends them."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.defs.assets.groups import INGEST, documented_in, in_group
from weekly_plan_assets.defs.io_manager import week_rows_in
from weekly_plan_assets.defs.partitions import weeks_of_run
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.recorded.left_out import RowsRead
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.storage.week_rows import WELLNESS
from weekly_plan_assets.ui.column_schemas import column_schema


@asset(
    **in_group(INGEST),
    kinds={"python", "mongodb"},
    metadata={
        **week_rows_in(WELLNESS),
        **column_schema(WellnessDay),
        **documented_in("data_lineage.md", "activities-wellness-and-stored_weeks"),
    },
)
@retry_step
def wellness(context: AssetExecutionContext, source: SourceResource) -> RowsRead:
    """Wellness days of the week, raw, one row a day. Days that are still to come are left out."""
    first, last = source.athlete.days_known(weeks_of_run(context))
    rows = source.source.wellness(first, last)
    left_out = source.source.left_out("wellness", first, last)
    for one in left_out:
        context.log.warning("%s", one.reason)
    return RowsRead(rows, left_out)
