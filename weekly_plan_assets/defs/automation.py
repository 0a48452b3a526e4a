"""Automation conditions: the same two moments as the schedules, declared on the assets.

Dagster evaluates them in the sensor `automation`, which is stopped until somebody starts it. It and
the schedules do the same work, so one of them is started, never both; WEEKLY_PLAN_SCHEDULES says
which.
"""

from datetime import timedelta
from typing import TypeAlias

from dagster import (
    AssetCheckKey,
    AssetKey,
    AssetSelection,
    AutomationCondition,
    AutomationConditionSensorDefinition,
    DefaultSensorStatus,
)

from weekly_plan_assets.defs.assets.groups import DELIVERY, INGEST, METRICS, PLANNING
from weekly_plan_assets.settings import ScheduleState, Settings

Condition: TypeAlias = AutomationCondition[AssetKey | AssetCheckKey]

SUNDAY_EVENING = "0 21 * * 0"
"""When the next week is planned from the one that is ending, in the athlete's zone."""

MONDAY_MORNING = "0 6 * * 1"
"""When the week that has ended is read again, with what was uploaded after the plan was made."""


def conditions_by_group(zone: str) -> dict[str, Condition]:
    """When the assets of each group are materialized, in the athlete's zone.

    What makes the plan: on Sunday evening, for the week under way, once all that it is made from
    is up to date. Raw data and figures: then too, and once more after the week has ended.
    """
    latest_week: Condition = AutomationCondition.in_latest_time_window()
    week_before = AutomationCondition.in_latest_time_window(timedelta(weeks=2)) & ~latest_week
    monday_came: Condition = AutomationCondition.cron_tick_passed(MONDAY_MORNING, zone)
    on_sunday_evening = AutomationCondition.on_cron(SUNDAY_EVENING, zone)
    also_on_monday_morning = on_sunday_evening | (
        week_before
        & monday_came.since_last_handled()
        & AutomationCondition.all_deps_updated_since_cron(MONDAY_MORNING, zone)
    ).with_label(f"closes the week ({MONDAY_MORNING}, {zone})")
    return {
        INGEST: also_on_monday_morning,
        METRICS: also_on_monday_morning,
        PLANNING: on_sunday_evening,
        DELIVERY: on_sunday_evening,
    }


def automation_sensor(settings: Settings) -> AutomationConditionSensorDefinition:
    """The sensor that evaluates the conditions; stopped unless WEEKLY_PLAN_SCHEDULES names it."""
    return AutomationConditionSensorDefinition(
        "automation",
        target=AssetSelection.all(),
        default_status=(
            DefaultSensorStatus.RUNNING
            if settings.schedules is ScheduleState.AUTOMATION
            else DefaultSensorStatus.STOPPED
        ),
        minimum_interval_seconds=60,
        description=(
            "Materializes what the automation conditions of the assets ask for: the alternative to "
            "the schedules, to be started in their place."
        ),
    )
