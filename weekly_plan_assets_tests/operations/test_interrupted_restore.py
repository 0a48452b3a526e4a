"""A restore that is killed leaves the old database or the whole backup, and says what it found."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.backup import write_backup
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import RESTORE_MARKER, STAGING_PREFIX
from weekly_plan_assets.storage.connection import open_client, project_database
from weekly_plan_assets.storage.errors import BackupError, UnfinishableRestoreError
from weekly_plan_assets.storage.restore import restore_backup
from weekly_plan_assets.storage.staged_restore import finish_restore
from weekly_plan_assets_tests.support.killed_process import DoomedAction, doomed
from weekly_plan_assets_tests.support.racing import at_once
from weekly_plan_assets_tests.support.terminal import Terminal

NOWHERE = Path("there is no embedded server here")
INTERRUPTED = "was interrupted while it replaced collections; it is finished now"
RENAME = "renameCollection"
COLLECTIONS = 4


@pytest.fixture
def target(mongo_url: str) -> Iterator[Database[BsonDocument]]:
    """The database that is restored into."""
    with open_client(mongo_url) as client:
        name = f"test_{uuid4().hex[:12]}"
        yield client[name]
        client.drop_database(name)


@pytest.fixture
def backup(database: Database[BsonDocument], tmp_path: Path) -> Path:
    """A backup of four collections, one of them with a validator and two with indexes."""
    database["run_events"].create_index("runId", unique=True)
    database["run_events"].insert_many([{"runId": "new"}, {"runId": "newer"}])
    database["activities"].create_index([("athleteId", 1), ("id", 1)], unique=True)
    database["activities"].insert_one({"athleteId": "i", "id": "a", "odd": [1.5, None, {}]})
    database.create_collection("strict", validator={"a": {"$type": "number"}})
    database["strict"].insert_one({"a": 1})
    database["seen"].insert_one({"once": True})
    write_backup(database, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def restoring(mongo_url: str, target: Database[BsonDocument], backup: Path) -> DoomedAction:
    return doomed(restore_backup, target, mongo_url, folder=backup, replace=True)


@pytest.fixture
def interrupted(target: Database[BsonDocument], restoring: DoomedAction) -> Database[BsonDocument]:
    """A database whose restore was killed between its first two renames."""
    fill(target)
    assert restoring.killed_before(2, RENAME)
    return target


def fill(target: Database[BsonDocument]) -> None:
    """What stands there before: shared names, a name of its own, and a view in the way of one."""
    target.client.drop_database(target.name)
    target["run_events"].insert_one({"runId": "old"})
    target["activities"].insert_one({"athleteId": "i", "id": "old"})
    target["mine"].insert_one({"runId": "old"})
    target.create_collection("seen", viewOn="mine", pipeline=[])


def documents(database: Database[BsonDocument]) -> dict[str, list[BsonDocument]]:
    """All that anybody reads, by collection; empty collections are left out."""
    found = {
        name: list(database[name].find({}, {"_id": 0}))
        for name in database.list_collection_names()
        if not name.startswith(("system.", STAGING_PREFIX, RESTORE_MARKER))
    }
    return {name: rows for name, rows in found.items() if rows}


def left_over(database: Database[BsonDocument]) -> list[str]:
    names = database.list_collection_names()
    return [name for name in names if name.startswith((STAGING_PREFIX, RESTORE_MARKER))]


def in_the_middle(database: Database[BsonDocument]) -> bool:
    return database[RESTORE_MARKER].find_one() is not None


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_killed_before_any_command_the_next_opening_finds_all_of_the_old_or_all_of_the_backup(
    mongo_url: str,
    database: Database[BsonDocument],
    target: Database[BsonDocument],
    restoring: DoomedAction,
    backup: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    new = documents(database)
    fill(target)
    old = documents(target)
    finished = kept = 0
    for number in restoring.killed_before_each_command(prepare=lambda: fill(target)):
        caplog.clear()
        was_in_the_middle = in_the_middle(target)
        project_database(mongo_url, NOWHERE, target.name)
        found = documents(target)
        assert (INTERRUPTED in caplog.text) == was_in_the_middle, number
        assert found == new if was_in_the_middle else found in (old, new), number
        finished += was_in_the_middle
        kept += found == old
        restore_backup(target, backup, replace=True)
        assert documents(target) == new, number
        assert not left_over(target), number
    assert finished > COLLECTIONS, "no kill fell between two renames"
    assert kept > COLLECTIONS, "no kill fell before the first rename"


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_what_finishes_a_restore_can_be_killed_before_any_command_too(
    mongo_url: str,
    database: Database[BsonDocument],
    target: Database[BsonDocument],
    restoring: DoomedAction,
) -> None:
    def interrupt() -> None:
        fill(target)
        assert restoring.killed_before(2, RENAME)

    finishing = doomed(finish_restore, target, mongo_url)
    for number in finishing.killed_before_each_command(prepare=interrupt):
        finish_restore(target)
        assert documents(target) == documents(database), number
        assert not left_over(target), number
    assert number > COLLECTIONS


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("runs",), ("doctor",), ("db", "bootstrap"), ("db", "migrate")], ids=" ".join
)
def test_whichever_command_comes_next_says_what_it_found_and_finishes_it(
    command: tuple[str, ...],
    interrupted: Database[BsonDocument],
    database: Database[BsonDocument],
    terminal: Terminal,
) -> None:
    done = terminal.run(*command, MONGO_DATABASE=interrupted.name)
    assert INTERRUPTED in done.stderr
    assert "Traceback" not in done.stderr
    assert documents(interrupted) == documents(database)


def test_a_process_that_has_the_database_open_finishes_it_at_its_next_step(
    mongo_url: str,
    target: Database[BsonDocument],
    database: Database[BsonDocument],
    restoring: DoomedAction,
) -> None:
    project_database(mongo_url, NOWHERE, target.name)
    fill(target)
    assert restoring.killed_before(2, RENAME)
    assert documents(target) != documents(database)
    project_database(mongo_url, NOWHERE, target.name)
    assert documents(target) == documents(database)


def test_several_processes_that_finish_it_at_once_do_not_meet(
    interrupted: Database[BsonDocument], database: Database[BsonDocument]
) -> None:
    at_once(lambda _: finish_restore(interrupted), threads=4)
    assert documents(interrupted) == documents(database)
    assert not left_over(interrupted)


def test_the_same_restore_again_needs_no_force_and_another_one_does(
    interrupted: Database[BsonDocument],
    database: Database[BsonDocument],
    backup: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    restore_backup(interrupted, backup)
    assert INTERRUPTED in caplog.text
    assert documents(interrupted) == documents(database)
    database["later"].insert_one({"a": 1})
    write_backup(database, tmp_path / "other")
    with pytest.raises(BackupError, match="give --force"):
        restore_backup(interrupted, tmp_path / "other")


def test_a_restore_whose_stored_copies_were_removed_says_so_and_begins_again_with_force(
    interrupted: Database[BsonDocument], database: Database[BsonDocument], backup: Path
) -> None:
    (waiting, *_) = [name for name in left_over(interrupted) if name != RESTORE_MARKER]
    interrupted.drop_collection(waiting)
    with pytest.raises(UnfinishableRestoreError, match=r"begins again$") as refusal:
        finish_restore(interrupted)
    assert f"what it had stored of {waiting.split('_', 2)[2]} has been removed" in str(
        refusal.value
    )
    with pytest.raises(UnfinishableRestoreError):
        restore_backup(interrupted, backup)
    restore_backup(interrupted, backup, replace=True)
    assert documents(interrupted) == documents(database)
    assert not left_over(interrupted)


def test_a_backup_is_never_made_of_the_middle_of_a_restore(
    interrupted: Database[BsonDocument],
    database: Database[BsonDocument],
    terminal: Terminal,
    tmp_path: Path,
) -> None:
    folder = str(tmp_path / "second")
    made = terminal.run("db", "backup", folder, "--json", MONGO_DATABASE=interrupted.name)
    assert made.returncode == 0, made.stderr
    assert INTERRUPTED in made.stderr
    assert set(json.loads(made.stdout)["collections"]) == set(documents(database))


def test_what_a_restore_left_that_had_replaced_nothing_is_named_and_dropped_by_the_next(
    target: Database[BsonDocument],
    database: Database[BsonDocument],
    restoring: DoomedAction,
    backup: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert restoring.killed_before(3, "insert")
    assert left_over(target)
    assert not in_the_middle(target)
    restore_backup(target, backup)
    assert "an earlier restore ended before it replaced anything" in caplog.text
    assert documents(target) == documents(database)
    assert not left_over(target)


def test_of_two_restores_at_once_none_leaves_anything_half(
    target: Database[BsonDocument], backup: Path, database: Database[BsonDocument]
) -> None:

    def restore(_: int) -> str:
        try:
            restore_backup(target, backup, replace=True)
        except BackupError as error:
            return str(error)
        return ""

    answers = at_once(restore, threads=2)
    restore_backup(target, backup, replace=True)
    assert documents(target) == documents(database)
    assert not left_over(target)
    assert all(not answer or "under way" in answer for answer in answers), answers
