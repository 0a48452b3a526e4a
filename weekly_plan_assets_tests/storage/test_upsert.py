from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from weekly_plan_assets.storage import upsert
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import UpsertError
from weekly_plan_assets.storage.upsert import (
    NewDocument,
    Write,
    merging_upsert,
    replacing_upsert,
    write_upserts,
)
from weekly_plan_assets_tests.support.racing import at_once

WRITERS = 8
ROUNDS = [range(start, start + 20) for start in range(0, 200, 20)]
"""The keys of one race after the other."""


@pytest.fixture
def collection(database: Database[BsonDocument]) -> Collection[BsonDocument]:
    """A collection whose documents are named by a unique `key`."""
    database["things"].create_index("key", unique=True)
    return database["things"]


def replace(collection: Collection[BsonDocument], **fields: Any) -> BsonDocument:
    """The stored document after it was replaced by `fields`, which hold its key."""
    write_upserts(collection, [replacing_upsert({"key": fields["key"]}, fields)])
    return one(collection, fields["key"])


def merge(collection: Collection[BsonDocument], **fields: Any) -> BsonDocument:
    """The stored document after `fields`, which hold its key, were merged into it."""
    write_upserts(collection, [merging_upsert({"key": fields["key"]}, fields)])
    return one(collection, fields["key"])


def insert(collection: Collection[BsonDocument], **fields: Any) -> BsonDocument:
    """The stored document after `fields`, which hold its key, were stored as new."""
    write_upserts(collection, [NewDocument({"key": fields["key"]}, fields)])
    return one(collection, fields["key"])


def one(collection: Collection[BsonDocument], key: object) -> BsonDocument:
    (document,) = collection.find({"key": key})
    return document


@pytest.mark.parametrize("write", [replace, merge, insert])
def test_created_at_is_set_once_and_updated_at_moves(
    write: Any, collection: Collection[BsonDocument]
) -> None:
    first = write(collection, key="a", load=1)
    sleep(0.005)  # two writes of one millisecond would carry the same time
    second = write(collection, key="a", load=2)
    assert first["createdAt"] <= first["updatedAt"] < second["updatedAt"]
    assert second["createdAt"] == first["createdAt"]
    assert second["_id"] == first["_id"]
    assert second["load"] == 2


