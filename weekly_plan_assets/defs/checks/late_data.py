"""The check for late data: it warns where a plan was made from metrics that have moved since.

Only metrics are compared, so that the check is cheap in every run; `weekly-plan drift` compares raw
rows too. What drift is belongs to `lineage.audit.drift`.
"""

from collections.abc import Iterable, Iterator, Sequence

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    MetadataValue,
    multi_asset_check,
)

from weekly_plan_assets.common.plain_text import without_links
from weekly_plan_assets.defs.assets.weekly_metrics import weekly_metrics as weekly_metrics_asset
from weekly_plan_assets.defs.checks.week_by_week import (
    Evaluations,
    checked_weeks,
    evaluate_week_by_week,
)
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.resources import SourceResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.drift import DriftedRun, MovedMetric, Scope, drifted_runs

_RUNS_NAMED = 5


_SPEC = AssetCheckSpec(
    "no_plan_rests_on_old_values",
    asset=weekly_metrics_asset,
    description="No stored run used other metrics of the week than the store holds now.",
)


@multi_asset_check(specs=[_SPEC], name=_SPEC.name)
def no_plan_rests_on_old_values(
    context: AssetCheckExecutionContext, mongo: MongoResource, source: SourceResource
) -> Evaluations:
    """Which runs used other metrics of each week than the store holds now."""
    yield from evaluate_week_by_week(context, [_SPEC], _results(context, mongo, source))


@retry_step
def _results(
    context: AssetCheckExecutionContext, mongo: MongoResource, source: SourceResource
) -> dict[TrainingWeek, list[AssetCheckResult]]:
    weeks = checked_weeks(context)
    scope = Scope(athlete_id=source.athlete_id(), weeks=set(weeks), raw=False)
    drifted = drifted_runs(mongo.database(), scope)
    return {week: [_result(list(_in_week(drifted, week)))] for week in weeks}


def _in_week(drifted: Iterable[DriftedRun], week: TrainingWeek) -> Iterator[DriftedRun]:
    """The runs whose values of that week moved, with the moves of that week alone."""
    for run in drifted:
        moved = tuple(one for one in run.weeks if one.week_start == week.start)
        if moved:
            yield run.model_copy(update={"weeks": moved})


def _result(drifted: Sequence[DriftedRun]) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=_SPEC.asset_key,
        check_name=_SPEC.name,
        passed=not drifted,
        severity=AssetCheckSeverity.WARN,
        description=without_links(_description(drifted)),
        metadata={
            "runs": len(drifted),
            "plans": sum(run.published for run in drifted),
            "moved": MetadataValue.json([run.model_dump(mode="json") for run in drifted]),
        },
    )


def _description(drifted: Sequence[DriftedRun]) -> str:
    named = [f"{_name(run)}: {', '.join(_moves(run))}" for run in drifted]
    if not named:
        return "every plan rests on the metrics that are stored"
    more = f"; and {len(named) - _RUNS_NAMED} more" if len(named) > _RUNS_NAMED else ""
    return f"used values that have moved since: {'; '.join(named[:_RUNS_NAMED])}{more}"


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
