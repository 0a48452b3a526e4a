"""The sensor of a roster that has marked weeks read again, a run for each cohort and its weeks."""

from collections.abc import Sequence

from dagster import (
    DefaultSensorStatus,
    MultiPartitionsDefinition,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from weekly_plan_assets.athletes.cohorts import cohorts_of
from weekly_plan_assets.defs.cohorts.cohort_jobs import close_week_job
from weekly_plan_assets.defs.cohorts.cohort_partitions import add_cohorts, partition_of
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.read_again import READ_AGAIN_INTERVAL_S, asked_for, marks_to_read
from weekly_plan_assets.runs.code_location import WEEK
from weekly_plan_assets.runs.tags import ATHLETES_TAG
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.storage.read_marks import ReadMark


def build_cohort_read_again_sensor(partitions: MultiPartitionsDefinition) -> SensorDefinition:
    """The sensor of a roster, for the weeks that have partitions."""
    weeks = partitions.get_partitions_def_for_dimension(WEEK)

    @sensor(
        job=close_week_job,
        minimum_interval_seconds=READ_AGAIN_INTERVAL_S,
        default_status=DefaultSensorStatus.RUNNING,
    )
    def read_marked_weeks(
        context: SensorEvaluationContext, mongo: MongoResource
    ) -> SensorResult | SkipReason:
        """Reads weeks again that Intervals.icu said have changed, for their athletes alone."""
        settings, database = load_settings(), mongo.database()
        if settings.roster is None:
            return SkipReason("there is no roster of several athletes")
        cohorts = cohorts_of(database, settings, settings.roster)
        add_cohorts(context.instance, [one.key for one in cohorts])
        cohort_of = {one.id: cohort.key for cohort in cohorts for one in cohort.athletes}

        def is_wanted(mark: ReadMark) -> bool:
            return mark.athlete_id in cohort_of and weeks.has_partition_key(mark.week.key)

        groups: dict[str, list[ReadMark]] = {}
        for one in marks_to_read(context, database, is_wanted):
            groups.setdefault(cohort_of[one.athlete_id], []).append(one)
        return asked_for(context, database, groups, partition_of, _only_these)

    return read_marked_weeks


def _only_these(marks: Sequence[ReadMark]) -> dict[str, str]:
    return {ATHLETES_TAG: " ".join(sorted({one.athlete_id for one in marks}))}
