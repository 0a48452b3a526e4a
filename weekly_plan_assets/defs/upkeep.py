"""What every code location has beside its graph: it looks after what is stored, and after Dagster.

Checks across weeks, the jobs and schedules for them, the deletion of Dagster's old history, and the
sensors that write run events and notify. What plans a week belongs to the graph.
"""

from dagster import Definitions

from weekly_plan_assets.defs.checks.lineage import lineage_is_whole
from weekly_plan_assets.defs.checks.reconciliation import every_ended_run_has_its_event
from weekly_plan_assets.defs.history_retention import (
    build_retention_schedule,
    delete_old_history,
)
from weekly_plan_assets.defs.jobs import check_lineage_job, reconcile_runs_job
from weekly_plan_assets.defs.schedules import build_reconciliation_schedule
from weekly_plan_assets.defs.sensors import notification_sensor, run_events_sensor
from weekly_plan_assets.settings import Settings


def upkeep_defs(settings: Settings) -> Definitions:
    """The same for one athlete and for a roster; the resources are those of the graph.

    Args:
        settings: In which zone schedules are, how long history is kept, whether anybody is
            notified.

    Raises:
        SettingsError: A setting is wrong.
    """
    return Definitions(
        asset_checks=[lineage_is_whole, every_ended_run_has_its_event],
        jobs=[check_lineage_job, reconcile_runs_job, delete_old_history],
        schedules=[
            build_reconciliation_schedule(settings),
            *([build_retention_schedule(settings)] if settings.history_days else []),
        ],
        sensors=[run_events_sensor, *([notification_sensor] if settings.notify else [])],
    )
