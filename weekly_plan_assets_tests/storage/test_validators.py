"""Validators on the real server: what the graph writes passes, and nothing malformed does."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import WriteError

from weekly_plan_assets.lineage.export.json_schemas import collection_schemas
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.validators import (
    SchemaError,
    apply_validators,
    mongo_schema,
    remove_validators,
)
from weekly_plan_assets_tests.support.deliveries import deliver_to_folder
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    wellness_day,
    write_export,
)
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-08"
SCHEMAS = collection_schemas()
REFUSED = 121
"""MongoDB's code for a document that fails validation."""


@pytest.fixture
def guarded(graph: Graph) -> Graph:
    """Two weeks of training, in a database that checks what it is given."""
    apply_validators(graph.database, SCHEMAS)
    write_export(
        graph.export_dir,
        [activity(str(day), f"2024-01-{day:02d}T07:00:00") for day in (2, 4, 7, 9, 11, 14)],
        [wellness_day(f"2024-01-{day:02d}") for day in range(1, 22)],
    )
    graph.metrics("2024-01-01", "2024-01-01")
    return graph


def test_all_that_a_planned_week_writes_passes_also_when_it_is_written_again(
    guarded: Graph, tmp_path: Path
) -> None:
    run_id = guarded.plan_and_record(WEEK)
    for _ in range(2):
        deliver_to_folder(guarded.database, run_id, tmp_path / "delivered")
    guarded.metrics("2024-01-15", "2024-01-15")
    for name in SCHEMAS:
        assert guarded.documents(name), name
    record_run_events(guarded.instance, guarded.database, run_id)
    assert guarded.plan(WEEK, ["plan"]).success
    assert guarded.metrics(WEEK, "2024-01-15").success


def test_a_week_without_a_valid_plan_passes(guarded: Graph) -> None:
    guarded.planner = FixedPlannerResource.around(StubbornPlanner(), max_attempts=2)
    guarded.plan_and_record(WEEK)
    (artifacts,) = guarded.documents("run_artifacts")
    assert artifacts["status"] == "failure"
    assert len(guarded.documents("run_events")) == 1


def test_the_input_half_passes_alone_and_closed_without_an_answer(guarded: Graph) -> None:
    result = guarded.plan(
        WEEK, ["activities", "wellness", "weekly_metrics", "adherence", "planning_inputs"]
    )
    assert result.success
    (artifacts,) = guarded.documents("run_artifacts")
    assert artifacts["status"] == "started"
    closed: BsonDocument = {
        "status": "failure",
        "attempt": None,
        "attempts": [],
        "outputRaw": None,
    }
    guarded.database["run_artifacts"].update_one({}, {"$set": closed})


def test_a_run_that_broke_at_once_passes(guarded: Graph) -> None:
    (guarded.export_dir / "activities.json").write_text("no JSON")
    guarded.plan_and_record(WEEK)
    (event,) = guarded.documents("run_events")
    assert event["status"] == "failure"


def test_fields_that_nobody_knows_are_let_in(guarded: Graph) -> None:
    guarded.plan_and_record(WEEK)
    for name in ("run_events", "weekly_metrics", "plan_snapshots", "run_artifacts"):
        guarded.database[name].update_one({}, {"$set": {"note": "mine", "more": {"a": [1]}}})


def _without(field: str) -> Callable[[BsonDocument], None]:
    return lambda document: document.pop(field)


def _with(path: str, value: object) -> Callable[[BsonDocument], None]:
    def change(document: BsonDocument) -> None:
        *parents, field = path.split(".")
        inside: Any = document
        for parent in parents:
            inside = inside[int(parent) if parent.isdigit() else parent]
        inside[field] = value

    return change


MALFORMED = {
    "an event without a runId": ("run_events", _without("runId")),
    "an event of unknown status": ("run_events", _with("status", "maybe")),
    "an event that ended at a text": ("run_events", _with("endedAt", "2024-01-14T20:00:00Z")),
    "an event of an unkept time": ("run_events", _without("createdAt")),
    "a count below zero": ("run_events", _with("errorCount", -1)),
    "a week of no day": ("weekly_metrics", _with("weekStart", "Monday")),
    "half a session": ("weekly_metrics", _with("runCount", 1.5)),
    "a distance in words": ("weekly_metrics", _with("runDistance", "7 km")),
    "metrics created at a text": ("weekly_metrics", _with("createdAt", "2024-01-14")),
    "a plan of six days": ("plan_snapshots", _without("activityPlan")),
    "a plan of another version": ("plan_snapshots", _with("schema_version", "1.0")),
    "a session of an unknown sport": (
        "plan_snapshots",
        _with("activityPlan.days.1.sessions", [{"sport": "Chess"}]),
    ),
    "an outcome that is none": ("plan_adherence", _with("sessions.0.outcome", "dreamt")),
    "an adherence that is neither in time nor late": ("plan_adherence", _with("inTime", None)),
    "artifacts without a prompt": ("run_artifacts", _without("prompt")),
    "artifacts without an envelope": ("run_artifacts", _with("envelope", {})),
    "hashes that are no text": ("run_artifacts", _with("inputHashes", {"prompt": 1})),
    "an activity at a BSON date": (
        "run_artifacts",
        _with("activities.0.start_date_local", datetime(2024, 1, 2, tzinfo=UTC)),
    ),
    "an attempt below zero": ("run_artifacts", _with("attempt", -1)),
    "a delivery that ended in no known way": ("plan_deliveries", _with("status", "perhaps")),
    "a delivery without a target": ("plan_deliveries", _without("target")),
}


