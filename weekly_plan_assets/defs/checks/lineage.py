"""The check of the whole lineage: what is stored and Dagster's history say the same, once.

It reads everything, so it is no part of the weekly jobs: the job `check_lineage` runs it alone, as
its button in the UI does. When the UI runs it together with a plan, it reads that week only.
"""

from collections import Counter
from collections.abc import Sequence

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    DagsterRun,
    MetadataValue,
    asset_check,
)

from weekly_plan_assets.defs.assets.plan import plan as plan_asset
from weekly_plan_assets.defs.jobs import LINEAGE_CHECK
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.step_retries import retry_step
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.broken_invariant import STATEMENTS, BrokenInvariant
from weekly_plan_assets.runs.audit import broken_invariants
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)
from weekly_plan_assets.runs.facts import WEEK_OF_COHORT_TAG, week_of_partition

_NAMED = 5


@asset_check(asset=plan_asset, name=LINEAGE_CHECK, blocking=False)
@retry_step
def lineage_is_whole(context: AssetCheckExecutionContext, mongo: MongoResource) -> AssetCheckResult:
    """All documents join, have their hashes and are of the runs that Dagster's history knows."""
    week = _week_made_by(context.op_execution_context.run)
    broken = list(broken_invariants(mongo.database(), context.instance, week=week))
    counts = Counter(finding.invariant for finding in broken)
    return AssetCheckResult(
        passed=not broken,
        severity=AssetCheckSeverity.WARN,
        description=_description(broken, "everything" if week is None else f"week {week}"),
        metadata={
            **{invariant.value: counts[invariant] for invariant in STATEMENTS},
            "broken": MetadataValue.json([finding.model_dump(mode="json") for finding in broken]),
        },
    )


def _week_made_by(run: DagsterRun) -> TrainingWeek | None:
    """The week that the run materializes too; None if it makes none, or several."""
    if not run.asset_selection:
        return None
    # A backfill says it as a range, if of a single week.
    first = run.tags.get(ASSET_PARTITION_RANGE_START_TAG)
    last = run.tags.get(ASSET_PARTITION_RANGE_END_TAG)
    monday = run.tags.get(PARTITION_NAME_TAG, first if first == last else None)
    return week_of_partition(run.tags.get(WEEK_OF_COHORT_TAG, monday))


def _description(broken: Sequence[BrokenInvariant], looked_at: str) -> str:
    if not broken:
        return f"every invariant of the lineage holds; looked at: {looked_at}"
    more = f"; and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
    return "; ".join(finding.sentence for finding in broken[:_NAMED]) + more
