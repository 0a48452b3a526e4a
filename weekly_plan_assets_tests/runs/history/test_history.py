"""What is wrong with a file of Dagster's history, found without Dagster."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from dagster import DagsterInstance, DagsterRunStatus, Definitions, asset, define_asset_job

from weekly_plan_assets.runs.history.history import (
    INDEX,
    LOGS,
    RUNS,
    SCHEDULES,
    faults_of,
    first_history_fault,
    is_in_force,
    is_made,
    require_files,
)
from weekly_plan_assets.runs.history.history_faults import FaultKind, HistoryError, HistoryFault
from weekly_plan_assets.runs.history.history_file import RUN_STATUSES, known_revisions
from weekly_plan_assets.runs.history.history_repair import Repair, repair_history
from weekly_plan_assets.runs.instance_storage import StateFolderStorage, make_log
from weekly_plan_assets.settings import PROJECT_ROOT, load_settings

SHARED = [RUNS, INDEX, SCHEDULES]
LOG = LOGS / "of-a-run.db"


@asset
def nothing() -> None:
    """An asset of which only the history matters."""


JOB = Definitions(assets=[nothing], jobs=[define_asset_job("job")]).resolve_job_def("job")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history with two runs, which nobody uses any more."""
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(PROJECT_ROOT))
    with DagsterInstance.get() as instance:
        for _ in range(2):
            JOB.execute_in_process(instance=instance)
    return load_settings().dagster_state_dir


def logs_in(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / LOGS).glob("*.db") if path.name != INDEX.name)


def the_fault(folder: Path) -> HistoryFault:
    (fault,) = faults_of(folder)
    return fault


def changed(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def fill_with_zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def fill_with_garbage(path: Path) -> None:
    path.write_bytes(Random(5).randbytes(path.stat().st_size))  # noqa: S311 - any bytes


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_bytes(path: Path) -> None:
    content = bytearray(path.read_bytes())
    chance = Random(5)  # noqa: S311 - any bytes
    for _ in range(200):
        content[chance.randrange(100, len(content))] ^= 0xFF
    path.write_bytes(content)


def replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


WAYS_TO_BREAK = [
    halve,
    fill_with_zeros,
    fill_with_garbage,
    empty,
    flip_bytes,
    Path.unlink,
    replace_by_a_folder,
    replace_by_a_pipe,
]


def test_a_sound_history_and_one_that_was_never_made_have_no_fault(
    folder: Path, tmp_path: Path
) -> None:
    assert is_made(folder)
    assert list(faults_of(folder)) == []
    require_files(folder)
    assert list(faults_of(tmp_path / "nowhere")) == []
    require_files(tmp_path / "nowhere")


@pytest.mark.parametrize("break_", WAYS_TO_BREAK, ids=lambda break_: break_.__name__)
@pytest.mark.parametrize("name", SHARED, ids=lambda name: name.stem)
def test_a_damaged_file_is_found_whatever_damaged_it(
    folder: Path, name: Path, break_: Callable[[Path], None]
) -> None:
    break_(folder / name)
    fault = the_fault(folder)
    assert fault.path == folder / name
    assert fault.kind is FaultKind.DAMAGED
    assert "weekly-plan doctor --repair" in fault.sentence
    if break_ is not flip_bytes and break_ is not halve:
        with pytest.raises(HistoryError, match=name.name):
            require_files(folder)


@pytest.mark.parametrize("break_", WAYS_TO_BREAK, ids=lambda break_: break_.__name__)
def test_a_damaged_log_of_a_run_is_found_and_replaced_without_touching_the_rest(
    folder: Path, break_: Callable[[Path], None]
) -> None:
    log, sound = logs_in(folder)
    before = sound.read_bytes()
    break_(log)
    assert the_fault(folder).path == log
    done = repair_history(folder, lambda run_id: make_log(folder, run_id))
    assert done is not None
    assert not done.is_whole
    assert list(faults_of(folder)) == []
    assert sound.read_bytes() == before
    with DagsterInstance.get() as instance:
        assert instance.all_logs(log.stem) == []
        assert len(instance.all_logs(sound.stem)) > 0


@pytest.mark.parametrize("name", SHARED, ids=lambda name: name.stem)
def test_a_damaged_history_is_moved_as_a_whole_and_a_new_one_begins(
    folder: Path, name: Path
) -> None:
    fill_with_zeros(folder / name)
    locks = folder / "headless"
    locks.mkdir()
    (locks / "a-run.lock").touch()
    done = repair_history(folder, lambda run_id: make_log(folder, run_id))
    assert done is not None
    assert done.is_whole
    assert done.unsettled == ("a-run",)
    assert (done.aside / name).exists()
    assert not folder.exists()
    with DagsterInstance.get() as instance:
        assert JOB.execute_in_process(instance=instance).success
        assert len(instance.get_runs()) == 1
    assert list(faults_of(folder)) == []


def test_a_damaged_file_that_new_logs_are_copied_from_is_made_again(folder: Path) -> None:
    (copied,) = (folder / LOGS / "empty").glob("*.db")
    halve(copied)
    assert the_fault(folder).path == copied
    assert repair_history(folder, lambda run_id: make_log(folder, run_id)) is not None
    with DagsterInstance.get() as instance:
        assert JOB.execute_in_process(instance=instance).success
    assert list(faults_of(folder)) == []


def test_nothing_is_moved_where_nothing_is_damaged(folder: Path) -> None:
    assert repair_history(folder, lambda run_id: None) is None


def test_a_history_is_not_moved_while_another_process_uses_it(folder: Path) -> None:
    fill_with_zeros(folder / SCHEDULES)
    reader, writer = os.pipe()
    user = os.fork()
    if user == 0:  # a process that has a log open, and nothing else
        opened = logs_in(folder)[0].open("rb")
        os.write(writer, b"x")
        time.sleep(30)
        opened.close()
        os._exit(0)
    os.read(reader, 1)
    try:
        with pytest.raises(HistoryError, match=rf"is used by process {user} \("):
            repair_history(folder, lambda run_id: None)
        assert folder.is_dir()
    finally:
        os.kill(user, 9)
        os.waitpid(user, 0)
    assert isinstance(repair_history(folder, lambda run_id: None), Repair)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (RUNS, "UPDATE runs SET run_body = substr(run_body, 2) WHERE id = 1"),
        (RUNS, "UPDATE runs SET status = 'SUCCESX' WHERE id = 1"),
        (RUNS, "UPDATE runs SET create_timestamp = 'yesterday' WHERE id = 1"),
        (RUNS, "UPDATE snapshots SET snapshot_body = x'00ff' WHERE id = 1"),
        (RUNS, "UPDATE run_tags SET value = CAST(x'ff41' AS TEXT) WHERE id = 1"),
        (INDEX, "UPDATE event_logs SET event = '{' WHERE id = 1"),
        (INDEX, "DROP TABLE asset_check_executions"),
    ],
)
def test_content_that_dagster_cannot_read_is_found_though_the_file_is_sound(
    folder: Path, name: Path, statement: str
) -> None:
    changed(folder / RUNS, "INSERT INTO run_tags (run_id, key, value) VALUES ('a', 'b', 'c')")
    changed(folder / name, statement)
    fault = the_fault(folder)
    assert fault.path == folder / name
    assert fault.kind is FaultKind.DAMAGED


