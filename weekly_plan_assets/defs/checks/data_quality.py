"""The checks of the data: they warn and never stop a run.

All are one step that reads the coverage of weekly_metrics, because every step and every read adds
to each run. Each week is judged by itself; how is in `domain.metrics.data_quality`.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetIn,
    multi_asset_check,
)

from weekly_plan_assets.defs.assets.weekly_metrics import weekly_metrics as weekly_metrics_asset
from weekly_plan_assets.defs.checks.week_by_week import Evaluations, evaluate_week_by_week
from weekly_plan_assets.domain.metrics.data_quality import ASSERTIONS, judge_data_quality
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.week import TrainingWeek

_SPECS = [
    AssetCheckSpec(name, asset=weekly_metrics_asset, description=says)
    for name, (_, says) in ASSERTIONS.items()
]


@multi_asset_check(specs=_SPECS, ins={"weekly_metrics": AssetIn(weekly_metrics_asset.key)})
def data_can_be_relied_on(
    context: AssetCheckExecutionContext, weekly_metrics: list[WeeklyMetrics]
) -> Evaluations:
    """What is missing, doubled or wrong in the data of each week, and what to look at."""
    by_week = {TrainingWeek(row.week_start): list(_results(row)) for row in weekly_metrics}
    yield from evaluate_week_by_week(context, _SPECS, by_week)


def _results(metrics: WeeklyMetrics) -> Iterator[AssetCheckResult]:
    for name, finding in judge_data_quality([metrics]).items():
        yield AssetCheckResult(
            asset_key=weekly_metrics_asset.key,
            check_name=name,
            passed=finding.passed,
            severity=AssetCheckSeverity.WARN,
            description=finding.description,
            metadata={**finding.counts},
        )
