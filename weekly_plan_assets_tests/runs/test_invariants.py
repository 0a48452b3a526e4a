"""Each invariant of the lineage, broken by hand in a real database."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from uuid import uuid4

import pytest
from dagster import DagsterInstance, DagsterRunStatus
from dagster._core.events import EngineEventData
from pymongo.database import Database

from weekly_plan_assets.common.process_identity import this_machine
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.audit.broken_invariant import STATEMENTS, BrokenInvariant, Invariant
from weekly_plan_assets.runs.audit import broken_invariants, close_runs, mend
from weekly_plan_assets.runs.invariants import LONGEST_RUN, PATIENCE
from weekly_plan_assets.runs.tags import MACHINE_TAG
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.streams import RUN_COLLECTIONS
from weekly_plan_assets_tests.support.deliveries import deliver_to_folder
from weekly_plan_assets_tests.support.graph import (
    FixedPlannerResource,
    Graph,
    StubbornPlanner,
    activity,
    wellness_day,
    write_export,
)

FIRST, SECOND, LAST = "2024-01-08", "2024-01-15", "2024-01-22"
DAYS = [f"2024-01-{day:02d}" for day in range(1, 29)]

Store: TypeAlias = Database[BsonDocument]
Found: TypeAlias = tuple[Invariant, str]
"""The invariant, and the collection of the document that breaks it."""


@pytest.fixture(scope="module")
def sound(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """Four weeks of training; a plan from each of the last three, one of them rejected before."""
    folder = tmp_path_factory.mktemp("export")
    write_export(
        folder,
        [activity(f"a{day}", f"{day}T07:00:00") for day in DAYS],
        [wellness_day(day) for day in DAYS],
    )
    client = open_client(mongo_url)
    name = f"test_{uuid4().hex[:12]}"
    with DagsterInstance.ephemeral() as instance:
        graph = Graph(client[name], mongo_url, folder, instance)
        graph.metrics("2024-01-01", LAST)
        for week in (FIRST, SECOND, LAST):
            run_id = graph.plan_and_record(week)
            deliver_to_folder(graph.database, run_id, tmp_path_factory.mktemp("delivered"))
        stubborn = FixedPlannerResource.around(StubbornPlanner())
        Graph(client[name], mongo_url, folder, instance, planner=stubborn).plan_and_record(LAST)
        yield graph
    client.drop_database(name)
    client.close()


@dataclass
class Copy:
    """A database of the test's own with the same documents, and the history that belongs to it."""

    database: Store
    instance: DagsterInstance

    def broken(self, **options: object) -> list[BrokenInvariant]:
        at_rest = {"at_rest": True} | options
        return list(broken_invariants(self.database, self.instance, **at_rest))  # type: ignore[arg-type]

    def run_id(self, week: str, status: str = "success") -> str:
        found = self.database["run_events"].find_one({"observedWeekStart": week, "status": status})
        assert found is not None
        return str(found["runId"])


@pytest.fixture
def copy(sound: Graph, database: Store) -> Copy:
    ensure_indexes(database)
    for name in sound.database.list_collection_names():
        documents = list(sound.database[name].find())
        if documents:
            database[name].insert_many(documents)
    return Copy(database, sound.instance)


def last(copy: Copy) -> dict[str, str]:
    return {"runId": copy.run_id(LAST)}


def earlier(copy: Copy) -> dict[str, str]:
    """A run whose plan was compared with what was done."""
    found = copy.database["plan_adherence"].find_one({})
    assert found is not None
    return {"runId": found["runId"]}


def again(store: Store, collection: str, index: str) -> None:
    store[collection].drop_index(index)
    document = store[collection].find_one()
    assert document is not None
    del document["_id"]
    store[collection].insert_one(document)


def changed(collection: str, **fields: object) -> Callable[[Copy], None]:
    """Fields of the last run's document of a collection, set by hand."""
    by_path = {name.replace("__", "."): value for name, value in fields.items()}

    def change(copy: Copy) -> None:
        done = copy.database[collection].update_one(last(copy), {"$set": by_path})
        assert done.modified_count == 1

    return change


def changed_row(collection: str, **fields: object) -> Callable[[Copy], None]:
    def change(copy: Copy) -> None:
        done = copy.database[collection].update_one({"weekStart": SECOND}, {"$set": fields})
        assert done.modified_count == 1

    return change


