"""Whether the store answers at all: what fails while it does is the fault of what was asked."""

import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from weekly_plan_assets.storage.codec import BsonDocument

_ANSWER_S = 5.0


def is_store_away(database: Database[BsonDocument]) -> bool:
    """Whether the store does not answer at all, asked now."""
    try:
        with pymongo.timeout(_ANSWER_S):
            database.client.admin.command("ping")
    except PyMongoError:
        return True
    return False
