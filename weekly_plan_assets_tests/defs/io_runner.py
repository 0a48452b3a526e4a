"""Small assets on the IO manager: how tests of it materialize them, and what they ask of a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from dagster import (
    AssetKey,
    AssetsDefinition,
    DagsterInstance,
    Definitions,
    ExecuteInProcessResult,
    WeeklyPartitionsDefinition,
    materialize,
)
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)
from pymongo.database import Database

from weekly_plan_assets.defs.io_manager import AthleteScope, MongoIOManager
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.graph import MongoAt

WEEKS = WeeklyPartitionsDefinition(start_date="2024-01-01", day_offset=1)
FIRST, SECOND, THIRD, FOURTH = ("2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22")


class OneAthlete(AthleteScope):
    name: str = "i1"

    def athlete_id(self) -> str:
        return self.name


def io_manager_of(mongo_url: str, database_name: str) -> MongoIOManager:
    """The IO manager of one athlete in one database."""
    mongo = MongoAt(url=mongo_url, database_name=database_name)
    return MongoIOManager(mongo=mongo, source=OneAthlete())


@dataclass
class Runner:
    """Materializes assets in one instance, on a database of its own."""

    database: Database[BsonDocument]
    mongo_url: str
    instance: DagsterInstance
    resources: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.resources = {"io_manager": io_manager_of(self.mongo_url, self.database.name)}

    def run(
        self, assets: Sequence[AssetsDefinition], week: str, *, only: Sequence[str] | None = None
    ) -> ExecuteInProcessResult:
        return materialize(
            assets,
            partition_key=week,
            selection=only,
            instance=self.instance,
            resources=self.resources,
        )

    def load(
        self, assets: Sequence[AssetsDefinition], name: str, type_: Any, week: str | None
    ) -> Any:
        """What is stored for an asset, as a notebook loads it: outside of any run."""
        definitions = Definitions(assets=assets, resources=self.resources)
        with definitions.get_asset_value_loader(instance=self.instance) as loader:
            return loader.load_asset_value(AssetKey(name), python_type=type_, partition_key=week)

    def run_range(
        self,
        assets: Sequence[AssetsDefinition],
        first: str,
        last: str,
        *,
        only: Sequence[str] | None = None,
    ) -> ExecuteInProcessResult:
        return materialize(
            assets,
            tags={ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last},
            selection=only,
            instance=self.instance,
            resources=self.resources,
        )


def metadata_of(
    result: ExecuteInProcessResult, name: str, week: str | None = None
) -> dict[str, Any]:
    """What the run says of an asset in a week; without one, in the only week there is."""
    (found,) = (
        one
        for one in result.asset_materializations_for_node(name)
        if week is None or one.partition == week
    )
    return {key: entry.value for key, entry in found.metadata.items()}


def cause_of(run: Callable[[], object]) -> BaseException:
    """The error under Dagster's own."""
    with pytest.raises(Exception) as failure:  # noqa: PT011 - the cause is what matters
        run()
    return failure.value.__cause__ or failure.value
