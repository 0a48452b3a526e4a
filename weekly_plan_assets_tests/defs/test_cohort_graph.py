"""The graph of a roster as Dagster sees it: the same assets, two dimensions, schedules by zone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dagster import (
    AssetKey,
    DagsterInstance,
    Definitions,
    MultiPartitionsDefinition,
    ScheduleDefinition,
    build_schedule_context,
)
from pymongo.database import Database

from weekly_plan_assets.defs.build import build_defs
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.graph import MongoAt

ATHLETES = {"anna": "Europe/Berlin", "ben": "America/New_York", "carla": "Europe/Berlin"}


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Definitions:
    path = tmp_path / "roster.yaml"
    entries = [
        {"id": one, "source": "simulated", "timezone": zone} for one, zone in ATHLETES.items()
    ]
    path.write_text(json.dumps({"athletes": entries}))
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    return build_defs(load_settings())


def schedule(graph: Definitions, name: str) -> ScheduleDefinition:
    found = graph.get_repository_def().get_schedule_def(name)
    assert isinstance(found, ScheduleDefinition)
    return found


def test_a_roster_has_the_assets_of_one_athlete_in_cohorts_and_weeks(
    graph: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    Definitions.validate_loadable(graph)
    monkeypatch.delenv("WEEKLY_PLAN_ROSTER")
    of_one = build_defs(load_settings()).resolve_asset_graph()
    of_many = graph.resolve_asset_graph()
    keys = of_one.get_all_asset_keys()
    assert of_many.get_all_asset_keys() == keys
    for key in keys:
        partitions = of_many.get(key).partitions_def
        assert isinstance(partitions, MultiPartitionsDefinition)
        assert partitions.partition_dimension_names == ["cohort", "week"]
        assert of_many.get(key).parent_keys == of_one.get(key).parent_keys
    assert of_many.get(AssetKey("plan")).group_name == of_one.get(AssetKey("plan")).group_name


def test_each_zone_has_its_schedules_at_its_own_hour(graph: Definitions) -> None:
    names = {one.name: one.execution_timezone for one in graph.get_repository_def().schedule_defs}
    assert names == {
        "weekly_plan_Europe_Berlin": "Europe/Berlin",
        "close_week_Europe_Berlin": "Europe/Berlin",
        "weekly_plan_America_New_York": "America/New_York",
        "close_week_America_New_York": "America/New_York",
        "reconcile_every_day": "UTC",
    }


def test_zones_that_differ_in_a_sign_have_schedules_of_their_own(
    graph: Definitions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "signs.yaml"
    zones = {"west": "Etc/GMT+5", "east": "Etc/GMT-5", "haiti": "America/Port-au-Prince"}
    entries = [{"id": one, "source": "simulated", "timezone": zone} for one, zone in zones.items()]
    path.write_text(json.dumps({"athletes": entries}))
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    repository = build_defs(load_settings()).get_repository_def()
    assert {one.name for one in repository.schedule_defs} >= {
        "weekly_plan_Etc_GMT_plus_5",
        "weekly_plan_Etc_GMT_minus_5",
        "weekly_plan_America_Port_au_Prince",
    }


def test_a_tick_asks_for_the_cohorts_of_its_zone_and_makes_them_known(
    graph: Definitions, mongo_url: str, database: Database[BsonDocument], tmp_path: Path
) -> None:
    mongo = MongoAt(url=mongo_url, database_name=database.name)
    sunday_evening = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        for name, week in (("weekly_plan", "2026-11-16"), ("close_week", "2026-11-09")):
            context = build_schedule_context(
                instance=instance,
                scheduled_execution_time=sunday_evening,
                resources={"mongo": mongo},
                repository_def=graph.get_repository_def(),
            )
            ticked = schedule(graph, f"{name}_Europe_Berlin").evaluate_tick(context)
            keys = [request.partition_key for request in ticked.run_requests or ()]
            assert keys == [f"Europe_Berlin.001|{week}"]
        assert instance.get_dynamic_partitions("cohorts") == ["Europe_Berlin.001"]
