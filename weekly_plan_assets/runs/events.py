"""Run events: one document a planned week, made of what Dagster and the store know of its run.

Called by the sensor for every ended run, and by the command line for its own. What is written
depends on what is known and not on the order in which runs are recorded, so it does not matter who
comes first or twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.common.garbage import without_garbage_collection
from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.export.open_lineage import emit_open_lineage
from weekly_plan_assets.lineage.records.execution_end import ExecutionEnd, close_artifacts
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.runs.ends import has_another_end, restore_end
from weekly_plan_assets.runs.facts import RunFacts, read_run
from weekly_plan_assets.runs.tags import ATHLETES_TAG, writes_to
from weekly_plan_assets.settings import SettingsError, load_settings
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.cohort_documents import athletes_of_run, members_of
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.errors import MissingWeekError, StoreError, UpsertError
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.run_queries import forget_nameless_event

_END = ("status", "dagsterRunId", "dagsterStatus", "endedAt")
"""The fields that say of which end an event is."""

_SAID = (*_END, "attempt", "errorCount", "willRetry")
"""The fields in which two events of one end may differ, as more becomes known."""

_NOT_READ = ("activities", "wellness", "history", "prompt")
"""The large fields of run_artifacts, which say nothing of how an execution ended."""

_AT_ONCE = 25
"""Executions whose documents are held at once."""

_SEEN = (*_END, "athleteId")
"""The fields by which the event that was read is found again. It names nobody where it was written
before it was known whose run it is."""

_TRIES = 10
"""Each fails only where another process wrote the same event in the meantime."""


class UnrecordedEventError(StoreError):
    """MongoDB refuses the event of a run that has ended; the message says how it ended."""

    @classmethod
    def of(cls, event: RunEvent, error: UpsertError) -> Self:
        """The sentence for the event of one planned week."""
        published = event.status is Status.SUCCESS
        ended = (
            f"is published (`weekly-plan show --run-id {event.run_id}`)"
            if published
            else f"was not made ({'; '.join(event.errors)})"
        )
        return cls(
            f"the plan for the week of {event.week_start} {ended}, but its event is not stored: "
            f"{error}"
        )


@without_garbage_collection()
def record_run_events(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> tuple[RunEvent, ...]:
    """Write the run events of an ended run, and close what it left open.

    Returns:
        One event a planned week; none where the run was not to publish a plan, has no training week
        or has not ended.

    Raises:
        UnrecordedEventError: The store refused an event.
        PyMongoError: The store does not answer.
    """
    restore_end(instance, dagster_run_id)
    facts = _facts(instance, database, dagster_run_id)
    if facts is None:
        return ()
    due = _executions(facts, database)
    new = _record_new(database, facts, due)
    return tuple(new.get(one) or _record(instance, database, facts, one) for one in due)


def run_events_of(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> tuple[RunEvent, ...]:
    """The events that `record_run_events` would write; nothing is written."""
    facts = _facts(instance, database, dagster_run_id)
    if facts is None:
        return ()
    due = _executions(facts, database)
    return tuple(_Ending.of(instance, database, facts, one).event for one in due)


def is_recorded(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> bool:
    """Whether the store holds the end of a run; True also for a run that has no event."""
    if has_another_end(instance, dagster_run_id):
        return False
    facts = _facts(instance, database, dagster_run_id)
    if facts is None:
        return True
    due = _executions(facts, database)
    endings = (_Ending.of(instance, database, facts, one) for one in due)
    return all(ending.is_stored for ending in endings)


def _facts(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> RunFacts | None:
    """What is known of an ended run of this database; None if it has no event here."""
    facts = read_run(instance, dagster_run_id)
    is_own = facts is not None and writes_to(facts.run.tags, database.name)
    return facts if is_own else None


@dataclass(frozen=True, slots=True)
class _Execution:
    """A planned week of a run.

    Attributes:
        week: The observed week.
        athlete_id: Whose, where the run planned for several athletes.
        error: Why nothing could be planned for this athlete alone, or None.
    """

    week: TrainingWeek
    athlete_id: str | None = None
    error: str | None = None


def _executions(facts: RunFacts, database: Database[BsonDocument]) -> list[_Execution]:
    """Each planned week that the run answers for.

    A run of a cohort noted for whom it plans. One that broke before it could was to plan for all
    members of the cohort that are in the roster.
    """
    if facts.cohort is None:
        return [_Execution(week) for week in facts.weeks]
    noted = athletes_of_run(database, facts.run.run_id)
    if noted:
        return [
            _Execution(one.observed_week, one.athlete_id, one.error)
            for one in noted
            if one.stands is None
        ]
    only = facts.run.tags.get(ATHLETES_TAG)
    members = _in_roster(members_of(database, facts.cohort))
    named = members if only is None else [one for one in members if one in only.split()]
    return [_Execution(week, athlete_id) for week in facts.weeks for athlete_id in named]


def _in_roster(members: Sequence[str]) -> list[str]:
    """Without those who were taken out of the roster; all, where it is not known."""
    try:
        roster = load_settings().roster
    except SettingsError:
        roster = None
    ids = None if roster is None else {one.id for one in roster.athletes}
    return [one for one in members if ids is None or one in ids]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the store holds of an execution.

    Attributes:
        event: Its event, which was read before anything else.
        inputs: Its run_artifacts document.
        snapshot: The plan that it published.
    """

    event: BsonDocument | None
    inputs: BsonDocument | None
    snapshot: BsonDocument | None

    @classmethod
    def read(cls, database: Database[BsonDocument], run_ids: Sequence[str]) -> dict[str, Self]:
        """What it holds of each of these executions."""
        events = RunDocuments(database, CollectionName.RUN_EVENTS).find_each(run_ids)
        artifacts = RunDocuments(database, CollectionName.RUN_ARTIFACTS)
        inputs = artifacts.find_each(run_ids, without=_NOT_READ)
        snapshots = RunDocuments(database, CollectionName.PLAN_SNAPSHOTS).find_each(run_ids)
        return {one: cls(events.get(one), inputs.get(one), snapshots.get(one)) for one in run_ids}


