"""What was recorded of one athlete, read from the store to distinguish people."""

from pymongo.database import Database

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.same_athlete import MEASURED
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.retrying import retried
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WELLNESS, RowKind

_STARTS = ("id", "start_date", "start_date_local")


@retried
def stored_sessions(database: Database[BsonDocument], athlete_id: str) -> list[Activity]:
    """All sessions of an athlete, with their starts only."""
    return as_models(_rows(database, ACTIVITIES, athlete_id, _STARTS), Activity)


@retried
def stored_wellness(database: Database[BsonDocument], athlete_id: str) -> list[WellnessDay]:
    """All days of an athlete, with what was measured only."""
    return as_models(_rows(database, WELLNESS, athlete_id, ("id", *MEASURED)), WellnessDay)


def _rows(
    database: Database[BsonDocument], kind: RowKind, athlete_id: str, fields: tuple[str, ...]
) -> list[BsonDocument]:
    of_athlete = {"athleteId": athlete_id}
    return list(database[kind.collection].find(of_athlete, {"_id": 0, **dict.fromkeys(fields, 1)}))
