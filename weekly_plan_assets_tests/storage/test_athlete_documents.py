"""Which documents are an athlete's, and so go with them."""

from pymongo.database import Database

from weekly_plan_assets.storage.athlete_documents import counts_of, queries_of
from weekly_plan_assets.storage.codec import BsonDocument


def test_evaluations_and_their_answers_go_with_the_athlete_and_those_of_personas_stay(
    database: Database[BsonDocument],
) -> None:
    for name in ("evaluations", "evaluation_answers"):
        database[name].insert_many([{"athleteId": one} for one in ("i1", "i2")])
    database["evaluations"].insert_one({"athleteId": None, "personas": {"steady": "runs"}})
    database["evaluation_answers"].insert_one({"athleteId": "steady"})
    of_one = queries_of(database, "i1", is_alone=False)
    assert counts_of(database, of_one) == {"evaluation_answers": 1, "evaluations": 1}
    of_all = queries_of(database, "i1", is_alone=True)
    assert counts_of(database, of_all) == {"evaluation_answers": 3, "evaluations": 3}
