from datetime import date
from pathlib import Path

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT, Settings, SettingsError, SourceName
from weekly_plan_assets.settings import load_settings as load


def test_without_any_variable_the_sample_runs_on_an_embedded_server() -> None:
    settings = load()
    assert settings.source is SourceName.SAMPLE
    assert settings.mongo_url is None
    assert settings.database_name == "weekly_plan_sample"
    assert settings.state_dir == PROJECT_ROOT / ".state"
    assert settings.first_week == date(2024, 1, 1)


def test_an_export_folder_makes_the_source_the_folder_and_keeps_it_apart_from_the_sample(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sample = load()
    monkeypatch.setenv("WEEKLY_PLAN_EXPORT_DIR", str(tmp_path))
    settings = load()
    assert settings.source is SourceName.FOLDER
    assert settings.database_name == "weekly_plan"
    assert settings.dagster_state_dir != sample.dagster_state_dir


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_URL", "")
    monkeypatch.setenv("WEEKLY_PLAN_MAX_ATTEMPTS", "")
    assert load().mongo_url is None
    assert load().max_attempts == 3


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("WEEKLY_PLAN_SOURCE", "strava", "'sample', 'intervals' or 'folder'"),
        ("INTERVALS_ATHLETE_ID", "i1/../i2", "match pattern"),
        ("INTERVALS_BASE_URL", "http://intervals.icu/api/v1", "allowed is an https address"),
        ("INTERVALS_BASE_URL", "intervals.icu", "allowed is an https address"),
        ("INTERVALS_BASE_URL", "https://me:pass@intervals.icu/", "without user, password"),
        ("WEEKLY_PLAN_MAX_ATTEMPTS", "many", "valid integer"),
        ("WEEKLY_PLAN_MAX_ATTEMPTS", "0", "greater than or equal to 1"),
        ("WEEKLY_PLAN_TIMEZONE", "Madrid", "Europe/Madrid"),
        ("WEEKLY_PLAN_TIMEZONE", "../etc/passwd", "Europe/Madrid"),
        ("WEEKLY_PLAN_MODEL", "gpt", "rules, or a model as provider:name"),
        ("WEEKLY_PLAN_MODEL_TIMEOUT_S", "0", "greater than 0"),
        ("WEEKLY_PLAN_FALLBACK", "perhaps", "'none' or 'rules'"),
        ("MONGO_DATABASE", "a b", "match pattern"),
        ("WEEKLY_PLAN_SCHEDULES", "on", "'stopped' or 'running'"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_its_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load()
    sentence = str(refusal.value)
    assert name in sentence
    assert repr(value) in sentence
    assert allowed in sentence
    assert "\n" not in sentence


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_TIMEZONE", "Madrid")
    monkeypatch.setenv("WEEKLY_PLAN_MAX_ATTEMPTS", "many")
    with pytest.raises(SettingsError, match=r"WEEKLY_PLAN_MAX_ATTEMPTS.*WEEKLY_PLAN_TIMEZONE"):
        load()


def test_the_folder_source_needs_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_SOURCE", "folder")
    with pytest.raises(SettingsError, match="WEEKLY_PLAN_EXPORT_DIR must name the folder"):
        load()


def test_a_key_makes_intervals_the_source_whatever_folder_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_EXPORT_DIR", str(tmp_path))
    monkeypatch.setenv("INTERVALS_API_KEY", "planted-secret")
    settings = load()
    assert settings.source is SourceName.INTERVALS
    assert settings.database_name == "weekly_plan"


def test_the_intervals_source_needs_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_SOURCE", "intervals")
    with pytest.raises(SettingsError, match="INTERVALS_API_KEY must hold the key"):
        load()


def test_the_api_may_be_on_this_machine_without_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVALS_BASE_URL", "http://127.0.0.1:8080/api/v1/")
    assert load().intervals_base_url == "http://127.0.0.1:8080/api/v1"


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_URL", "mongodb://me:planted-secret@localhost/")
    monkeypatch.setenv("INTERVALS_API_KEY", "planted-secret")
    assert "planted-secret" not in repr(load())


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().max_attempts = 5  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.alias, name
        assert field.description, name
