"""The plan asset: the valid plan, published."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.defs.assets.groups import PLANNING, documented_in, in_group
from weekly_plan_assets.defs.io_manager import run_document_in
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanningOutcome, PlanSnapshot
from weekly_plan_assets.runs.facts import completed_provenance
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.ui.materializations import plan_metadata


@asset(
    **in_group(PLANNING),
    kinds={"python", "mongodb"},
    metadata={
        **run_document_in(CollectionName.PLAN_SNAPSHOTS, content=("activityPlan", "justification")),
        **documented_in("data_lineage.md", "plan_snapshots"),
    },
)
def plan(
    context: AssetExecutionContext, artifacts: PlanningOutcome, planning_inputs: PlanningInputs
) -> PlanSnapshot:
    """The plan for the week after the observed one, published only when it is valid."""
    snapshot = PlanSnapshot.of(artifacts, completed_provenance(artifacts.provenance, context.run))
    context.add_output_metadata(plan_metadata(snapshot, planning_inputs))
    return snapshot
