"""What run config may name: nothing that a resource reads, whoever launches the run."""

from dataclasses import asdict
from typing import Any

import pytest
from dagster import DagsterInvalidConfigError, JobDefinition, validate_run_config

from weekly_plan_assets.definitions import defs
from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.resources import ModelLimits
from weekly_plan_assets.settings import load_settings

JOBS = ("weekly_plan", "close_week", "make_plan", "__ASSET_JOB")
RESOURCES = ("mongo", "source", "planner", "io_manager")
NAMED = (
    {"source": {"config": {"intervals_base_url": "http://127.0.0.1:1"}}},
    {"source": {"config": {"intervals_api_key": {"env": "OPENAI_API_KEY"}}}},
    {"source": {"config": {"name": "FOLDER", "timezone": "UTC", "export_dir": "/etc"}}},
    {"mongo": {"config": {"url": "mongodb://127.0.0.1:1", "database_name": "any"}}},
    {"mongo": {"config": {"embedded_dir": "/tmp"}}},  # noqa: S108 - nothing is written there
    {"planner": {"config": {"max_attempts": {"env": "OPENAI_API_KEY"}}}},
    {"planner": {"config": {"model": {"env": "OPENAI_API_KEY"}}}},
    {"io_manager": {"config": {"allow_removal": True}}},
    {"io_manager": {"config": {"mongo": {"url": "mongodb://127.0.0.1:1"}}}},
)
"""Keys, addresses, paths, limits and variables of the process, as an attacker would name them."""


def job(name: str) -> JobDefinition:
    if name == "__ASSET_JOB":
        return defs.get_repository_def().get_implicit_global_asset_job_def()
    return defs.resolve_job_def(name)


@pytest.mark.parametrize("name", JOBS)
@pytest.mark.parametrize("resources", NAMED, ids=str)
def test_run_config_that_names_what_a_resource_reads_is_refused(
    name: str, resources: dict[str, Any]
) -> None:
    with pytest.raises(DagsterInvalidConfigError, match="unexpected config"):
        validate_run_config(job(name), {"resources": resources})


@pytest.mark.parametrize("model", ["rules", "openai:gpt-5"])
def test_no_resource_has_any_config(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_MODEL", model)
    monkeypatch.setenv("INTERVALS_API_KEY", "planted-secret")
    monkeypatch.setenv("MONGO_URL", "mongodb://me:planted-secret@localhost/")
    resources = build_defs().resources or {}
    assert set(resources) == set(RESOURCES)
    for resource in resources.values():
        assert not resource._config_schema.as_field().config_type.fields
        assert "planted-secret" not in repr(resource)


@pytest.mark.parametrize("name", JOBS)
def test_run_config_names_no_module_to_import(name: str) -> None:
    forkserver = {"start_method": {"forkserver": {"preload_modules": ["this"]}}}
    for config in ({"multiprocess": forkserver}, forkserver):
        with pytest.raises(DagsterInvalidConfigError):
            validate_run_config(job(name), {"execution": {"config": config}})


def test_the_settings_of_the_planner_are_stored_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEEKLY_PLAN_MAX_ATTEMPTS", "5")
    assert (build_defs().resources or {})["planner"].recorded_settings() == {"max_attempts": 5}
    monkeypatch.setenv("WEEKLY_PLAN_MODEL", "openai:gpt-5")
    monkeypatch.setenv("WEEKLY_PLAN_FALLBACK", "rules")
    planner = (build_defs().resources or {})["planner"]
    assert planner.recorded_settings() == asdict(ModelLimits.of(load_settings()))
    assert planner.recorded_settings() == {
        "max_attempts": 5,
        "model": "openai:gpt-5",
        "timeout_s": 300.0,
        "max_tokens": 16_000,
        "budget_s": 900.0,
        "budget_tokens": 200_000,
        "fallback_to_rules": True,
        "patience_s": 60.0,
    }


@pytest.mark.parametrize("setting", [True, False])
def test_whether_a_source_may_remove_most_rows_is_a_setting(
    monkeypatch: pytest.MonkeyPatch, *, setting: bool
) -> None:
    source = (build_defs().resources or {})["source"]
    monkeypatch.setenv("WEEKLY_PLAN_ALLOW_REMOVAL", str(setting))
    assert source.may_remove_most() is setting
