"""A disk that is full below the state folder, in two forms: a small one, and small files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from weekly_plan_assets_tests.faults.scene import WEEK, Scene, python
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

LARGEST_FILE_BLOCKS = 64
"""Of 512 bytes: Dagster's database files begin larger."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.name != "posix" or os.geteuid() != 0 or mount is None or unmount is None:
        pytest.skip("only root can mount a small disk; the limit on files is tested instead")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run([unmount, "--lazy", str(disk)], check=True)


def assert_one_sentence(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 1, run.stderr
    assert "cannot be written" in run.stderr
    assert "WEEKLY_PLAN_STATE_DIR" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_disk_that_is_full_stops_the_run_and_the_next_goes_on_when_there_is_room(
    scene: Scene, small_disk: Path
) -> None:
    scene = Scene(
        Terminal(scene.terminal.environment | {"WEEKLY_PLAN_STATE_DIR": str(small_disk / "state")}),
        scene.intervals,
    )
    assert scene.run().returncode == 0
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        free = os.statvfs(small_disk)
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - 64 * 1024)))
    refused = scene.run()
    assert_one_sentence(refused)
    ballast.unlink()
    scene.assert_goes_on()


def test_files_that_may_not_grow_stop_the_run_and_the_next_goes_on_without_the_limit(
    scene: Scene,
) -> None:
    assert scene.run().returncode == 0
    limited = subprocess.run(
        [
            *("/bin/sh", "-c", f'ulimit -f {LARGEST_FILE_BLOCKS}; exec "$@"', "sh"),
            *python("-m", "weekly_plan_assets.cli", "run", "--week", WEEK),
        ],
        env=scene.terminal.environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert_one_sentence(limited)
    scene.assert_goes_on()
