"""The MongoDB resource: Dagster's way to the project's database.

The connections themselves lie in `connection`, which knows no Dagster.
"""

from pathlib import Path
from typing import Any

from dagster import ConfigurableResource
from pydantic import Field
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database


class MongoResource(ConfigurableResource[Any]):
    """Access to the project's database; opened when first needed, shared by the whole process."""

    url: str | None = Field(default=None, description="MongoDB URL; unset: the embedded server.")
    embedded_dir: str = Field(default="", description="Folder of the embedded server.")
    database_name: str = Field(description="Database of the project.")

    def database(self) -> Database[BsonDocument]:
        """The database, its indexes ensured; starts the embedded server where there is no URL.

        Raises:
            EmbeddedServerError: The embedded server cannot be started.
            MongoUrlError: The URL is not one.
            PyMongoError: The server does not answer, or refuses.
        """
        return project_database(self.url or None, Path(self.embedded_dir), self.database_name)
