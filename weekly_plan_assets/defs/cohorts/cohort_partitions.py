"""Cohorts and weeks as two dimensions of one partition, `Europe_Madrid.001|2026-11-23`.

Cohorts are dynamic partitions: they come as athletes are added. Weeks begin in UTC here, because
cohorts of several zones share them; which days of a week are known is decided by an athlete's own
zone.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
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
from weekly_plan_assets.runs.dagster_private import PARTITION_NAME_TAG
from weekly_plan_assets.settings import Settings

COHORTS = DynamicPartitionsDefinition(name="cohorts")


class CohortWeeks(NamedTuple):
    """What a run of the graph covers: consecutive weeks of one cohort."""

    cohort: str
    weeks: Sequence[TrainingWeek]

    @property
    def only_week(self) -> TrainingWeek:
        """The week of a run that plans.

        Raises:
            ValueError: It covers several.
        """
        if len(self.weeks) > 1:
            raise ValueError(
                f"a plan is made from one week, and this run covers {len(self.weeks)}, from "
                f"{self.weeks[0]} to {self.weeks[-1]}; launch it for one partition at a time"
            )
        return self.weeks[0]


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
        ValueError: Several cohorts, weeks that do not follow one another, or a partition that does
            not exist, in the place of which Dagster would take the next one.
    """
    keys = [key for key in context.partition_keys if isinstance(key, MultiPartitionKey)]
    cohorts = {key.keys_by_dimension[COHORT] for key in keys}
    weeks = sorted(TrainingWeek.parse(key.keys_by_dimension[WEEK]) for key in keys)
    if len(cohorts) != 1 or any(b != a.next() for a, b in pairwise(weeks)):
        raise ValueError(
            f"a run covers consecutive weeks of one cohort, and this one was given {len(keys)} "
            f"partitions of {len(cohorts)} cohorts; run it for one cohort at a time"
        )
    _require_existing(context, keys)
    return CohortWeeks(cohorts.pop(), weeks)


def _require_existing(context: AssetExecutionContext, keys: Sequence[MultiPartitionKey]) -> None:
    asked = context.run.tags.get(PARTITION_NAME_TAG)
    if asked is not None and asked not in keys:
        raise ValueError(
            f"{asked} is no partition of this graph, which has a cohort and a Monday such as "
            f"{keys[0]}"
        )
    # In the easternmost zone a week begins most of a day before it does in UTC.
    latest = datetime.now(UTC).date() + timedelta(days=1)
    late = [key for key in keys if key.keys_by_dimension[WEEK] > latest.isoformat()]
    if late:
        raise ValueError(f"{late[0]} is of a week that has not begun anywhere")
