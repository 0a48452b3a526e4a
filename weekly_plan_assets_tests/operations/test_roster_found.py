"""What the doctor says of a roster."""

import json
from pathlib import Path

import pytest

from weekly_plan_assets.operations.diagnosis import Level
from weekly_plan_assets.operations.roster_found import roster_found
from weekly_plan_assets.settings import load_settings


def test_what_is_missing_for_an_athlete_is_named_without_asking_their_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("ben", "ben2", "eve"):
        (tmp_path / folder).mkdir()
    for folder in ("ben2", "eve"):
        (tmp_path / folder / "wellness.csv").touch()
    (tmp_path / "carla.yaml").write_text("max_hr: fast\n")
    (tmp_path / "eve.yaml").write_text("id: eva\n")
    entries = [
        {"id": "i101", "name": "Anna", "source": "intervals", "key": "KEY_OF_ANNA"},
        {"id": "ben", "source": "folder", "folder": "ben", "timezone": "Europe/Madrid"},
        {"id": "carla", "source": "folder", "folder": "nowhere", "athlete_file": "carla.yaml"},
        {"id": "dora", "source": "folder", "folder": "ben2", "athlete_file": "none.yaml"},
        {"id": "eve", "source": "folder", "folder": "eve", "athlete_file": "eve.yaml"},
    ]
    path = tmp_path / "roster.yaml"
    path.write_text(json.dumps({"athletes": entries}))
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    settings = load_settings()
    assert settings.roster is not None
    found = list(roster_found(settings, settings.roster))
    assert f"{path} holds 5 athletes in 2 time zones" in found[0].text
    faults = [one.text for one in found if one.level is Level.WRONG]
    assert len(faults) == 6
    assert faults[0].startswith("Anna: the key of athlete i101 is not known: set KEY_OF_ANNA")
    assert faults[1].startswith(f"ben: the folder {tmp_path / 'ben'} is empty")
    assert "carla: there is no folder" in faults[2]
    assert "carla.yaml, line 1" in faults[3]
    assert "`athlete_file` of dora in the roster" in faults[4]
    assert "is the file of athlete eva" in faults[5]
    assert not any("WEEKLY_PLAN_ATHLETE" in one for one in faults)
