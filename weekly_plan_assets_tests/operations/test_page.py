"""docs/operations.md tells of what is there: commands, settings, checks, schedules, sentences."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from dagster._core.remote_representation.external_data import ScheduleSnap
from pydantic import SecretStr
from typer.main import get_command

from weekly_plan_assets.cli import app
from weekly_plan_assets.definitions import defs
from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.history_retention import OldRunsConfig
from weekly_plan_assets.defs.sensors import notification_sensor, run_events_sensor
from weekly_plan_assets.domain.units import SECONDS_PER_DAY
from weekly_plan_assets.operations.notifications import BUDGET_S, RECENT
from weekly_plan_assets.settings import PROJECT_ROOT, Settings
from weekly_plan_assets.sources.intervals_icu.webhook import OF_ACTIVITIES, OF_DAYS
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets.storage.notification_claims import KEPT

PAGE = (PROJECT_ROOT / "docs" / "operations.md").read_text()
PACKAGE = PROJECT_ROOT / "weekly_plan_assets"
OF_INTERVALS = {*OF_ACTIVITIES, *OF_DAYS, "start_date_local"}
"""What Intervals.icu calls its events, and a field of them."""
NOT_OURS = {*OF_INTERVALS, "DAGSTER_HOME", "RUN_ID", "MONDAY", "DIR", "WRONG"}
SERVERS = (PROJECT_ROOT / "deploy" / "servers" / "dagster.yaml").read_text()
FOR_SERVERS = set(re.findall(r"env: (\w+)", SERVERS))
"""Variables that `dagster.yaml` reads where the history is in PostgreSQL."""


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, and the words behind it."""
    command: Any = get_command(app)
    while words and hasattr(command, "commands"):
        command = command.commands[words[0]]
        words = words[1:]
    return command, words


@pytest.mark.parametrize("typed", sorted(set(re.findall(r"weekly-plan ([a-z][^`\n]*)", PAGE))))
def test_a_command_of_the_page_exists_with_its_options(typed: str) -> None:
    command, words = command_of(typed.split())
    known = {option for parameter in command.params for option in parameter.opts}
    known |= {option for parameter in command.params for option in parameter.secondary_opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_a_setting_of_the_page_exists() -> None:
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", PAGE)) - NOT_OURS
    assert named <= {str(field.alias) for field in Settings.model_fields.values()} | FOR_SERVERS


def test_schedules_sensors_and_checks_of_the_page_exist() -> None:
    everything = Settings(
        notify=SecretStr("json://localhost"),
        deliver="files",
        deliver_dir=Path("delivered"),
        history_days=365,
        intervals_webhook_secret=SecretStr("made-up-for-the-test"),
    )
    repository = build_defs(everything).get_repository_def()
    checks = {key.name for key in repository.asset_graph.asset_check_keys}
    schedules = {one.name for one in repository.schedule_defs}
    sensors = {run_events_sensor.name, notification_sensor.name}
    sensors |= {one.name for one in repository.sensor_defs}
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+){2,})`", PAGE)) - OF_INTERVALS
    jobs = {one.name for one in repository.get_all_jobs()} | OldRunsConfig.model_fields.keys()
    assert named <= checks | schedules | sensors | jobs
    assert checks <= named, "every check is an alarm, so the page says what it means"


def test_a_sentence_of_the_page_is_one_that_the_code_says() -> None:
    code = " ".join(
        re.sub(r'"\s*f?"', "", path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))
    )
    for sentence in (
        "the process of this run was killed",
        "did not take it",
        "the source no longer names",
    ):
        assert sentence in PAGE
        assert sentence in re.sub(r"\s+", " ", code), sentence


def test_a_schedule_makes_up_for_its_last_missed_tick_alone() -> None:
    """Dagster catches up with more than one only where a schedule has a partition set."""
    repository = defs.get_repository_def()
    for one in repository.schedule_defs:
        assert ScheduleSnap.from_def(one, repository).partition_set_name is None


def test_retention_is_as_the_page_says() -> None:
    days = {
        index.collection: index.expire_after_s // SECONDS_PER_DAY
        for index in INDEXES
        if index.expire_after_s
    }
    days[CollectionName.NOTIFICATIONS] = KEPT.days
    stated = {name: int(n) for name, n in re.findall(r"\| `(\w+)` \| (\d+) days \|", PAGE)}
    assert stated == days
    assert f"{BUDGET_S:g} s at most" in PAGE
    assert RECENT.days == 1


def test_dagster_postgres_is_of_the_same_release_as_dagster() -> None:
    # Dagster's libraries are numbered 0.16 below its core: 1.13.27 and 0.29.27.
    minor, patch = version("dagster").split(".")[1:]
    pins = (PROJECT_ROOT / "constraints.txt").read_text()
    assert f"\ndagster-postgres==0.{int(minor) + 16}.{patch}\n" in pins
    extras = (PROJECT_ROOT / "pyproject.toml").read_text()
    assert f'postgres = ["dagster-postgres>=0.{int(minor) + 16}.' in extras


def test_targets_of_make_on_the_page_exist() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text()
    for target in set(re.findall(r"\bmake (\w+)", PAGE)) - {"documents"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