def deleted(collection: str) -> Callable[[Copy], None]:
    """The last run's document of a collection, gone."""

    def delete(copy: Copy) -> None:
        assert copy.database[collection].delete_one(last(copy)).deleted_count == 1

    return delete


def twice_an_event(copy: Copy) -> None:
    again(copy.database, "run_events", "athleteId_1_runId_1")


def twice_a_ledger_entry(copy: Copy) -> None:
    again(copy.database, "stored_weeks", "athleteId_1_collection_1_weekStart_1")


def twice_an_activity(copy: Copy) -> None:
    again(copy.database, "activities", "athleteId_1_id_1")


def an_event_without_a_key(copy: Copy) -> None:
    copy.database["run_events"].insert_one({"status": "success"})


def a_row_without_a_week(copy: Copy) -> None:
    copy.database["activities"].insert_one({"athleteId": "i1", "id": "x", "weekStart": 7})


def a_plan_deleted_that_was_followed(copy: Copy) -> None:
    copy.database["plan_snapshots"].delete_one(earlier(copy))


def an_adherence_of_somebody_else(copy: Copy) -> None:
    copy.database["plan_adherence"].update_one(earlier(copy), {"$set": {"athleteId": "i2"}})


def an_event_that_says_failure(copy: Copy) -> None:
    wrong = {"status": "failure", "runEvent.status": "failure"}
    copy.database["run_events"].update_one(last(copy), {"$set": wrong})


def an_activity_deleted(copy: Copy) -> None:
    copy.database["activities"].delete_one({"weekStart": SECOND})


def an_activity_moved(copy: Copy) -> None:
    copy.database["activities"].update_one({"weekStart": SECOND}, {"$set": {"weekStart": FIRST}})


def a_week_forgotten(copy: Copy) -> None:
    week = {"collection": "wellness", "weekStart": SECOND}
    assert copy.database["stored_weeks"].delete_one(week).deleted_count == 1


def a_week_with_another_hash(copy: Copy) -> None:
    week = {"collection": "weekly_metrics", "weekStart": SECOND}
    copy.database["stored_weeks"].update_one(week, {"$set": {"contentHash": "0" * 64}})


def a_run_killed_in_the_middle(copy: Copy) -> None:
    outputs = ("attempt", "attempts", "outputRaw", "outputValidated", "errors", "errorCount")
    copy.database["run_artifacts"].update_one(
        last(copy), {"$set": {"status": "started"}, "$unset": dict.fromkeys(outputs, "")}
    )
    for collection in ("plan_snapshots", "run_events"):
        copy.database[collection].delete_one(last(copy))


