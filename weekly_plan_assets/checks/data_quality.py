"""The checks of the data: they warn and never stop a run.

All are one step that reads the coverage of weekly_metrics, because every step and every read adds
to each run. In a run over a range of weeks each is judged once, and names the weeks where it fails.
How they are judged lies in `domain.data_quality`.
"""

from collections.abc import Iterator

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetIn,
    multi_asset_check,
)

from weekly_plan_assets.assets.weekly_metrics import weekly_metrics as weekly_metrics_asset
from weekly_plan_assets.domain.data_quality import ASSERTIONS, judge
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.partitions import WEEKS


@multi_asset_check(
    specs=[
        AssetCheckSpec(name, asset=weekly_metrics_asset, description=says, partitions_def=WEEKS)
        for name, (_, says) in ASSERTIONS.items()
    ],
    ins={"weekly_metrics": AssetIn(weekly_metrics_asset.key)},
)
def data_can_be_relied_on(weekly_metrics: list[WeeklyMetrics]) -> Iterator[AssetCheckResult]:
    """What is missing, doubled or wrong in the data of these weeks, and what to look at."""
    for name, finding in judge(weekly_metrics).items():
        yield AssetCheckResult(
            asset_key=weekly_metrics_asset.key,
            check_name=name,
            passed=finding.passed,
            severity=AssetCheckSeverity.WARN,
            description=finding.description,
            metadata={**finding.counts},
        )
