"""Collections that somebody else made: what can be worked with, and what is refused by name."""

from collections.abc import Callable

import pytest
from pymongo import MongoClient, monitoring
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import OWN_COLLECTIONS
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.errors import CollectionShapeError, NotUniqueError, UpsertError
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2026-11-09"


@pytest.fixture
def kept(terminal: Terminal, mongo_url: str) -> Database[BsonDocument]:
    """The database of the terminal."""
    return open_client(mongo_url)[terminal.environment["MONGO_DATABASE"]]


def a_view(database: Database[BsonDocument]) -> None:
    database.create_collection("plan_snapshots", viewOn="others", pipeline=[])


def a_time_series(database: Database[BsonDocument]) -> None:
    database.create_collection("plan_snapshots", timeseries={"timeField": "createdAt"})


def capped(database: Database[BsonDocument]) -> None:
    database.create_collection("plan_snapshots", capped=True, size=100_000)


def test_every_collection_of_the_project_is_known() -> None:
    with_indexes = {index.collection for index in INDEXES}
    without = {"evaluations", "evaluation_answers", "notifications", "delivery_claims"}
    without.add("read_marks")
    assert with_indexes | without == OWN_COLLECTIONS


@pytest.mark.parametrize(
    ("make", "named"),
    [(a_view, "a view"), (a_time_series, "a time series"), (capped, "a capped collection")],
)
def test_what_cannot_be_worked_with_is_refused_before_anything_is_written(
    make: Callable[[Database[BsonDocument]], None],
    named: str,
    database: Database[BsonDocument],
) -> None:
    make(database)
    before = database.list_collection_names()
    with pytest.raises(CollectionShapeError, match=f"^plan_snapshots in the .* is {named}"):
        ensure_indexes(database)
    assert sorted(database.list_collection_names()) == sorted(before)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [("run", "--week", WEEK), ("show",), ("doctor",), ("db", "migrate")],
    ids=" ".join,
)
def test_the_first_command_that_meets_it_says_so_in_a_sentence(
    command: tuple[str, ...], terminal: Terminal, kept: Database[BsonDocument]
) -> None:
    capped(kept)
    refused = terminal.run(*command)
    assert refused.returncode == 1
    told = refused.stdout + refused.stderr
    assert "plan_snapshots in the database" in told
    assert "is a capped collection" in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_a_capped_collection_becomes_an_ordinary_one_as_the_sentence_says(
    terminal: Terminal, kept: Database[BsonDocument], tmp_path: object
) -> None:
    capped(kept)
    kept["plan_snapshots"].insert_one({"runId": "mine"})
    folder = f"{tmp_path}/backup"
    assert terminal.run("db", "backup", folder).returncode == 0
    restored = terminal.run("db", "restore", folder, "--force")
    assert restored.returncode == 0, restored.stderr
    assert "plan_snapshots is restored without its options capped" in restored.stderr
    assert terminal.run("runs").returncode == 0
    assert kept["plan_snapshots"].count_documents({"runId": "mine"}) == 1


def test_a_collection_with_a_collation_of_its_own_keeps_its_indexes(
    database: Database[BsonDocument],
) -> None:
    database.create_collection("run_events", collation={"locale": "de", "strength": 2})
    database.create_collection("weekly_metrics", collation={"locale": "es"})
    assert {change.action for change in ensure_indexes(database)} == {"created"}
    made = database["run_events"].index_information()
    assert made["runId_1"]["collation"]["locale"] == "de"
    assert {change.action for change in ensure_indexes(database)} == {"kept"}
    assert database["run_events"].index_information() == made


def test_an_index_with_another_collation_than_its_collection_is_replaced(
    database: Database[BsonDocument],
) -> None:
    database.create_collection("run_events", collation={"locale": "de"})
    database["run_events"].create_index("runId", unique=True, collation={"locale": "fr"})
    ensure_indexes(database)
    made = database["run_events"].index_information()
    assert made["runId_1"]["collation"]["locale"] == "de"


