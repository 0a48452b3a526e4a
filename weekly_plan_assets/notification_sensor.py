"""The sensor that tells how planned weeks ended, for runs of the UI and the daemon.

What is told, to whom and how often lies in `notifications`.
"""

from dagster import DefaultSensorStatus, SensorEvaluationContext, SkipReason, sensor

from weekly_plan_assets.notifications import notify_ends
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.storage.mongo import MongoResource


@sensor(minimum_interval_seconds=30, default_status=DefaultSensorStatus.RUNNING)
def notification_sensor(context: SensorEvaluationContext, mongo: MongoResource) -> SkipReason:
    """Notifies WEEKLY_PLAN_NOTIFY of planned weeks that failed, each once."""
    del context
    return SkipReason(f"{notify_ends(mongo.database(), load_settings())} told")
