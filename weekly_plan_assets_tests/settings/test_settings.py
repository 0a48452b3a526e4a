from datetime import date
from pathlib import Path

import pytest

from weekly_plan_assets.settings import PROJECT_ROOT, Settings, SettingsError, SourceName
from weekly_plan_assets.settings import load_settings as load
from weekly_plan_assets.settings.intervals_credential import AccessToken


def test_without_any_variable_the_sample_runs_on_an_embedded_server() -> None:
    settings = load()
    assert settings.source is SourceName.SAMPLE
    assert settings.mongo_url is None
    assert settings.database_name == "weekly_plan_sample"
    assert settings.state_dir == PROJECT_ROOT / ".state"
    assert settings.first_week == date(2024, 1, 1)


def test_every_setting_has_a_variable_and_is_described_in_sentences() -> None:
    for name, field in Settings.model_fields.items():
        text = field.description or ""
        assert field.alias, name
        assert text[:1].isupper(), name
        assert text.endswith("."), name


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
        ("WEEKLY_PLAN_SOURCE", "strava", "sample, intervals, folder"),
        ("WEEKLY_PLAN_MAX_ATTEMPTS", "many", "valid integer"),
        ("WEEKLY_PLAN_MAX_ATTEMPTS", "0", "greater than or equal to 1"),
        ("WEEKLY_PLAN_TIMEZONE", "Madrid", "Europe/Madrid"),
        ("WEEKLY_PLAN_TIMEZONE", "../etc/passwd", "Europe/Madrid"),
        ("WEEKLY_PLAN_MODEL_TIMEOUT_S", "0", "greater than 0"),
        ("WEEKLY_PLAN_FALLBACK", "perhaps", "'none' or 'rules'"),
        ("WEEKLY_PLAN_SCHEDULES", "on", "'stopped', 'running' or 'automation'"),
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


@pytest.mark.parametrize(
    ("name", "value", "shown", "allowed"),
    [
        ("INTERVALS_ATHLETE_ID", "i1/../i2", "a value", "match pattern"),
        ("INTERVALS_BASE_URL", "http://intervals.icu/api/v1", "'http://intervals.icu'", "an https"),
        ("INTERVALS_BASE_URL", "http://10.0.0.1:8/?key=p", "'http://10.0.0.1:8'", "without user"),
        ("INTERVALS_BASE_URL", "https://icu.example#key", "'https://icu.example'", "without user"),
        ("INTERVALS_BASE_URL", "intervals.icu", "a value", "an https"),
        ("INTERVALS_BASE_URL", "https://me:pl4nted@intervals.icu/", "a value", "without user"),
        ("INTERVALS_BASE_URL", "https://me:pl4/nted@intervals.icu/", "a value", "without user"),
        ("INTERVALS_BASE_URL", "https://[me:pl4nted", "a value", ""),
        ("INTERVALS_BASE_URL", "https://me:pl4nted", "a value", ""),
        ("WEEKLY_PLAN_MODEL", "o3-mini", "a value", "rules, or a model as provider:name"),
        ("WEEKLY_PLAN_MODEL", "openai:sk-proj-0123456789", "a value", "a variable of its own"),
        ("WEEKLY_PLAN_MODEL", "sk-proj-0123456789", "a value", "a variable of its own"),
        ("WEEKLY_PLAN_MODEL", "https://me:pl4nted@host.example", "a value", "provider:name"),
        ("MONGO_DATABASE", "a b", "a value", "match pattern"),
        ("MONGO_DATABASE", "mongodb://me:pl4nted@host", "a value", "match pattern"),
        ("WEEKLY_PLAN_EXPORT_DIR", "https://me:pl4nted@host/x", "a value", "a path"),
        ("WEEKLY_PLAN_STATE_DIR", "mongodb://me:pl4nted@host/x", "a value", "a path"),
        ("WEEKLY_PLAN_ATHLETE", "~no-such-user/me.yaml", "a value", "a path"),
        ("WEEKLY_PLAN_UI_HOSTS", "https://me:pl4nted@host", "a value", "host names"),
    ],
)
def test_of_a_value_that_may_hold_a_secret_no_more_is_shown_than_scheme_and_host(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str, allowed: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        load()
    sentence = str(refusal.value)
    assert f"{name} is {shown}, which is refused" in sentence.replace("set to a value", "a value")
    assert allowed in sentence
    assert value not in sentence
    assert "pl4" not in sentence


PASTED = (
    "sk-planted-0123456789abcdef",
    "https://planted:pl4nted@planted.example/planted?key=planted#planted",
    "mongodb+srv://planted:pl4nted@planted.example/",
    "planted:pl4nted@planted.example",
    "AIzaplanted0123456789",
    "planted-secret",
    "pl4nted",
    "https://planted:pl4nted",
    "https://planted\u2100pl4nted",
    "Bearer planted",
)


@pytest.mark.parametrize("pasted", PASTED)
def test_a_secret_in_the_wrong_variable_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, pasted: str
) -> None:
    refused = 0
    for field in Settings.model_fields.values():
        with monkeypatch.context() as environment:
            environment.setenv(str(field.alias), pasted)
            refusal = refusal_or_none()
        if refusal is not None:
            refused += 1
            assert str(field.alias) in str(refusal)
            assert "planted" not in str(refusal)
            assert "pl4nted" not in str(refusal)
            assert refusal.__cause__ is None
            assert refusal.__suppress_context__
    assert refused > len(Settings.model_fields) // 2


