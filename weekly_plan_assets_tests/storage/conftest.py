"""The MongoDB shell."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.conftest import missing_part

_TOOLS = PROJECT_ROOT / ".tools" / "node_modules" / ".bin"


@pytest.fixture
def mongosh(tmp_path: Path) -> Callable[..., str]:
    """Runs a script in mongosh against a URL, and gives what it printed."""
    found = shutil.which("mongosh", path=f"{_TOOLS}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        missing_part(f"mongosh is neither in {_TOOLS} nor on PATH; `make node-tools` installs it")
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
