"""Cohorts and weeks as two dimensions of one partition, `Europe_Madrid.001|2026-11-23`.

Cohorts are dynamic partitions: they come as athletes are added. Weeks begin in UTC here, because
cohorts of several zones share them; which days of a week are known is decided by an athlete's own
zone.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from dagster import (
    AssetExecutionContext,
    DagsterInstance,
    DynamicPartitionsDefinition,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    WeeklyPartitionsDefinition,
)

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.runs.code_location import COHORT, WEEK
from weekly_plan_assets.settings import Settings

COHORTS = DynamicPartitionsDefinition(name="cohorts")


class CohortWeeks(NamedTuple):
    """What a run of the graph covers: consecutive weeks of one cohort."""

    cohort: str
    weeks: Sequence[TrainingWeek]


def cohort_weeks(settings: Settings) -> MultiPartitionsDefinition:
    """Every cohort in every training week, from the first week of the settings on."""
    weeks = WeeklyPartitionsDefinition(
        start_date=settings.first_week.isoformat(), day_offset=1, timezone="UTC", end_offset=1
    )
    return MultiPartitionsDefinition({COHORT: COHORTS, WEEK: weeks})


def partition_of(cohort: str, week: TrainingWeek) -> MultiPartitionKey:
    """The partition of a cohort and a week."""
    return MultiPartitionKey({COHORT: cohort, WEEK: week.key})


def add_cohorts(instance: DagsterInstance, keys: Iterable[str]) -> None:
    """Make cohorts known to Dagster; those that it knows stay as they are."""
    known = set(instance.get_dynamic_partitions(COHORTS.name or ""))
    missing = sorted(set(keys) - known)
    if missing:
        instance.add_dynamic_partitions(COHORTS.name or "", missing)


def covered_by(context: AssetExecutionContext) -> CohortWeeks:
    """What this execution covers.

    Raises:
        ValueError: Several cohorts, or weeks that do not follow one another.
    """
    keys = [key for key in context.partition_keys if isinstance(key, MultiPartitionKey)]
    cohorts = {key.keys_by_dimension[COHORT] for key in keys}
    weeks = sorted(TrainingWeek.parse(key.keys_by_dimension[WEEK]) for key in keys)
    if len(cohorts) != 1 or any(b != a.next() for a, b in pairwise(weeks)):
        raise ValueError(
            f"a run covers consecutive weeks of one cohort, and this one was given {len(keys)} "
            f"partitions of {len(cohorts)} cohorts; run it for one cohort at a time"
        )
    return CohortWeeks(cohorts.pop(), weeks)
