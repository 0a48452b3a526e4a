"""One evaluation of a check for each week of a run, also where the run covers a range of weeks.

Dagster gives the result of a partitioned check a partition only in runs of a single one. In a
range, and every run of a backfill is one, if of a single week, it plans an evaluation for every
week, gets one that belongs to none, and shows the weeks as skipped. Here each week gets its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from dagster import (
    AssetCheckEvaluation,
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSpec,
    AssetKey,
    AssetRecordsFilter,
    DagsterInstance,
    Output,
)

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.runs.dagster_private import (
    AssetCheckEvaluationTargetMaterializationData as Target,
)

Evaluations: TypeAlias = Iterator[AssetCheckResult | AssetCheckEvaluation | Output[None]]


def checked_weeks(context: AssetCheckExecutionContext) -> list[TrainingWeek]:
    """The weeks that the run covers, in order."""
    keys = context.op_execution_context.partition_keys
    return [TrainingWeek.parse(key) for key in sorted(keys)]


def evaluate_week_by_week(
    context: AssetCheckExecutionContext,
    specs: Iterable[AssetCheckSpec],
    by_week: Mapping[TrainingWeek, Sequence[AssetCheckResult]],
) -> Evaluations:
    """The results of each week as what a `multi_asset_check` yields.

    Args:
        context: That of the check.
        specs: Those of the check. All are of one asset.
        by_week: A result for each spec and week; it names its check where there are several.
    """
    if context.op_execution_context.has_partition_key:
        for results in by_week.values():
            yield from results
        return
    by_name = {spec.name: spec for spec in specs}
    specs = list(by_name.values())
    targets = _latest_materializations(context.instance, specs[0].asset_key, by_week)
    for week, results in by_week.items():
        for result in results:
            yield _evaluation(result, by_name, week, targets.get(week))
    # What the check returns to Dagster beside its evaluations: nothing.
    for spec in specs:
        yield Output(None, output_name=spec.get_python_identifier())


def _evaluation(
    result: AssetCheckResult,
    specs: Mapping[str, AssetCheckSpec],
    week: TrainingWeek,
    target: Target | None,
) -> AssetCheckEvaluation:
    spec = specs[result.check_name] if result.check_name else next(iter(specs.values()))
    return AssetCheckEvaluation(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=result.passed,
        metadata=result.metadata,
        target_materialization_data=target,
        severity=result.severity,
        description=result.description,
        blocking=spec.blocking,
        partition=week.key,
    )


def _latest_materializations(
    instance: DagsterInstance, asset: AssetKey, weeks: Iterable[TrainingWeek]
) -> dict[TrainingWeek, Target]:
    """What is checked in each week; without it, the UI takes an evaluation for outdated."""
    keys = [week.key for week in weeks]
    found = _targets(instance, asset, keys)
    # The newest are those of this range, mostly; a week that was made again hides another.
    for key in set(keys) - found.keys():
        found |= _targets(instance, asset, [key])
    return {TrainingWeek.parse(key): target for key, target in found.items()}


def _targets(instance: DagsterInstance, asset: AssetKey, keys: Sequence[str]) -> dict[str, Target]:
    wanted = AssetRecordsFilter(asset_key=asset, asset_partitions=list(keys))
    found: dict[str, Target] = {}
    for record in instance.fetch_materializations(wanted, limit=len(keys)).records:
        if record.partition_key is not None and record.partition_key not in found:
            found[record.partition_key] = Target(
                storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp
            )
    return found