@pytest.mark.parametrize("name", SHARED, ids=lambda name: name.stem)
def test_a_schema_of_another_dagster_is_named_as_that(folder: Path, name: Path) -> None:
    changed(folder / name, "UPDATE alembic_version SET version_num = 'of the future'")
    fault = the_fault(folder)
    assert fault.kind is FaultKind.OTHER_VERSION
    assert "of the future" in fault.sentence


@pytest.mark.slow
def test_a_lock_that_stays_is_named_with_the_process_that_holds_it(folder: Path) -> None:
    with closing(sqlite3.connect(folder / RUNS, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        fault = the_fault(folder)
    assert fault.kind is FaultKind.IN_USE
    assert "another process" in fault.reason, "this process does not name itself"
    assert "close it" in fault.sentence


def test_looking_takes_no_lock_from_a_process_that_writes(folder: Path) -> None:
    """A plain open and close of the file would: POSIX locks belong to the process."""
    with closing(sqlite3.connect(folder / RUNS, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        require_files(folder)
        child = os.fork()
        if child == 0:
            try:
                with closing(sqlite3.connect(folder / RUNS, timeout=0)) as other:
                    other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os._exit(0)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_deleted_file_is_not_silently_made_again(folder: Path) -> None:
    (folder / RUNS).unlink()
    with pytest.raises(HistoryError, match=r"runs\.db is missing"):
        StateFolderStorage(str(folder))
    assert not (folder / RUNS).exists()


def test_what_is_known_of_dagster_here_is_true_of_the_installed_one(folder: Path) -> None:
    assert set(RUN_STATUSES) == {status.value for status in DagsterRunStatus}
    with closing(sqlite3.connect(folder / RUNS)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert revision in known_revisions()


def test_what_is_left_in_the_folder_is_nobodys_fault_where_the_history_is_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / RUNS
    left.parent.mkdir(parents=True)
    left.write_text("no database")
    assert first_history_fault(tmp_path) is not None
    monkeypatch.setenv("DAGSTER_HOME", str(PROJECT_ROOT / "deploy" / "machine"))
    assert first_history_fault(tmp_path) is None
    assert not is_in_force(PROJECT_ROOT / "deploy" / "machine"), "compute logs are in the folder"
    assert is_in_force(PROJECT_ROOT)
