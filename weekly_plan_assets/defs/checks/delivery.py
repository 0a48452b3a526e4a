"""The check of a delivery: it warns where a published plan is not where its athlete looks."""

from collections.abc import Sequence

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetIn,
    multi_asset_check,
)

from weekly_plan_assets.common.plain_text import without_links
from weekly_plan_assets.defs.assets.delivery import delivery as delivery_asset
from weekly_plan_assets.defs.assets.plan import plan as plan_asset
from weekly_plan_assets.defs.checks.week_by_week import (
    Evaluations,
    checked_weeks,
    evaluate_week_by_week,
)
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.delivery.arrivals import missing_arrivals
from weekly_plan_assets.lineage.records.records import PlanSnapshot

_SPEC = AssetCheckSpec(
    "plan_is_delivered",
    asset=delivery_asset,
    description="Every target of WEEKLY_PLAN_DELIVER holds the plan, as far as its week is to come "
    "and the athlete has not decided otherwise.",
    additional_deps=[plan_asset],
)


@multi_asset_check(specs=[_SPEC], name=_SPEC.name, ins={"plan": AssetIn(plan_asset.key)})
def plan_is_delivered(
    context: AssetCheckExecutionContext,
    mongo: MongoResource,
    source: SourceResource,
    plan: PlanSnapshot,
) -> Evaluations:
    """Whether the receipts say that the plan arrived."""
    (week,) = checked_weeks(context)
    problems = list(missing_arrivals(mongo.database(), source.settings, plan))
    yield from evaluate_week_by_week(context, [_SPEC], {week: [_result(problems)]})


def _result(problems: Sequence[str]) -> AssetCheckResult:
    return AssetCheckResult(
        passed=not problems,
        severity=AssetCheckSeverity.WARN,
        description=without_links("; ".join(problems)) or "the plan is where it shall be",
    )
