"""The weekly partitions: training weeks as Dagster sees them.

A partition's key is the week's Monday in the athlete's zone. The week that is under way has a
partition too, so that Sunday evening can plan from it.

Which weeks there are depends on the settings, which are read when a code location is built and not
when a module is imported. So assets and checks are decorated as usual but without partitions, and
`asset_in_weeks` and `check_in_weeks` give them those of the code location: assets by Dagster's
`map_asset_specs`, checks, whose specs it leaves alone, by `AssetChecksDefinition.create`.
"""

import warnings
from collections.abc import Mapping, Sequence
from datetime import date

from dagster import (
    AssetChecksDefinition,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetsDefinition,
    AssetSpec,
    BackfillPolicy,
    WeeklyPartitionsDefinition,
)

from weekly_plan_assets.defs.assets.groups import DELIVERY, PLANNING
from weekly_plan_assets.defs.automation import Condition
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings import Settings

# Dagster says at every definition that these may change; versions are pinned and tests guard them.
for _feature in ("Parameter `backfill_policy`", "Specifying a partitions_def on an AssetCheckSpec"):
    warnings.filterwarnings("ignore", message=_feature)
# The weekly job spans both policies on purpose; Dagster takes the stricter one, which is right.
warnings.filterwarnings("ignore", message="Asset job weekly_plan materializes assets with varying")

MAX_WEEKS_PER_RUN = 104
"""Ingest and metrics are cheap and idempotent: up to two years a run."""

_RANGES = BackfillPolicy.multi_run(max_partitions_per_run=MAX_WEEKS_PER_RUN)
"""How ingest and metrics are backfilled."""

_ONE_WEEK = BackfillPolicy.multi_run(max_partitions_per_run=1)
"""A plan is made in a run of its own, so that a bad week fails alone."""


def weekly_partitions(settings: Settings) -> WeeklyPartitionsDefinition:
    """All training weeks, from the first week of the settings on, in the athlete's zone."""
    return WeeklyPartitionsDefinition(
        start_date=settings.first_week.isoformat(),
        day_offset=1,
        timezone=settings.timezone,
        end_offset=1,
    )


def asset_in_weeks(
    asset: AssetsDefinition, weeks: WeeklyPartitionsDefinition, conditions: Mapping[str, Condition]
) -> AssetsDefinition:
    """An asset with what depends on the weeks: its partitions, backfills and automation.

    Args:
        asset: Decorated without any of the three; all its keys are in one group.
        weeks: Its partitions.
        conditions: The automation condition of each group.
    """

    def in_weeks(spec: AssetSpec) -> AssetSpec:
        return spec.replace_attributes(
            partitions_def=weeks, automation_condition=conditions[str(spec.group_name)]
        )

    (group,) = {str(spec.group_name) for spec in asset.specs}
    return asset.map_asset_specs(in_weeks).with_attributes(
        backfill_policy=_ONE_WEEK if group in {PLANNING, DELIVERY} else _RANGES
    )


def check_in_weeks(
    checks: AssetChecksDefinition, weeks: WeeklyPartitionsDefinition
) -> AssetChecksDefinition:
    """A `multi_asset_check` with an evaluation for each week."""
    partitioned: AssetChecksDefinition = AssetChecksDefinition.create(
        keys_by_input_name=checks.node_keys_by_input_name,
        node_def=checks.op,
        check_specs_by_output_name={
            output: _spec_in_weeks(spec, weeks)
            for output, spec in checks.node_check_specs_by_output_name.items()
        },
        can_subset=checks.can_subset,
        resource_defs=checks.resource_defs,
    )
    return partitioned


def _spec_in_weeks(spec: AssetCheckSpec, weeks: WeeklyPartitionsDefinition) -> AssetCheckSpec:
    return AssetCheckSpec(
        spec.name,
        asset=spec.asset_key,
        description=spec.description,
        additional_deps=spec.additional_deps,
        blocking=spec.blocking,
        metadata=spec.metadata,
        automation_condition=spec.automation_condition,
        partitions_def=weeks,
    )


def weeks_of_run(context: AssetExecutionContext) -> Sequence[TrainingWeek]:
    """The weeks that this execution materializes, in order; one or a range."""
    return [TrainingWeek.parse(key) for key in sorted(context.partition_keys)]


def first_partition(weeks: WeeklyPartitionsDefinition) -> TrainingWeek:
    """The first week that has a partition."""
    return TrainingWeek.parse(str(weeks.get_first_partition_key()))


def weeks_without_partition(
    weeks: WeeklyPartitionsDefinition, first_day: date, settings: Settings
) -> str | None:
    """What to say of data that begin before the first partition; None if they do not."""
    first = first_partition(weeks)
    if first_day >= first.start:
        return None
    way_out = (
        "run again to read them"
        if settings.first_day is None
        else "unset WEEKLY_PLAN_FIRST_DAY to read them"
    )
    return f"data begin on {first_day}, but weeks before {first} were not read: {way_out}"


def require_partition(weeks: WeeklyPartitionsDefinition, week: TrainingWeek) -> None:
    """Refuse a week that has no partition; Dagster itself would silently take the next one.

    Raises:
        ValueError: Names the week and the nearest one that there is.
    """
    if weeks.has_partition_key(week.key):
        return
    first, last = weeks.get_first_partition_key(), weeks.get_last_partition_key()
    nearest = first if first is None or week.key < first else last
    raise ValueError(
        f"week {week} is not among the training weeks {first} to {last}; the nearest is {nearest}"
    )
