"""An athlete with four weeks of training, on the session's mongod or on an embedded one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.faults.scene import EventfulIntervals, Scene
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.fixture(scope="module")
def eventful() -> Iterator[EventfulIntervals]:
    server = EventfulIntervals()
    server.fill()
    yield server
    server.close()


@pytest.fixture
def scene(mongo_url: str, tmp_path: Path, eventful: EventfulIntervals) -> Iterator[Scene]:
    """On the session's mongod."""
    name = f"test_{uuid4().hex[:12]}"
    own = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": name,
        "WEEKLY_PLAN_STATE_DIR": str(tmp_path / "state"),
    }
    yield Scene(Terminal({**eventful.environment, **own}), eventful)
    with open_client(mongo_url) as client:
        client.drop_database(name)


@pytest.fixture
def embedded(eventful: EventfulIntervals) -> Iterator[Scene]:
    """On an embedded server of its own, in a folder with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="wp"))
    own = {"MONGO_DATABASE": "faults", "WEEKLY_PLAN_STATE_DIR": str(folder)}
    scene = Scene(Terminal({**eventful.environment, **own}), eventful)
    yield scene
    scene.terminal.run("db", "stop", "--force")
    shutil.rmtree(folder, ignore_errors=True)