BROKEN: list[tuple[Callable[[Copy], None], list[Found]]] = [
    (twice_an_event, [(Invariant.KEYS_ARE_UNIQUE, "run_events")]),
    (twice_a_ledger_entry, [(Invariant.KEYS_ARE_UNIQUE, "stored_weeks")]),
    (
        twice_an_activity,
        [(Invariant.KEYS_ARE_UNIQUE, "activities"), (Invariant.WEEKS_ARE_WHOLE, "activities")],
    ),
    (an_event_without_a_key, [(Invariant.KEYS_ARE_UNIQUE, "run_events")]),
    (a_row_without_a_week, [(Invariant.KEYS_ARE_UNIQUE, "activities")]),
    (
        changed("run_events", endedAt="yesterday"),
        [(Invariant.DOCUMENTS_ARE_READABLE, "run_events")],
    ),
    (changed("run_artifacts", prompt=5), [(Invariant.DOCUMENTS_ARE_READABLE, "run_artifacts")]),
    (
        changed("run_artifacts", outputValidated__days=[]),
        [(Invariant.DOCUMENTS_ARE_READABLE, "run_artifacts")],
    ),
    (
        changed("plan_snapshots", schema_version="4.0"),
        [(Invariant.DOCUMENTS_ARE_READABLE, "plan_snapshots")],
    ),
    (
        deleted("run_artifacts"),
        [
            (Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_deliveries"),
            (Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_snapshots"),
            (Invariant.DOCUMENTS_OF_A_RUN_JOIN, "run_events"),
        ],
    ),
    (
        changed("plan_snapshots", weekStart="2024-02-05"),
        [(Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_snapshots")],
    ),
    (
        changed("plan_snapshots", athleteId="i2"),
        [(Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_snapshots")],
    ),
    (
        changed("plan_deliveries", athleteId="i2"),
        [(Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_deliveries")],
    ),
    (
        changed("plan_deliveries", status="perhaps"),
        [(Invariant.DOCUMENTS_ARE_READABLE, "plan_deliveries")],
    ),
    (an_adherence_of_somebody_else, [(Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_adherence")]),
    (
        a_plan_deleted_that_was_followed,
        [
            (Invariant.DOCUMENTS_OF_A_RUN_JOIN, "plan_adherence"),
            (Invariant.PLAN_EXACTLY_WITH_SUCCESS, "run_events"),
        ],
    ),
    (deleted("plan_snapshots"), [(Invariant.PLAN_EXACTLY_WITH_SUCCESS, "run_events")]),
    (
        an_event_that_says_failure,
        [
            (Invariant.ENDED_RUNS_HAVE_EVENTS, "run_events"),
            (Invariant.PLAN_EXACTLY_WITH_SUCCESS, "run_events"),
        ],
    ),
    (
        changed("plan_snapshots", activityPlan__nextWeek__plannedLoad=1),
        [(Invariant.PLAN_EXACTLY_WITH_SUCCESS, "plan_snapshots")],
    ),
    (
        changed("plan_snapshots", attempt=2),
        [(Invariant.PLAN_EXACTLY_WITH_SUCCESS, "plan_snapshots")],
    ),
    (
        changed("run_artifacts", status="failure"),
        [(Invariant.ARTIFACTS_ARE_WHOLE, "run_artifacts")],
    ),
    (changed("run_artifacts", errorCount=3), [(Invariant.ARTIFACTS_ARE_WHOLE, "run_artifacts")]),
    (
        changed("run_artifacts", attempts__0__attempt=4),
        [(Invariant.ARTIFACTS_ARE_WHOLE, "run_artifacts")],
    ),
    (an_activity_deleted, [(Invariant.WEEKS_ARE_WHOLE, "activities")]),
    (
        an_activity_moved,
        [
            (Invariant.WEEKS_ARE_WHOLE, "activities"),
            (Invariant.WEEKS_ARE_WHOLE, "activities"),
            (Invariant.HASHES_MATCH, "activities"),
        ],
    ),
    (a_week_forgotten, [(Invariant.WEEKS_ARE_WHOLE, "wellness")]),
    (a_week_with_another_hash, [(Invariant.WEEKS_ARE_WHOLE, "weekly_metrics")]),
    (changed_row("activities", moving_time=1), [(Invariant.HASHES_MATCH, "activities")]),
    (changed_row("wellness", hrv=None), [(Invariant.HASHES_MATCH, "wellness")]),
    (changed_row("weekly_metrics", runCount=99), [(Invariant.HASHES_MATCH, "weekly_metrics")]),
    (changed_row("activities", note="by hand"), [(Invariant.HASHES_MATCH, "activities")]),
    (changed("run_artifacts", prompt="another"), [(Invariant.HASHES_MATCH, "run_artifacts")]),
    (
        changed("run_artifacts", activities__0__moving_time=1),
        [(Invariant.HASHES_MATCH, "run_artifacts")],
    ),
    (
        changed("run_artifacts", provenance__origin__partition=FIRST),
        [(Invariant.HASHES_MATCH, "run_artifacts")],
    ),
    (
        changed("plan_snapshots", provenance__inputHashes__prompt="0"),
        [(Invariant.HASHES_MATCH, "plan_snapshots")],
    ),
    (changed("run_events", jobName="another"), [(Invariant.HASHES_MATCH, "run_events")]),
    (deleted("run_events"), [(Invariant.ENDED_RUNS_HAVE_EVENTS, "run_events")]),
    (
        a_run_killed_in_the_middle,
        [
            (Invariant.ARTIFACTS_ARE_WHOLE, "run_artifacts"),
            (Invariant.ENDED_RUNS_HAVE_EVENTS, "run_events"),
        ],
    ),
]


def test_a_sound_database_of_several_weeks_breaks_nothing(copy: Copy) -> None:
    assert copy.broken() == []
    assert {name: copy.database[name].count_documents({}) for name in RUN_COLLECTIONS} == {
        "run_events": 4,
        "run_artifacts": 4,
        "plan_snapshots": 3,
        "plan_adherence": 2,
        "plan_deliveries": 3,
    }


@pytest.mark.parametrize(("break_", "expected"), BROKEN)
def test_what_is_broken_by_hand_is_found_and_nothing_else(
    copy: Copy, break_: Callable[[Copy], None], expected: list[Found]
) -> None:
    break_(copy)
    broken = copy.broken()
    found_ones = sorted((found.invariant, found.collection) for found in broken)
    assert found_ones == sorted(expected), "each is named once"
    for found in broken:
        assert found.problem
        assert found.remedy
        assert found.sentence.startswith(f"{found.collection} {found.key}: ")


def test_every_invariant_has_a_statement_and_is_broken_by_a_test() -> None:
    assert STATEMENTS.keys() == set(Invariant)
    of_stores = {invariant for _, expected in BROKEN for invariant, _ in expected}
    assert of_stores | {Invariant.RUNS_END} == set(Invariant)


def test_the_offending_document_is_named_by_its_key(copy: Copy) -> None:
    run_id = copy.run_id(LAST)
    row = copy.database["activities"].find_one({"weekStart": SECOND})
    assert row is not None
    copy.database["activities"].update_one({"_id": row["_id"]}, {"$set": {"moving_time": 1}})
    deleted("plan_snapshots")(copy)
    assert {found.key for found in copy.broken()} == {run_id, f"{row['id']} of athlete i1"}


def test_a_row_changed_by_hand_is_mended_as_its_remedy_says(copy: Copy, sound: Graph) -> None:
    changed_row("activities", moving_time=1)(copy)
    (found,) = copy.broken()
    assert "delete the row" in found.remedy
    assert f"backfill --from {SECOND} --to {SECOND} --force" in found.remedy
    copy.database["activities"].delete_one({"weekStart": SECOND, "moving_time": 1})
    own = Graph(copy.database, sound.mongo_url, sound.export_dir, copy.instance)
    assert own.metrics(SECOND, SECOND).success
    assert copy.broken() == []


def test_documents_that_expired_are_not_missed(copy: Copy) -> None:
    copy.database["run_events"].delete_many({})
    assert copy.broken(later=timedelta(days=100)) == []
    copy.database["plan_snapshots"].delete_many({})
    assert copy.broken(later=timedelta(days=400)) == []


class TestWhileSomebodyMayBeAtWork:
    """Nobody knows from the store alone whether a run is under way."""

    def test_what_was_written_a_moment_ago_is_left_to_who_writes_it(self, copy: Copy) -> None:
        a_run_killed_in_the_middle(copy)
        assert copy.broken(at_rest=False) == []
        assert copy.broken(at_rest=False, later=PATIENCE * 2) != []

    @pytest.mark.slow
    def test_a_run_of_another_history_is_left_alone_for_a_day(self, copy: Copy) -> None:
        a_run_killed_in_the_middle(copy)
        with DagsterInstance.ephemeral() as elsewhere:
            copy.instance = elsewhere
            assert copy.broken(at_rest=False, later=PATIENCE * 2) == []
            assert copy.broken(at_rest=False, later=LONGEST_RUN * 2) != []

    @pytest.mark.slow
    def test_without_a_history_the_store_alone_is_looked_at(self, copy: Copy) -> None:
        a_run_killed_in_the_middle(copy)
        changed_row("activities", moving_time=1)(copy)
        soon = list(broken_invariants(copy.database, None, later=PATIENCE * 2))
        assert [found.invariant for found in soon] == [Invariant.HASHES_MATCH]
        late = broken_invariants(copy.database, None, later=LONGEST_RUN * 2)
        assert len(list(late)) == 3


@pytest.fixture
def fresh(graph: Graph) -> Graph:
    """One planned week, with a history of its own."""
    write_export(graph.export_dir, [activity("1", f"{FIRST}T07:00:00")], [wellness_day(FIRST)])
    graph.plan_and_record(FIRST)
    return graph


def found_in(graph: Graph, **options: object) -> set[Found]:
    at_rest = {"at_rest": True} | options
    broken = broken_invariants(graph.database, graph.instance, **at_rest)  # type: ignore[arg-type]
    return {(found.invariant, found.collection) for found in broken}


def test_a_run_that_ended_before_it_stored_anything_needs_an_event_too(fresh: Graph) -> None:
    job = fresh.definitions().resolve_job_def("weekly_plan")
    run = fresh.instance.create_run_for_job(
        job_def=job, tags={"dagster/partition": FIRST}, status=DagsterRunStatus.STARTED
    )
    assert found_in(fresh) == {(Invariant.RUNS_END, "Dagster's history")}
    fresh.instance.report_run_failed(run, "it broke")
    assert found_in(fresh) == {(Invariant.ENDED_RUNS_HAVE_EVENTS, "run_events")}


def test_a_run_under_way_is_broken_only_if_its_process_is_gone(fresh: Graph) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    job = fresh.definitions().resolve_job_def("weekly_plan")
    tags = {"dagster/partition": FIRST, MACHINE_TAG: this_machine()}
    run = fresh.instance.create_run_for_job(job_def=job, tags=tags, status=DagsterRunStatus.STARTED)
    assert found_in(fresh, at_rest=False) == set()
    fresh.instance.report_engine_event("started", run, EngineEventData.in_process(ended.pid))
    assert found_in(fresh, at_rest=False) == {(Invariant.RUNS_END, "Dagster's history")}


def test_what_nobody_recorded_is_recorded_when_it_is_asked_for(fresh: Graph) -> None:
    run_id = fresh.documents("run_events")[0]["runId"]
    fresh.database["run_events"].delete_many({})
    broken = list(broken_invariants(fresh.database, fresh.instance, at_rest=True))
    assert [found.can_be_repaired for found in broken] == [True]
    assert mend(fresh.database, fresh.instance, broken) == [run_id]
    assert found_in(fresh) == set()
    assert fresh.documents("run_events")[0]["status"] == "success"


@pytest.mark.parametrize(
    ("break_", "status"),
    [(deleted("run_events"), "success"), (a_run_killed_in_the_middle, "failure")],
)
def test_an_execution_whose_history_is_gone_is_closed_by_what_is_stored_of_it(
    copy: Copy, break_: Callable[[Copy], None], status: str
) -> None:
    break_(copy)
    with DagsterInstance.ephemeral() as new:
        copy.instance = new
        broken = copy.broken()
        assert broken
        mend(copy.database, new, broken)
        assert copy.broken() == []
    event = copy.database["run_events"].find_one({"dagsterStatus": "UNKNOWN"})
    assert event is not None
    assert event["status"] == status
    assert bool(event["errors"]) == (status == "failure")


def test_runs_that_were_not_settled_when_their_history_went_are_closed(copy: Copy) -> None:
    a_run_killed_in_the_middle(copy)
    unfinished = copy.database["run_artifacts"].find_one({"status": "started"})
    assert unfinished is not None
    dagster_run_id = unfinished["runId"].split(":")[0]
    (event,) = close_runs(copy.database, [dagster_run_id, "a-run-that-left-nothing"])
    assert event.run_id == unfinished["runId"]
    with DagsterInstance.ephemeral() as new:
        copy.instance = new
        assert copy.broken() == []


def test_one_week_can_be_looked_at_alone(copy: Copy) -> None:
    changed_row("activities", moving_time=1)(copy)
    deleted("plan_snapshots")(copy)
    weeks = {week: copy.broken(week=TrainingWeek.parse(week)) for week in (FIRST, SECOND, LAST)}
    assert {week: len(broken) for week, broken in weeks.items()} == {FIRST: 0, SECOND: 1, LAST: 1}


def test_documents_of_the_first_version_are_only_read(database: Store) -> None:
    ensure_indexes(database)
    common = {"runId": "n8n-1", "weekStart": "2024-01-08", "weekEnd": "2024-01-14"}
    database["run_events"].insert_one({**common, "status": "success"})
    database["weekly_metrics"].insert_one({"weekStart": "2024-01-01", "runCount": 3})
    assert list(broken_invariants(database, None, at_rest=True)) == []
    database["run_events"].update_one({}, {"$unset": {"status": ""}})
    (found,) = broken_invariants(database, None, at_rest=True)
    assert found.invariant is Invariant.DOCUMENTS_ARE_READABLE
