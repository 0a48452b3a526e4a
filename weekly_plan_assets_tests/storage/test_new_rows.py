"""Rows under whose key nothing is stored are inserted; what is raced or repeated is upserted."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace as dataclass_with
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.upsert import (
    NewDocument,
    Write,
    replacing_upsert,
    write_upserts,
)
from weekly_plan_assets.storage.week_rows import ACTIVITIES, LEDGER, RowKind, WeekRows
from weekly_plan_assets.storage.window_counts import WindowCounts

FIRST = TrainingWeek.parse("2024-01-01")
SECOND = FIRST.next()
STAMPS = ("createdAt", "updatedAt")


class WriteCommands(CommandListener):
    """Counts the commands that write rows; does something right before the next insert of one."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.before_insert: Callable[[], object] | None = None

    def started(self, event: CommandStartedEvent) -> None:
        name = event.command_name
        if name in ("insert", "update") and event.command[name] != LEDGER:
            self.seen[name] += 1
        if name == "insert" and self.before_insert is not None:
            action, self.before_insert = self.before_insert, None
            action()

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing is counted there."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nor there."""


@pytest.fixture
def commands() -> WriteCommands:
    return WriteCommands()


@pytest.fixture
def store(
    database: Database[BsonDocument], mongo_url: str, commands: WriteCommands
) -> Iterator[WeekRows]:
    """Activities of one athlete; what is sent to write them is counted."""
    ensure_indexes(database)
    with open_client(mongo_url, {"event_listeners": [commands]}) as client:
        yield WeekRows(client[database.name], ACTIVITIES, "i1")


@pytest.fixture
def other_run(database: Database[BsonDocument]) -> WeekRows:
    """The same activities, over a connection that is not watched."""
    return WeekRows(database, ACTIVITIES, "i1")


def activity(id_: str, day: str = "2024-01-02", **others: Any) -> BsonDocument:
    return {"id": id_, "start_date_local": f"{day}T07:00:00"} | others


def stored(rows: WeekRows) -> dict[str, BsonDocument]:
    """The documents by id; more than one of an id is an error."""
    documents = list(rows.database[rows.collection].find())
    by_id = {document["id"]: document for document in documents}
    assert len(by_id) == len(documents)
    return by_id


def test_new_rows_are_inserted_and_changed_ones_upserted(
    store: WeekRows, commands: WriteCommands
) -> None:
    store.replace([FIRST], [activity("a"), activity("b")])
    assert commands.seen == {"insert": 1}
    counts = store.replace([FIRST], [activity("a", load=1), activity("b"), activity("c")])
    assert commands.seen == {"insert": 2, "update": 1}
    assert counts == WindowCounts(inserted=1, changed=1, unchanged=1)


def test_unchanged_rows_are_not_written(store: WeekRows, commands: WriteCommands) -> None:
    store.replace([FIRST], [activity("a")])
    commands.seen.clear()
    assert store.replace([FIRST], [activity("a")]).unchanged == 1
    assert not commands.seen


def test_a_row_that_is_stored_in_another_week_is_moved_not_inserted(
    store: WeekRows, commands: WriteCommands
) -> None:
    store.replace([FIRST], [activity("a"), activity("b")])
    commands.seen.clear()
    assert store.replace([SECOND], [activity("a", "2024-01-08")]).changed == 1
    assert commands.seen == {"update": 1}


def test_rows_of_a_collection_that_may_lack_a_unique_index_are_upserted(
    store: WeekRows, commands: WriteCommands
) -> None:
    nights = dataclass_with(store, kind=RowKind("nights", key="id", day_field="id"))
    assert nights.replace([FIRST], [{"id": "2024-01-02"}]).inserted == 1
    assert commands.seen == {"update": 1}


def test_a_row_that_another_run_stores_between_look_and_insert_is_replaced_not_refused(
    store: WeekRows, other_run: WeekRows, commands: WriteCommands
) -> None:
    theirs = [activity("a", load=1, note="theirs"), activity("b", load=1)]
    commands.before_insert = lambda: other_run.replace([FIRST], theirs)
    store.replace([FIRST], [activity(id_, load=2) for id_ in "abc"])
    rows = stored(store)
    assert [row["load"] for row in rows.values()] == [2, 2, 2]
    assert "note" not in rows["a"]
    assert rows["a"]["createdAt"] < rows["a"]["updatedAt"], "it was theirs first"
    assert [row["id"] for row in store.load([FIRST], required=[FIRST])] == ["a", "b", "c"]


def test_a_batch_whose_answer_was_lost_is_not_inserted_twice(store: WeekRows) -> None:
    collection = store.database[store.collection]
    keys = [{"athleteId": "i1", "id": id_} for id_ in "abc"]
    batch = [NewDocument(key, key | {"weekStart": FIRST.key}) for key in keys]
    assert write_upserts(collection, batch) == (3, 0)
    before = stored(store)
    assert write_upserts(collection, batch) == (0, 3), "as after an answer that did not come"
    for id_, row in stored(store).items():
        assert (row["_id"], row["createdAt"]) == (before[id_]["_id"], before[id_]["createdAt"])


def test_a_key_is_not_inserted_twice_even_without_a_unique_index(
    database: Database[BsonDocument],
) -> None:
    batch = [NewDocument({"key": 1}, {"key": 1})]
    for _ in range(2):
        write_upserts(database["things"], batch)
    assert database["things"].count_documents({}) == 1


def test_an_inserted_document_is_the_same_as_an_upserted_one(
    database: Database[BsonDocument],
) -> None:
    fields = {"key": "a", "load": 1.5, "zones": [1, 2], "nested": {"z": 1, "a": "$text"}}
    writes: tuple[Callable[..., Write], ...] = (NewDocument, replacing_upsert)
    for number, write in enumerate(writes):
        write_upserts(database[f"things{number}"], [write({"key": "a"}, fields)])
    documents = [database[f"things{number}"].find_one() or {} for number in range(2)]
    inserted, upserted = (list(document) for document in documents)
    assert inserted == upserted == ["_id", *fields, *STAMPS]
    for document in documents:
        assert {name: document[name] for name in fields} == fields


def test_a_failing_row_stops_the_window_before_anything_is_written(
    store: WeekRows, commands: WriteCommands
) -> None:
    def rows() -> Iterator[BsonDocument]:
        yield activity("a")
        raise LookupError

    with pytest.raises(LookupError):
        store.replace([FIRST], rows())
    assert not commands.seen
    assert store.stored_weeks([FIRST]) == set()
