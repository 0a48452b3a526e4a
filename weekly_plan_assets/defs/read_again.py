"""The sensor that has marked weeks read again, in as few runs as their order allows.

Weeks are marked where a webhook of Intervals.icu comes in (`webserver.intervals_webhooks`), and the
sensor is there only where those are taken. It asks for the job that closes weeks, which reads them
and brings their metrics up to date; the check for late data then names the plans that rested on the
old values. For a roster the runs are those of cohorts, see `cohorts.cohort_read_again`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from dagster import (
    DagsterInstance,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    WeeklyPartitionsDefinition,
    sensor,
)
from pymongo.database import Database

from weekly_plan_assets.defs.jobs import close_week_job
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.defs.partitions import MAX_WEEKS_PER_RUN
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import TrainingWeek, week_ranges
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
)
from weekly_plan_assets.runs.invariants import UNFINISHED
from weekly_plan_assets.runs.tags import READ_AGAIN_TAG, WEEKS_TAG
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.read_marks import (
    MOST_TRIES,
    ReadMark,
    marks_read_since,
    note_asked,
    read_marks,
    remove_marks,
)

READ_AGAIN_INTERVAL_S = 300
"""Events of one session come within a minute or two, and one run reads what all of them changed."""

ONE_ATHLETE_GROUP = "one athlete"

Groups = Mapping[str, Sequence[ReadMark]]
"""The marks of the weeks that one run may read, by what its tag calls them."""

PartitionName = Callable[[str, TrainingWeek], str]


def build_read_again_sensor(
    settings: Settings, weeks: WeeklyPartitionsDefinition
) -> SensorDefinition:
    """The sensor of one athlete."""
    own_id = settings.intervals_athlete_id

    @sensor(
        job=close_week_job,
        minimum_interval_seconds=READ_AGAIN_INTERVAL_S,
        default_status=DefaultSensorStatus.RUNNING,
    )
    def read_marked_weeks(
        context: SensorEvaluationContext, mongo: MongoResource
    ) -> SensorResult | SkipReason:
        """Reads weeks again that Intervals.icu said have changed."""
        database = mongo.database()

        def is_wanted(mark: ReadMark) -> bool:
            is_own = own_id in {"0", mark.athlete_id}
            return is_own and weeks.has_partition_key(mark.week.key)

        marks = marks_to_read(context, database, is_wanted)
        groups = {ONE_ATHLETE_GROUP: marks} if marks else {}
        return asked_for(context, database, groups, lambda _, week: week.key)

    return read_marked_weeks


def marks_to_read(
    context: SensorEvaluationContext,
    database: Database[BsonDocument],
    is_wanted: Callable[[ReadMark], bool],
) -> list[ReadMark]:
    """The marks that are due, once those are removed whose weeks were read, or never will be."""
    marks = read_marks(database)
    remove_marks(database, marks_read_since(database, marks))
    unwanted = [one for one in marks if not is_wanted(one)]
    remove_marks(database, unwanted)
    now = datetime.now(UTC)
    due = [one for one in read_marks(database) if one.is_due(now)]
    given_up = [one for one in due if one.tries >= MOST_TRIES]
    for one in given_up:
        context.log.warning(
            "week %s of athlete %s was to be read again, and was not after %s; materialize "
            "activities and wellness for it",
            *(one.week, one.athlete_id, counted(one.tries, "attempt")),
        )
    remove_marks(database, given_up)
    return [one for one in due if one.tries < MOST_TRIES]


def asked_for(
    context: SensorEvaluationContext,
    database: Database[BsonDocument],
    groups: Groups,
    name_of: PartitionName,
    tags_of: Callable[[Sequence[ReadMark]], Mapping[str, str]] = lambda _: {},
) -> SensorResult | SkipReason:
    """The runs that read the weeks of all groups, but for groups that a run is reading now."""
    requests: list[RunRequest] = []
    asked: list[ReadMark] = []
    for group, marks in groups.items():
        if _is_being_read(context.instance, group):
            continue
        for first, last, of_range in _in_ranges(marks):
            names = name_of(group, first), name_of(group, last)
            tags = {READ_AGAIN_TAG: group, **tags_of(of_range)}
            if first == last:
                requests.append(RunRequest(partition_key=names[0], tags=tags))
            else:
                tags |= _range_tags(*names) | {WEEKS_TAG: f"{first} to {last}"}
                requests.append(RunRequest(tags=tags))
            asked += of_range
    if not requests:
        return SkipReason()
    note_asked(database, asked)
    return SensorResult(run_requests=requests)


def _in_ranges(
    marks: Sequence[ReadMark],
) -> Iterator[tuple[TrainingWeek, TrainingWeek, list[ReadMark]]]:
    """First and last week of each run, with the marks that it is for."""
    for first, last in week_ranges({one.week for one in marks}, MAX_WEEKS_PER_RUN):
        yield first, last, [one for one in marks if first <= one.week <= last]


def _range_tags(first: str, last: str) -> dict[str, str]:
    return {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last}


def _is_being_read(instance: DagsterInstance, group: str) -> bool:
    unfinished = RunsFilter(statuses=list(UNFINISHED), tags={READ_AGAIN_TAG: group})
    return bool(instance.get_run_ids(unfinished, limit=1))
