"""The plan asset: the valid plan, published."""

from dagster import asset

from weekly_plan_assets.assets.groups import PLANNING
from weekly_plan_assets.lineage.records import PlanningOutcome, PlanSnapshot
from weekly_plan_assets.partitions import ONE_WEEK, WEEKS
from weekly_plan_assets.storage.io_manager import run_document_in


@asset(
    partitions_def=WEEKS,
    backfill_policy=ONE_WEEK,
    group_name=PLANNING,
    kinds={"python", "mongodb"},
    metadata=run_document_in("plan_snapshots"),
)
def plan(artifacts: PlanningOutcome) -> PlanSnapshot:
    """The plan for the week after the observed one, published only when it is valid."""
    return PlanSnapshot.of(artifacts)
