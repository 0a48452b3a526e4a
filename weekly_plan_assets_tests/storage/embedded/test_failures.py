"""What a user reads when the server cannot run: one sentence that names the way out."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
from weekly_plan_assets.storage.embedded.binary import find_mongod
from weekly_plan_assets.storage.embedded.folder import ServerFolder
from weekly_plan_assets_tests.storage.embedded.conftest import UserProcess


@pytest.fixture
def mongod_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A stand-in for a mongod that ends at once, for failures that a sound one cannot show."""

    def write(shell: str) -> Path:
        path = tmp_path / "mongod"
        path.write_text(f"#!/bin/sh\n{shell}\n")
        path.chmod(0o700)
        monkeypatch.setenv("WEEKLY_PLAN_MONGOD", str(path))
        return path

    return write


def refusal(server: EmbeddedServer) -> str:
    with pytest.raises(EmbeddedServerError) as caught:
        server.acquire()
    assert not server.status().in_use
    return str(caught.value)


def test_without_any_mongod_all_ways_out_are_named(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WEEKLY_PLAN_MONGOD", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "fiftyone", None)
    sentence = refusal(server)
    for way_out in ("weekly-plan-assets[embedded]", "PATH", "WEEKLY_PLAN_MONGOD", "MONGO_URL"):
        assert way_out in sentence


def test_a_variable_that_names_no_program_is_refused_with_its_value(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_MONGOD", "/nowhere/mongod")
    assert "WEEKLY_PLAN_MONGOD is '/nowhere/mongod'" in refusal(server)


def test_a_program_for_another_machine_is_named(
    server: EmbeddedServer, mongod_that: Callable[[str], Path]
) -> None:
    path = mongod_that("")
    path.write_bytes(b"\x7fELF of another machine")
    assert refusal(server).startswith(f"{path} cannot be run: Exec format error; install")


def test_a_missing_system_library_is_named_with_its_package(
    server: EmbeddedServer, mongod_that: Callable[[str], Path]
) -> None:
    mongod_that(
        'echo "$0: error while loading shared libraries: libcurl.so.4: '
        'cannot open shared object file: No such file or directory" >&2; exit 127'
    )
    sentence = refusal(server)
    assert "libcurl.so.4" in sentence
    assert "apt-get install libcurl4" in sentence


def test_a_library_without_a_known_package_is_still_named(
    server: EmbeddedServer, mongod_that: Callable[[str], Path]
) -> None:
    mongod_that('echo "$0: error while loading shared libraries: libodd.so.1: gone" >&2; exit 127')
    assert "libodd.so.1, which is missing; install the package that provides it" in refusal(server)


def test_a_full_disk_is_named(server: EmbeddedServer, mongod_that: Callable[[str], Path]) -> None:
    mongod_that('echo "write: No space left on device"; exit 14')
    assert re.search(r"the disk of \S+ is full", refusal(server))


def test_data_of_another_version_is_named(
    server: EmbeddedServer, folder: Path, mongod_that: Callable[[str], Path]
) -> None:
    mongod_that("exit 62")
    assert f"the data in {folder / 'data'} was written by another version" in refusal(server)


def test_a_processor_that_is_too_old_is_named(
    server: EmbeddedServer, mongod_that: Callable[[str], Path]
) -> None:
    mongod_that("kill -ILL $$")
    assert "AVX" in refusal(server)


def test_a_parameter_that_mongod_does_not_know_is_named(folder: Path) -> None:
    server = EmbeddedServer(folder, parameters={"noSuchParameter": "1"})
    assert "Unknown --setParameter 'noSuchParameter'" in refusal(server)


def test_damaged_data_shows_the_first_error_of_the_log(
    server: EmbeddedServer, folder: Path
) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "WiredTiger").write_text("damaged")
    (folder / "data" / "WiredTiger.turtle").write_text("damaged")
    sentence = refusal(server)
    assert "database corruption detected" in sentence
    assert str(folder / "mongod.log") in sentence


@pytest.fixture
def unknown_mongod(folder: Path) -> Iterator[None]:
    """A server on the same data that was not started by this project."""
    folder.mkdir()
    (folder / "data").mkdir()
    with subprocess.Popen(
        [find_mongod(), "--dbpath", "data", "--bind_ip", folder / "other.sock"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if "Waiting for connections" in line)
        yield
        process.kill()


def test_data_in_use_by_an_unknown_server_is_named(
    unknown_mongod: None,
    server: EmbeddedServer,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("weekly_plan_assets.storage.embedded.server.DYING_TIMEOUT_S", 0.3)
    assert f"the data in {folder / 'data'} is in use by a mongod" in refusal(server)


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    for folder in (tmp_path / "state", tmp_path / "state" / "mongodb"):
        with pytest.raises(EmbeddedServerError, match=r"is a file; set WEEKLY_PLAN_STATE_DIR"):
            EmbeddedServer(folder).acquire()


FOREIGN_FOLDER = """
import os, sys
from pathlib import Path
from weekly_plan_assets.storage.embedded import EmbeddedServer, EmbeddedServerError
import portalocker
if os.geteuid() == 0:
    os.setuid(65534)
for name in ("mine", "mine/new"):
    try:
        EmbeddedServer(Path(sys.argv[1], name)).acquire()
    except EmbeddedServerError as error:
        print(error, flush=True)
"""


def test_a_folder_that_belongs_to_somebody_else_is_named(
    folder: Path, user_process: Callable[..., UserProcess]
) -> None:
    folder.parent.chmod(0o755)
    (folder / "mine").mkdir(parents=True)
    (folder / "mine").chmod(0o500)
    folder.chmod(0o555)
    user = user_process(FOREIGN_FOLDER)
    if os.geteuid() == 0:
        assert f"{folder / 'mine'} belongs to user root" in user.says()
    assert f"folder {folder / 'mine' / 'new'}: this user does not own it" in user.says()
    user.end()
    folder.chmod(0o755)
    (folder / "mine").chmod(0o755)


def test_a_socket_path_that_is_too_long_is_measured(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    length = len(str(folder / "mongod.sock"))
    assert f"has {length} bytes, and the system allows 107" in refusal(EmbeddedServer(folder))


def test_a_lock_that_is_never_given_back_is_reported(
    folder: Path, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weekly_plan_assets.storage.embedded.folder.LOCK_TIMEOUT_S", 0.1)
    with (
        ServerFolder(folder).start_lock(),
        pytest.raises(EmbeddedServerError, match="another process has been starting or stopping"),
    ):
        server.acquire()


def test_a_server_that_never_answers_is_reported_and_not_left_behind(
    server: EmbeddedServer,
    folder: Path,
    mongod_that: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("weekly_plan_assets.storage.embedded.mongod.READY_TIMEOUT_S", 0.2)
    mongod_that("exec sleep 60")
    assert "has not answered" in refusal(server)
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int((folder / "mongod.pid").read_text())).wait(timeout=1)
