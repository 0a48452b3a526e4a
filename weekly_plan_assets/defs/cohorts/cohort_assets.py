"""The assets of a cohort: those of one athlete, each step taken for all athletes of a run.

What goes wrong for an athlete is said in the metadata and in the athlete's run event. A step fails
only where it could do nothing for anybody.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Config,
    Failure,
    MaterializeResult,
    MultiPartitionsDefinition,
    multi_asset,
)
from pydantic import Field

from weekly_plan_assets.athletes.chunk_planning import CohortPlanning
from weekly_plan_assets.athletes.cohort_adherence import compared_for
from weekly_plan_assets.athletes.cohort_delivering import delivered_for
from weekly_plan_assets.athletes.cohort_metrics import summarised_for
from weekly_plan_assets.athletes.cohort_planning import planned_for
from weekly_plan_assets.athletes.each_athlete import Outcomes
from weekly_plan_assets.athletes.overview_reading import cohort_overview
from weekly_plan_assets.defs.assets.activities import activities
from weekly_plan_assets.defs.assets.adherence import adherence
from weekly_plan_assets.defs.assets.artifacts import artifacts
from weekly_plan_assets.defs.assets.delivery import delivery
from weekly_plan_assets.defs.assets.plan import plan
from weekly_plan_assets.defs.assets.planning_inputs import planning_inputs
from weekly_plan_assets.defs.assets.weekly_metrics import weekly_metrics
from weekly_plan_assets.defs.assets.wellness import wellness
from weekly_plan_assets.defs.cohorts.cohort_partitions import covered_by
from weekly_plan_assets.defs.cohorts.roster_resource import RosterResource
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import PlannerResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.runs.facts import COHORT_PUBLISHING_STEP, origin_of
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WELLNESS
from weekly_plan_assets.ui.cohort_metadata import athlete_counts, failures_of, look_metadata

if TYPE_CHECKING:
    Result: TypeAlias = MaterializeResult[Any]
else:
    Result = MaterializeResult  # Dagster knows only this one, in which checks may come too

T = TypeVar("T")

PLAN_IS_VALID = "plan_is_valid"


class PlanningConfig(Config):
    """What may be chosen when a run is launched."""

    again: bool = Field(
        default=False,
        description="Plan also for athletes whose plan stands: made by this code from the same "
        "inputs.",
    )


def cohort_assets(weeks: MultiPartitionsDefinition) -> list[AssetsDefinition]:
    """The assets with the partitions of a roster."""
    return [_ingest(weeks), _weekly_metrics(weeks), _adherence(weeks), _planning(weeks)]


def _ingest(weeks: MultiPartitionsDefinition) -> AssetsDefinition:
    @multi_asset(name="ingest", specs=_specs(weeks, activities, wellness))
    @retry_step
    def ingest(
        context: AssetExecutionContext, roster: RosterResource, mongo: MongoResource
    ) -> tuple[Result, Result]:
        """Reads activities and wellness of each athlete from their source."""
        of_weeks = covered_by(context).weeks
        found = roster.opened(mongo).read_each(
            roster.athletes(context, mongo),
            lambda steps: (steps.read(ACTIVITIES, of_weeks), steps.read(WELLNESS, of_weeks)),
        )
        outcomes = _noted(context, roster, mongo, found)
        activities_read, wellness_read = (
            sum(done[at].rows for done in outcomes.done.values()) for at in (0, 1)
        )
        # What is said of several weeks together stands with each of their partitions.
        rows = "dagster/row_count" if len(of_weeks) == 1 else "rows_of_all_weeks"
        counts = athlete_counts(outcomes)
        return (
            MaterializeResult(asset_key="activities", metadata={**counts, rows: activities_read}),
            MaterializeResult(asset_key="wellness", metadata={**counts, rows: wellness_read}),
        )

    return ingest


def _weekly_metrics(weeks: MultiPartitionsDefinition) -> AssetsDefinition:
    @multi_asset(name="weekly_metrics", specs=_specs(weeks, weekly_metrics))
    @retry_step
    def metrics(
        context: AssetExecutionContext, roster: RosterResource, mongo: MongoResource
    ) -> Result:
        """Computes the metrics of each athlete's weeks."""
        of_weeks = covered_by(context).weeks
        outcomes = summarised_for(roster.athletes(context, mongo), roster.opened(mongo), of_weeks)
        return MaterializeResult(metadata=athlete_counts(_noted(context, roster, mongo, outcomes)))

    return metrics


