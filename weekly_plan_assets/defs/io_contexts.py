"""What the IO manager asks of Dagster's contexts, in a run and outside of any.

Outside of a run, in a notebook or through `load_asset_value`, a context has neither a step nor a
name, and Dagster raises errors of its own for what is missing; here they become sentences.
"""

from collections.abc import Mapping
from typing import Any

from dagster import DagsterInvariantViolationError, DataVersion, InputContext, OutputContext

from weekly_plan_assets.defs.week_versions import VersionsByPartition
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.runs.dagster_private import StepExecutionContext
from weekly_plan_assets.ui.stored_metadata import Metadata


def step_of(context: InputContext | OutputContext) -> StepExecutionContext | None:
    """The step that stores or loads; None outside of any run."""
    try:
        return context.step_context
    except DagsterInvariantViolationError:
        return None


def asset_named(context: InputContext | OutputContext) -> str:
    """The asset as a message names it."""
    return context.asset_key.to_user_string() if context.has_asset_key else "this output"


def input_named(context: InputContext) -> str:
    """The input as a message names it: by the asset where it has no name of its own."""
    try:
        return f"input {context.name}"
    except DagsterInvariantViolationError:
        return f"asset {asset_named(context)}"


def weeks_of_io(context: InputContext | OutputContext) -> list[TrainingWeek]:
    """The training weeks that are stored or loaded, in order.

    Raises:
        ValueError: There are none, or a key is not the Monday of a week.
    """
    if not context.has_asset_partitions:
        raise ValueError(
            f"asset {asset_named(context)} is kept by training week: name the week, as in "
            'partition_key="2026-11-16"; an asset of your own needs weekly partitions that begin '
            "on a Monday"
        )
    if isinstance(context, InputContext) and step_of(context) is None and context.has_partition_key:
        # Of a key that is no Monday, Dagster would load the week after.
        TrainingWeek.parse(context.partition_key)
    return [TrainingWeek.parse(key) for key in sorted(context.asset_partition_keys)]


def week_of(context: InputContext) -> TrainingWeek:
    """The one training week that is loaded.

    Raises:
        ValueError: There is none, or more than one.
    """
    weeks = weeks_of_io(context)
    if len(weeks) > 1:
        raise ValueError(
            f"asset {asset_named(context)} is one document a week, so {weeks[0]} to {weeks[-1]} "
            "cannot be loaded at once: load each week by itself"
        )
    return weeks[0]


def describe(context: OutputContext, by_week: Mapping[TrainingWeek, Metadata]) -> None:
    """Attach to the materialization of each week what is said of that week."""
    step = step_of(context)
    for week, metadata in by_week.items():
        if step is None:
            context.add_output_metadata(metadata)
        else:
            step.add_asset_metadata(metadata, context.asset_key, week.key)


def set_version(context: OutputContext, content: str) -> None:
    """Give Dagster the content hash: where it stays the same, nothing downstream is stale."""
    step = step_of(context)
    if step is not None:
        step.set_data_version(context.asset_key, DataVersion(content))


def set_versions(context: OutputContext, by_week: Mapping[TrainingWeek, str]) -> None:
    """As `set_version`, for each week of a range."""
    step = step_of(context)
    if step is not None:
        versions = VersionsByPartition.of({week.key: one for week, one in by_week.items()})
        step.set_data_version(context.asset_key, versions)


def requested_type(context: InputContext) -> Any:
    """The Python type to load: that of the input, else the one that the asset itself returns."""
    annotation = context.dagster_type.typing_type
    if annotation is not Any:
        return annotation
    upstream = context.upstream_output
    if upstream is None or upstream.op_def is None:
        return Any
    try:
        output = upstream.op_def.output_def_named(upstream.name)
    except DagsterInvariantViolationError:
        return Any
    return output.dagster_type.typing_type
