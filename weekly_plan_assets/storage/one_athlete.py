"""A database holds one athlete, until it is made to hold several."""

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_id import NAMELESS_ATHLETE
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import OtherAthleteError
from weekly_plan_assets.storage.indexes import holds_several_athletes
from weekly_plan_assets.storage.retrying import retried

OWN_DATABASE = (
    "set MONGO_DATABASE to a database of its own, or let this one hold several with `weekly-plan "
    "db migrate --multi-athlete --apply`"
)


@retried
def require_only_athlete(
    database: Database[BsonDocument], ledger: str, collection: str, athlete_id: str
) -> None:
    """Refuse a second athlete, unless the database may hold several.

    Args:
        database: Where the rows are kept.
        ledger: The collection that names the stored weeks.
        collection: Whose weeks are looked at.
        athlete_id: Whose rows are about to be written.

    Raises:
        OtherAthleteError: The collection holds another athlete's rows.
    """
    other = database[ledger].find_one({"collection": collection, "athleteId": {"$ne": athlete_id}})
    if other is None or holds_several_athletes(database):
        return
    held = other["athleteId"]
    back = (
        f"set WEEKLY_PLAN_ATHLETE_ID={held} or give no id"
        if held == NAMELESS_ATHLETE
        else f"put `id: {held}` back into the athlete file, or set WEEKLY_PLAN_ATHLETE_ID={held}"
    )
    same_person = f"if both are the same person, {back}, and the history goes on; otherwise "
    raise OtherAthleteError(
        f"database {database.name} holds the data of athlete {held!r} and takes no second one, but "
        f"this source is athlete {athlete_id!r}; {same_person}{OWN_DATABASE}"
    )
