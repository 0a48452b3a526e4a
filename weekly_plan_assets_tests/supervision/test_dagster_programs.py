"""Where the programs of `dev` work, and what they find there."""

from pathlib import Path

import pytest
from dagster._core.secrets.env_file import get_env_var_dict

from weekly_plan_assets.supervision.dagster_programs import CodeAddress, programs


def test_no_program_of_dagster_takes_settings_from_the_env_file_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout, folder = tmp_path / "checkout", tmp_path / "state"
    checkout.mkdir()
    folder.mkdir()
    (checkout / ".env").write_text("WEEKLY_PLAN_ROSTER=roster.yaml\n")
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", "/elsewhere/athletes.yaml")
    started = programs(CodeAddress.in_folder(folder), checkout, folder, "127.0.0.1", 3000)
    assert len(started) == 3
    for one in started:
        # Dagster's programs let what they find in their working folder win over the environment.
        found = {**one.environment, **get_env_var_dict(str(one.folder))}
        assert found["WEEKLY_PLAN_ROSTER"] == "/elsewhere/athletes.yaml", one.name
