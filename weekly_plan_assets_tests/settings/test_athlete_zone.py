from pathlib import Path

import pytest

from weekly_plan_assets.settings import load_settings

MADRID = "birth_year: 1980\ntimezone: Europe/Madrid\n"


def settled(monkeypatch: pytest.MonkeyPatch, file: Path, text: str | None) -> str:
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE", str(file))
    return load_settings().timezone


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "athlete.yaml"


def test_the_zone_of_the_athletes_file_holds(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    assert settled(monkeypatch, file, MADRID) == "Europe/Madrid"


def test_the_zone_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_TIMEZONE", "UTC")
    assert settled(monkeypatch, file, MADRID) == "UTC"
    monkeypatch.setenv("WEEKLY_PLAN_TIMEZONE", "")
    assert settled(monkeypatch, file, MADRID) == "Europe/Madrid"


@pytest.mark.parametrize(
    "text", [None, "", "timezone:", "timezone: Madrid", "timezone: [a]", "- a", "timezone: [", "\0"]
)
def test_a_file_that_tells_no_zone_leaves_the_default_to_whoever_refuses_it(
    monkeypatch: pytest.MonkeyPatch, file: Path, text: str | None
) -> None:
    assert settled(monkeypatch, file, text) == "UTC"
