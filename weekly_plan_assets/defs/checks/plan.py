"""The check of a plan: the one that blocks."""

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetIn,
    multi_asset_check,
)

from weekly_plan_assets.common.plain_text import without_links
from weekly_plan_assets.defs.assets.artifacts import artifacts as artifacts_asset
from weekly_plan_assets.defs.checks.week_by_week import (
    Evaluations,
    checked_weeks,
    evaluate_week_by_week,
)
from weekly_plan_assets.lineage.records.records import PlanningOutcome, Status

_SPEC = AssetCheckSpec(
    "plan_is_valid",
    asset=artifacts_asset,
    description="An attempt met every rule. Where none did, the run fails and publishes nothing.",
    blocking=True,
)


@multi_asset_check(specs=[_SPEC], name=_SPEC.name, ins={"artifacts": AssetIn(artifacts_asset.key)})
def plan_is_valid(context: AssetCheckExecutionContext, artifacts: PlanningOutcome) -> Evaluations:
    """Whether an attempt met every rule."""
    (week,) = checked_weeks(context)
    yield from evaluate_week_by_week(context, [_SPEC], {week: [_result(artifacts)]})


def _result(outcome: PlanningOutcome) -> AssetCheckResult:
    valid = outcome.status is Status.SUCCESS
    broken = without_links("; ".join(outcome.errors))  # which may quote a model
    return AssetCheckResult(
        passed=valid,
        severity=AssetCheckSeverity.ERROR,
        description="every rule holds" if valid else f"no attempt was valid: {broken}",
        metadata={"run_id": outcome.run_id, "attempts": len(outcome.attempts)},
    )
