"""The graph of the project with nothing in it: as many assets and checks, of the same shape."""

from collections.abc import Iterator, Sequence
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetIn,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    Definitions,
    IOManager,
    asset,
    define_asset_job,
    in_process_executor,
    multi_asset_check,
)

from weekly_plan_assets.definitions import defs
from weekly_plan_assets.defs.partitions import weekly_partitions
from weekly_plan_assets.settings import load_settings

JOB = "empty"

WEEKS = weekly_partitions(load_settings())


class Nowhere(IOManager):
    """Keeps nothing."""

    def handle_output(self, context: Any, obj: object) -> None:
        """Forget it."""

    def load_input(self, context: Any) -> None:
        """Nothing is there."""


def empty_definitions(job_name: str, *, with_inputs: bool) -> Definitions:
    """Empty assets and checks as many as a job of the project runs.

    Args:
        job_name: The job.
        with_inputs: Whether they are given what the project's are given, from inside the job and
            outside; else they only wait for those inside.
    """
    keys = defs.resolve_job_def(job_name).asset_layer.selected_asset_keys
    graph = defs.resolve_asset_graph()
    assets: list[AssetsDefinition | AssetSpec] = []
    outside: set[AssetKey] = set()
    for key in keys:
        inputs = _inputs(graph.get(key).assets_def) if with_inputs else {}
        waits_for = graph.get(key).parent_keys - set(inputs.values())
        assets.append(_empty_asset(key, inputs, sorted(waits_for & keys)))
        outside |= set(inputs.values()) - keys
    assets += [AssetSpec(key, partitions_def=WEEKS) for key in sorted(outside)]
    checks = [
        _empty_check(number, specs, _inputs(definition) if with_inputs else {})
        for number, definition in enumerate(defs.asset_checks or ())
        if (specs := [spec for spec in definition.check_specs if spec.asset_key in keys])
    ]
    return Definitions(
        assets=assets,
        asset_checks=checks,
        jobs=[define_asset_job(JOB, executor_def=in_process_executor)],
        resources={"io_manager": Nowhere()},
    )


def _inputs(definition: AssetsDefinition) -> dict[str, AssetKey]:
    """What the IO manager loads for it, by the name of the parameter."""
    return {
        name: key
        for name, key in definition.keys_by_input_name.items()
        if not definition.node_def.input_def_named(name).dagster_type.is_nothing
    }


def _empty_asset(
    key: AssetKey, inputs: dict[str, AssetKey], waits_for: Sequence[AssetKey]
) -> AssetsDefinition:
    ins = {name: AssetIn(input_key) for name, input_key in inputs.items()}

    @asset(name=key.to_user_string(), ins=ins, deps=waits_for, partitions_def=WEEKS)
    def nothing(**given: object) -> int:  # noqa: ARG001 - whatever it is given
        return 0

    return nothing


def _empty_check(
    number: int, specs: Sequence[AssetCheckSpec], inputs: dict[str, AssetKey]
) -> AssetsDefinition:
    ins = {name: AssetIn(key) for name, key in inputs.items()}

    @multi_asset_check(specs=specs, name=f"check_{number}", ins=ins)
    def check(**given: object) -> Iterator[AssetCheckResult]:  # noqa: ARG001
        for spec in specs:
            yield AssetCheckResult(asset_key=spec.asset_key, check_name=spec.name, passed=True)

    return check
