"""Runs that ended and have no run event, for `doctor`: which they are, and why if that is known."""

from datetime import UTC, datetime

from weekly_plan_assets.runs.code_location import PUBLISHING_JOBS
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.runs.reconciling import LOOKED_BACK, unrecorded_runs
from weekly_plan_assets.runs.set_aside import SetAsideEvents
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.connection import project_database


def missing_events(settings: Settings) -> dict[str, str | None]:
    """The runs of the last two weeks without an event, each with the reason if the sensor knows it.

    Raises:
        Exception: Of any kind, where Dagster's history or the store cannot be read.
    """
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    database = project_database(url, settings.embedded_dir, settings.database_name)
    now = datetime.now(UTC)
    with open_instance() as instance:
        refused = {run_id: kept.reason for run_id, kept in SetAsideEvents(instance)}
        missing = unrecorded_runs(instance, database, PUBLISHING_JOBS, now - LOOKED_BACK, now)
    return {**dict.fromkeys(missing), **refused}
