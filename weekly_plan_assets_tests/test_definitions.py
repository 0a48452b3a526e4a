"""The code location as Dagster loads it."""

import os
import subprocess
import sys
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    AssetKey,
    DagsterInstance,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    MetadataValue,
    RepositoryDefinition,
    RunRequest,
    build_schedule_context,
)

from weekly_plan_assets.definitions import defs
from weekly_plan_assets.defs.assets.groups import EVERY_WEEK
from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.defs.jobs import LINEAGE_CHECK, RECONCILIATION_CHECK
from weekly_plan_assets.defs.partitions import require_partition, weekly_partitions
from weekly_plan_assets.defs.schedules import close_week_on_monday, plan_on_sunday_evening
from weekly_plan_assets.domain.metrics.data_quality import ASSERTIONS
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.runs.code_location import WEEKLY_PLAN
from weekly_plan_assets.settings import PROJECT_ROOT, ScheduleState, Settings, load_settings
from weekly_plan_assets_tests.support.graph import UPSTREAM, MongoAt

RECONCILES = "reconcile_every_day"


def test_the_graph_is_that_of_the_design() -> None:
    graph = defs.resolve_asset_graph()
    found = {
        key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
    }
    assert found == UPSTREAM


def test_every_asset_is_partitioned_by_week_described_and_says_where_it_is_kept() -> None:
    graph = defs.resolve_asset_graph()
    for name in UPSTREAM:
        node = graph.get(AssetKey(name))
        assert node.partitions_def == weekly_partitions(load_settings())
        assert node.description
        assert node.owners
        assert node.kinds
        assert node.freshness_policy == EVERY_WEEK
        assert node.automation_condition
        assert node.tags["sensitivity"] == "health"
        page, _, section = str(node.metadata["docs"].value).partition("#")
        assert f"\n## {section.replace('-', ' ')}" in (PROJECT_ROOT / page).read_text().replace(
            ",", ""
        )
        assert node.metadata["mongo_collection"]
        assert node.metadata["mongo_key"]


def test_ranges_are_for_the_cheap_layers_and_plans_are_made_one_week_a_run() -> None:
    graph = defs.resolve_asset_graph()
    longest = {
        name: graph.get(AssetKey(name)).backfill_policy.max_partitions_per_run  # type: ignore[union-attr]
        for name in UPSTREAM
    }
    assert longest == {
        "activities": 104,
        "wellness": 104,
        "weekly_metrics": 104,
        "adherence": 104,
        "planning_inputs": 1,
        "artifacts": 1,
        "plan": 1,
    }


def test_one_check_blocks_what_is_downstream_and_the_others_only_warn() -> None:
    graph = defs.resolve_asset_graph()
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    assert [spec.name for spec in specs if spec.blocking] == ["plan_is_valid"]
    warning = {spec.name for spec in specs if not spec.blocking}
    assert warning == ASSERTIONS.keys() | {
        "no_plan_rests_on_old_values",
        "every_ended_run_has_its_event",
        "lineage_is_whole",
    }


def running_schedules(repository: RepositoryDefinition) -> set[str]:
    return {
        schedule.name
        for schedule in repository.schedule_defs
        if schedule.default_status is DefaultScheduleStatus.RUNNING
    }


def test_what_plans_waits_for_somebody_to_start_it_and_what_records_runs() -> None:
    repository = defs.get_repository_def()
    assert running_schedules(repository) == {RECONCILES}
    running = {
        sensor.name
        for sensor in repository.sensor_defs
        if sensor.default_status is DefaultSensorStatus.RUNNING
    }
    assert running == {"run_events_sensor"}


def test_resources_can_be_replaced_and_the_io_manager_uses_the_replacement() -> None:
    mine = MongoAt(url="mongodb://mine", database_name="mine")
    resources = build_defs(resources={"mongo": mine}).resources or {}
    assert resources["mongo"] is mine
    assert resources["io_manager"].mongo == mine