@dataclass(frozen=True, slots=True)
class _Ending:
    """How an execution ended, by all that is known at one moment.

    Attributes:
        event: What is to be stored.
        stored: What was stored when it was decided.
        elsewhere: Whether the stored event is of a run which this history of Dagster does not know.
    """

    event: RunEvent
    stored: _Stored
    elsewhere: bool

    @classmethod
    def of(
        cls,
        instance: DagsterInstance,
        database: Database[BsonDocument],
        facts: RunFacts,
        execution: _Execution,
    ) -> Self:
        """The ending of an execution that a run worked on.

        The stored event is read first, and replaced only if it is still the same: so whatever is
        written was read after what it replaces.
        """
        run_id = _run_id(RunDocuments(database, CollectionName.RUN_ARTIFACTS), facts, execution)
        (stored,) = _Stored.read(database, [run_id]).values()
        stored_run = None if stored.event is None else str(stored.event.get("dagsterRunId"))
        if stored_run is not None:
            facts = _latest_run(facts, read_run(instance, stored_run))
        elsewhere = stored_run is not None and instance.get_run_by_id(stored_run) is None
        return cls(_event(facts, execution, run_id, stored), stored, elsewhere)

    @property
    def is_stored(self) -> bool:
        """Whether the stored event says the same of the same end, or of a later one."""
        if self.stored.event is None:
            return False
        known, due = (_picked(one, _SAID) for one in (self.stored.event, encode(self.event)))
        if self.elsewhere and known["status"] == due["status"] and known["endedAt"] is not None:
            # Numbers of two histories cannot be compared. Clocks can, where nothing else says more.
            return bool(known["endedAt"] >= due["endedAt"])
        return known == due

    @property
    def document(self) -> BsonDocument:
        """The event as it is stored."""
        payload = encode(self.event)
        return {**payload, "runEvent": payload}

    def emit(self, database: Database[BsonDocument]) -> None:
        """Send the event to OpenLineage, where that is wanted."""
        stored = self.stored
        emit_open_lineage(self.event, database.name, stored.inputs, stored.snapshot)


