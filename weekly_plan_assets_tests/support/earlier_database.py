"""A database as earlier versions left it: unique indexes that do not begin with the athlete."""

from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.index_set import INDEXES, SUPERSEDED, Index
from weekly_plan_assets.storage.indexes import ensure_indexes


def as_before(database: Database[BsonDocument]) -> None:
    """Give a database the indexes that it would have been given by the version before."""
    ensure_indexes(database)
    replaced = {index.collection for index in SUPERSEDED}
    for index in INDEXES:
        is_new = index.unique or index.fields == (("runId", 1),)
        if index.collection in replaced and is_new:
            database[index.collection].drop_index(index.name)
    for index in SUPERSEDED:
        database[index.collection].create_index(list(index.fields), unique=True)


def unique_indexes(database: Database[BsonDocument]) -> dict[str, list[list[str]]]:
    """The fields of every unique index, by collection."""
    return {
        name: [
            [field for field, _ in index["key"]]
            for index in database[name].index_information().values()
            if index.get("unique")
        ]
        for name in sorted(database.list_collection_names())
    }


def names(indexes: tuple[Index, ...]) -> list[str]:
    """Each index by its collection and name."""
    return [f"{index.collection}.{index.name}" for index in indexes]