def requested_week(schedule: object, moment: datetime) -> str | None:
    with DagsterInstance.ephemeral() as instance:
        context = build_schedule_context(instance=instance, scheduled_execution_time=moment)
        request = schedule(context)  # type: ignore[operator]
    assert isinstance(request, RunRequest)
    return request.partition_key


def test_sunday_evening_plans_from_the_week_that_is_ending() -> None:
    sunday = datetime(2026, 3, 29, 21, tzinfo=ZoneInfo("UTC"))
    assert requested_week(plan_on_sunday_evening, sunday) == "2026-03-23"


def test_monday_closes_the_week_that_has_ended() -> None:
    monday = datetime(2026, 3, 30, 6, tzinfo=ZoneInfo("UTC"))
    assert requested_week(close_week_on_monday, monday) == "2026-03-23"


def test_the_week_under_way_has_a_partition() -> None:
    today = datetime.now(ZoneInfo("UTC")).date()
    weeks = weekly_partitions(Settings())
    require_partition(weeks, TrainingWeek.containing(today))
    with pytest.raises(ValueError, match="the nearest is"):
        require_partition(weeks, TrainingWeek.containing(today).shift(2))


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Pacific/Auckland", "America/Los_Angeles"])
def test_weeks_begin_on_monday_at_midnight_of_the_athletes_zone_over_dst(zone: str) -> None:
    weeks = weekly_partitions(Settings(timezone=zone, first_day=date(2024, 1, 1)))
    for key in weeks.get_partition_keys()[:60]:
        window = weeks.time_window_for_partition_key(key)
        assert window.start.isoformat().startswith(f"{key}T00:00:00")
        assert window.start.weekday() == window.end.weekday() == 0
        assert window.end.hour == 0
    assert weeks.get_first_partition_key() == "2024-01-01"


def test_two_code_locations_of_different_settings_stand_in_one_process() -> None:
    chosen = [
        Settings(timezone="Europe/Madrid", first_day=date(2024, 1, 1)),
        Settings(
            timezone="Pacific/Auckland",
            first_day=date(2022, 5, 5),
            schedules=ScheduleState.RUNNING,
        ),
    ]
    for settings, location in [(each, build_defs(each)) for each in chosen]:
        weeks = weekly_partitions(settings)
        graph = location.resolve_asset_graph()
        assert {graph.get(key).partitions_def for key in graph.get_all_asset_keys()} == {weeks}
        specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
        of_all = {LINEAGE_CHECK, RECONCILIATION_CHECK}
        assert {spec.partitions_def for spec in specs if spec.name not in of_all} == {weeks}
        assert location.resolve_job_def(WEEKLY_PLAN).partitions_def == weeks
        schedules = location.get_repository_def().schedule_defs
        assert {each.execution_timezone for each in schedules} == {settings.timezone}
        running = {RECONCILES}
        if settings.schedules is ScheduleState.RUNNING:
            running |= {"plan_on_sunday_evening", "close_week_on_monday"}
        assert running_schedules(location.get_repository_def()) == running
        label = graph.get(AssetKey("plan")).automation_condition
        assert settings.timezone in str(label)


IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
import weekly_plan_assets
from weekly_plan_assets.settings import SettingsError
refused = []
for module in pkgutil.walk_packages(weekly_plan_assets.__path__, "weekly_plan_assets."):
    if module.name.endswith("__main__") or ".runs.celery_" in module.name:
        continue  # the latter need an extra
    try:
        importlib.import_module(module.name)
    except SettingsError:
        refused.append(module.name)
print(*refused)
"""


@pytest.mark.slow
def test_only_the_definitions_read_settings_when_they_are_imported() -> None:
    imported = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING],
        env=os.environ | {"WEEKLY_PLAN_TIMEZONE": "Nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert imported.stdout.split() == ["weekly_plan_assets.definitions"], imported.stderr


def test_the_metadata_of_assets_are_values_that_dagster_can_store() -> None:
    for spec in defs.resolve_all_asset_specs():
        for name, value in spec.metadata.items():
            held = value.value if isinstance(value, MetadataValue) else value
            assert not isinstance(held, Enum), (spec.key, name)
