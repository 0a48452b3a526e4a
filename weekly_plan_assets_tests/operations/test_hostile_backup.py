"""A backup that is not as it should be ends in a sentence, and the database stays as it is."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import bson
import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.backup import MANIFEST, read_backup, write_backup
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.errors import BackupError
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.restore import restore_backup
from weekly_plan_assets_tests.support.databases import whole
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture
def other(mongo_url: str) -> Iterator[Database[BsonDocument]]:
    """The database that is restored into; it holds one document."""
    with open_client(mongo_url) as client:
        name = f"test_{uuid4().hex[:12]}"
        client[name]["mine"].insert_one({"runId": "old"})
        yield client[name]
        client.drop_database(name)


@pytest.fixture
def backup(database: Database[BsonDocument], tmp_path: Path) -> Path:
    database["seen"].insert_many([{"number": number} for number in range(3)])
    database["zones"].insert_one({"a": 1})
    write_backup(database, tmp_path / "backup")
    return tmp_path / "backup"


def rewrite(folder: Path, name: str, content: bytes, *, part: str = "sha256") -> None:
    """Change a file of a backup, and its hash in the manifest with it."""
    suffix = {"sha256": ".bson", "indexes_sha256": ".metadata.json"}[part]
    (folder / f"{name}{suffix}").write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["collections"][name][part] = hashlib.sha256(content).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))


def manifest_with(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, **changes}))


def named(folder: Path, name: str) -> None:
    """Let the manifest hold a collection by another name."""
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["collections"][name] = manifest["collections"].pop("seen")
    (folder / MANIFEST).write_text(json.dumps(manifest))


def made_as(folder: Path, metadata: Any) -> None:
    rewrite(folder, "seen", json.dumps(metadata).encode(), part="indexes_sha256")


def linked(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere.bson"
    (folder / "seen.bson").rename(elsewhere)
    (folder / "seen.bson").symlink_to(elsewhere)


def piped(folder: Path) -> None:
    (folder / "seen.bson").unlink()
    os.mkfifo(folder / "seen.bson")


def counted(folder: Path, documents: int) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["collections"]["seen"]["documents"] = documents
    (folder / MANIFEST).write_text(json.dumps(manifest))


def text(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)


SAME_ID = bson.encode({"_id": 1}) * 2
BROKEN = bson.encode({"_id": 1})[:-1] + b"\x07"


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: named(folder, "../seen"), r"names a collection '\.\./seen'"),
        (lambda folder: named(folder, "system.users"), "names a collection 'system.users'"),
        (lambda folder: named(folder, "a..b"), r"names a collection 'a\.\.b'"),
        (lambda folder: named(folder, "$cmd"), "names a collection"),
        (lambda folder: named(folder, ""), "names a collection ''"),
        (lambda folder: named(folder, "a\0b"), "names a collection"),
        (lambda folder: named(folder, "restoring_1_seen"), "names a collection"),
        (lambda folder: named(folder, "unfinished_restore"), "names a collection"),
        (lambda folder: named(folder, "x" * 300), "x.bson: File name too long"),
        (lambda folder: manifest_with(folder, format=99), r"newer version .*format 99"),
        (lambda folder: manifest_with(folder, format=0), "format 0, which no version"),
        (lambda folder: manifest_with(folder, format="one"), "not the manifest of a backup"),
        (lambda folder: manifest_with(folder, collections=[]), "not the manifest of a backup"),
        (lambda folder: manifest_with(folder, database="a\nb"), "not the manifest of a backup"),
        (lambda folder: manifest_with(folder, database="\x1b[31m"), "not the manifest of a backup"),
        (lambda folder: counted(folder, 2), "holds 3 documents of seen, but its manifest says 2"),
        (lambda folder: counted(folder, -1), "its manifest says -1"),
        (linked, r"seen\.bson is a link"),
        (piped, r"seen\.bson is a link, a folder or a device"),
        (lambda folder: text(folder, b"\xff\xfe{}"), "not the manifest of a backup"),
        (lambda folder: text(folder, b"[" * 100_000), "not the manifest of a backup"),
        (lambda folder: text(folder, b""), "not the manifest of a backup"),
        (lambda folder: rewrite(folder, "seen", b"\x05"), "is not whole BSON"),
        (lambda folder: rewrite(folder, "seen", b"\xff\xff\xff\x7f"), "is not whole BSON"),
        (lambda folder: rewrite(folder, "seen", b"\0\0\0\x80abc"), "is not whole BSON"),
        (lambda folder: rewrite(folder, "seen", BROKEN), "is not whole BSON"),
        (lambda folder: rewrite(folder, "seen", SAME_ID), "refuses seen of the backup.*E11000"),
        (lambda folder: made_as(folder, []), "holds a list where a JSON object is expected"),
        (lambda folder: made_as(folder, {"options": {}}), "does not say how a collection is made"),
        (lambda folder: made_as(folder, {"options": 1, "indexes": []}), "does not say how"),
        (lambda folder: made_as(folder, {"options": {}, "indexes": [7]}), "does not say how"),
        (
            lambda folder: made_as(folder, {"options": {}, "indexes": [{"name": "a"}]}),
            "refuses seen of the backup",
        ),
        (
            lambda folder: made_as(folder, {"options": {"validator": {"$odd": 1}}, "indexes": []}),
            "refuses seen of the backup",
        ),
        (
            lambda folder: made_as(
                folder, {"options": {"collation": {"locale": "xx"}}, "indexes": []}
            ),
            "refuses seen of the backup",
        ),
        (
            lambda folder: made_as(folder, {"options": {"a": {"$oid": 5}}, "indexes": []}),
            "does not say how",
        ),
    ],
)
def test_a_malformed_backup_is_one_sentence_and_changes_nothing(
    damage: Callable[[Path], None],
    sentence: str,
    backup: Path,
    other: Database[BsonDocument],
) -> None:
    damage(backup)
    before = whole(other)
    with pytest.raises(BackupError, match=sentence) as refusal:
        restore_backup(other, backup, replace=True)
    assert "\n" not in str(refusal.value)
    assert whole(other) == before


def test_a_manifest_deeper_than_any_parser_goes_is_a_sentence_of_the_command(
    terminal: Terminal, backup: Path
) -> None:
    text(backup, b'{"collections":' + b"[" * 100_000)
    refused = terminal.run("db", "restore", str(backup))
    assert refused.returncode == 1
    assert "is not the manifest of a backup" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_views_and_time_series_are_left_out_of_a_backup_and_named(
    database: Database[BsonDocument], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database["seen"].insert_one({"a": 1})
    database.create_collection("view", viewOn="seen", pipeline=[])
    database.create_collection("series", timeseries={"timeField": "at"})
    database["series"].insert_one({"at": datetime.now(UTC)})
    assert set(write_backup(database, tmp_path / "backup").collections) == {"seen"}
    assert "leaves out view, which is a view" in caplog.text
    assert "leaves out series, which is a time series" in caplog.text


def test_views_and_time_series_in_the_way_of_a_restore_need_force_and_then_give_way(
    database: Database[BsonDocument], other: Database[BsonDocument], backup: Path
) -> None:
    other.drop_collection("mine")
    other["base"].insert_one({"a": 1})
    other.create_collection("seen", viewOn="base", pipeline=[])
    other.create_collection("zones", timeseries={"timeField": "at"})
    other.drop_collection("base")
    before = kinds(other)
    with pytest.raises(BackupError, match=r"\(seen, zones\)"):
        restore_backup(other, backup)
    assert kinds(other) == before
    restore_backup(other, backup, replace=True)
    restored = whole(other)
    restored.pop("system.views", None)
    assert restored == whole(database)


def kinds(database: Database[BsonDocument]) -> dict[str, str]:
    return {info["name"]: info["type"] for info in database.list_collections()}


def test_a_collection_comes_back_without_what_would_lose_its_documents(
    database: Database[BsonDocument],
    other: Database[BsonDocument],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database.create_collection("activities", capped=True, size=100_000)
    database["activities"].insert_one({"athleteId": "i", "id": "a"})
    database["wellness"].create_index("at", expireAfterSeconds=0)
    database.create_collection(
        "clustered", clusteredIndex={"key": {"_id": 1}, "unique": True}, expireAfterSeconds=5
    )
    database.create_collection("collated", collation={"locale": "de"})
    database["collated"].create_index("name", unique=True)
    ensure_only(database, "run_events")
    write_backup(database, tmp_path / "backup")
    restore_backup(other, tmp_path / "backup", replace=True)
    options = {info["name"]: info["options"] for info in other.list_collections()}
    assert options["activities"] == options["clustered"] == {}
    assert options["collated"]["collation"]["locale"] == "de"
    assert other["wellness"].index_information()["at_1"] == {"v": 2, "key": [("at", 1)]}
    assert other["collated"].index_information() == database["collated"].index_information()
    assert other["run_events"].index_information() == database["run_events"].index_information()
    assert "activities is restored without its options capped, size" in caplog.text
    assert "the index at_1 of wellness is restored without its time limit" in caplog.text
    assert "clustered is restored without its options clusteredIndex" in caplog.text


def ensure_only(database: Database[BsonDocument], collection: str) -> None:
    """The index set of one collection, its time limit included."""
    spare = database.client[f"{database.name}_spare"]
    ensure_indexes(spare)
    for name, index in spare[collection].index_information().items():
        if name != "_id_":
            key = index.pop("key")
            index.pop("v")
            database[collection].create_index(key, name=name, **index)
    database.client.drop_database(spare)


@pytest.mark.parametrize("name", ["a/b", "a\\b", "50%", "año", "a b", "Überblick.2024"])
def test_any_name_of_a_collection_is_backed_up_within_the_folder_and_comes_back(
    name: str, database: Database[BsonDocument], other: Database[BsonDocument], tmp_path: Path
) -> None:
    database[name].insert_one({"a": 1})
    write_backup(database, tmp_path / "backup")
    assert len(list((tmp_path / "backup").iterdir())) == 3
    assert set(read_backup(tmp_path / "backup").collections) == {name}
    restore_backup(other, tmp_path / "backup", replace=True)
    assert whole(other) == whole(database)


def test_a_backup_of_a_folder_that_cannot_be_read_names_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    for folder in ("file", "missing", "x" * 300):
        refused = terminal.run("db", "restore", str(tmp_path / folder))
        assert refused.returncode == 1
        assert "is no whole backup" in refused.stderr
        assert "Traceback" not in refused.stderr
