"""The planning_inputs asset: what the planner will see, frozen before it is asked."""

from datetime import UTC, datetime

from dagster import AssetExecutionContext, AssetIn, asset

from weekly_plan_assets.assets.groups import COACHING_OWNERS, EVERY_WEEK, PLANNING
from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.wellness import WellnessDay
from weekly_plan_assets.lineage.code_version import package_version
from weekly_plan_assets.lineage.plan_adherence import PlanAdherence
from weekly_plan_assets.lineage.planning import KnownWeeks, Making, freeze_inputs
from weekly_plan_assets.lineage.records import PlanningInputs
from weekly_plan_assets.lineage.run_facts import origin_of
from weekly_plan_assets.partitions import ONE_WEEK, WEEKS
from weekly_plan_assets.presentation.materializations import of_inputs
from weekly_plan_assets.resources import PlannerResource, SourceResource
from weekly_plan_assets.retries import retried
from weekly_plan_assets.storage.io_manager import run_document_in, with_earlier_weeks

_WITH_HISTORY = AssetIn(metadata=with_earlier_weeks(HISTORY_WEEKS))


@asset(
    partitions_def=WEEKS,
    backfill_policy=ONE_WEEK,
    group_name=PLANNING,
    owners=COACHING_OWNERS,
    freshness_policy=EVERY_WEEK,
    kinds={"python", "mongodb"},
    code_version=package_version(),
    metadata=run_document_in("run_artifacts", content=("inputHashes", "modelId")),
    ins=dict.fromkeys(("weekly_metrics", "activities", "wellness"), _WITH_HISTORY),
)
@retried
def planning_inputs(
    context: AssetExecutionContext,
    source: SourceResource,
    planner: PlannerResource,
    weekly_metrics: list[WeeklyMetrics],
    activities: list[Activity],
    wellness: list[WellnessDay],
    adherence: list[PlanAdherence],
) -> PlanningInputs:
    """Metrics, history, raw inputs, profile, load envelope and prompt of one planning execution."""
    started_at = datetime.now(UTC)
    week = TrainingWeek.parse(context.partition_key)
    known = KnownWeeks(
        athlete_id=source.athlete_id(),
        metrics=weekly_metrics,
        activities=activities,
        wellness=wellness,
        told=source.told(week),
        adherence=next((done for done in adherence if done.in_time), None),
    )
    making = Making(origin_of(context.run, week), started_at, planner.told_settings())
    run_id = mint_run_id(context.run.run_id, week)
    inputs = freeze_inputs(run_id, known, planner.planner(), making)
    context.log.info(
        "planning %s from %s with %d of %d weeks of history",
        inputs.week_start,
        week,
        len(inputs.history),
        inputs.history_weeks_asked,
    )
    context.add_output_metadata(of_inputs(inputs))
    return inputs
