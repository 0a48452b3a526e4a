"""What all tests share: a real mongod, a database a test, the recorded data, clean settings."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from dagster import DagsterInstance
from dagster._core.storage.defs_state.base import set_defs_state_storage
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT, Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
from weekly_plan_assets_tests.support.calendar_server.server import CalendarServer
from weekly_plan_assets_tests.support.graph import Graph
from weekly_plan_assets_tests.support.intervals_server import IntervalsServer
from weekly_plan_assets_tests.support.own_account import write_own_account
from weekly_plan_assets_tests.support.planned_roster import PlannedRoster, planned_roster_in
from weekly_plan_assets_tests.support.terminal import Terminal

SHARED = PROJECT_ROOT.parent / "shared"
RECORDED = SHARED / "data" / "intervals_icu_recorded"


def pytest_configure() -> None:
    """Let processes feel a Ctrl-C that is sent to them: a shell's background jobs ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def missing_part(reason: str) -> None:
    """Skip for want of a part on a user's machine; in CI nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(f"CI has every part, but {reason}")
    pytest.skip(reason)


def require_data(path: Path) -> None:
    """Skip, saying so, where data that are not part of the project do not lie beside the clone."""
    if path.exists():
        return
    if SHARED.is_dir():
        missing_part(f"{SHARED} holds no {path.relative_to(SHARED)}")
    pytest.skip(f"data of others are not beside the clone: {path}")


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("DAGSTER_HOME", str(PROJECT_ROOT))


@pytest.fixture(autouse=True)
def _no_instance_of_another_test() -> Iterator[None]:
    """Dagster keeps the storage of the last instance that was entered, also when it has ended."""
    with set_defs_state_storage(None):
        yield


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for a socket file, which may have about 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="wp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mongo_url(short_folder: Path) -> Iterator[str]:
    """A real mongod for the whole session, whose TTL monitor looks every second."""
    server = EmbeddedServer(short_folder / "db", parameters={"ttlMonitorSleepSecs": "1"})
    try:
        url = server.acquire()
    except EmbeddedServerError as error:
        missing_part(str(error))
        raise
    yield url
    server.release()


@pytest.fixture
def database(mongo_url: str) -> Iterator[Database[BsonDocument]]:
    """An empty database of the test's own, on the real mongod."""
    client = open_client(mongo_url)
    name = f"test_{uuid4().hex[:12]}"
    yield client[name]
    client.drop_database(name)
    client.close()


@pytest.fixture
def roster_path(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mongo_url: str,
    database: Database[BsonDocument],
) -> Path:
    """Where the roster in force is, with a state and a database of its own; the test writes it."""
    path = tmp_path / "roster.yaml"
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MONGO_URL", mongo_url)
    monkeypatch.setenv("MONGO_DATABASE", database.name)
    return path


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded real Intervals.icu responses."""
    require_data(RECORDED)
    return RECORDED


@pytest.fixture(scope="session")
def own_account(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the answers of an account that is nobody's."""
    return write_own_account(tmp_path_factory.mktemp("own_account"))


@pytest.fixture(params=["own_account", "recorded"])
def account(request: pytest.FixtureRequest) -> Path:
    """A folder with the answers of any account: our own, and the recorded one where it is."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


@pytest.fixture
def intervals() -> Iterator[IntervalsServer]:
    """A local Intervals.icu without any data."""
    server = IntervalsServer()
    yield server
    server.close()


@pytest.fixture
def calendar_server() -> Iterator[CalendarServer]:
    """A local Intervals.icu whose calendar can be changed, without any data."""
    server = CalendarServer()
    yield server
    server.close()


@pytest.fixture
def graph(mongo_url: str, database: Database[BsonDocument], tmp_path: Path) -> Iterator[Graph]:
    """The project's definitions over an empty export folder and an empty database."""
    with DagsterInstance.ephemeral() as instance:
        yield Graph(database, mongo_url, tmp_path, instance)


@contextmanager
def sample_athlete(mongo_url: str, state: Path) -> Iterator[Terminal]:
    """The terminal of the sample athlete, with a database and a state folder of its own."""
    database = f"test_{uuid4().hex[:12]}"
    yield Terminal(
        {
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": database,
            "WEEKLY_PLAN_STATE_DIR": str(state),
        }
    )
    with open_client(mongo_url) as client:
        client.drop_database(database)


@pytest.fixture
def terminal(mongo_url: str, tmp_path: Path) -> Iterator[Terminal]:
    """The sample athlete, on the session's mongod."""
    with sample_athlete(mongo_url, tmp_path / "state") as terminal:
        yield terminal


@pytest.fixture(scope="session")
def planned_roster(
    mongo_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PlannedRoster]:
    """A roster whose present week is planned, not to be changed."""
    with planned_roster_in(mongo_url, tmp_path_factory.mktemp("roster")) as roster:
        yield roster


@pytest.fixture
def embedded() -> Iterator[Terminal]:
    """A terminal whose embedded server has a folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="wp"))
    terminal = Terminal({"WEEKLY_PLAN_STATE_DIR": str(folder)})
    yield terminal
    terminal.run("db", "stop", "--force")
    shutil.rmtree(folder, ignore_errors=True)
