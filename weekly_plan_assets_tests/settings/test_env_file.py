"""The `.env` file: which one is read, and what its relative paths are relative to."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from weekly_plan_assets.settings import SettingsError, env_file, load_settings


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A home, a default folder and a working folder of its own; variables are put back."""
    before = dict(os.environ)
    for name in ("config", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(env_file, "config_dir", lambda: tmp_path / "config")
    monkeypatch.chdir(tmp_path / "here")
    yield
    os.environ.clear()
    os.environ.update(before)


def write(folder: Path, *lines: str) -> Path:
    file = folder / ".env"
    file.write_text("\n".join(lines) + "\n")
    file.chmod(0o600)
    return file


def test_the_working_folder_comes_before_the_default_folder_and_they_do_not_mix(
    tmp_path: Path,
) -> None:
    write(tmp_path / "config", "INTERVALS_API_KEY=key-of-anna")
    here = write(tmp_path / "here", "WEEKLY_PLAN_EXPORT_DIR=ben")
    settings = load_settings()
    assert settings.export_dir == tmp_path / "here" / "ben"
    assert settings.intervals_api_key is None
    assert settings.env_file == here


def test_the_file_in_the_default_folder_is_read_from_anywhere(tmp_path: Path) -> None:
    file = write(tmp_path / "config", "WEEKLY_PLAN_TIMEZONE=Europe/Madrid")
    assert load_settings().timezone == "Europe/Madrid"
    assert load_settings().env_file == file


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "here", "MONGO_URL=mongodb://shop.example/", "DEBUG=1")
    write(tmp_path / "config", "WEEKLY_PLAN_TIMEZONE=Europe/Madrid")
    settings = load_settings()
    assert settings.mongo_url is None
    assert settings.timezone == "Europe/Madrid"


def test_a_file_that_others_may_write_to_is_not_read_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "here", "WEEKLY_PLAN_MONGOD=/tmp/theirs").chmod(0o666)
    assert load_settings().env_file is None
    assert "WEEKLY_PLAN_MONGOD" not in os.environ
    assert "others" in caplog.text or "another user" in caplog.text


def test_a_variable_of_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "here", "WEEKLY_PLAN_MAX_ATTEMPTS=5")
    monkeypatch.setenv("WEEKLY_PLAN_MAX_ATTEMPTS", "7")
    assert load_settings().max_attempts == 7


def test_a_relative_path_in_a_file_is_relative_to_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(
        tmp_path / "config",
        "WEEKLY_PLAN_STATE_DIR=state",
        "WEEKLY_PLAN_EXPORT_DIR=./training",
        "WEEKLY_PLAN_ATHLETE=athlete.yaml",
        "WEEKLY_PLAN_OPENLINEAGE=events/",
    )
    (tmp_path / "config" / "events").mkdir()
    monkeypatch.setenv("WEEKLY_PLAN_ENV_FILE", str(file))
    settings = load_settings()
    assert settings.state_dir == tmp_path / "config" / "state"
    assert settings.export_dir == tmp_path / "config" / "training"
    assert settings.athlete_file == tmp_path / "config" / "athlete.yaml"
    assert os.environ["WEEKLY_PLAN_OPENLINEAGE"] == f"{tmp_path}/config/events/"


def test_a_relative_path_of_the_environment_is_relative_to_the_working_folder_for_all_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", "state")
    monkeypatch.setenv("WEEKLY_PLAN_EXPORT_DIR", "../training")
    settings = load_settings()
    assert settings.state_dir == tmp_path / "here" / "state"
    assert settings.export_dir == tmp_path / "training"
    monkeypatch.chdir(tmp_path)
    again = load_settings()
    assert (again.state_dir, again.export_dir) == (settings.state_dir, settings.export_dir)


def test_a_named_file_that_is_missing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_ENV_FILE", "missing.env")
    with pytest.raises(SettingsError, match="WEEKLY_PLAN_ENV_FILE names no file"):
        load_settings()


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "config" / ".env").write_bytes(b"WEEKLY_PLAN_TIMEZONE=\xff\xfe")
    with pytest.raises(SettingsError, match=r"config/\.env cannot be read"):
        load_settings()
