from time import sleep

import pytest
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import DocumentSizeError, MissingWeekError
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets_tests.support.racing import at_once

WEEK = TrainingWeek.parse("2024-01-08")


@pytest.fixture
def documents(database: Database[BsonDocument]) -> RunDocuments:
    database["run_artifacts"].create_index("runId", unique=True)
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
