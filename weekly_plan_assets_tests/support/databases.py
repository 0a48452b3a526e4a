"""What a database holds, to be compared before and after."""

from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument

VALIDATED = {"validationLevel": "strict", "validationAction": "error"}
"""MongoDB's defaults for a collection with a validator."""


def whole(database: Database[BsonDocument]) -> dict[str, object]:
    """Documents, indexes and options of all collections."""
    return {
        info["name"]: (
            list(database[info["name"]].find(sort=[("_id", 1)])),
            database[info["name"]].index_information(),
            {**(VALIDATED if "validator" in info["options"] else {}), **info["options"]},
        )
        for info in database.list_collections()
    }
