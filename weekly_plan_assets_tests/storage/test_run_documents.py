from time import sleep

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import DocumentSizeError, MissingWeekError
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.run_queries import forget_nameless_event
from weekly_plan_assets_tests.support.racing import at_once

WEEK = TrainingWeek.parse("2024-01-08")


@pytest.fixture
def documents(database: Database[BsonDocument]) -> RunDocuments:
    ensure_indexes(database)
    return RunDocuments(database, "run_artifacts")


def store(documents: RunDocuments, run_id: str, **fields: object) -> None:
    sleep(0.002)  # BSON times have milliseconds: each document gets a `createdAt` of its own
    week = {"observedWeekStart": WEEK.key, "athleteId": "i1"}
    documents.merge({"runId": run_id, **week, **fields})


def test_two_halves_become_one_document_and_only_the_first_is_new(
    documents: RunDocuments,
) -> None:
    assert documents.merge({"runId": "r1", "prompt": "why"}) is True
    assert documents.merge({"runId": "r1", "status": "success"}) is False
    document = documents.find("r1")
    assert document is not None
    assert (document["prompt"], document["status"]) == ("why", "success")
    assert document["createdAt"] <= document["updatedAt"]


def test_a_document_too_large_is_refused_by_its_run_and_its_largest_part(
    documents: RunDocuments,
) -> None:
    activities = [{"id": str(number), "own": "x" * 100_000} for number in range(101)]
    with pytest.raises(DocumentSizeError, match=r"cannot keep run r1: .* most of them in activit"):
        documents.merge({"runId": "r1", "prompt": "why", "activities": activities})
    assert documents.find("r1") is None


def test_two_halves_written_at_once_become_one_whole_document(documents: RunDocuments) -> None:
    for round_ in range(10):
        run_id = f"r{round_}"

        def merge(half: int, run_id: str = run_id) -> bool:
            return documents.merge({"runId": run_id, f"half{half}": True})

        assert sum(at_once(merge, threads=4)) == 1
        assert documents.find(run_id, holding=[f"half{half}" for half in range(4)])


def test_fields_without_a_run_id_are_refused(documents: RunDocuments) -> None:
    with pytest.raises(KeyError, match="runId"):
        documents.merge({"status": "success"})


def test_a_document_is_found_by_run_only_when_it_holds_the_fields(
    documents: RunDocuments,
) -> None:
    store(documents, "r1", prompt="why", outputValidated=None)
    assert documents.find("r1", holding=["prompt", "outputValidated"])
    assert documents.find("r1", holding=["prompt", "status"]) is None
    assert documents.find("r2") is None


def test_the_latest_document_is_the_one_first_written_last(documents: RunDocuments) -> None:
    store(documents, "r1", status="success")
    store(documents, "r2", status="success")
    store(documents, "r1", status="failure")
    assert documents.latest(WEEK)["runId"] == "r2"


def test_the_latest_document_is_complete_and_of_the_week_and_of_the_athlete(
    documents: RunDocuments,
) -> None:
    store(documents, "right", status="success")
    store(documents, "half", prompt="why")
    store(documents, "other week", status="success", observedWeekStart="2024-01-01")
    store(documents, "other athlete", status="success", athleteId="i2")
    assert documents.latest(WEEK, athlete_id="i1", holding=["status"])["runId"] == "right"
    assert documents.latest(WEEK, holding=["status"])["runId"] == "other athlete"


def test_a_week_without_a_document_is_an_error_that_names_collection_week_and_way_out(
    documents: RunDocuments,
) -> None:
    store(documents, "half", prompt="why")
    with pytest.raises(MissingWeekError) as missing:
        documents.latest(WEEK, holding=["status"])
    assert str(missing.value) == (
        "run_artifacts has no finished document made from the week 2024-01-08: "
        "run the weekly_plan job for that week first"
    )


def test_two_athletes_may_have_the_same_run_id(documents: RunDocuments) -> None:
    for athlete_id in ("i1", "i2"):
        assert documents.merge({"athleteId": athlete_id, "runId": "r1", "prompt": athlete_id})
    assert not documents.merge({"athleteId": "i2", "runId": "r1", "status": "success"})
    first, second = documents.database["run_artifacts"].find(sort=[("athleteId", 1)])
    assert (first["prompt"], second["prompt"]) == ("i1", "i2")
    assert ("status" in first, "status" in second) == (False, True)


def test_a_document_that_named_nobody_becomes_the_athlete_s_who_is_known_later(
    documents: RunDocuments,
) -> None:
    documents.merge({"athleteId": "unknown", "runId": "r1", "prompt": "why"})
    seen = {"athleteId": "unknown", "prompt": "why"}
    named = {"athleteId": "i1", "runId": "r1", "status": "failure"}
    assert documents.merge_while(seen, named)
    assert not documents.merge_while(seen, named)
    (document,) = documents.database["run_artifacts"].find()
    assert (document["athleteId"], document["prompt"]) == ("i1", "why")


def test_of_two_events_of_a_run_the_one_that_names_the_athlete_stays(
    database: Database[BsonDocument],
) -> None:
    ensure_indexes(database)
    events = RunDocuments(database, "run_events")
    events.merge({"athleteId": "unknown", "runId": "r1"})
    forget_nameless_event(database, "r1")
    assert events.find("r1")
    events.merge({"athleteId": "i1", "runId": "r1"})
    forget_nameless_event(database, "r1")
    assert [one["athleteId"] for one in database["run_events"].find()] == ["i1"]
