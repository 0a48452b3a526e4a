"""Errors of MongoDB that pass are waited out, others are not; a real mongod is told to fail."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.storage import retrying
from weekly_plan_assets.storage.backup import write_backup
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets.storage.errors import InterruptedWriteError, StoreError
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.restore import restore_backup
from weekly_plan_assets.storage.retrying import TEMPORARY_CODES, is_temporary, with_retries
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WeekRows

WEEK = TrainingWeek.parse("2024-01-08")
STEPPED_DOWN = 189
INTERRUPTED_ON_PURPOSE = 11601
NOT_AUTHORIZED = 13


@pytest.fixture(scope="module")
def failing_url(short_folder: Path) -> Iterator[str]:
    """A mongod that fails when it is told to."""
    server = EmbeddedServer(short_folder / "failing", parameters={"enableTestCommands": "1"})
    # A real primary that steps down says so to those who watch it; this one has to be asked.
    yield f"{server.acquire()}/?serverMonitoringMode=poll&heartbeatFrequencyMS=500"
    server.release()


@pytest.fixture
def failing(failing_url: str) -> Iterator[Database[BsonDocument]]:
    with open_client(failing_url) as client:
        prepare(client["failing"])
        yield client["failing"]


def prepare(database: Database[BsonDocument]) -> None:
    """Indexes of which one is missing and one is wrong, and a document of a stranger."""
    database.client.drop_database(database.name)
    ensure_indexes(database)
    database["wellness"].drop_indexes()
    database["wellness"].create_index([("athleteId", 1), ("id", 1)])
    database["seen"].insert_one({"a": 1})


@contextmanager
def commands_fail(
    database: Database[BsonDocument], *commands: str, times: int = 3, **how: Any
) -> Iterator[None]:
    """The next commands of these names fail; then they work again."""
    admin = database.client.admin
    admin.command(
        "configureFailPoint",
        "failCommand",
        mode={"times": times},
        data={"failCommands": list(commands), **how},
    )
    try:
        yield
    finally:
        admin.command("configureFailPoint", "failCommand", mode="off")


def write_a_run(database: Database[BsonDocument], _: Path) -> None:
    assert RunDocuments(database, "run_artifacts").merge({"runId": "a"})


def read_a_run(database: Database[BsonDocument], _: Path) -> None:
    documents = RunDocuments(database, "run_artifacts")
    assert documents.find("a") is None
    assert documents.newest_for(WEEK, "weekStart", "i") is None


def store_a_week(database: Database[BsonDocument], _: Path) -> None:
    rows = WeekRows(database, ACTIVITIES, "i")
    days = [{"id": str(day), "start_date_local": f"{day}T07:00:00"} for day in WEEK.days]
    assert rows.replace([WEEK], days).inserted == 7
    assert rows.replace([WEEK], days[:4]).removed == 3
    assert len(rows.load([WEEK], required=[WEEK])) == 4


def make_indexes(database: Database[BsonDocument], _: Path) -> None:
    changes = ensure_indexes(database)
    assert {change.action for change in changes} == {"created", "replaced", "kept"}


def read_the_lineage(database: Database[BsonDocument], _: Path) -> None:
    lineage = Lineage(database)
    assert lineage.athletes() == []
    assert lineage.events(5) == []
    assert lineage.latest_snapshot() is None
    assert lineage.run("a") is None


def back_up_and_restore(database: Database[BsonDocument], folder: Path) -> None:
    write_backup(database, folder / "backup")
    restore_backup(database, folder / "backup", replace=True)
    assert database["seen"].count_documents({}) == 1


ACTIONS: list[tuple[Callable[[Database[BsonDocument], Path], None], tuple[str, ...]]] = [
    (write_a_run, ("update",)),
    (read_a_run, ("find",)),
    (store_a_week, ("insert", "update", "find", "delete")),
    (make_indexes, ("listCollections", "listIndexes", "dropIndexes", "createIndexes")),
    (read_the_lineage, ("find", "distinct", "aggregate")),
    (
        back_up_and_restore,
        ("create", "insert", "find", "listCollections", "renameCollection", "drop", "listIndexes"),
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("action", "commands"), ACTIONS, ids=[action.__name__ for action, _ in ACTIONS]
)
@pytest.mark.parametrize(
    "how", [{"errorCode": STEPPED_DOWN}, {"closeConnection": True}], ids=["refused", "cut off"]
)
def test_what_the_store_does_is_done_again_until_it_works(
    action: Callable[[Database[BsonDocument], Path], None],
    commands: tuple[str, ...],
    how: dict[str, Any],
    failing: Database[BsonDocument],
    tmp_path: Path,
) -> None:
    for command in commands:
        (tmp_path / command).mkdir()
        prepare(failing)
        with commands_fail(failing, command, **how):
            action(failing, tmp_path / command)


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(TEMPORARY_CODES))
def test_every_temporary_code_is_waited_out(code: int, failing: Database[BsonDocument]) -> None:
    with commands_fail(failing, "find", "update", errorCode=code):
        RunDocuments(failing, "run_artifacts").merge({"runId": "a"})
        assert RunDocuments(failing, "run_artifacts").find("a") is not None


@pytest.mark.parametrize("code", [INTERRUPTED_ON_PURPOSE, NOT_AUTHORIZED, 50, 121])
def test_an_error_that_stays_is_raised_at_once(code: int, failing: Database[BsonDocument]) -> None:
    tries = 0

    def ask() -> None:
        nonlocal tries
        tries += 1
        failing["run_artifacts"].find_one()

    with (
        commands_fail(failing, "find", errorCode=code, times=9),
        pytest.raises(OperationFailure),
    ):
        with_retries(ask)
    assert tries == 1


@pytest.mark.parametrize(
    "how",
    [
        {"errorCode": STEPPED_DOWN},
        {"writeConcernError": {"code": 11602, "errmsg": "operation was interrupted"}},
    ],
    ids=["refused", "not confirmed"],
)
def test_an_error_that_never_passes_is_given_up_within_the_budget(
    how: dict[str, Any], failing: Database[BsonDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "RETRY_BUDGET_S", 1.0)
    began_s = time.monotonic()
    with (
        commands_fail(failing, "update", times=1_000, **how),
        pytest.raises((PyMongoError, StoreError)) as given_up,
    ):
        RunDocuments(failing, "run_artifacts").merge({"runId": "a"})
    assert 0.5 < time.monotonic() - began_s < 5
    assert is_temporary(given_up.value)


def test_writes_that_no_majority_confirmed_are_written_again_and_counted_once(
    failing: Database[BsonDocument],
) -> None:
    unconfirmed = {"code": 91, "errmsg": "Replication is being shut down"}
    with commands_fail(failing, "update", times=2, writeConcernError=unconfirmed):
        assert RunDocuments(failing, "run_artifacts").merge({"runId": "a"})
    assert failing["run_artifacts"].count_documents({}) == 1


def test_new_rows_that_no_majority_confirmed_are_written_again_and_stored_once(
    failing: Database[BsonDocument], tmp_path: Path
) -> None:
    unconfirmed = {"code": 91, "errmsg": "Replication is being shut down"}
    with commands_fail(failing, "insert", times=1, writeConcernError=unconfirmed):
        store_a_week(failing, tmp_path)
    assert failing["activities"].count_documents({}) == 4


def test_what_is_retried_is_said_once(
    failing: Database[BsonDocument], caplog: pytest.LogCaptureFixture
) -> None:
    with commands_fail(failing, "update", errorCode=STEPPED_DOWN):
        RunDocuments(failing, "run_artifacts").merge({"runId": "a"})
    said = [record.getMessage() for record in caplog.records]
    assert said == ["MongoDB interrupted an operation (PrimarySteppedDown): retrying"]


def test_an_operation_within_another_leaves_the_repeating_to_the_outer_one(
    failing: Database[BsonDocument],
) -> None:
    outer = inner = 0

    def ask() -> None:
        nonlocal inner
        inner += 1
        raise InterruptedWriteError("again")

    def ask_within() -> None:
        nonlocal outer
        outer += 1
        if outer < 3:
            with_retries(ask)

    with_retries(ask_within)
    assert (outer, inner) == (3, 2)