@pytest.mark.parametrize("write", [replace, merge, insert])
def test_a_new_document_was_created_and_updated_at_one_time_whatever_the_clock_says_next(
    write: Any, collection: Collection[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = iter(range(1000))
    start = datetime(2026, 1, 5, tzinfo=UTC)
    monkeypatch.setattr(upsert, "_now", lambda: start + timedelta(seconds=next(steps)))
    document = write(collection, key="a", load=1)
    assert document["createdAt"] == document["updatedAt"]


def test_replacing_drops_what_the_new_document_lacks(
    collection: Collection[BsonDocument],
) -> None:
    replace(collection, key="a", load=1, note="gone next time", nested={"x": 1, "y": 2})
    document = replace(collection, key="a", load=1, nested={"x": 1})
    assert "note" not in document
    assert document["nested"] == {"x": 1}


def test_merging_leaves_the_other_fields_as_they_are(
    collection: Collection[BsonDocument],
) -> None:
    merge(collection, key="a", prompt="why", status=None)
    document = merge(collection, key="a", status="success")
    assert (document["prompt"], document["status"]) == ("why", "success")


def test_text_that_looks_like_an_expression_is_kept_as_text(
    collection: Collection[BsonDocument],
) -> None:
    hostile = {"text": "$createdAt", "list": ["$$NOW"], "nested": {"$set": 1, "a.b": 2, "": 3}}
    replaced = replace(collection, key="$key", **hostile)
    merged = merge(collection, key="other", **hostile)
    for document in (replaced, merged):
        assert {name: document[name] for name in hostile} == hostile
    assert replaced["key"] == "$key"


def test_replacing_keeps_top_level_names_with_dots_and_dollars(
    collection: Collection[BsonDocument],
) -> None:
    document = replace(collection, **{"key": "a", "a.b": 1, "$c": 2})
    assert (document["a.b"], document["$c"]) == (1, 2)


def test_the_counts_tell_new_documents_from_known_ones(
    collection: Collection[BsonDocument],
) -> None:
    replace(collection, key=1)
    upserts = [replacing_upsert({"key": key}, {"key": key}) for key in (1, 2, 3)]
    assert write_upserts(collection, upserts) == (2, 1)
    assert write_upserts(collection, []) == (0, 0)


def test_more_documents_than_one_batch_are_all_written_and_counted(
    collection: Collection[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weekly_plan_assets.storage.upsert._BATCH_ROWS", 3)
    upserts = [merging_upsert({"key": key}, {"key": key}) for key in range(10)]
    assert write_upserts(collection, upserts) == (10, 0)
    assert collection.count_documents({}) == 10


def test_after_a_refused_batch_no_other_is_begun(
    collection: Collection[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weekly_plan_assets.storage.upsert._BATCH_ROWS", 3)
    made = []

    def upserts() -> Iterator[UpdateOne]:
        for key in range(3_000):
            made.append(key)
            yield merging_upsert({"key": key}, {"key": key} if key != 4 else {"_id": []})

    with pytest.raises(UpsertError):
        write_upserts(collection, upserts())
    assert len(made) < 3_000


def write_at_once(
    upsert: Any, collection: Collection[BsonDocument], keys: range
) -> list[tuple[int, int]]:
    """What many writers of the same new documents count, each of which adds a field of its own."""

    def write(writer: int) -> tuple[int, int]:
        upserts: list[Write] = []
        for key in keys:
            # The filter asks for more than the unique key, as that of weekly_metrics does. The
            # server then tells the loser of a race; else it would try again by itself.
            identity = {"athlete": "i1", "key": key}
            upserts.append(upsert(identity, {**identity, f"writer{writer}": True}))
        return write_upserts(collection, upserts)

    return at_once(write, threads=WRITERS)


@pytest.mark.parametrize("upsert", [replacing_upsert, merging_upsert, NewDocument])
def test_many_writers_of_the_same_new_documents_leave_one_each_and_no_error(
    upsert: Any, collection: Collection[BsonDocument]
) -> None:
    for keys in ROUNDS:
        counts = write_at_once(upsert, collection, keys)
        assert sum(inserted for inserted, _ in counts) == len(keys)
        assert all(sum(count) == len(keys) for count in counts)
        assert collection.count_documents({"key": {"$in": list(keys)}}) == len(keys)


def test_what_many_writers_merge_into_the_same_new_documents_is_all_there(
    collection: Collection[BsonDocument],
) -> None:
    for keys in ROUNDS:
        write_at_once(merging_upsert, collection, keys)
    whole = {f"writer{writer}": True for writer in range(WRITERS)}
    assert collection.count_documents(whole) == collection.count_documents({}) == 200


@pytest.mark.parametrize("write", [replacing_upsert, NewDocument])
def test_a_refused_document_is_an_error_that_names_collection_count_and_reason(
    write: Any, collection: Collection[BsonDocument]
) -> None:
    collection.create_index("bib", unique=True)
    replace(collection, key="a", bib=1)
    refused = [write({"key": key}, {"key": key, "bib": 1}) for key in ("b", "c")]
    accepted = write({"key": "d"}, {"key": "d", "bib": 2})
    with pytest.raises(UpsertError, match=r"^things: 2 documents were refused.*bib"):
        write_upserts(collection, [*refused, accepted])
    assert sorted(document["key"] for document in collection.find()) == ["a", "d"]


def test_a_document_that_the_collection_s_rules_refuse_is_not_tried_again(
    database: Database[BsonDocument],
) -> None:
    guarded = database.create_collection("guarded", validator={"load": {"$type": "number"}})
    for write in (replace, insert):
        with pytest.raises(UpsertError, match=r"^guarded: 1 document was refused.*validator"):
            write(guarded, key="a", load="heavy")
