"""One `dev` on one state, whatever became of the one before."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weekly_plan_assets.supervision.errors import AlreadyRunningError, SupervisionError
from weekly_plan_assets.supervision.single import only_one

URL = "http://127.0.0.1:3000"
HOLDER = """
import sys, time
from pathlib import Path
from weekly_plan_assets.supervision.single import only_one
with only_one(Path(sys.argv[1]), "http://127.0.0.1:3000"):
    print("held", flush=True)
    time.sleep(600)
"""


def held_by_a_process(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_refused_with_process_and_address_of_the_first(tmp_path: Path) -> None:
    with only_one(tmp_path / "dev", URL), pytest.raises(AlreadyRunningError) as refused:
        only_one(tmp_path / "dev", "http://127.0.0.1:3001").__enter__()
    assert f"(process {os.getpid()}, {URL})" in str(refused.value)
    assert "port" not in str(refused.value)


def test_one_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    holder = held_by_a_process(tmp_path)
    with pytest.raises(AlreadyRunningError, match=f"process {holder.pid}, {URL}"):
        only_one(tmp_path, URL).__enter__()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with only_one(tmp_path, URL):
        pass
    with only_one(tmp_path, URL):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SupervisionError, match="set WEEKLY_PLAN_STATE_DIR"):
        only_one(tmp_path / "file" / "dev", URL).__enter__()
