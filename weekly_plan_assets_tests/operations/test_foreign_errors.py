"""Errors of the machine and of libraries in words, and defects that are reported as such."""

import errno
import os
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import pytest
from bson import BSON
from pymongo.errors import PyMongoError

from weekly_plan_assets.operations.foreign_errors import sentence_of
from weekly_plan_assets.settings import Settings, load_settings
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, exit_code_of

NOTHING: dict[str, str] = {}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WEEKLY_PLAN_EXPORT_DIR", str(tmp_path / "export"))
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE", str(tmp_path / "athlete.yaml"))
    return load_settings()


def raised(do: Callable[[], object]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever it raises
        do()
    return caught.value


def of_code(code: int, path: Path | None = None) -> OSError:
    return OSError(code, os.strerror(code), *([str(path)] if path else []))


@pytest.mark.parametrize(
    "code",
    [
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EEXIST),
    ],
    ids=errno.errorcode.get,
)
def test_an_error_of_a_file_names_its_path_its_setting_and_a_way_out(
    settings: Settings, code: int
) -> None:
    assert settings.export_dir is not None
    for path, name in (
        (settings.state_dir / "dagster" / "x", "WEEKLY_PLAN_STATE_DIR"),
        (settings.export_dir / "x.fit", "WEEKLY_PLAN_EXPORT_DIR"),
        (Path("/elsewhere/x"), "/elsewhere/x"),
    ):
        said = str(sentence_of(of_code(code, path), settings))
        assert str(path) in said
        assert name in said
        assert os.strerror(code) in said
        assert ";" in said, "there is a way out"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS])
def test_a_full_disk_without_a_path_is_that_of_the_state_folder(
    settings: Settings, code: int
) -> None:
    said = str(sentence_of(of_code(code), settings))
    assert str(settings.state_dir) in said
    assert "WEEKLY_PLAN_STATE_DIR" in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (of_code(errno.EMFILE), "ulimit -n"),
        (of_code(errno.ENOMEM), "ulimit -v"),
        (MemoryError(), "ulimit -v"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (ImportError("libx.so: failed to map segment"), "failed to map segment"),
        (BrokenProcessPool("a child process terminated abruptly"), "worker process was killed"),
        (sqlite3.OperationalError("no such table: runs"), "Dagster's history"),
    ],
)
def test_what_a_machine_has_too_little_of_is_named(
    settings: Settings, error: BaseException, words: str
) -> None:
    assert words in str(sentence_of(error, settings))


def full_disk(path: str) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def broken_source() -> None:
    raise SourceError("the source says why")


def killed() -> None:
    os._exit(9)


@pytest.mark.slow
def test_an_error_that_came_through_a_process_pool_is_named_like_any_other(
    settings: Settings,
) -> None:
    """The pool adds the worker's traceback as the cause, which says nothing to a user."""
    path = str(settings.state_dir / "imports" / "x")
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        full = raised(pool.submit(full_disk, path).result)
        refused = raised(pool.submit(broken_source).result)
        gone = raised(pool.submit(killed).result)
    assert full.__cause__ is not None, "the pool adds a cause"
    assert path in str(sentence_of(full, settings))
    assert sentence_of(refused, settings) == "the source says why"
    assert "worker process was killed" in str(sentence_of(gone, settings))


def test_the_project_s_own_error_is_found_among_the_causes(settings: Settings) -> None:
    def wrapped() -> None:
        try:
            broken_source()
        except SourceError as error:
            raise RuntimeError("a library was here") from error

    assert sentence_of(raised(wrapped), settings) == "the source says why"


def test_an_error_while_another_is_handled_is_not_hidden_by_it(settings: Settings) -> None:
    def careless() -> None:
        try:
            broken_source()
        except SourceError:
            _ = NOTHING["missing"]

    assert sentence_of(raised(careless), settings) is None


def test_errors_of_mongodb_show_no_url(
    settings: Settings, mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "mongodb://coach:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=50"
    monkeypatch.setenv("MONGO_URL", url)
    with open_client(url) as away, open_client(mongo_url) as there:
        errors = [
            raised(away.server_info),
            raised(lambda: there.admin.command("noSuchCommand")),
            raised(lambda: BSON.encode({"": object()})),
        ]
    said = [str(sentence_of(error, load_settings())) for error in errors]
    assert said[0].startswith("MongoDB does not answer at MONGO_URL")
    assert said[1].startswith("MongoDB refused: no such command")
    assert said[2].startswith("MongoDB takes no such document")
    assert "hunter2" not in " ".join(said)
    monkeypatch.delenv("MONGO_URL")
    assert "embedded" in str(sentence_of(errors[0], load_settings()))
    assert isinstance(errors[0], PyMongoError)


class TestDefects:
    def test_a_defect_is_logged_for_its_owner_and_a_report_is_asked_for(
        self,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-key")
        monkeypatch.setenv("MONGO_URL", "mongodb://coach:hunter2@host/")
        error = raised(lambda: NOTHING["mongodb://coach:hunter2@host/ sk-planted-key hunter2"])
        assert exit_code_of(error) == FAILED
        said = capfd.readouterr().err
        (log,) = (settings.state_dir / "errors").glob("*.log")
        assert said.startswith("weekly-plan: this is a defect of weekly-plan; please report it")
        assert str(log) in said
        assert len(said.splitlines()) == 1
        text = log.read_text()
        assert "Traceback" in text
        assert "KeyError" in text
        for secret in ("hunter2", "sk-planted-key"):
            assert secret not in text + said
        assert stat.S_IMODE(log.stat().st_mode) == 0o600

    def test_only_the_newest_logs_are_kept(
        self, settings: Settings, capfd: pytest.CaptureFixture[str]
    ) -> None:
        folder = settings.state_dir / "errors"
        folder.mkdir(parents=True)
        for number in range(30):
            (folder / f"2020-01-01T00-00-00-{number}.log").write_text("old")
        exit_code_of(KeyError("new"))
        assert len(list(folder.glob("*.log"))) == 20
        capfd.readouterr()

    def test_a_defect_without_a_state_folder_is_shown_instead(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", "/proc/nowhere")
        assert exit_code_of(raised(lambda: NOTHING["a key"])) == FAILED
        said = capfd.readouterr().err
        assert "KeyError" in said
        assert "please report it with the lines above" in said

    def test_an_interruption_is_no_error(self, capfd: pytest.CaptureFixture[str]) -> None:
        assert exit_code_of(KeyboardInterrupt()) == INTERRUPTED
        assert capfd.readouterr().err == "interrupted\n"
