"""Where settings and state are kept: in a checkout, or in the user's folders."""

import json
from pathlib import Path

import pytest

from weekly_plan_assets.settings import installation
from weekly_plan_assets.settings.installation import PROJECT_ROOT, find_checkout, is_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    (folder / "weekly_plan_assets").mkdir(parents=True)
    for name in ("pyproject.toml", "dagster.yaml", "weekly_plan_assets/definitions.py"):
        (folder / name).touch()
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of its own, into which the package was copied from nowhere known."""
    installed_from(monkeypatch, None)
    return tmp_path / "tools" / "venv"


def installed_from(monkeypatch: pytest.MonkeyPatch, record: dict[str, object] | None) -> None:
    class Installed:
        @staticmethod
        def read_text(_: str) -> str | None:
            return None if record is None else json.dumps(record)

    monkeypatch.setattr("importlib.metadata.distribution", lambda _: Installed)


def test_this_checkout_is_one() -> None:
    assert is_checkout(PROJECT_ROOT)
    assert installation.CHECKOUT == PROJECT_ROOT


def test_an_editable_installation_belongs_to_its_checkout(checkout: Path, elsewhere: Path) -> None:
    assert find_checkout(checkout, elsewhere) == checkout


def test_a_copy_in_the_environment_of_a_checkout_still_belongs_to_it(checkout: Path) -> None:
    environment = checkout / ".venv"
    assert find_checkout(environment / "lib" / "site-packages", environment) == checkout


def test_a_copy_from_a_checkout_that_holds_state_finds_that_state_again(
    checkout: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_from(monkeypatch, {"url": checkout.as_uri(), "dir_info": {}})
    assert find_checkout(elsewhere / "lib", elsewhere) is None
    (checkout / ".state").mkdir()
    assert find_checkout(elsewhere / "lib", elsewhere) == checkout


@pytest.mark.parametrize(
    "record",
    [
        None,
        {},
        {"url": "file:///nowhere/x.whl", "archive_info": {}},
        {"url": "https://example.org/x.git", "vcs_info": {}},
        {"url": "file:///nowhere", "dir_info": {}},
    ],
)
def test_a_wheel_stands_alone(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, record: dict[str, object] | None
) -> None:
    installed_from(monkeypatch, record)
    assert find_checkout(elsewhere / "lib", elsewhere) is None


def test_what_stands_alone_keeps_state_and_settings_in_the_folders_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "CHECKOUT", None)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folders = {installation.default_state_dir(), installation.config_dir()}
    assert all(folder.name == "weekly-plan" for folder in folders)
    assert not any(folder.is_relative_to(PROJECT_ROOT) for folder in folders)
