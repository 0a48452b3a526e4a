"""A history of Dagster that is damaged, locked, read-only or gone, while the store is sound."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.faults.scene import IN_A_STEP, WEEK, Door, EventfulIntervals, Scene
from weekly_plan_assets_tests.support.dagster_ui import free_port
from weekly_plan_assets_tests.support.terminal import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

SEED = 7
FLIPPED_BYTES = 200
RUN = ("run", "--week", WEEK)
BACKFILL = ("backfill", "--from", WEEK, "--to", WEEK, "--plans", "--force")
SHARED_FILES = {
    "runs": "history/runs.db",
    "index": "history/runs/index.db",
    "schedules": "schedules/schedules.db",
}


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def fill_with_zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def fill_with_garbage(path: Path) -> None:
    path.write_bytes(Random(SEED).randbytes(path.stat().st_size))  # noqa: S311 - any bytes


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_bytes(path: Path) -> None:
    content = bytearray(path.read_bytes())
    chance = Random(SEED)  # noqa: S311 - any bytes
    for _ in range(FLIPPED_BYTES):
        content[chance.randrange(100, len(content))] ^= 0xFF
    path.write_bytes(content)


WAYS_TO_BREAK = [truncate, fill_with_zeros, fill_with_garbage, empty, Path.unlink, flip_bytes]


@pytest.fixture(scope="module")
def sound(
    mongo_url: str, eventful: EventfulIntervals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """An athlete with two planned weeks, whose state folder is copied and never broken itself."""
    own = {
        "MONGO_URL": mongo_url,
        "MONGO_DATABASE": f"test_{uuid4().hex[:12]}",
        "WEEKLY_PLAN_STATE_DIR": str(tmp_path_factory.mktemp("sound") / "state"),
    }
    scene = Scene(Terminal({**eventful.environment, **own}), eventful)
    for _ in range(2):
        done = scene.run()
        assert done.returncode == 0, done.stderr
    yield scene
    with open_client(mongo_url) as client:
        client.drop_database(own["MONGO_DATABASE"])


@pytest.fixture
def copied(sound: Scene, tmp_path: Path) -> Scene:
    """The same athlete and store, with a state folder of the test's own."""
    state = shutil.copytree(sound.state, tmp_path / "state")
    environment = sound.terminal.environment | {"WEEKLY_PLAN_STATE_DIR": str(state)}
    return Scene(Terminal(environment), sound.intervals)


def history_of(scene: Scene) -> Path:
    return scene.state / "dagster" / "athlete"


def a_log_in(folder: Path) -> Path:
    return next(path for path in (folder / "history" / "runs").glob("*.db") if path.stem != "index")


def assert_named_in_one_sentence(
    run: subprocess.CompletedProcess[str], path: Path, *way_on: str
) -> None:
    assert run.returncode == 1, run.stderr
    (sentence,) = [line for line in run.stderr.splitlines() if line.startswith("weekly-plan: ")]
    assert str(path) in sentence
    assert "the documents in MongoDB are untouched" in sentence
    for words in way_on or ("weekly-plan doctor --repair",):
        assert words in sentence
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) <= 3


def faults_seen_by_doctor(scene: Scene) -> list[str]:
    doctor = scene.terminal.run("doctor", "--json")
    report = json.loads(doctor.stdout)
    assert report["healthy"] == (doctor.returncode == 0)
    assert "Traceback" not in doctor.stderr
    wrong = [finding for finding in report["findings"] if finding["level"] == "wrong"]
    assert all(finding["subject"] == "history" for finding in wrong), wrong
    return [finding["text"] for finding in wrong]


@pytest.mark.parametrize("name", SHARED_FILES)
def test_a_damaged_file_is_named_until_it_is_moved_aside_and_then_planning_goes_on(
    copied: Scene, name: str
) -> None:
    file = history_of(copied) / SHARED_FILES[name]
    fill_with_zeros(file)
    (seen,) = faults_seen_by_doctor(copied)
    assert str(file) in seen
    for command in (RUN, BACKFILL, ("dev", "--port", str(free_port()))):
        assert_named_in_one_sentence(copied.terminal.run(*command), file)

    repaired = copied.terminal.run("doctor", "--repair")
    assert repaired.returncode == 0, repaired.stdout
    (aside,) = history_of(copied).parent.glob("athlete-damaged-*")
    assert str(aside) in repaired.stderr
    done = copied.run()
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("break_", WAYS_TO_BREAK[:-1], ids=lambda break_: break_.__name__)
def test_a_run_names_a_history_that_is_damaged_in_any_way(
    copied: Scene, break_: Callable[[Path], None]
) -> None:
    file = history_of(copied) / SHARED_FILES["runs"]
    break_(file)
    assert_named_in_one_sentence(copied.terminal.run(*RUN), file)
    assert "the documents in MongoDB are untouched" in faults_seen_by_doctor(copied)[0]


