"""What the automation conditions ask for, by Dagster's own evaluation of them."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    AssetKey,
    AutomationConditionSensorDefinition,
    DagsterInstance,
    DefaultSensorStatus,
    evaluate_automation_conditions,
)

from weekly_plan_assets.definitions import defs
from weekly_plan_assets_tests.support.graph import UPSTREAM

DATA = {"activities", "wellness", "weekly_metrics", "adherence"}
BEFORE = datetime(2026, 3, 26, 12, tzinfo=ZoneInfo("UTC"))  # a Thursday

Requested = dict[str, set[str]]


@pytest.fixture
def requested_at() -> Callable[[datetime], Requested]:
    """The weeks that are asked for at a moment, by asset, when the last look was on `BEFORE`."""

    def requested(moment: datetime) -> Requested:
        with DagsterInstance.ephemeral() as instance:
            first = evaluate_automation_conditions(defs, instance, evaluation_time=BEFORE)
            then = evaluate_automation_conditions(
                defs, instance, evaluation_time=moment, cursor=first.cursor
            )
        found = {name: set(then.get_requested_partitions(AssetKey(name))) for name in UPSTREAM}
        return {name: {str(week) for week in weeks} for name, weeks in found.items() if weeks}

    return requested


def test_on_sunday_evening_everything_is_asked_for_of_the_week_that_is_ending(
    requested_at: Callable[[datetime], Requested],
) -> None:
    sunday = datetime(2026, 3, 29, 21, 1, tzinfo=ZoneInfo("UTC"))
    assert requested_at(sunday) == {name: {"2026-03-23"} for name in UPSTREAM}


def test_on_monday_morning_the_week_that_has_ended_is_closed_and_nothing_is_planned(
    requested_at: Callable[[datetime], Requested],
) -> None:
    monday = datetime(2026, 3, 30, 6, 1, tzinfo=ZoneInfo("UTC"))
    with_data = {name: weeks for name, weeks in requested_at(monday).items() if name in DATA}
    assert all("2026-03-23" in weeks for weeks in with_data.values())
    assert with_data.keys() == DATA


def test_at_any_other_moment_nothing_is_asked_for(
    requested_at: Callable[[datetime], Requested],
) -> None:
    assert requested_at(datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("UTC"))) == {}


def test_the_sensor_of_the_conditions_waits_for_somebody_to_start_it() -> None:
    sensor = defs.get_repository_def().get_sensor_def("automation")
    assert isinstance(sensor, AutomationConditionSensorDefinition)
    assert sensor.default_status is DefaultSensorStatus.STOPPED
