"""The MongoDB shell, and a runner of small assets."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.storage.io_runner import Runner

_TOOLS = PROJECT_ROOT / ".tools" / "node_modules" / ".bin"


@pytest.fixture
def mongosh(tmp_path: Path) -> Callable[..., str]:
    """Runs a script in mongosh against a URL, and gives what it printed."""
    found = shutil.which("mongosh", path=f"{_TOOLS}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        missing_part(f"mongosh is neither in {_TOOLS} nor on PATH; `make mongosh` installs it")
    command = str(found)

    def run(url: str, script: Path, **environment: str) -> str:
        own_home = {"HOME": str(tmp_path)}  # mongosh keeps its settings and history there
        done = subprocess.run(
            [command, url, "--quiet", "--file", str(script)],
            env={**os.environ, **own_home, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def runner(mongo_url: str, database: Database[BsonDocument]) -> Iterator[Runner]:
    """Materializes assets in an instance and a database of the test's own."""
    with DagsterInstance.ephemeral() as instance:
        yield Runner(database, mongo_url, instance)