def _record_new(
    database: Database[BsonDocument],
    facts: RunFacts,
    executions: Sequence[_Execution],
) -> dict[_Execution, RunEvent]:
    """Write the events of the athletes of a cohort that have none yet, many at once.

    Returns:
        The events that were written. What is not among them is to be recorded alone: another
        process may be recording the run too, or the store refuses something.
    """
    of_athletes = {
        mint_run_id(facts.run.run_id, one.week, one.athlete_id): one
        for one in executions
        if one.athlete_id is not None
    }
    written: dict[_Execution, RunEvent] = {}
    for first in range(0, len(of_athletes), _AT_ONCE):
        run_ids = list(of_athletes)[first : first + _AT_ONCE]
        endings = [
            _Ending(_event(facts, of_athletes[run_id], run_id, stored), stored, elsewhere=False)
            for run_id, stored in _Stored.read(database, run_ids).items()
            if stored.event is None
        ]
        for ending in endings:
            close_artifacts(database, ending.event, ending.stored.inputs)
        events = RunDocuments(database, CollectionName.RUN_EVENTS)
        try:
            inserted = events.insert_all([one.document for one in endings])
        except UpsertError:
            continue
        for ending in endings:  # rather twice than never, where another process wrote some
            ending.emit(database)
        if inserted == len(endings):
            written |= {of_athletes[one.event.run_id]: one.event for one in endings}
    return written


def _record(
    instance: DagsterInstance,
    database: Database[BsonDocument],
    facts: RunFacts,
    execution: _Execution,
) -> RunEvent:
    for _ in range(_TRIES):
        ending = _Ending.of(instance, database, facts, execution)
        close_artifacts(database, ending.event, ending.stored.inputs)
        if ending.is_stored:
            return ending.event
        try:
            is_written = _write(database, ending)
        except UpsertError as error:
            raise UnrecordedEventError.of(ending.event, error) from error
        if is_written:
            if ending.stored.event is None and execution.athlete_id is None:
                # Another process may have written one, which knew more or less of whose run it is.
                forget_nameless_event(database, ending.event.run_id)
            ending.emit(database)
            return ending.event
    raise UpsertError(
        f"run_events: the event of run {facts.run.run_id} was not written, because others keep "
        "writing it; run the job reconcile_runs later"
    )


def _write(database: Database[BsonDocument], ending: _Ending) -> bool:
    """Whether the event was written; False where somebody else wrote one since."""
    event = ending.stored.event
    seen = None if event is None else _picked(event, _SEEN)
    return RunDocuments(database, CollectionName.RUN_EVENTS).merge_while(seen, ending.document)


def _picked(event: BsonDocument, fields: Sequence[str]) -> BsonDocument:
    return {name: event.get(name) for name in fields}


def _latest_run(facts: RunFacts, stored: RunFacts | None) -> RunFacts:
    """The facts of the run that worked last on an execution: this one, or that of its stored event.

    Runs count as Dagster created them. The times of their ends do not say which was later: a clock
    may have been set in between. Of one run, what was read last counts.
    """
    return facts if stored is None or stored.number < facts.number else stored


def _run_id(artifacts: RunDocuments, facts: RunFacts, execution: _Execution) -> str:
    """The execution that the run worked on: its own, or the earlier one that it went on with."""
    week = execution.week
    if execution.athlete_id is not None:
        return mint_run_id(facts.run.run_id, week, execution.athlete_id)
    if week in facts.run_ids:
        return facts.run_ids[week]
    if facts.mints:
        return facts.own_run_id(week)
    for earlier in (facts.run.parent_run_id, facts.run.root_run_id):
        run_id = mint_run_id(earlier, week) if earlier else None
        if run_id and artifacts.find(run_id, only=("runId",)) is not None:
            return run_id
    try:
        return str(artifacts.latest(week)["runId"])
    except MissingWeekError:
        return facts.own_run_id(week)


def _event(
    facts: RunFacts,
    execution: _Execution,
    run_id: str,
    stored: _Stored,
) -> RunEvent:
    """The plan is the truth: where it was published, the week succeeded, however the run ended."""
    inputs, published = stored.inputs or {}, stored.snapshot is not None
    own = () if execution.error is None else (execution.error,)
    if execution.athlete_id is not None and not own:
        # What the run of a cohort says may be about others.
        own = tuple(inputs.get("errors") or ())
    end = ExecutionEnd(
        origin=facts.origin(execution.week),
        root_run_id=facts.root_run_id,
        dagster_status=facts.run.status.value,
        job_name=facts.run.job_name,
        will_retry=facts.will_retry,
        errors=own or facts.errors,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
    )
    athlete_id = inputs.get("athleteId", execution.athlete_id or UNKNOWN_ATHLETE)
    return end.event(run_id, execution.week, athlete_id, inputs, published=published)
