"""The sensor that makes the cohorts of a roster known to Dagster, so that the UI has them."""

from dagster import DefaultSensorStatus, SensorEvaluationContext, SkipReason, sensor

from weekly_plan_assets.athletes.cohorts import cohorts_of
from weekly_plan_assets.defs.cohorts.cohort_partitions import add_cohorts
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.settings import load_settings


@sensor(minimum_interval_seconds=60, default_status=DefaultSensorStatus.RUNNING)
def new_cohorts(context: SensorEvaluationContext, mongo: MongoResource) -> SkipReason:
    """Puts new athletes of the roster into cohorts, and makes new cohorts partitions."""
    settings = load_settings()
    if settings.roster is None:
        return SkipReason("there is no roster of several athletes")
    cohorts = cohorts_of(mongo.database(), settings, settings.roster)
    add_cohorts(context.instance, [one.key for one in cohorts])
    return SkipReason(f"cohorts: {len(cohorts)}")
