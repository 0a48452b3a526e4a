"""The MongoDB resource: Dagster's way to the project's database.

The connections themselves are in `connection`, which does not know Dagster.
"""

from abc import ABC, abstractmethod
from typing import Any

from dagster import ConfigurableResource
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument


class MongoResource(ConfigurableResource[Any], ABC):
    """Access to the project's database; opened when first needed, shared by the whole process."""

    @abstractmethod
    def database(self) -> Database[BsonDocument]:
        """The database, its indexes ensured.

        Raises:
            EmbeddedServerError: The embedded server cannot be started.
            MongoUrlError: The URL is not one.
            PyMongoError: The server does not answer, or refuses.
        """