@pytest.fixture(scope="module")
def kept() -> dict[str, BsonDocument]:
    """Filled once a module: the graph takes its time."""
    return {}


@pytest.fixture
def whole(
    kept: dict[str, BsonDocument], request: pytest.FixtureRequest, tmp_path: Path
) -> dict[str, BsonDocument]:
    """A document of each collection, as the graph writes it."""
    if not kept:
        graph: Graph = request.getfixturevalue("guarded")
        run_id = graph.plan_and_record(WEEK)
        graph.metrics("2024-01-15", "2024-01-15")
        deliver_to_folder(graph.database, run_id, tmp_path / "delivered")
        kept.update({name: graph.documents(name)[0] for name in SCHEMAS})
    return kept


@pytest.mark.parametrize("name", MALFORMED)
def test_the_server_refuses_what_is_malformed(
    name: str, database: Database[BsonDocument], whole: dict[str, BsonDocument]
) -> None:
    collection, change = MALFORMED[name]
    document = deepcopy(whole[collection])
    apply_validators(database, SCHEMAS)
    rows = database[collection]
    rows.drop_indexes()
    rows.insert_one(deepcopy(document))
    change(document)
    with pytest.raises(WriteError) as refused:
        rows.insert_one(document)
    assert refused.value.code == REFUSED


def test_a_document_of_an_older_version_stays_and_can_be_changed(
    database: Database[BsonDocument],
) -> None:
    old = {"runId": "1", "status": "success", "createdAt": "2023-05-01T20:00:00Z"}
    database["run_events"].insert_one(dict(old))
    apply_validators(database, SCHEMAS)
    changed = {"createdAt": datetime(2023, 5, 1, 20, tzinfo=UTC)}
    database["run_events"].update_one({"runId": "1"}, {"$set": changed})
    assert database["run_events"].find_one({}, {"_id": 0}) == {**old, **changed}


def test_applying_twice_changes_nothing_and_removing_lets_everything_in(
    database: Database[BsonDocument],
) -> None:
    apply_validators(database, SCHEMAS)
    once = [collection["options"] for collection in database.list_collections()]
    apply_validators(database, SCHEMAS)
    assert [collection["options"] for collection in database.list_collections()] == once
    remove_validators(database, SCHEMAS)
    for name in SCHEMAS:
        database[name].insert_one({"anything": True})


def test_removing_makes_no_collection(database: Database[BsonDocument]) -> None:
    remove_validators(database, SCHEMAS)
    assert database.list_collection_names() == []


def test_a_keyword_that_is_not_known_is_refused_before_anything_changes(
    database: Database[BsonDocument],
) -> None:
    with pytest.raises(SchemaError, match="'prefixItems' is not known"):
        apply_validators(database, {**SCHEMAS, "other": {"prefixItems": []}})
    assert database.list_collection_names() == []


def test_times_days_references_and_constants_are_translated() -> None:
    schema = {
        "$defs": {"Day": {"type": "string", "format": "date"}},
        "type": "object",
        "title": "AthleteContext",
        "additionalProperties": False,
        "properties": {
            "at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            "day": {"$ref": "#/$defs/Day", "default": "2024-01-01"},
            "version": {"const": "2.0", "type": "string"},
            "share": {"type": "number", "exclusiveMinimum": 0},
            "hashes": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["day"],
    }
    assert mongo_schema(schema) == {
        "bsonType": "object",
        "properties": {
            "at": {"anyOf": [{"bsonType": "date"}, {"bsonType": "null"}]},
            "day": {"bsonType": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
            "version": {"enum": ["2.0"], "bsonType": "string"},
            "share": {"bsonType": "number", "minimum": 0, "exclusiveMinimum": True},
            "hashes": {"bsonType": "object", "additionalProperties": {"bsonType": "string"}},
        },
        "required": ["day"],
    }


@pytest.mark.slow
def test_bootstrap_sets_the_validators_and_takes_them_back(
    terminal: Terminal, mongo_url: str
) -> None:
    with open_client(mongo_url) as client:
        events = client[terminal.environment["MONGO_DATABASE"]]["run_events"]
        done = terminal.run("db", "bootstrap", "--validate")
        assert done.returncode == 0, done.stderr
        with pytest.raises(WriteError):
            events.insert_one({"runId": "1"})
        assert terminal.run("db", "bootstrap").returncode == 0
        with pytest.raises(WriteError):
            events.insert_one({"runId": "1"})
        assert terminal.run("db", "bootstrap", "--no-validate").returncode == 0
        events.insert_one({"runId": "1"})
