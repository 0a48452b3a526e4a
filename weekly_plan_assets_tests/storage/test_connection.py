import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic
from traceback import format_exception

import pytest
from pymongo.database import Database
from pymongo.errors import ServerSelectionTimeoutError

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client, project_database
from weekly_plan_assets.storage.errors import MongoUrlError
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets_tests.support.racing import at_once

NOWHERE = Path("there is no embedded server here")


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://coach:hunter2@ss@host/",
        "mongodb://coach:hunter2%zz@host/",
        "mongodb://coach:hunter2@host:99999/",
        "mongodb://coach:hunter2@host:port/",
        "mongodb://coach:hunter2@",
        "http://coach:hunter2@host/",
        "hunter2.example.com:27017",
        "hunter2",
    ],
)
def test_a_wrong_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(MongoUrlError, match=r"^MONGO_URL is not a MongoDB URL") as refusal:
        open_client(url)
    assert "hunter2" not in "".join(format_exception(refusal.value))


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_an_error_within_seconds() -> None:
    with socket.socket() as bound:  # bound but not listening: every connection is refused
        bound.bind(("127.0.0.1", 0))
        url = f"mongodb://127.0.0.1:{bound.getsockname()[1]}/"
        start = monotonic()
        with pytest.raises(ServerSelectionTimeoutError, match="refused"):
            project_database(url, NOWHERE, "weekly_plan")
        assert monotonic() - start < 15


@pytest.mark.slow
def test_a_replica_set_without_any_member_is_an_error_within_seconds() -> None:
    start = monotonic()
    with pytest.raises(ServerSelectionTimeoutError, match="refused"):
        project_database("mongodb://127.0.0.1:1,127.0.0.1:2/?replicaSet=rs", NOWHERE, "weekly_plan")
    assert monotonic() - start < 15


def test_the_urls_own_options_come_before_ours() -> None:
    with open_client("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100&AppName=mine") as client:
        assert client.options.server_selection_timeout == 0.1
        assert client.options.pool_options.appname == "mine"
        assert client.options.pool_options.socket_timeout == 30
        start = monotonic()
        with pytest.raises(ServerSelectionTimeoutError):
            client.server_info()
        assert monotonic() - start < 10


def test_a_process_shares_one_client_and_has_its_indexes_ensured(
    mongo_url: str, database: Database[BsonDocument]
) -> None:
    opened = at_once(lambda _: project_database(mongo_url, NOWHERE, database.name), threads=4)
    assert len({id(one.client) for one in opened}) == 1
    other = project_database(mongo_url, NOWHERE, f"{database.name}_other", bootstrapped=False)
    assert other.client is opened[0].client
    indexes = {
        (collection, name)
        for collection in database.list_collection_names()
        for name in database[collection].index_information()
        if name != "_id_"
    }
    assert indexes == {(index.collection, index.name) for index in INDEXES}


def test_a_database_can_be_opened_without_touching_it(
    mongo_url: str, database: Database[BsonDocument]
) -> None:
    project_database(mongo_url, NOWHERE, database.name, bootstrapped=False)
    assert database.list_collection_names() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_opens_a_client_of_its_own(
    mongo_url: str, database: Database[BsonDocument]
) -> None:
    script = """
import os, sys
from pathlib import Path
from weekly_plan_assets.storage.connection import project_database
arguments = (sys.argv[1], Path("nowhere"), sys.argv[2])
parents = project_database(*arguments).client
if os.fork() == 0:
    childs = project_database(*arguments)
    childs["children"].insert_one({"own": childs.client is not parents})
    os._exit(0)
sys.exit(os.wait()[1])
"""
    subprocess.run([sys.executable, "-c", script, mongo_url, database.name], check=True, timeout=30)
    (child,) = database["children"].find()
    assert child["own"]


def test_without_a_url_the_embedded_server_of_the_folder_is_used(
    short_folder: Path, mongo_url: str, database: Database[BsonDocument]
) -> None:
    script = """
import sys
from pathlib import Path
from weekly_plan_assets.storage.connection import project_database
for round in range(2):
    project_database(None, Path(sys.argv[1]), sys.argv[2])["visits"].insert_one({"round": round})
"""
    folder = str(short_folder / "db")
    subprocess.run([sys.executable, "-c", script, folder, database.name], check=True, timeout=30)
    assert [visit["round"] for visit in database["visits"].find()] == [0, 1]


def test_times_come_back_aware_and_in_utc(database: Database[BsonDocument]) -> None:
    noon = datetime(2024, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    database["times"].insert_one({"at": noon})
    (read,) = database["times"].find()
    assert read["at"] == noon
    assert read["at"].utcoffset() == datetime.now(UTC).utcoffset()
