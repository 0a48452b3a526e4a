"""The graph of the project with nothing in it: as many assets and checks, of the same shape."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetKey,
    AssetsDefinition,
    Definitions,
    IOManager,
    asset,
    define_asset_job,
    in_process_executor,
    multi_asset_check,
)

from weekly_plan_assets.definitions import defs
from weekly_plan_assets.partitions import WEEKS

JOB = "empty"


class Nowhere(IOManager):
    """Keeps nothing."""

    def handle_output(self, context: Any, obj: object) -> None:
        """Forget it."""

    def load_input(self, context: Any) -> None:
        """Nothing is there."""


def empty_definitions(job_name: str) -> Definitions:
    """Empty assets and checks as many, and as connected, as a job of the project runs."""
    job = defs.resolve_job_def(job_name)
    keys = job.asset_layer.selected_asset_keys
    graph = defs.resolve_asset_graph()
    assets = [_empty_asset(key, sorted(graph.get(key).parent_keys & keys)) for key in keys]
    specs_by_check = defaultdict(list)
    for definition in defs.asset_checks or ():
        for spec in definition.check_specs:
            if spec.asset_key in keys:
                specs_by_check[id(definition)].append(spec)
    checks = [
        multi_asset_check(specs=specs, name=f"check_{number}")(_passed(specs))
        for number, specs in enumerate(specs_by_check.values())
    ]
    return Definitions(
        assets=assets,
        asset_checks=checks,
        jobs=[define_asset_job(JOB, executor_def=in_process_executor)],
        resources={"io_manager": Nowhere()},
    )


def _empty_asset(key: AssetKey, upstream: Sequence[AssetKey]) -> AssetsDefinition:
    @asset(name=key.to_user_string(), deps=upstream, partitions_def=WEEKS)
    def nothing() -> int:
        return 0

    return nothing


def _passed(specs: Sequence[Any]) -> Any:
    def check() -> Iterator[AssetCheckResult]:
        for spec in specs:
            yield AssetCheckResult(asset_key=spec.asset_key, check_name=spec.name, passed=True)

    return check
