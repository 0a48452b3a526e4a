"""The activities asset: raw training sessions, as the source sends them."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.defs.assets.groups import INGEST, documented_in, in_group
from weekly_plan_assets.defs.io_manager import week_rows_in
from weekly_plan_assets.defs.partitions import weeks_of_run
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.left_out import RowsRead
from weekly_plan_assets.storage.week_rows import ACTIVITIES
from weekly_plan_assets.ui.column_schemas import column_schema


@asset(
    **in_group(INGEST),
    kinds={"python", "mongodb"},
    metadata={
        **week_rows_in(ACTIVITIES),
        **column_schema(Activity),
        **documented_in("data_lineage.md", "activities-wellness-and-stored_weeks"),
    },
)
@retry_step
def activities(context: AssetExecutionContext, source: SourceResource) -> RowsRead:
    """Training sessions of the week, raw, one row an activity."""
    first, last = source.athlete.days_known(weeks_of_run(context))
    rows = source.source.activities(first, last)
    for problem in source.source.problems:
        context.log.warning("%s", problem)
    return RowsRead(rows, source.source.left_out("activities", first, last))
