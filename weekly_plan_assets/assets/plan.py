"""The plan asset: the valid plan, published."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.assets.groups import COACHING_OWNERS, EVERY_WEEK, PLANNING
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.lineage.records import PlanningInputs, PlanningOutcome, PlanSnapshot
from weekly_plan_assets.lineage.run_facts import finished
from weekly_plan_assets.partitions import ONE_WEEK, WEEKS
from weekly_plan_assets.presentation.materializations import of_plan
from weekly_plan_assets.storage.io_manager import run_document_in


@asset(
    partitions_def=WEEKS,
    backfill_policy=ONE_WEEK,
    group_name=PLANNING,
    owners=COACHING_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"python", "mongodb"},
    code_version=package_version(),
    metadata=run_document_in("plan_snapshots", content=("activityPlan", "justification")),
)
def plan(
    context: AssetExecutionContext, artifacts: PlanningOutcome, planning_inputs: PlanningInputs
) -> PlanSnapshot:
    """The plan for the week after the observed one, published only when it is valid."""
    snapshot = PlanSnapshot.of(artifacts, finished(artifacts.provenance, context.run))
    context.add_output_metadata(of_plan(snapshot, planning_inputs))
    return snapshot
