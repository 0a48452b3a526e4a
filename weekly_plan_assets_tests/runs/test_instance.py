"""Dagster's history, as commands open it."""

import sys
from pathlib import Path

import pytest

from weekly_plan_assets.runs import instance
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import PROJECT_ROOT, SettingsError

STORAGE_OF_VERSION_1 = """
storage:
  custom:
    module: weekly_plan_assets.dagster_state
    class: StateStorage
"""


def test_a_dagster_yaml_of_version_0_1_is_refused_with_the_new_name_of_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dagster.yaml").write_text(STORAGE_OF_VERSION_1)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with (
        pytest.raises(
            SettingsError,
            match=r"is now weekly_plan_assets\.runs\.instance_storage.*StateFolderStorage",
        ),
        open_instance(),
    ):
        pass


def test_postgresql_without_its_extra_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(PROJECT_ROOT / "deploy" / "machine"))
    for name in ("HOST", "DB", "USER", "PASSWORD"):
        monkeypatch.setenv(f"DAGSTER_POSTGRES_{name}", "any")
    monkeypatch.setenv("DAGSTER_POSTGRES_PORT", "1")
    monkeypatch.setitem(sys.modules, "weekly_plan_assets.runs.postgres_storage", None)
    monkeypatch.setattr(instance, "find_spec", lambda _: None)
    with (
        pytest.raises(SettingsError, match=r"weekly-plan-assets\[postgres\]"),
        open_instance(),
    ):
        pass
