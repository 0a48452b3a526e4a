"""The artifacts asset: what the planner answered, valid or not."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.defs.assets.groups import PLANNING, documented_in, in_group
from weekly_plan_assets.defs.io_manager import run_document_in
from weekly_plan_assets.defs.resources import PlannerResource
from weekly_plan_assets.lineage.records.records import PlanningInputs, PlanningOutcome
from weekly_plan_assets.runs.facts import completed_provenance
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.ui.materializations import outcome_metadata


@asset(
    **in_group(PLANNING),
    kinds={"python", "mongodb"},
    metadata={
        **run_document_in(CollectionName.RUN_ARTIFACTS, content=("outputValidated", "errors")),
        **documented_in("data_lineage.md", "run_artifacts"),
    },
)
def artifacts(
    context: AssetExecutionContext, planner: PlannerResource, planning_inputs: PlanningInputs
) -> PlanningOutcome:
    """Every attempt of the planner with its violations, and the validated plan where one was."""
    attempts = planner.setup().ask(planning_inputs.request, planning_inputs.prompt)
    provenance = completed_provenance(planning_inputs.provenance, context.run)
    outcome = PlanningOutcome.of(planning_inputs, attempts, provenance)
    context.add_output_metadata(outcome_metadata(outcome))
    return outcome
