"""What Dagster knows of a run that planned: which weeks, how it ended, and why it broke.

Read from Dagster's own event log; what the store knows of the same execution is joined in
`events`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dagster import (
    DagsterEvent,
    DagsterEventType,
    DagsterExecutionInterruptedError,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    EventLogRecord,
)

from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek, weeks_between
from weekly_plan_assets.lineage.records.provenance import Provenance, RunOrigin
from weekly_plan_assets.runs.code_location import COHORT, WEEK
from weekly_plan_assets.runs.dagster_private import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
    RETRY_NUMBER_TAG,
    ROOT_RUN_ID_TAG,
    WILL_RETRY_TAG,
    JobFailureData,
    RunFailureReason,
    StepFailureData,
)
from weekly_plan_assets.runs.ends import ENDED
from weekly_plan_assets.ui.stored_metadata import RUN_ID_METADATA

PUBLISHING_ASSET = "plan"
COHORT_PUBLISHING_STEP = "planning"
"""The step that publishes the plans of a cohort."""

MINTING_ASSET = "planning_inputs"

LONGEST_RANGE_WEEKS = 104
"""More weeks than any run of the project covers: a longer range is a mistake, not a plan."""

_LAST_MONDAY = date.max - timedelta(days=13)
"""The last whose next week is in the calendar too."""

_LONGEST_ERROR = 10_000
"""Characters; what broke is said by far fewer, and an event must stay small enough to be stored."""

_RETRY_NUMBER_DIGITS = 6

COHORT_TAG = f"{PARTITION_NAME_TAG}/{COHORT}"
WEEK_OF_COHORT_TAG = f"{PARTITION_NAME_TAG}/{WEEK}"
"""Dagster's own tags for the two dimensions of a partition."""

_BETWEEN_DIMENSIONS = "|"
"""What stands between them in the name of the partition."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run that was to publish a plan, after its end.

    Attributes:
        number: Its place in the history of Dagster, which counts runs as they are created.
        weeks: The observed weeks that it planned from; one, unless somebody forced a range; none
            where its partition is no training week.
        run_ids: For each week the runId that the run's materializations carry; a week is missing
            where the run broke before any of them.
        mints: Whether the run was to mint runIds itself, rather than go on with an earlier run's.
        errors: Why it broke, one sentence for all the steps that failed for the same reason.
    """

    run: DagsterRun
    number: int
    weeks: tuple[TrainingWeek, ...]
    run_ids: dict[TrainingWeek, str]
    mints: bool
    errors: tuple[str, ...]
    started_at: datetime | None
    ended_at: datetime

    @property
    def cohort(self) -> str | None:
        """The cohort whose athletes it planned for; None where it planned for one athlete."""
        return cohort_of(self.run)

    @property
    def root_run_id(self) -> str:
        """The first run of a chain of re-executions."""
        return self.run.tags.get(ROOT_RUN_ID_TAG, self.run.run_id)

    @property
    def retry_number(self) -> int:
        """How many times Dagster had tried the run before."""
        return _retry_number(self.run)

    @property
    def will_retry(self) -> bool:
        """Whether Dagster is about to try it again."""
        return self.run.tags.get(WILL_RETRY_TAG) == "true"

    def origin(self, week: TrainingWeek) -> RunOrigin:
        """Where a document of `week` comes from that this run made."""
        return origin_of(self.run, week)

    def own_run_id(self, week: TrainingWeek) -> str:
        """The runId that this run mints for `week`."""
        return mint_run_id(self.run.run_id, week)


def origin_of(run: DagsterRun, week: TrainingWeek) -> RunOrigin:
    """Where a document comes from that `run` makes for the partition `week`."""
    return RunOrigin(
        dagster_run_id=run.run_id,
        root_run_id=run.root_run_id or run.run_id,
        retry_number=_retry_number(run),
        partition=week.key,
    )


def completed_provenance(provenance: Provenance | None, run: DagsterRun) -> Provenance | None:
    """The provenance of what `run` makes at this moment from inputs of that provenance."""
    if provenance is None:
        return None
    week = TrainingWeek.parse(provenance.origin.partition)
    return provenance.ended(datetime.now(UTC), origin_of(run, week))


def read_run(instance: DagsterInstance, dagster_run_id: str) -> RunFacts | None:
    """The facts of an ended run that was to publish a plan; None for any other run."""
    record = instance.get_run_record_by_id(dagster_run_id)
    if record is None or record.dagster_run.status not in ENDED:
        return None
    run = record.dagster_run
    planned = _planned_steps(instance, run)
    if not planned & {PUBLISHING_ASSET, COHORT_PUBLISHING_STEP}:
        return None
    ended_s = record.end_time or record.update_timestamp.timestamp()
    run_ids = _run_ids(instance, dagster_run_id)
    return RunFacts(
        run=run,
        number=record.storage_id,
        weeks=tuple(sorted({*_weeks(run), *run_ids})),
        run_ids=run_ids,
        mints=MINTING_ASSET in planned,
        errors=run_errors(instance, dagster_run_id),
        started_at=_utc(record.start_time) if record.start_time else None,
        ended_at=_utc(ended_s),
    )


def run_errors(instance: DagsterInstance, dagster_run_id: str) -> tuple[str, ...]:
    """Why a run did not succeed, one sentence a reason; empty for one that did."""
    run = instance.get_run_by_id(dagster_run_id)
    # A run that two observers found dead was marked twice.
    return () if run is None else tuple(dict.fromkeys(map(_storable, _errors(instance, run))))