@pytest.mark.parametrize(
    ("strangers", "sentence"),
    [
        ([{"a": 1}, {"a": 2}], "several documents without athleteId and without runId,"),
        ([{"runId": None}, {"a": 2}], "several documents without athleteId and without runId,"),
        (
            [{"runId": "x"}, {"runId": "x"}],
            "several documents without athleteId and with runId 'x',",
        ),
        (
            [{"runId": {"a": 1}}, {"runId": {"a": 1}}],
            "documents without athleteId and with runId {'a': 1},",
        ),
    ],
)
def test_documents_of_strangers_in_the_way_of_a_unique_index_are_named(
    strangers: list[BsonDocument], sentence: str, database: Database[BsonDocument]
) -> None:
    database["run_artifacts"].insert_many(strangers)
    with pytest.raises(NotUniqueError) as refusal:
        ensure_indexes(database)
    assert str(refusal.value).startswith("run_artifacts in the database")
    assert sentence in str(refusal.value)
    assert "E11000" not in str(refusal.value)


def test_a_document_that_a_validator_refuses_is_one_sentence_with_a_way_out(
    database: Database[BsonDocument],
) -> None:
    database.create_collection("run_events", validator={"mood": {"$type": "string"}})
    with pytest.raises(UpsertError, match=r"refused by the validator.*--no-validate"):
        RunDocuments(database, "run_events").merge({"runId": "a"})


def test_a_stranger_s_unique_index_that_refuses_a_document_is_named(
    database: Database[BsonDocument],
) -> None:
    database["run_events"].create_index("status", unique=True, name="one_of_each")
    events = RunDocuments(database, "run_events")
    events.merge({"runId": "a", "status": "failure"})
    with pytest.raises(UpsertError, match=r"unique index .* one_of_each .*drop that index"):
        events.merge({"runId": "b", "status": "failure"})


@pytest.mark.slow
def test_a_plan_whose_event_is_refused_is_said_to_be_published_and_can_be_shown(
    terminal: Terminal, kept: Database[BsonDocument]
) -> None:
    kept.create_collection("run_events", validator={"mood": {"$type": "string"}})
    done = terminal.run("run", "--week", WEEK)
    said = " ".join(done.stderr.split())
    assert done.returncode == 0
    assert "Plan for" in done.stdout
    assert "the plan for the week of 2026-11-16 is published (`weekly-plan show --run-id" in said
    assert "refused by the validator of that collection" in said
    assert "Traceback" not in said
    assert "Plan for" in terminal.run("show").stdout


@pytest.mark.slow
def test_doctor_names_what_is_unusual_without_calling_it_wrong(
    terminal: Terminal, kept: Database[BsonDocument]
) -> None:
    kept.create_collection("run_events", collation={"locale": "de"})
    kept.create_collection("notifications", validator={"mood": {"$type": "string"}})
    kept["restoring_1_seen"].insert_one({"a": 1})
    told = terminal.run("doctor").stdout
    assert "run_events compares text by the collation 'de'" in told
    assert "notifications has a validator that is not one of this version" in told
    assert "restoring_1_seen" in told
    assert "WRONG" not in told


def test_opening_a_known_database_asks_for_its_collections_once_and_their_indexes(
    mongo_url: str, database: Database[BsonDocument]
) -> None:
    ensure_indexes(database)
    counted = _Counted()
    with MongoClient[BsonDocument](mongo_url, event_listeners=[counted]) as client:
        ensure_indexes(client[database.name])
    asked = [name for name in counted.names if name != "endSessions"]
    assert asked.count("listCollections") == 1
    assert set(asked) == {"listCollections", "listIndexes"}
    assert asked.count("listIndexes") <= 2 + len({index.collection for index in INDEXES})


class _Counted(monitoring.CommandListener):
    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""
