from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.errors import NotUniqueError
from weekly_plan_assets.storage.index_set import INDEXES, SUPERSEDED
from weekly_plan_assets.storage.indexes import IndexChange, ensure_indexes, superseded_indexes
from weekly_plan_assets_tests.support.earlier_database import as_before, names
from weekly_plan_assets_tests.support.racing import at_once

SCRIPT = PROJECT_ROOT / "scripts" / "bootstrap_run_events_indexes.js"
DAY_S = 86_400
LINEAGE: dict[str, dict[str, tuple[Any, dict[str, Any]]]] = {
    "run_events": {
        "athleteId_1_runId_1": ([("athleteId", 1), ("runId", 1)], {"unique": True}),
        "runId_1": ([("runId", 1)], {}),
        "status_1_createdAt_-1": ([("status", 1), ("createdAt", -1)], {}),
        "createdAt_1": ([("createdAt", 1)], {"expireAfterSeconds": 90 * DAY_S}),
    },
    "weekly_metrics": {
        "weekStart_1": ([("weekStart", 1)], {"unique": True}),
        "createdAt_-1": ([("createdAt", -1)], {}),
    },
    "plan_snapshots": {
        "athleteId_1_runId_1": ([("athleteId", 1), ("runId", 1)], {"unique": True}),
        "runId_1": ([("runId", 1)], {}),
        "weekStart_1": ([("weekStart", 1)], {}),
        "createdAt_1": ([("createdAt", 1)], {"expireAfterSeconds": 365 * DAY_S}),
    },
    "run_artifacts": {
        "athleteId_1_runId_1": ([("athleteId", 1), ("runId", 1)], {"unique": True}),
        "runId_1": ([("runId", 1)], {}),
        "createdAt_-1": ([("createdAt", -1)], {}),
    },
}
"""What users of the lineage rely on; the index set may hold more."""


def found(database: Database[BsonDocument]) -> dict[str, dict[str, Any]]:
    """The indexes of every collection that has one of the set, without those on `_id`."""
    return {
        collection: {
            name: dict(index)
            for name, index in database[collection].index_information().items()
            if name != "_id_"
        }
        for collection in {index.collection for index in INDEXES}
    }


def actions(changes: tuple[IndexChange, ...]) -> Counter[str]:
    return Counter(change.action for change in changes)


def action_on(changes: tuple[IndexChange, ...], collection: str, name: str) -> str:
    (change,) = [
        change
        for change in changes
        if (change.index.collection, change.index.name) == (collection, name)
    ]
    return change.action


def make_rivals(database: Database[BsonDocument]) -> None:
    """Indexes where the set's belong: other options, another name, another key, a swapped name."""
    database["run_events"].create_index("createdAt", name="createdAt_1", expireAfterSeconds=60)
    database["run_events"].create_index("runId", name="by_run")
    database["run_artifacts"].create_index("createdAt", name="createdAt_-1")
    database["plan_snapshots"].create_index("weekStart", name="runId_1", sparse=True)


@pytest.fixture
def expected(database: Database[BsonDocument]) -> dict[str, dict[str, Any]]:
    """The index set as it is on a fresh database."""
    fresh = database.client[f"{database.name}_fresh"]
    ensure_indexes(fresh)
    indexes = found(fresh)
    database.client.drop_database(fresh)
    return indexes


def test_an_empty_database_gets_the_index_set_of_the_lineage(
    database: Database[BsonDocument],
) -> None:
    changes = ensure_indexes(database)
    assert actions(changes) == {"created": len(INDEXES)}
    indexes = found(database)
    for collection, promised in LINEAGE.items():
        for name, (key, options) in promised.items():
            assert indexes[collection][name] == {"v": 2, "key": key, **options}, name
    assert sum(len(names) for names in indexes.values()) == len(INDEXES)


def test_only_what_runs_and_plans_leave_expires(database: Database[BsonDocument]) -> None:
    ensure_indexes(database)
    expiring = {
        collection
        for collection, indexes in found(database).items()
        if any("expireAfterSeconds" in index for index in indexes.values())
    }
    assert expiring == {"run_events", "plan_snapshots", "cohort_runs"}


