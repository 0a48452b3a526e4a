"""The artifacts asset: what the planner answered, valid or not."""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.assets.groups import COACHING_OWNERS, EVERY_WEEK, PLANNING
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.lineage.records import PlanningInputs, PlanningOutcome
from weekly_plan_assets.lineage.run_facts import finished
from weekly_plan_assets.partitions import ONE_WEEK, WEEKS
from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.presentation.materializations import of_outcome
from weekly_plan_assets.resources import PlannerResource
from weekly_plan_assets.storage.io_manager import run_document_in


@asset(
    partitions_def=WEEKS,
    backfill_policy=ONE_WEEK,
    group_name=PLANNING,
    owners=COACHING_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"python", "mongodb"},
    code_version=package_version(),
    metadata=run_document_in("run_artifacts", content=("outputValidated", "errors")),
)
def artifacts(
    context: AssetExecutionContext, planner: PlannerResource, planning_inputs: PlanningInputs
) -> PlanningOutcome:
    """Every attempt of the planner with its violations, and the validated plan where one was."""
    request = PlanningRequest(
        planning_inputs.context,
        planning_inputs.metrics,
        planning_inputs.history,
        planning_inputs.activities,
    )
    attempts = ask(
        planner.planner(),
        request,
        planning_inputs.prompt,
        planner.max_attempts,
        budget=planner.budget(),
        fallback=planner.stand_in(),
    )
    provenance = finished(planning_inputs.provenance, context.run)
    outcome = PlanningOutcome.of(planning_inputs, attempts, provenance)
    context.add_output_metadata(of_outcome(outcome))
    return outcome
