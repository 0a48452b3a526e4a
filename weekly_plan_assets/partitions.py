"""The weekly partitions: training weeks as Dagster sees them.

A partition's key is the week's Monday in the athlete's zone. The week that is under way has a
partition too, so that Sunday evening can plan from it.
"""

import warnings
from collections.abc import Sequence

from dagster import (
    AssetExecutionContext,
    BackfillPolicy,
    WeeklyPartitionsDefinition,
)

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import load_settings

# Dagster says at every definition that these may change; versions are pinned and tests guard them.
for _feature in ("Parameter `backfill_policy`", "Specifying a partitions_def on an AssetCheckSpec"):
    warnings.filterwarnings("ignore", message=_feature)
# The weekly job spans both policies on purpose; Dagster takes the stricter one, which is right.
warnings.filterwarnings("ignore", message="Asset job weekly_plan materializes assets with varying")

_SETTINGS = load_settings()

WEEKS = WeeklyPartitionsDefinition(
    start_date=_SETTINGS.first_week.isoformat(),
    day_offset=1,
    timezone=_SETTINGS.timezone,
    end_offset=1,
)
"""All training weeks, in the athlete's zone."""

MAX_WEEKS_PER_RUN = 104
"""Ingest and metrics are cheap and idempotent: up to two years a run."""

RANGES = BackfillPolicy.multi_run(max_partitions_per_run=MAX_WEEKS_PER_RUN)
"""How ingest and metrics are backfilled."""

ONE_WEEK = BackfillPolicy.multi_run(max_partitions_per_run=1)
"""A plan is made in a run of its own, so that a bad week fails alone."""


def weeks_of(context: AssetExecutionContext) -> Sequence[TrainingWeek]:
    """The weeks that this execution materializes, in order; one or a range."""
    return [TrainingWeek.parse(key) for key in sorted(context.partition_keys)]


def require_partition(week: TrainingWeek) -> None:
    """Refuse a week that has no partition; Dagster itself would silently take the next one.

    Raises:
        ValueError: Names the week and the nearest one that there is.
    """
    if WEEKS.has_partition_key(week.key):
        return
    first, last = WEEKS.get_first_partition_key(), WEEKS.get_last_partition_key()
    nearest = first if first is None or week.key < first else last
    raise ValueError(
        f"week {week} is not among the training weeks {first} to {last}; the nearest is {nearest}"
    )
