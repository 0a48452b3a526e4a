"""A code location of its own keeps its assets by this project's IO manager."""

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest
from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.athlete_documents import counts_of, queries_of
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.graph import MongoAt

DEFINITIONS = PROJECT_ROOT / "examples" / "sleep_diary" / "definitions.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = spec_from_file_location("sleep_diary_definitions", DEFINITIONS)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_rows_are_upserted_by_key_and_its_weeks_are_in_the_ledger(
    example: ModuleType, mongo_url: str, database: Database[BsonDocument]
) -> None:
    defs = example.build_defs(MongoAt(url=mongo_url, database_name=database.name))
    with DagsterInstance.ephemeral() as instance:
        for _ in range(2):
            result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
                instance=instance, partition_key="2024-01-08"
            )
            assert result.success
    nights = database["sleep_diary"].find(sort=[("night", 1)]).to_list()
    assert [night["night"] for night in nights] == [f"2024-01-{day:02}" for day in range(8, 15)]
    (week,) = database["sleep_weeks"].find().to_list()
    assert week["mean_sleep_s"] == sum(night["sleep_s"] for night in nights) / 7
    mine = queries_of(database, "sleeper", is_alone=False)
    assert counts_of(database, mine) == {"sleep_diary": 7, "sleep_weeks": 1, "stored_weeks": 2}
    ledger = database["stored_weeks"].find().to_list()
    assert {row["collection"] for row in ledger} == {"sleep_diary", "sleep_weeks"}
