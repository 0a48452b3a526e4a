"""The planning_inputs asset: what the planner will see, frozen before it is asked."""

from datetime import UTC, datetime

from dagster import AssetExecutionContext, AssetIn, asset

from weekly_plan_assets.athletes.week_steps import known_after
from weekly_plan_assets.defs.assets.groups import PLANNING, documented_in, in_group
from weekly_plan_assets.defs.io_manager import run_document_in, with_earlier_weeks
from weekly_plan_assets.defs.resources import PlannerResource, SourceResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, WeeklyMetrics
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.planning import ExecutionInfo, freeze_inputs
from weekly_plan_assets.lineage.records.records import PlanAdherence, PlanningInputs
from weekly_plan_assets.runs.facts import origin_of
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.ui.materializations import inputs_metadata

_WITH_HISTORY = AssetIn(metadata=with_earlier_weeks(HISTORY_WEEKS))
_WITH_HABIT = AssetIn(metadata=with_earlier_weeks(HABIT_WEEKS - 1))


@asset(
    **in_group(PLANNING),
    kinds={"python", "mongodb"},
    metadata={
        **run_document_in(CollectionName.RUN_ARTIFACTS, content=("inputHashes", "modelId")),
        **documented_in("data_lineage.md", "run_artifacts"),
    },
    ins={
        "weekly_metrics": _WITH_HISTORY,
        "activities": _WITH_HABIT,
        "wellness": _WITH_HISTORY,
        "adherence": _WITH_HABIT,
    },
)
@retry_step
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
    known = known_after(
        source.athlete,
        week,
        metrics=weekly_metrics,
        activities=activities,
        wellness=wellness,
        adherence=adherence,
    )
    execution_info = ExecutionInfo(
        origin_of(context.run, week), started_at, planner.recorded_settings()
    )
    run_id = mint_run_id(context.run.run_id, week)
    inputs = freeze_inputs(run_id, known, planner.planner(), execution_info)
    context.log.info(
        "planning %s from %s with %d of %d weeks of history",
        inputs.week_start,
        week,
        len(inputs.history),
        inputs.history_weeks_asked,
    )
    context.add_output_metadata(inputs_metadata(inputs))
    return inputs
