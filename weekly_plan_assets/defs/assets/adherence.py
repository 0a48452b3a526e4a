"""The adherence asset: what was done of the plan that had been made for the week.

Dagster knows no edge from `plan` to here: the plan of the week before is read from the store,
because this asset feeds the next plan and the graph has no circles. What became of the plan on the
calendar is read again once its week is over.
"""

from dagster import AssetExecutionContext, asset

from weekly_plan_assets.athletes.week_steps import adherence_of
from weekly_plan_assets.defs.assets.groups import METRICS, documented_in, in_group
from weekly_plan_assets.defs.io_manager import run_documents_by_week_in
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.lineage.records.records import PlanAdherence
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.ui.materializations import adherence_metadata


@asset(
    **in_group(METRICS),
    kinds={"python", "mongodb"},
    metadata={
        **run_documents_by_week_in(CollectionName.PLAN_ADHERENCE, counted_if="inTime"),
        **documented_in("data_lineage.md", "plan_adherence"),
    },
)
@retry_step
def adherence(
    context: AssetExecutionContext,
    source: SourceResource,
    mongo: MongoResource,
    activities: list[Activity],
    weekly_metrics: list[WeeklyMetrics],
) -> list[PlanAdherence]:
    """Planned against done: each planned session and what became of it, by the plan's runId."""
    done = adherence_of(source.athlete, mongo.database(), activities, weekly_metrics)
    context.log.info("a plan was published for %d of %d weeks", len(done), len(weekly_metrics))
    for week, of_plan in done.items():
        context.add_asset_metadata(adherence_metadata(of_plan), partition_key=week.key)
    return list(done.values())
