"""Which messages were sent to whom, so that each is sent once by any process.

A process claims a message before it sends it. What is sent, and to whom, is decided in
`operations.notifications`.
"""

from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName

CLAIM_HOLDS = timedelta(minutes=5)
"""After this, a process that claimed an event and did not send it has been killed."""

KEPT = timedelta(days=30)


def forget_old_claims(database: Database[BsonDocument]) -> None:
    """Delete what is older than `KEPT`."""
    oldest = datetime.now(UTC) - KEPT
    database[CollectionName.NOTIFICATIONS].delete_many({"claimedAt": {"$lt": oldest}})


def begins_at(database: Database[BsonDocument], key: str, now_begins: datetime) -> datetime:
    """The moment from which somebody gets messages, kept since they were first asked for.

    Args:
        database: Where it is kept.
        key: Who gets messages, and which.
        now_begins: The moment, if none is kept yet.
    """
    kept = database[CollectionName.NOTIFICATIONS].find_one_and_update(
        {"_id": key},
        {"$setOnInsert": {"begins": now_begins}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    begins: datetime = (kept or {}).get("begins", now_begins)
    return begins


def claim(database: Database[BsonDocument], key: str) -> bool:
    """Claim a message for this process; False if it was sent, or another process claimed it."""
    now = datetime.now(UTC)
    try:
        # An insert where nobody claimed it, an update where that process was killed, and
        # else a document of that _id which the query does not match.
        database[CollectionName.NOTIFICATIONS].update_one(
            {"_id": key, "toldAt": None, "claimedAt": {"$lt": now - CLAIM_HOLDS}},
            {"$set": {"claimedAt": now}},
            upsert=True,
        )
    except DuplicateKeyError:
        return False
    return True


def is_sent(database: Database[BsonDocument], key: str) -> bool:
    """Whether it was sent."""
    sent = {"_id": key, "toldAt": {"$ne": None}}
    return database[CollectionName.NOTIFICATIONS].find_one(sent, {"_id": 1}) is not None


def mark_as_sent(database: Database[BsonDocument], key: str) -> None:
    """Remember that a message was sent."""
    sent = {"$set": {"toldAt": datetime.now(UTC)}}
    database[CollectionName.NOTIFICATIONS].update_one({"_id": key}, sent)


def release(database: Database[BsonDocument], key: str) -> None:
    """Give a claim up, so that the message is tried again."""
    database[CollectionName.NOTIFICATIONS].delete_one({"_id": key})