def test_a_second_time_everything_is_kept(
    database: Database[BsonDocument], expected: dict[str, dict[str, Any]]
) -> None:
    ensure_indexes(database)
    assert actions(ensure_indexes(database)) == {"kept": len(INDEXES)}
    assert found(database) == expected


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("createdAt", {"expireAfterSeconds": 60}),
        ("createdAt", {}),
        ("createdAt", {"expireAfterSeconds": 90 * DAY_S, "name": "ttl"}),
        ("createdAt", {"expireAfterSeconds": 90 * DAY_S, "sparse": True}),
        (
            "createdAt",
            {
                "expireAfterSeconds": 90 * DAY_S,
                "partialFilterExpression": {"status": "failure"},
            },
        ),
        ("createdAt", {"expireAfterSeconds": 90 * DAY_S, "collation": {"locale": "de"}}),
        ("createdAt", {"expireAfterSeconds": 90 * DAY_S, "unique": True}),
        ([("createdAt", DESCENDING)], {"name": "createdAt_1"}),
        ([("createdAt", ASCENDING), ("status", ASCENDING)], {"name": "createdAt_1"}),
        ([("status", "text")], {"name": "createdAt_1"}),
    ],
    ids=str,
)
def test_an_index_in_the_way_of_the_set_is_replaced_and_said_so(
    database: Database[BsonDocument], key: Any, options: dict[str, Any]
) -> None:
    database["run_events"].create_index(key, **options)
    changes = ensure_indexes(database)
    assert action_on(changes, "run_events", "createdAt_1") == "replaced"
    assert actions(changes) == {"created": len(INDEXES) - 1, "replaced": 1}
    ttl = {"v": 2, "key": [("createdAt", 1)], "expireAfterSeconds": 90 * DAY_S}
    indexes = database["run_events"].index_information()
    assert indexes.pop("createdAt_1") == ttl
    others = {"athleteId_1_runId_1", "runId_1", "status_1_createdAt_-1"}
    assert set(indexes) == {"_id_", *others}


def test_an_index_with_the_name_of_one_and_the_key_of_another_gives_way_to_both(
    database: Database[BsonDocument], expected: dict[str, dict[str, Any]]
) -> None:
    make_rivals(database)
    changes = ensure_indexes(database)
    assert action_on(changes, "plan_snapshots", "runId_1") == "replaced"
    assert found(database) == expected


def test_indexes_that_the_set_does_not_know_are_left_alone(
    database: Database[BsonDocument],
) -> None:
    database["run_events"].create_index("errors", name="mine", sparse=True)
    database["notes"].create_index("runId", unique=True)
    before = (
        database["run_events"].index_information()["mine"],
        database["notes"].index_information(),
    )
    ensure_indexes(database)
    assert database["run_events"].index_information()["mine"] == before[0]
    assert database["notes"].index_information() == before[1]


def test_an_index_that_refuses_a_second_account_is_removed_and_the_receipts_stay(
    database: Database[BsonDocument], expected: dict[str, dict[str, Any]]
) -> None:
    receipts = database["plan_deliveries"]
    receipts.create_index([("runId", 1), ("target", 1)], unique=True)
    receipts.insert_one({"runId": "r", "target": "files", "account": "/first"})
    assert actions(ensure_indexes(database)) == {"created": len(INDEXES), "removed": 1}
    assert found(database) == expected
    receipts.insert_one({"runId": "r", "target": "files", "account": "/second"})


def test_documents_survive_the_replacement_of_their_indexes(
    database: Database[BsonDocument],
) -> None:
    make_rivals(database)
    database["run_events"].insert_many([{"runId": str(number)} for number in range(10)])
    ensure_indexes(database)
    assert database["run_events"].count_documents({}) == 10


def test_duplicates_that_a_unique_index_forbids_are_an_error_that_shows_one(
    database: Database[BsonDocument],
) -> None:
    database["run_events"].insert_many([{"runId": "twice"}, {"runId": "twice"}])
    with pytest.raises(NotUniqueError, match=r"^run_events in the database .* with runId 'twice'"):
        ensure_indexes(database)