def refusal_or_none() -> SettingsError | None:
    try:
        load()
    except SettingsError as error:
        return error
    return None


def test_the_key_of_another_variable_is_not_taken_for_a_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANY_API_KEY", "0123456789planted")
    monkeypatch.setenv("WEEKLY_PLAN_MODEL", "openai:0123456789planted")
    with pytest.raises(SettingsError) as refusal:
        load()
    assert "planted" not in str(refusal.value)


@pytest.mark.parametrize(
    "model",
    [
        "openai:gpt-5",
        "openai-chat:meta-llama/Llama-3.1-70B-Instruct",
        "ollama:hf.co/unsloth/Qwen3-30B-A3B-GGUF:Q4_K_M",
        "google-vertex:claude-sonnet-4@20250514",
        "bedrock:arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-v2:0",
    ],
)
def test_models_of_all_kinds_are_taken(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_MODEL", model)
    assert load().model == model


def test_names_for_the_ui_may_have_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_UI_HOSTS", "plan.example.org localhost:8080 [::1]:9000")
    assert load().ui_host_names == ("plan.example.org", "localhost:8080", "[::1]:9000")


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


def test_an_access_token_stands_in_the_place_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVALS_ACCESS_TOKEN", "planted-token")
    settings = load()
    assert settings.source is SourceName.INTERVALS
    assert settings.intervals_credential == AccessToken("planted-token")
    assert "planted" not in repr(settings)
    monkeypatch.setenv("WEEKLY_PLAN_SOURCE", "intervals")
    monkeypatch.setenv("WEEKLY_PLAN_DELIVER", "intervals")
    assert load().delivery_targets == ("intervals",)


def test_a_key_and_a_token_are_refused_with_which_to_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVALS_API_KEY", "planted-secret")
    monkeypatch.setenv("INTERVALS_ACCESS_TOKEN", "planted-token")
    with pytest.raises(SettingsError, match="unset INTERVALS_ACCESS_TOKEN to use the key") as both:
        load()
    assert "planted" not in str(both.value)


@pytest.mark.parametrize("token", ["Bearer planted", "planted\ntoken", "pl\u00e4nted", "planted="])
def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("INTERVALS_ACCESS_TOKEN", token)
    refused = refusal_or_none()
    assert (refused is None) == (token == "planted=")  # noqa: S105 - padding, as in base64
    if refused is not None:
        assert str(refused) == (
            "INTERVALS_ACCESS_TOKEN is set to a value, which is refused: allowed are letters, "
            "digits and . _ ~ + / - with = at the end"
        )


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


@pytest.mark.parametrize("text", ["1anna", "anna b", "-x", "unknown", "a" * 41, "\u00e4nne"])
def test_an_id_that_could_not_stand_in_commands_and_tags_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE_ID", text)
    with pytest.raises(SettingsError, match=r"WEEKLY_PLAN_ATHLETE_ID is .* allowed is a letter"):
        load()
