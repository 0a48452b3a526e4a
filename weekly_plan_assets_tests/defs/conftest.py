"""A runner of small assets."""

from collections.abc import Iterator

import pytest
from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.defs.io_runner import Runner


@pytest.fixture
def runner(mongo_url: str, database: Database[BsonDocument]) -> Iterator[Runner]:
    """Materializes assets in an instance and a database of the test's own."""
    with DagsterInstance.ephemeral() as instance:
        yield Runner(database, mongo_url, instance)
