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


def seems_of_another(
    collection: MongoCollection[BsonDocument], athlete_id: str, new: Collection[str]
) -> str | None:
    """Say whose the new rows of an athlete look like, and what to do; None if they are nobody's.

    Args:
        collection: Where the rows of all athletes are; each is named by its id.
        athlete_id: For whom the source names them.
        new: The ids that it names, and that are not stored for this athlete.
    """
    if not new:
        return None
    theirs = {"id": {"$in": list(new)}, "athleteId": {"$nin": [athlete_id, None]}}
    try:
        found = collection.find(theirs, {"_id": 0, "athleteId": 1}, max_time_ms=_MOST_MS)
        owners = Counter(row["athleteId"] for row in found)
    except ExecutionTimeout:
        return None
    if not owners:
        return None
    ((other, count),) = owners.most_common(1)
    if count <= _MOST * len(new):
        return None
    return (
        f"{count} of the {len(new)} new ones are stored for athlete {other}, so the source of "
        f"{athlete_id} looks like theirs: correct its folder, key or id"
    )
