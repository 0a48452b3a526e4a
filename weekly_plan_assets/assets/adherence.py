"""The adherence asset: what was done of the plan that had been made for the week.

Dagster knows no edge from `plan` to here: the plan of the week before is read from the store,
because this asset feeds the next plan and the graph has no circles.
"""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.assets.groups import DATA_OWNERS, EVERY_WEEK, METRICS
from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.counted_sessions import count_sessions
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.lineage.plan_adherence import PlanAdherence
from weekly_plan_assets.lineage.published_plan import PublishedPlan
from weekly_plan_assets.partitions import RANGES, WEEKS
from weekly_plan_assets.presentation.materializations import of_adherence
from weekly_plan_assets.resources import SourceResource
from weekly_plan_assets.retries import retried
from weekly_plan_assets.storage.io_manager import run_documents_by_week_in
from weekly_plan_assets.storage.mongo import MongoResource


@asset(
    partitions_def=WEEKS,
    backfill_policy=RANGES,
    group_name=METRICS,
    owners=DATA_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"python", "mongodb"},
    code_version=package_version(),
    metadata=run_documents_by_week_in("plan_adherence"),
)
@retried
def adherence(
    context: AssetExecutionContext,
    source: SourceResource,
    mongo: MongoResource,
    activities: list[Activity],
    weekly_metrics: list[WeeklyMetrics],
) -> list[PlanAdherence]:
    """Planned against done: each planned session and what became of it, by the plan's runId."""
    deadlines = {
        week: source.end_of(week.start)
        for week in (TrainingWeek(metrics.week_start) for metrics in weekly_metrics)
    }
    plans = PublishedPlan.for_weeks(mongo.database(), source.athlete_id(), deadlines)
    context.log.info("a plan was published for %d of %d weeks", len(plans), len(deadlines))
    sessions = count_sessions(activities)
    done = {
        week: plans[week].adherence(sessions, metrics)
        for week, metrics in zip(deadlines, weekly_metrics, strict=True)
        if week in plans
    }
    for week, of_plan in done.items():
        context.add_asset_metadata(of_adherence(of_plan), partition_key=week.key)
    return list(done.values())
