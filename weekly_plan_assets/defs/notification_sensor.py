"""The sensor that sends how planned weeks ended, for runs of the UI and the daemon.

What is sent, to whom and how often is decided in `notifications`.
"""

from dagster import DefaultSensorStatus, SensorEvaluationContext, SkipReason, sensor

from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.operations.notifications import notify_ends
from weekly_plan_assets.settings import load_settings


@sensor(minimum_interval_seconds=30, default_status=DefaultSensorStatus.RUNNING)
def notification_sensor(context: SensorEvaluationContext, mongo: MongoResource) -> SkipReason:
    """Notifies WEEKLY_PLAN_NOTIFY of planned weeks that failed, each once."""
    del context
    sent = notify_ends(mongo.database(), load_settings())
    return SkipReason(f"{sent} notified" if sent else None)
