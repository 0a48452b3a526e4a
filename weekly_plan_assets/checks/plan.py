"""The check of a plan: the one that blocks."""

from dagster import AssetCheckResult, AssetCheckSeverity, asset_check

from weekly_plan_assets.assets.artifacts import artifacts as artifacts_asset
from weekly_plan_assets.lineage.records import PlanningOutcome
from weekly_plan_assets.lineage.run_record import Status
from weekly_plan_assets.partitions import WEEKS


@asset_check(asset=artifacts_asset, blocking=True, partitions_def=WEEKS)
def plan_is_valid(artifacts: PlanningOutcome) -> AssetCheckResult:
    """An attempt met every rule. Where none did, the run fails and nothing is published."""
    valid = artifacts.status is Status.SUCCESS
    broken = "; ".join(artifacts.errors)
    return AssetCheckResult(
        passed=valid,
        severity=AssetCheckSeverity.ERROR,
        description="every rule holds" if valid else f"no attempt was valid: {broken}",
        metadata={"runId": artifacts.run_id, "attempts": len(artifacts.attempts)},
    )
