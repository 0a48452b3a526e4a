"""A data version for each week of a range run.

Dagster takes one data version per output and copies it to every partition that a run materializes
(dagster-io/dagster#18649 and #34013), so a week that is read again by itself would look changed.
This module fills the gap at the one place where Dagster builds these events; remove it when Dagster
accepts versions by partition.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagster import (
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    DataVersion,
    DynamicOutput,
    MetadataValue,
    Output,
)

from weekly_plan_assets.runs.dagster_private import (
    DATA_VERSION_TAG,
    AssetExecutionType,
    OutputDefinition,
    StepExecutionContext,
    execute_step,
)
from weekly_plan_assets.storage.codec import content_hash

AssetEvent = AssetMaterialization | AssetObservation


class VersionsByPartition(DataVersion):
    """The data version of a whole output, which also knows that of each of its partitions."""

    by_partition: Mapping[str, str]

    @classmethod
    def of(cls, by_partition: Mapping[str, str]) -> "VersionsByPartition":
        """Combine versions by partition key; the version of a single partition is its own."""
        only = next(iter(by_partition.values())) if len(by_partition) == 1 else None
        versions = cls(only or content_hash(by_partition))
        versions.by_partition = dict(by_partition)
        return versions


_events_of_output = execute_step._get_output_asset_events


def _with_own_versions(
    asset_key: AssetKey,
    asset_partitions: Iterable[str],
    output: Output[Any] | DynamicOutput[Any],
    output_def: OutputDefinition,
    io_manager_metadata: Mapping[str, MetadataValue],
    step_context: StepExecutionContext,
    execution_type: AssetExecutionType,
) -> Iterator[AssetEvent]:
    """Dagster's events of an output, each with the version of its own partition if it has one."""
    for event in _events_of_output(
        asset_key,
        asset_partitions,
        output,
        output_def,
        io_manager_metadata,
        step_context,
        execution_type,
    ):
        version = _version_of(event.partition, asset_key, step_context)
        if version is None:
            yield event
        else:
            yield event._replace(tags={**(event.tags or {}), DATA_VERSION_TAG: version})


def _version_of(
    partition: str | None, asset_key: AssetKey, step_context: StepExecutionContext
) -> str | None:
    # Asked for after Dagster has built its tags, so that the version is always there.
    if partition is None or not step_context.has_data_version(asset_key):
        return None
    version = step_context.get_data_version(asset_key)
    if not isinstance(version, VersionsByPartition):
        return None
    return version.by_partition.get(partition)


execute_step._get_output_asset_events = _with_own_versions