@pytest.mark.parametrize("name", SHARED_FILES)
def test_bytes_that_flip_end_in_a_plan_or_in_one_sentence(copied: Scene, name: str) -> None:
    file = history_of(copied) / SHARED_FILES[name]
    flip_bytes(file)
    assert str(file) in faults_seen_by_doctor(copied)[0]
    done = copied.terminal.run(*RUN)
    if done.returncode != 0:  # some bytes are needed by no run
        assert_named_in_one_sentence(done, file)


def test_a_damaged_log_of_one_run_stops_no_other_and_is_replaced_alone(copied: Scene) -> None:
    log = a_log_in(history_of(copied))
    truncate(log)
    (seen,) = faults_seen_by_doctor(copied)
    assert str(log) in seen
    done = copied.run()
    assert done.returncode == 0, done.stderr
    repaired = copied.terminal.run("doctor", "--repair")
    assert repaired.returncode == 0, repaired.stdout
    with copied.history() as instance:
        assert len(instance.get_runs()) >= 3, "the list of runs is kept"


def test_what_is_stored_can_be_read_whatever_becomes_of_the_history(copied: Scene) -> None:
    before = [copied.terminal.run(command).stdout for command in ("runs", "show")]
    for name in SHARED_FILES.values():
        fill_with_garbage(history_of(copied) / name)
    assert [copied.terminal.run(command).stdout for command in ("runs", "show")] == before


def test_a_locked_file_is_said_to_be_in_use_with_the_process_to_close(copied: Scene) -> None:
    file = history_of(copied) / SHARED_FILES["runs"]
    holder = subprocess.Popen(
        [
            shutil.which("python3") or "python3",
            "-c",
            "import sqlite3, sys\n"
            "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "connection.execute('PRAGMA locking_mode = EXCLUSIVE')\n"
            "connection.execute('BEGIN EXCLUSIVE')\n"
            "connection.execute('UPDATE runs SET status = status')\n"
            "print('locked', flush=True)\n"
            "sys.stdin.read()\n",
            str(file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        in_use = (f"process {holder.pid}", "close it")
        assert_named_in_one_sentence(copied.terminal.run(*RUN), file, *in_use)
        (seen,) = faults_seen_by_doctor(copied)
        assert f"process {holder.pid}" in seen
        assert_named_in_one_sentence(copied.terminal.run("doctor", "--repair"), file, *in_use)
    finally:
        holder.communicate(timeout=30)
    assert copied.run().returncode == 0


def test_a_history_that_is_in_use_is_not_moved_under_its_users(copied: Scene) -> None:
    folder = history_of(copied)
    with closing(sqlite3.connect(folder / SHARED_FILES["runs"])) as connection:
        connection.execute("SELECT count(*) FROM runs").fetchone()
        fill_with_zeros(folder / SHARED_FILES["schedules"])
        refused = copied.terminal.run("doctor", "--repair")
        assert refused.returncode == 1
        assert f"process {os.getpid()}" in refused.stderr
        assert folder.is_dir()
    assert copied.terminal.run("doctor", "--repair").returncode == 0


@pytest.fixture
def read_only(copied: Scene) -> Iterator[Scene]:
    """The state folder on a disk that can only be read."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.name != "posix" or os.geteuid() != 0 or mount is None or unmount is None:
        pytest.skip("only root can mount a folder so that it can only be read")
    folder = str(copied.state)
    for options in (["--bind", folder, folder], ["-o", "remount,ro,bind", folder]):
        mounted = subprocess.run([mount, *options], capture_output=True, text=True, check=False)
        if mounted.returncode:
            pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    yield copied
    subprocess.run([unmount, "--lazy", folder], check=True)


def test_a_history_that_can_only_be_read_is_named_with_the_setting(read_only: Scene) -> None:
    for command in (RUN, BACKFILL):
        refused = read_only.terminal.run(*command)
        assert refused.returncode == 1
        assert "WEEKLY_PLAN_STATE_DIR" in refused.stderr
        assert str(read_only.state) in refused.stderr
        assert "Traceback" not in refused.stderr
        assert len(refused.stderr.splitlines()) <= 3
    doctor = read_only.terminal.run("doctor")
    assert doctor.returncode == 1
    assert "Traceback" not in doctor.stderr
    for shown in ("runs", "show"):
        assert read_only.terminal.run(shown).returncode == 0


@pytest.mark.parametrize("what", ["deleted", "moved"])
def test_a_folder_that_goes_in_the_middle_of_a_run_is_named_and_nothing_of_the_run_is_lost(
    copied: Scene, tmp_path: Path, what: str
) -> None:
    folder = history_of(copied)
    with Door(copied.intervals, IN_A_STEP) as door:
        process = copied.start()
        assert door.reached.wait(timeout=60)
        if what == "deleted":
            shutil.rmtree(folder)
        else:
            folder.rename(tmp_path / "elsewhere")
        door.open()
        out, said = process.communicate(timeout=120)
    *notices, sentence = said.splitlines()
    assert all(notice.startswith("! ") for notice in notices)
    assert str(folder) in sentence
    assert "was moved or deleted" in sentence
    assert "run again" in sentence
    if process.returncode == 0:
        assert "Plan for" in out
    done = copied.run()
    assert done.returncode == 0, done.stderr
    assert faults_seen_by_doctor(copied) == []