def _adherence(weeks: MultiPartitionsDefinition) -> AssetsDefinition:
    @multi_asset(name="adherence", specs=_specs(weeks, adherence))
    @retry_step
    def compared(
        context: AssetExecutionContext, roster: RosterResource, mongo: MongoResource
    ) -> Result:
        """Compares what each athlete did with what was planned."""
        of_weeks = covered_by(context).weeks
        found = compared_for(roster.athletes(context, mongo), roster.opened(mongo), of_weeks)
        outcomes = _noted(context, roster, mongo, found)
        with_plan = sum(outcomes.done.values())
        return MaterializeResult(
            metadata={**athlete_counts(outcomes), "weeks_with_plan": with_plan}
        )

    return compared


def _planning(weeks: MultiPartitionsDefinition) -> AssetsDefinition:
    valid = AssetCheckSpec(
        PLAN_IS_VALID,
        asset=AssetKey("plan"),
        description="Every athlete has a valid plan. Those without one are named.",
        partitions_def=weeks,
    )

    @multi_asset(
        name=COHORT_PUBLISHING_STEP,
        specs=_specs(weeks, planning_inputs, artifacts, plan),
        check_specs=[valid],
    )
    @retry_step
    def planning(
        context: AssetExecutionContext,
        config: PlanningConfig,
        roster: RosterResource,
        mongo: MongoResource,
        planner: PlannerResource,
    ) -> tuple[Result, Result, Result]:
        """Plans the next week of each athlete, and publishes what is valid."""
        week = covered_by(context).only_week
        outcome = planned_for(
            roster.athletes(context, mongo),
            roster.opened(mongo),
            CohortPlanning(week, planner.setup(), origin_of(context.run, week), config.again),
            COHORT_PUBLISHING_STEP,
        )
        outcome.errors |= roster.failed(context, mongo)
        _fail_if_nothing(outcome)
        valid_for_all = AssetCheckResult(
            check_name=PLAN_IS_VALID,
            asset_key="plan",
            passed=not outcome.errors,
            severity=AssetCheckSeverity.WARN,
            description=failures_of(outcome) or "every athlete has a valid plan",
        )
        counts = athlete_counts(outcome)
        rows = cohort_overview(mongo.database(), outcome, week.next())
        shown = {**counts, **look_metadata(rows, week.next())}
        return (
            MaterializeResult(asset_key="planning_inputs", metadata=counts),
            MaterializeResult(asset_key="artifacts", metadata=counts),
            MaterializeResult(asset_key="plan", metadata=shown, check_results=[valid_for_all]),
        )

    return planning


def cohort_delivery(weeks: MultiPartitionsDefinition) -> AssetsDefinition:
    """The asset that delivers; part of the graph where an athlete of the roster has a target."""

    @multi_asset(name="delivery", specs=_specs(weeks, delivery))
    @retry_step
    def delivered(
        context: AssetExecutionContext, roster: RosterResource, mongo: MongoResource
    ) -> Result:
        """Delivers the plan of each athlete who has a target; the receipts say the rest."""
        week = covered_by(context).only_week
        athletes = roster.athletes(context, mongo)
        outcomes = delivered_for(athletes, roster.opened(mongo), week, context.run.run_id)
        return MaterializeResult(metadata=athlete_counts(outcomes))

    return delivered


def _specs(weeks: MultiPartitionsDefinition, *assets: AssetsDefinition) -> Sequence[AssetSpec]:
    return [
        spec.replace_attributes(partitions_def=weeks, automation_condition=None)
        for asset in assets
        for spec in asset.specs
    ]


def _noted(
    context: AssetExecutionContext,
    roster: RosterResource,
    mongo: MongoResource,
    outcomes: Outcomes[T],
) -> Outcomes[T]:
    """Note for whom a step failed; errors are those of `_fail_if_nothing`."""
    roster.note(context, mongo, outcomes.errors)
    _fail_if_nothing(outcomes)
    return outcomes


def _fail_if_nothing(outcomes: Outcomes[Any]) -> None:
    """Fail a step that did nothing for anybody, so that the run says so.

    Raises:
        Failure: Names athletes, and why.
    """
    if outcomes.errors and not outcomes.done:
        raise Failure(description=failures_of(outcomes), metadata=athlete_counts(outcomes))
