"""The code location as Dagster loads it."""

import os
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    AssetKey,
    DagsterInstance,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    build_schedule_context,
)

from weekly_plan_assets.assets.groups import EVERY_WEEK
from weekly_plan_assets.definitions import build_defs, defs
from weekly_plan_assets.domain.data_quality import ASSERTIONS
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.partitions import WEEKS, require_partition
from weekly_plan_assets.schedules import close_week_on_monday, plan_on_sunday_evening
from weekly_plan_assets.storage.mongo import MongoResource

UPSTREAM = {
    "activities": set(),
    "wellness": set(),
    "weekly_metrics": {"activities", "wellness"},
    "adherence": {"weekly_metrics", "activities"},
    "planning_inputs": {"weekly_metrics", "activities", "wellness", "adherence"},
    "artifacts": {"planning_inputs"},
    "plan": {"artifacts", "planning_inputs"},
}


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
        assert node.partitions_def == WEEKS
        assert node.description
        assert node.owners
        assert node.kinds
        assert node.freshness_policy == EVERY_WEEK
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
    }


def test_schedules_wait_for_somebody_to_start_them_and_the_sensor_runs() -> None:
    repository = defs.get_repository_def()
    statuses = {schedule.default_status for schedule in repository.schedule_defs}
    assert statuses == {DefaultScheduleStatus.STOPPED}
    (sensor,) = repository.sensor_defs
    assert sensor.default_status is DefaultSensorStatus.RUNNING


def test_resources_can_be_replaced_and_the_io_manager_uses_the_replacement() -> None:
    mine = MongoResource(url="mongodb://mine", database_name="mine")
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
    require_partition(TrainingWeek.containing(today))
    with pytest.raises(ValueError, match="the nearest is"):
        require_partition(TrainingWeek.containing(today).shift(2))


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Pacific/Auckland", "America/Los_Angeles"])
def test_weeks_begin_on_monday_at_midnight_of_the_athletes_zone_over_dst(zone: str) -> None:
    script = (
        "from weekly_plan_assets.partitions import WEEKS\n"
        "for key in WEEKS.get_partition_keys()[:60]:\n"
        "    window = WEEKS.time_window_for_partition_key(key)\n"
        "    assert window.start.isoformat().startswith(f'{key}T00:00:00'), window\n"
        "    assert window.start.weekday() == window.end.weekday() == 0, window\n"
        "    assert window.end.hour == 0, window\n"
        "print(WEEKS.get_first_partition_key())"
    )
    checked = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"WEEKLY_PLAN_TIMEZONE": zone},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout.strip() == "2024-01-01", checked.stderr
