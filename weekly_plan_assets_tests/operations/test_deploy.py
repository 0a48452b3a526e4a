"""The files of `deploy` load, name the same things, and set what the project reads."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from weekly_plan_assets.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVERS = yaml.safe_load((DEPLOY / "servers" / "dagster.yaml").read_text())
ENTRYPOINT = DEPLOY / "image" / "entrypoint"
PARTS = {"code", "daemon", "webserver", "worker"}
OWN_IMAGE = "weekly-plan:0.2.0"


def test_every_yaml_file_loads() -> None:
    files = sorted(DEPLOY.rglob("*.yaml"))
    assert len(files) >= 6
    for path in files:
        assert yaml.safe_load(path.read_text()), path


def test_one_image_runs_every_part_under_one_name() -> None:
    own = {name: one for name, one in SERVICES.items() if one["image"] == OWN_IMAGE}
    assert {tuple(one["command"]) for one in own.values()} == {(part,) for part in PARTS}
    assert own.keys() == PARTS
    values = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text())
    (code,) = values["dagster-user-deployments"]["deployments"]
    images = [one["image"] for one in (code, values["dagsterWebserver"], values["dagsterDaemon"])]
    assert {f"{one['repository']}:{one['tag']}" for one in images} == {OWN_IMAGE}
    worker = yaml.safe_load((DEPLOY / "kubernetes" / "worker.yaml").read_text())
    (container,) = worker["spec"]["template"]["spec"]["containers"]
    assert (container["image"], container["args"]) == (OWN_IMAGE, ["worker"])
    version = re.search(r'^version = "(.+)"', (PROJECT_ROOT / "pyproject.toml").read_text(), re.M)
    assert version is not None
    assert f"weekly-plan:{version[1]}" == OWN_IMAGE


def test_the_launcher_and_its_patience_are_the_same_in_kubernetes() -> None:
    values = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text())
    launcher = values["runLauncher"]["config"]["customRunLauncher"]
    assert launcher == SERVERS["run_launcher"]
    monitoring, there = SERVERS["run_monitoring"], values["dagsterDaemon"]["runMonitoring"]
    assert list(monitoring.values()) == [
        there["enabled"],
        there["startTimeoutSeconds"],
        there["cancelTimeoutSeconds"],
        there["pollIntervalSeconds"],
        there["maxResumeRunAttempts"],
    ]


def test_what_services_refer_to_is_there() -> None:
    volumes = {
        volume.partition(":")[0]
        for one in SERVICES.values()
        for volume in one.get("volumes", [])
        if not volume.startswith(".")
    }
    assert volumes == COMPOSE["volumes"].keys()
    secrets = {secret for one in SERVICES.values() for secret in one.get("secrets", [])}
    assert secrets == COMPOSE["secrets"].keys()
    needed = {name for one in SERVICES.values() for name in one.get("depends_on", {})}
    assert needed <= SERVICES.keys()
    for name, one in SERVICES.items():
        for needs, how in one.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needs] or needs in PARTS, (name, needs)


def test_only_the_ui_has_a_port_and_only_on_the_loopback_interface() -> None:
    ports = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert ports == {"webserver": ["127.0.0.1:3000:3000"]}


def test_every_part_has_what_dagster_yaml_reads_and_no_secret_of_its_own() -> None:
    read = {
        name
        for path in (DEPLOY / "servers").glob("*.yaml")
        for name in re.findall(r"env: (\w+)", path.read_text())
    }
    image = (DEPLOY / "image" / "Dockerfile").read_text()
    for part in PARTS:
        given = SERVICES[part]["environment"]
        known = {name.removesuffix("_FILE") for name in given}
        assert {name for name in read - known if f"{name}=" not in image} == set()
        for name, value in given.items():
            assert "PASSWORD" not in name or value.startswith("/run/secrets/")


def test_the_start_of_a_container_puts_secrets_into_the_urls(tmp_path: Path) -> None:
    for name in ("postgres", "redis", "mongo"):
        (tmp_path / name).write_text(f"of-{name}\n")
    given = {
        "PATH": os.environ["PATH"],
        "DAGSTER_HOME": "/etc/weekly-plan",
        "DAGSTER_POSTGRES_PASSWORD_FILE": str(tmp_path / "postgres"),
        "REDIS_PASSWORD_FILE": str(tmp_path / "redis"),
        "MONGO_PASSWORD_FILE": str(tmp_path / "mongo"),
        "DAGSTER_CELERY_REDIS_URL": "redis://:${REDIS_PASSWORD}@redis:6379/0",
        "MONGO_URL": "mongodb://weekly_plan:${MONGO_PASSWORD}@mongo-1/?w=majority",
        "WEEKLY_PLAN_ENV_FILE": "/not/a/secret",
    }
    started = subprocess.run(
        [str(ENTRYPOINT), "env"], env=given, capture_output=True, text=True, check=True
    )
    said = dict(line.partition("=")[::2] for line in started.stdout.splitlines())
    assert said["DAGSTER_POSTGRES_PASSWORD"] == (tmp_path / "postgres").read_text().strip()
    assert said["DAGSTER_CELERY_REDIS_URL"] == "redis://:of-redis@redis:6379/0"
    assert said["MONGO_URL"] == "mongodb://weekly_plan:of-mongo@mongo-1/?w=majority"
    assert "WEEKLY_PLAN_ENV" not in said


@pytest.mark.parametrize("script", ["entrypoint", "healthy"])
def test_a_script_of_the_image_is_executable_and_parses(script: str) -> None:
    path = DEPLOY / "image" / script
    assert os.access(path, os.X_OK)
    subprocess.run(["/bin/bash", "-n", str(path)], check=True)
    for part in PARTS:
        assert re.search(rf"^  {part}\)", path.read_text(), re.M), part


def test_docker_reads_the_compose_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], check=False).returncode:
        pytest.skip("docker compose is not installed")
    subprocess.run(
        [docker, "compose", "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"], check=True
    )


def test_systemd_reads_the_units() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    for unit in (DEPLOY / "systemd").glob("*.service"):
        read = subprocess.run(
            [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
        )
        # The program is not where the unit expects it, on a machine without an installation.
        complaints = [line for line in read.stderr.splitlines() if unit.name in line]
        assert all("is not executable" in line for line in complaints), complaints


def test_one_machine_and_several_differ_only_in_who_executes_runs() -> None:
    machine = yaml.safe_load((DEPLOY / "machine" / "dagster.yaml").read_text())
    differing = {key for key in SERVERS if SERVERS[key] != machine.get(key)}
    assert differing == {"run_launcher", "run_monitoring", "concurrency"}
    assert machine.keys() == SERVERS.keys()
