"""A backup is the whole database, and comes back as it was."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.backup import LAST, read_backup, write_backup
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.errors import BackupError
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.restore import restore_backup
from weekly_plan_assets_tests.support.databases import whole
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2026-11-09"


@pytest.fixture
def other(mongo_url: str) -> Iterator[Database[BsonDocument]]:
    """A second empty database."""
    with open_client(mongo_url) as client:
        name = f"test_{uuid4().hex[:12]}"
        yield client[name]
        client.drop_database(name)


@pytest.fixture
def filled(database: Database[BsonDocument]) -> Database[BsonDocument]:
    ensure_indexes(database)
    now = datetime.now(UTC).replace(microsecond=0)
    database["run_events"].insert_one({"runId": "a", "createdAt": now, "odd": [1.5, None, {}]})
    database["activities"].insert_many(
        [{"athleteId": "i", "id": str(number), "blob": b"\0\1"} for number in range(2500)]
    )
    database.command("create", "strict", validator={"a": {"$type": "string"}})
    database["strict"].insert_one({"a": 1}, bypass_document_validation=True)
    return database


def test_documents_indexes_and_validators_come_back_as_they_were(
    filled: Database[BsonDocument], other: Database[BsonDocument], tmp_path: Path
) -> None:
    made = write_backup(filled, tmp_path / "backup")
    assert made.documents == 2502
    restore_backup(other, tmp_path / "backup")
    assert whole(other) == whole(filled)
    assert {index.collection for index in INDEXES} <= set(other.list_collection_names())


def test_a_backup_can_be_read_by_its_owner_alone_and_is_never_half(
    filled: Database[BsonDocument], tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "deep" / "backup")
    assert stat.S_IMODE((tmp_path / "deep" / "backup").stat().st_mode) == 0o700
    with pytest.raises(BackupError, match="is there already; name a new folder"):
        write_backup(filled, tmp_path / "deep" / "backup")
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="cannot be written"):
        write_backup(filled, tmp_path / "file" / "backup")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["backup"]


def test_what_a_document_names_is_read_after_it(
    filled: Database[BsonDocument], tmp_path: Path
) -> None:
    names = list(write_backup(filled, tmp_path / "backup").collections)
    assert set(LAST) < set(names)
    assert names[-len(LAST) :] == list(LAST)


def test_a_database_that_holds_documents_is_replaced_only_on_demand_and_then_wholly(
    filled: Database[BsonDocument], other: Database[BsonDocument], tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "backup")
    other["run_events"].insert_one({"runId": "b"})
    other["later"].insert_one({"runId": "b"})
    before = whole(other)
    with pytest.raises(BackupError, match=r"holds documents \(later, run_events\)"):
        restore_backup(other, tmp_path / "backup")
    assert whole(other) == before
    restore_backup(other, tmp_path / "backup", replace=True)
    assert whole(other) == whole(filled)


def test_a_backup_that_was_changed_is_refused_and_the_database_stays_as_it_is(
    filled: Database[BsonDocument], tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "backup")
    before = whole(filled)
    path = tmp_path / "backup" / "run_events.bson"
    path.write_bytes(path.read_bytes().replace(b"runId", b"runID"))
    with pytest.raises(BackupError, match=r"run_events\.bson has changed"):
        restore_backup(filled, tmp_path / "backup", replace=True)
    path.unlink()
    with pytest.raises(BackupError, match=r"no whole backup: run_events\.bson: No such file"):
        read_backup(tmp_path / "backup")
    with pytest.raises(BackupError, match=r"no whole backup: backup\.json"):
        read_backup(tmp_path)
    assert whole(filled) == before


def test_a_restore_that_was_killed_midway_is_simply_repeated(
    filled: Database[BsonDocument], other: Database[BsonDocument], tmp_path: Path
) -> None:
    write_backup(filled, tmp_path / "backup")
    other["restoring_run_events"].insert_one({"runId": "half"})
    restore_backup(other, tmp_path / "backup")
    assert whole(other) == whole(filled)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_wiped_embedded_server_shows_the_same_plan_after_a_restore(
    embedded: Terminal,
    tmp_path: Path,
) -> None:
    assert embedded.run("run", "--week", WEEK).returncode == 0
    shown = embedded.run("show").stdout
    assert "Plan for" in shown
    backup = str(tmp_path / "backup")
    made = json.loads(embedded.run("db", "backup", backup, "--json").stdout)
    refused = embedded.run("db", "restore", backup)
    assert refused.returncode == 1
    assert "holds documents" in refused.stderr

    assert embedded.run("db", "start").returncode == 0
    url = json.loads(embedded.run("db", "status", "--json").stdout)["url"]
    with open_client(url) as client:
        database = client[made["database"]]
        before = whole(database)
        client.drop_database(made["database"])
        restored = embedded.run("db", "restore", backup)
        assert restored.returncode == 0, restored.stderr
        assert whole(database) == before
    assert embedded.run("show").stdout == shown
    assert embedded.run("explain", "latest").returncode == 0


def test_a_database_in_use_is_not_restored_under_the_feet_of_its_users(
    embedded: Terminal,
    tmp_path: Path,
) -> None:
    from weekly_plan_assets.storage.embedded import EmbeddedServer  # noqa: PLC0415

    folder = Path(embedded.environment["WEEKLY_PLAN_STATE_DIR"]) / "mongodb"
    with EmbeddedServer(folder).lease():
        refused = embedded.run("db", "restore", str(tmp_path))
    assert refused.returncode == 1
    assert "another command uses the database" in refused.stderr