@pytest.mark.parametrize("prepare", [lambda _: None, make_rivals], ids=["empty", "rivals"])
def test_many_processes_that_bootstrap_at_once_all_succeed(
    database: Database[BsonDocument],
    expected: dict[str, dict[str, Any]],
    prepare: Callable[[Database[BsonDocument]], None],
) -> None:
    for round_ in range(3):
        target = database.client[f"{database.name}_{round_}"]
        prepare(target)

        def bootstrap(_: int, target: Database[BsonDocument] = target) -> object:
            return ensure_indexes(target)

        at_once(bootstrap, threads=4)
        assert found(target) == expected
        database.client.drop_database(target)


@pytest.mark.slow
def test_the_shell_script_makes_the_same_set_and_both_keep_the_other_s(
    mongosh: Callable[..., str],
    mongo_url: str,
    database: Database[BsonDocument],
    expected: dict[str, dict[str, Any]],
) -> None:
    printed = mongosh(mongo_url, SCRIPT, MONGO_DATABASE=database.name)
    assert f"database {database.name}" in printed
    assert printed.count("created ") == len(INDEXES)
    assert found(database) == expected
    assert actions(ensure_indexes(database)) == {"kept": len(INDEXES)}
    again = mongosh(mongo_url, SCRIPT, MONGO_DATABASE=database.name)
    assert again.count("kept ") == len(INDEXES)
    assert found(database) == expected


def test_the_shell_script_replaces_what_is_in_the_way_in_the_database_of_the_url(
    mongosh: Callable[..., str],
    mongo_url: str,
    database: Database[BsonDocument],
    expected: dict[str, dict[str, Any]],
) -> None:
    make_rivals(database)
    url = f"{mongo_url.rstrip('/')}/{database.name}"
    printed = mongosh(url, SCRIPT, MONGO_DATABASE="not_this_one")
    for name in ("run_events.createdAt_1", "run_events.runId_1", "run_artifacts.createdAt_-1"):
        assert f"replaced {name}" in printed
    assert found(database) == expected
    assert "not_this_one" not in database.client.list_database_names()


def test_the_shell_script_finishes_a_change_to_several_athletes_that_was_interrupted(
    mongosh: Callable[..., str], mongo_url: str, database: Database[BsonDocument]
) -> None:
    ensure_indexes(database)
    database["weekly_metrics"].create_index([("athleteId", 1), ("weekStart", 1)], unique=True)
    printed = mongosh(mongo_url, SCRIPT, MONGO_DATABASE=database.name)
    assert "removed weekly_metrics.weekStart_1" in printed
    assert "weekStart_1" not in database["weekly_metrics"].index_information()
    assert actions(ensure_indexes(database)) == {"kept": len(INDEXES)}


def test_the_shell_script_removes_the_index_that_refuses_a_second_account(
    mongosh: Callable[..., str], mongo_url: str, database: Database[BsonDocument]
) -> None:
    ensure_indexes(database)
    database["plan_deliveries"].create_index([("runId", 1), ("target", 1)], unique=True)
    printed = mongosh(mongo_url, SCRIPT, MONGO_DATABASE=database.name)
    assert "removed plan_deliveries.runId_1_target_1" in printed
    assert "runId_1_target_1" not in found(database)["plan_deliveries"]


def test_the_shell_script_keeps_unique_indexes_of_before_and_names_the_command(
    mongosh: Callable[..., str], mongo_url: str, database: Database[BsonDocument]
) -> None:
    as_before(database)
    printed = mongosh(mongo_url, SCRIPT, MONGO_DATABASE=database.name)
    assert "kept run_events.runId_1\n" in printed
    assert "created run_events.athleteId_1_runId_1\n" in printed
    *_, last = printed.splitlines()
    assert all(name in last for name in names(SUPERSEDED))
    assert "`weekly-plan db migrate --apply` replaces them" in last
    assert names(superseded_indexes(database)) == names(SUPERSEDED)
    assert actions(ensure_indexes(database)) == {"kept": len(INDEXES)}


def test_the_shell_script_keeps_indexes_with_the_collation_of_their_collection(
    mongosh: Callable[..., str], mongo_url: str, database: Database[BsonDocument]
) -> None:
    database.create_collection("run_events", collation={"locale": "de"})
    ensure_indexes(database)
    printed = mongosh(mongo_url, SCRIPT, MONGO_DATABASE=database.name)
    assert printed.count("kept ") == len(INDEXES)
