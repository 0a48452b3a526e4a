"""Users of MongoDB with few rights: what each role is enough for, and what is said otherwise."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.export.json_schemas import collection_schemas
from weekly_plan_assets.storage.backup import write_backup
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client, project_database
from weekly_plan_assets.storage.errors import MissingRightError
from weekly_plan_assets.storage.indexes import ensure_indexes
from weekly_plan_assets.storage.restore import restore_backup
from weekly_plan_assets.storage.validators import apply_validators, remove_validators
from weekly_plan_assets_tests.support.databases import whole
from weekly_plan_assets_tests.support.killed_process import doomed
from weekly_plan_assets_tests.support.own_mongod import ROOT, OwnMongod, server_with_users
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

NOWHERE = Path("there is no embedded server here")
CAUTIOUS = "cautious"
ROLES = {"reader": ["read"], "writer": ["readWrite"], "keeper": ["readWrite", "dbAdmin"]}


@pytest.fixture(scope="module")
def server() -> Iterator[OwnMongod]:
    with (
        tempfile.TemporaryDirectory(prefix="wpau") as folder,
        server_with_users(Path(folder)) as started,
    ):
        yield started


def url(server: OwnMongod, name: str) -> str:
    return f"mongodb://{name}:{name}@{server.address}/?authSource=admin"


@pytest.fixture
def owned(server: OwnMongod) -> Iterator[Database[BsonDocument]]:
    """A database as its owner sees it, for which there are a reader, a writer and a keeper."""
    with open_client(url(server, ROOT)) as client:
        name = f"test_{uuid4().hex[:12]}"
        for user, roles in ROLES.items():
            granted = [{"role": role, "db": name} for role in roles]
            client.admin.command("createUser", user, pwd=user, roles=granted)
        yield client[name]
        client.drop_database(name)
        for user in ROLES:
            client.admin.command("dropUser", user)


@pytest.fixture
def backup(owned: Database[BsonDocument], tmp_path: Path) -> Path:
    ensure_indexes(owned)
    owned["run_events"].insert_one({"runId": "a"})
    write_backup(owned, tmp_path / "backup")
    return tmp_path / "backup"


def seen_by(server: OwnMongod, user: str, owned: Database[BsonDocument]) -> Database[BsonDocument]:
    return open_client(url(server, user))[owned.name]


def test_who_may_write_may_back_up_and_restore(
    server: OwnMongod, owned: Database[BsonDocument], backup: Path, tmp_path: Path
) -> None:
    writer = seen_by(server, "writer", owned)
    before = whole(owned)
    write_backup(writer, tmp_path / "again")
    writer["run_events"].insert_one({"runId": "later"})
    restore_backup(writer, backup, replace=True)
    assert whole(owned) == before


def test_who_may_read_may_back_up_and_learns_what_a_restore_needs(
    server: OwnMongod, owned: Database[BsonDocument], backup: Path, tmp_path: Path
) -> None:
    reader = seen_by(server, "reader", owned)
    before = whole(owned)
    write_backup(reader, tmp_path / "again")
    with pytest.raises(
        MissingRightError, match=r"^A restore needs the right to \w+ in .* readWrite on that"
    ):
        restore_backup(reader, backup, replace=True)
    assert whole(owned) == before


def test_a_restore_with_validators_names_the_role_it_needs_and_leaves_nothing(
    server: OwnMongod, owned: Database[BsonDocument], tmp_path: Path
) -> None:
    apply_validators(owned, collection_schemas())
    write_backup(owned, tmp_path / "backup")
    before = whole(owned)
    with pytest.raises(MissingRightError, match=r"right to collMod in .* the role dbAdmin"):
        restore_backup(seen_by(server, "writer", owned), tmp_path / "backup", replace=True)
    assert whole(owned) == before
    restore_backup(seen_by(server, "keeper", owned), tmp_path / "backup", replace=True)
    assert whole(owned) == before


def test_validators_need_a_role_that_is_named(
    server: OwnMongod, owned: Database[BsonDocument]
) -> None:
    writer = seen_by(server, "writer", owned)
    with pytest.raises(MissingRightError, match=r"right to collMod in .* the role dbAdmin"):
        apply_validators(writer, collection_schemas())
    with pytest.raises(MissingRightError, match=r"right to collMod in .* the role dbAdmin"):
        remove_validators(writer, collection_schemas())
    apply_validators(seen_by(server, "keeper", owned), collection_schemas())


def test_an_interrupted_restore_that_a_reader_meets_says_who_can_finish_it(
    server: OwnMongod, owned: Database[BsonDocument], backup: Path, terminal: Terminal
) -> None:
    before = whole(owned)
    writing = url(server, "writer")
    restoring = doomed(restore_backup, owned, writing, folder=backup, replace=True)
    assert restoring.killed_before(2, "renameCollection")
    reading = {"MONGO_URL": url(server, "reader"), "MONGO_DATABASE": owned.name}
    refused = terminal.run("runs", **reading)
    assert refused.returncode == 1
    told = " ".join(refused.stderr.split())
    assert f"The restore of {backup} into the database {owned.name} was interrupted" in told
    assert "; finishing it needs the right to renameCollection" in told
    assert "Traceback" not in told
    project_database(writing, NOWHERE, owned.name)
    assert whole(owned) == before
    project_database(reading["MONGO_URL"], NOWHERE, owned.name)


def test_a_reader_of_a_database_without_indexes_learns_what_is_missing(
    server: OwnMongod, owned: Database[BsonDocument], terminal: Terminal
) -> None:
    refused = terminal.run("runs", MONGO_URL=url(server, "reader"), MONGO_DATABASE=owned.name)
    assert refused.returncode == 1
    assert "Making the indexes needs the right to createIndexes" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_user_who_may_not_list_collections_but_use_them_can_plan_on_them(
    server: OwnMongod, owned: Database[BsonDocument]
) -> None:
    """A role of a cautious administrator: these collections, and nothing about the database."""
    ensure_indexes(owned)
    actions = ["find", "insert", "update", "remove", "createIndex", "listIndexes"]
    privileges = [
        {"resource": {"db": owned.name, "collection": name}, "actions": actions}
        for name in owned.list_collection_names()
    ]
    owned.command("createRole", CAUTIOUS, privileges=privileges, roles=[])
    granted = [{"role": CAUTIOUS, "db": owned.name}]
    owned.client.admin.command("createUser", CAUTIOUS, pwd=CAUTIOUS, roles=granted)
    try:
        opened = project_database(url(server, CAUTIOUS), NOWHERE, owned.name)
        assert opened["run_events"].find_one() is None
    finally:
        owned.client.admin.command("dropUser", CAUTIOUS)
        owned.command("dropRole", CAUTIOUS)
