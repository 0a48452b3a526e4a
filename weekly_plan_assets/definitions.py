"""Where everything meets, and nothing else happens: assets, checks, jobs, schedules, the sensor.

`build_defs` makes the code location with other resources, so that tests need not patch anything.
"""

from collections.abc import Mapping
from typing import Any

from dagster import Definitions, EnvVar

from weekly_plan_assets.assets.activities import activities
from weekly_plan_assets.assets.adherence import adherence
from weekly_plan_assets.assets.artifacts import artifacts
from weekly_plan_assets.assets.plan import plan
from weekly_plan_assets.assets.planning_inputs import planning_inputs
from weekly_plan_assets.assets.weekly_metrics import weekly_metrics
from weekly_plan_assets.assets.wellness import wellness
from weekly_plan_assets.checks.data_quality import data_can_be_relied_on
from weekly_plan_assets.checks.late_data import no_plan_rests_on_old_values
from weekly_plan_assets.checks.plan import plan_is_valid
from weekly_plan_assets.checks.reconciliation import every_ended_run_has_its_event
from weekly_plan_assets.jobs import close_week_job, make_plan_job, weekly_plan_job
from weekly_plan_assets.notification_sensor import notification_sensor
from weekly_plan_assets.resources import (
    ModelPlannerResource,
    PlannerResource,
    RulesPlannerResource,
    SourceResource,
)
from weekly_plan_assets.retries import RetryingIOManager
from weekly_plan_assets.schedules import close_week_on_monday, plan_on_sunday_evening
from weekly_plan_assets.sensors import run_events_sensor
from weekly_plan_assets.settings import Fallback, Settings, load_settings
from weekly_plan_assets.storage.mongo import MongoResource


def build_defs(*, resources: Mapping[str, Any] | None = None) -> Definitions:
    """The code location.

    Args:
        resources: Take the place of `mongo`, `source` or `planner`; the IO manager uses them too.

    Raises:
        SettingsError: A setting is wrong.
    """
    settings = load_settings()
    plain = {**_resources(settings), **(resources or {})}
    return Definitions(
        assets=[
            activities,
            wellness,
            weekly_metrics,
            adherence,
            planning_inputs,
            artifacts,
            plan,
        ],
        asset_checks=[
            plan_is_valid,
            data_can_be_relied_on,
            no_plan_rests_on_old_values,
            every_ended_run_has_its_event,
        ],
        jobs=[weekly_plan_job, close_week_job, make_plan_job],
        schedules=[plan_on_sunday_evening, close_week_on_monday],
        sensors=[run_events_sensor, *([notification_sensor] if settings.notify else [])],
        resources={
            **plain,
            "io_manager": RetryingIOManager(
                mongo=plain["mongo"],
                source=plain["source"],
                allow_removal=settings.allow_removal,
            ),
        },
    )


def _resources(settings: Settings) -> dict[str, Any]:
    return {
        "mongo": MongoResource(
            # Secrets are named, not read: the UI shows resource settings, and the URL may hold one.
            url=EnvVar("MONGO_URL") if settings.mongo_url else None,
            embedded_dir=str(settings.embedded_dir),
            database_name=settings.database_name,
        ),
        "source": SourceResource(
            name=settings.source,
            timezone=settings.timezone,
            export_dir=str(settings.export_dir) if settings.export_dir else None,
            imports_dir=str(settings.imports_dir),
            athlete_file=str(settings.athlete_file) if settings.athlete_file else None,
            intervals_api_key=EnvVar("INTERVALS_API_KEY") if settings.intervals_api_key else None,
            intervals_athlete_id=settings.intervals_athlete_id,
            intervals_base_url=settings.intervals_base_url,
        ),
        "planner": _planner(settings),
    }


def _planner(settings: Settings) -> PlannerResource:
    if settings.model == "rules":
        return RulesPlannerResource(max_attempts=settings.max_attempts)
    return ModelPlannerResource(
        max_attempts=settings.max_attempts,
        model=settings.model,
        timeout_s=settings.model_timeout_s,
        max_tokens=settings.model_max_tokens,
        budget_s=settings.model_budget_s,
        budget_tokens=settings.model_budget_tokens,
        fallback_to_rules=settings.fallback is Fallback.RULES,
    )


defs = build_defs()
