"""Programs of another user of this machine."""

import os
import shutil
import subprocess
import sys

import pytest

from weekly_plan_assets_tests.conftest import missing_part

NOBODY = "65534"


def as_nobody(script: str, *arguments: str) -> str:
    """What a Python program of another user prints."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        missing_part("there is no setpriv to act as another user with")
        raise AssertionError
    python = shutil.which("python3", path="/usr/bin:/bin:/usr/local/bin") or sys.executable
    done = subprocess.run(
        [
            *(setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
            *(python, "-c", script, *arguments),
        ],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
