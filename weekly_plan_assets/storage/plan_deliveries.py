"""The documents of plan_deliveries, one a plan, target and account, and the claims to a week.

What a document says is defined in `lineage.records.delivery_receipt`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pymongo import ASCENDING, WriteConcern
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.upsert import merging_upsert, write_upserts

CLAIM_HOLDS = timedelta(minutes=30)
"""After this, a process of another machine that has not released a week is taken for killed: a
delivery is some twenty requests of a minute each at the very most."""

_DURABLE = WriteConcern(w="majority", j=True)
"""What was about to be written must be known after a crash, or it would look like an edit."""


def keep_delivery(database: Database[BsonDocument], document: BsonDocument) -> None:
    """Write the document of a run, target and account, durably.

    Raises:
        UpsertError: The server refused it.
    """
    collection = database.get_collection(CollectionName.PLAN_DELIVERIES, write_concern=_DURABLE)
    key = {field: document[field] for field in ("athleteId", "runId", "target", "account")}
    write_upserts(collection, [merging_upsert(key, document)])


def deliveries_of_week(
    database: Database[BsonDocument],
    athlete_id: str,
    planned_week: TrainingWeek,
    target: str,
    account: str | None = None,
) -> list[BsonDocument]:
    """The documents of all runs that planned a week; see `delivered_weeks`."""
    return delivered_weeks(database, athlete_id, target, [planned_week], account)


@retried
def deliveries_of_run(database: Database[BsonDocument], run_id: str) -> list[BsonDocument]:
    """The documents of one run, one for each account of each target."""
    return _found(database, {"runId": run_id})


@retried
def delivered_weeks(
    database: Database[BsonDocument],
    athlete_id: str,
    target: str,
    weeks: Sequence[TrainingWeek],
    account: str | None = None,
) -> list[BsonDocument]:
    """The documents of the planned weeks in question, for one target, oldest first.

    Args:
        database: Where they are.
        athlete_id: Whose plans.
        target: The target.
        weeks: The planned weeks.
        account: Only those of this account of the target; None: those of every account.
    """
    keys = [week.key for week in weeks]
    query = {"athleteId": athlete_id, "weekStart": {"$in": keys}, "target": target}
    return _found(database, query if account is None else query | {"account": account})


@retried
def all_deliveries(database: Database[BsonDocument], athlete_id: str | None) -> list[BsonDocument]:
    """The documents of one athlete, or of all, by planned week."""
    query = {} if athlete_id is None else {"athleteId": athlete_id}
    found = database[CollectionName.PLAN_DELIVERIES].find(query, {"_id": 0})
    return found.sort([("weekStart", ASCENDING), ("createdAt", ASCENDING)]).to_list()


@retried
def was_ever_delivered(
    database: Database[BsonDocument], athlete_id: str, target: str, account: str
) -> bool:
    """Whether anything of an athlete arrived in an account of a target before."""
    arrived = {"passes.entries.outcome": "applied"}
    query = {"athleteId": athlete_id, "target": target, "account": account, **arrived}
    return database[CollectionName.PLAN_DELIVERIES].find_one(query, {"_id": 1}) is not None


@retried
def was_ever_begun(
    database: Database[BsonDocument], athlete_id: str, target: str, account: str
) -> bool:
    """Whether a delivery of an athlete to an account of a target was begun, even of no entry."""
    query = {"athleteId": athlete_id, "target": target, "account": account}
    return database[CollectionName.PLAN_DELIVERIES].find_one(query, {"_id": 1}) is not None


def claim_week(database: Database[BsonDocument], key: str, athlete_id: str, holder: str) -> bool:
    """Claim a week and target for this process; False while another process delivers them.

    Args:
        database: Where claims are.
        key: The week and the target.
        athlete_id: Whose week.
        holder: This process, by a text that no other one has.
    """
    now = datetime.now(UTC)
    try:
        database[CollectionName.DELIVERY_CLAIMS].update_one(
            {"_id": key, "athleteId": athlete_id, "claimedAt": {"$lt": now - CLAIM_HOLDS}},
            {"$set": {"claimedAt": now, "holder": holder}},
            upsert=True,
        )
    except DuplicateKeyError:
        return False
    return True


@retried
def holder_of(database: Database[BsonDocument], key: str) -> str | None:
    """The process that has claimed a week; None if none has."""
    found = database[CollectionName.DELIVERY_CLAIMS].find_one({"_id": key}, {"holder": 1})
    return None if found is None else str(found.get("holder"))


@retried
def release_week(database: Database[BsonDocument], key: str, holder: str) -> None:
    """Give up the claim of a process; one that another process has since stays."""
    database[CollectionName.DELIVERY_CLAIMS].delete_one({"_id": key, "holder": holder})


def _found(database: Database[BsonDocument], query: BsonDocument) -> list[BsonDocument]:
    found = database[CollectionName.PLAN_DELIVERIES].find(query, {"_id": 0})
    return found.sort(
        [("createdAt", ASCENDING), ("target", ASCENDING), ("account", ASCENDING)]
    ).to_list()