def was_interrupted(event: DagsterEvent) -> bool:
    """Whether a Ctrl-C fell into a step or between two, which Dagster makes a failure of."""
    data = event.event_specific_data
    if isinstance(data, StepFailureData):
        return data.error is not None and (
            data.error.cls_name == DagsterExecutionInterruptedError.__name__
        )
    # A run marked as failed from outside carries no data at all.
    return isinstance(data, JobFailureData) and (
        data.failure_reason is RunFailureReason.UNEXPECTED_TERMINATION
    )


def training_week(partition: str | None) -> TrainingWeek | None:
    """The training week that a partition names; None if it names none.

    A run can be launched with any text as its partition.
    """
    try:
        week = TrainingWeek.parse(partition or "")
    except ValueError:
        return None
    return week if week.key == partition and week.start <= _LAST_MONDAY else None


def cohort_of(run: DagsterRun) -> str | None:
    """The cohort that a run is for; None where it is for one athlete.

    Who launches a run may name the partition alone, `Europe_Madrid.001|2026-11-23`.
    """
    names = (run.tags.get(tag) for tag in (PARTITION_NAME_TAG, ASSET_PARTITION_RANGE_START_TAG))
    in_names = (name.rpartition(_BETWEEN_DIMENSIONS)[0] for name in names if name)
    return run.tags.get(COHORT_TAG) or next(in_names, None) or None


def week_of_partition(partition: str | None) -> TrainingWeek | None:
    """The training week of a partition, whether a cohort stands before it or not."""
    return training_week((partition or "").rpartition(_BETWEEN_DIMENSIONS)[2])


def _weeks(run: DagsterRun) -> Iterator[TrainingWeek]:
    if not run.tags.keys().isdisjoint({WEEK_OF_COHORT_TAG, PARTITION_NAME_TAG}):
        named = run.tags.get(WEEK_OF_COHORT_TAG) or run.tags.get(PARTITION_NAME_TAG)
        week = week_of_partition(named)
        if week is not None:
            yield week
        return
    first = week_of_partition(run.tags.get(ASSET_PARTITION_RANGE_START_TAG))
    last = week_of_partition(run.tags.get(ASSET_PARTITION_RANGE_END_TAG))
    if first is None or last is None:
        return
    if last.start - first.start < timedelta(weeks=LONGEST_RANGE_WEEKS):
        yield from weeks_between(first, last)


def _retry_number(run: DagsterRun) -> int:
    """How many times Dagster had tried a run before; 0 where its tag is no such number."""
    text = run.tags.get(RETRY_NUMBER_TAG, "0")
    is_number = text.isascii() and text.isdecimal() and len(text) <= _RETRY_NUMBER_DIGITS
    return int(text) if is_number else 0


def _planned_steps(instance: DagsterInstance, run: DagsterRun) -> set[str]:
    """What the run was to make, by the plan that Dagster made of it: a step is named as its asset.

    The events that announce the same are not all there when a run is killed as it begins.
    """
    if run.execution_plan_snapshot_id is None:
        return set()
    plan = instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id)
    return set(plan.step_keys_to_execute)


def _run_ids(instance: DagsterInstance, dagster_run_id: str) -> dict[TrainingWeek, str]:
    run_ids = {}
    for event in _events(instance, dagster_run_id, DagsterEventType.ASSET_MATERIALIZATION):
        materialization = event.asset_materialization
        week = training_week(materialization.partition) if materialization else None
        if materialization is None or week is None:
            continue
        # The second is what version 0.1 called it.
        for key in (RUN_ID_METADATA, "runId"):
            if key in materialization.metadata:
                run_ids[week] = str(materialization.metadata[key].value)
    return run_ids


def _errors(instance: DagsterInstance, run: DagsterRun) -> Iterator[str]:
    failures = _events(instance, run.run_id, DagsterEventType.STEP_FAILURE)
    steps_by_sentence: dict[str, list[str]] = {}
    for failure in failures:
        event = failure.event_log_entry.dagster_event
        if event is not None and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            # Dagster wraps what a step raised; what that was caused by is said in its own words.
            while error.cause is not None and (error.cls_name or "").startswith("Dagster"):
                error = error.cause
            steps_by_sentence.setdefault(_sentence(error.message), []).append(str(event.step_key))
    yield from (f"{', '.join(keys)}: {said}" for said, keys in steps_by_sentence.items())
    if run.status is DagsterRunStatus.CANCELED:
        yield "the run was canceled"
    elif run.status is DagsterRunStatus.FAILURE and not failures:
        ends = _events(instance, run.run_id, DagsterEventType.RUN_FAILURE)
        for end in ends:
            ended = end.event_log_entry.dagster_event
            if ended and was_interrupted(ended):
                yield "the run was interrupted"
            else:
                yield (ended and ended.message) or "the run failed before any step"


def _events(
    instance: DagsterInstance, dagster_run_id: str, kind: DagsterEventType
) -> list[EventLogRecord]:
    return list(instance.get_records_for_run(dagster_run_id, of_type=kind).records)


def _sentence(message: str) -> str:
    """An error's own words: those of the project's own errors say all, others need their class."""
    path, separator, text = message.strip().partition(": ")
    if path.startswith("weekly_plan_assets."):
        return text
    name = path.rpartition(".")[2]
    if name == DagsterExecutionInterruptedError.__name__:
        return "interrupted"
    return f"{name}{separator}{text}"


def _storable(text: str) -> str:
    """Text as short as an event may hold, without half an emoji, which nothing can store."""
    whole = text.encode("utf-8", "replace").decode()
    if len(whole) <= _LONGEST_ERROR:
        return whole
    return f"{whole[:_LONGEST_ERROR]}... ({len(whole)} characters)"


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
