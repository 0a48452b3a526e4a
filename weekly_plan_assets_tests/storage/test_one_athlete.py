"""A database of one athlete refuses another, and says how the same one goes on."""

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import OtherAthleteError
from weekly_plan_assets.storage.one_athlete import require_only_athlete


@pytest.mark.parametrize(
    ("held", "way"),
    [
        ("anna", "if both are the same person, put `id: anna` back into the athlete file"),
        ("folder", "if both are the same person, set WEEKLY_PLAN_ATHLETE_ID=folder or give no id"),
    ],
)
def test_an_id_that_was_changed_is_first_told_to_be_put_back(
    database: Database[BsonDocument], held: str, way: str
) -> None:
    database["stored_weeks"].insert_one({"collection": "weekly_metrics", "athleteId": held})
    with pytest.raises(OtherAthleteError) as refused:
        require_only_athlete(database, "stored_weeks", "weekly_metrics", "somebody")
    said = str(refused.value)
    assert way in said
    assert said.index(way) < said.index("MONGO_DATABASE")
