"""The check for late data: it warns where a plan was made from metrics that have moved since.

Only metrics are compared, so that the check is cheap in every run; `weekly-plan drift` compares raw
rows too. What drift is lies in `lineage.drift`.
"""

from collections.abc import Iterable, Iterator

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    MetadataValue,
    asset_check,
)

from weekly_plan_assets.assets.weekly_metrics import weekly_metrics as weekly_metrics_asset
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.drift import DriftedRun, MovedMetric, Scope, drifted_runs
from weekly_plan_assets.partitions import WEEKS
from weekly_plan_assets.resources import SourceResource
from weekly_plan_assets.retries import retried
from weekly_plan_assets.storage.mongo import MongoResource

_RUNS_NAMED = 5


@asset_check(asset=weekly_metrics_asset, partitions_def=WEEKS)
@retried
def no_plan_rests_on_old_values(
    context: AssetCheckExecutionContext, mongo: MongoResource, source: SourceResource
) -> AssetCheckResult:
    """No stored run used other metrics of these weeks than the store holds now."""
    weeks = {TrainingWeek.parse(key) for key in context.op_execution_context.partition_keys}
    scope = Scope(athlete_id=source.athlete_id(), weeks=weeks, raw=False)
    drifted = drifted_runs(mongo.database(), scope)
    return AssetCheckResult(
        passed=not drifted,
        severity=AssetCheckSeverity.WARN,
        description=_description(drifted),
        metadata={
            "runs": len(drifted),
            "plans": sum(run.published for run in drifted),
            "moved": MetadataValue.json([run.model_dump(mode="json") for run in drifted]),
        },
    )


def _description(drifted: Iterable[DriftedRun]) -> str:
    told = [f"{_name(run)}: {', '.join(_moves(run))}" for run in drifted]
    if not told:
        return "every plan rests on the metrics that are stored"
    more = f"; and {len(told) - _RUNS_NAMED} more" if len(told) > _RUNS_NAMED else ""
    return f"used values that have moved since: {'; '.join(told[:_RUNS_NAMED])}{more}"


def _name(run: DriftedRun) -> str:
    plan = f"plan for {run.week_start}" if run.published else "without a plan"
    return f"run {run.run_id} ({plan})"


def _moves(run: DriftedRun) -> Iterator[str]:
    for week in run.weeks:
        for moved in week.metrics:
            yield f"{moved.metric} of {week.week_start} {_move(moved)}"
        for row in week.rows:
            yield f"metrics of {row.id} are {row.change.value}"


def _move(moved: MovedMetric) -> str:
    if moved.by is None:
        return f"from {moved.used} to {moved.now}"
    return f"by {moved.by:+g} to {moved.now:g}"
