"""Whether rows that a source names for one athlete are stored for another one."""

from collections import Counter
from collections.abc import Collection

from pymongo.collection import Collection as MongoCollection
from pymongo.errors import ExecutionTimeout

from weekly_plan_assets.storage.codec import BsonDocument

_MOST_MS = 10_000
"""No index begins with the id of a row; in a store of very many athletes nobody waits for it."""

_MOST = 0.5
"""Part of the rows from which they are taken for another athlete's. Convention."""


def removal_advice(
    collection: MongoCollection[BsonDocument], athlete_id: str, new: Collection[str]
) -> str:
    """What to do where a source no longer names most rows of an athlete: it may be another's.

    Args:
        collection: Where the rows of all athletes are; each is named by its id.
        athlete_id: For whom the source names them.
        new: The ids that it names, and that are not stored for this athlete; none where rows are
            named by their day, which two athletes share.
    """
    owners = _owners(collection, athlete_id, new)
    ((other, count),) = owners.most_common(1) or [("", 0)]
    if count <= _MOST * len(new):
        return (
            "where they were really deleted there, or the athlete has another source now, run once "
            "with WEEKLY_PLAN_ALLOW_REMOVAL=true"
        )
    return (
        f"{count} of the {len(new)} new ones are stored for athlete {other}, so the source of "
        f"{athlete_id} looks like theirs: correct its folder, key or id"
    )


def _owners(
    collection: MongoCollection[BsonDocument], athlete_id: str, ids: Collection[str]
) -> Counter[str]:
    """For how many of the rows each other athlete has one of the same id stored."""
    if not ids:
        return Counter()
    theirs = {"id": {"$in": list(ids)}, "athleteId": {"$nin": [athlete_id, None]}}
    try:
        found = collection.find(theirs, {"_id": 0, "athleteId": 1}, max_time_ms=_MOST_MS)
        return Counter(str(row["athleteId"]) for row in found)
    except ExecutionTimeout:
        return Counter()
