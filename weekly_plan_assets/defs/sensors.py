"""The sensor that writes run events: at least once, with a cursor of its own.

Dagster's run status sensors move on when their body fails, and an event is lost; this one moves
only after the event is stored, or set aside because the store refuses it. What an event says is in
`runs.events`; what becomes of one that is set aside, in `runs.set_aside`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

import pymongo
from dagster import (
    DagsterInstance,
    DefaultSensorStatus,
    EventLogRecord,
    RunStatusChangeRecordsFilter,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)
from pydantic import Field

from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.operations.notifications import notify_ends
from weekly_plan_assets.runs.ends import RUN_ENDS
from weekly_plan_assets.runs.events import record_run_events
from weekly_plan_assets.runs.set_aside import SetAsideEvents, reason_of
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.storage.liveness import is_store_away
from weekly_plan_assets.storage.retrying import attempts_within

_CHUNK = 50
_BUDGET_S = 40.0
"""An evaluation is cut off after 60 s; begin no other event after this, and go on in the next."""

_EVENT_S = 12.0
"""No event may take longer: what was done before would be lost with the evaluation."""

_REFUSED_RETRIES = 5
"""So many of the events that are set aside may fail again in one evaluation."""

_NAMED = 3


class SensorCursor(Document):
    """The end of a run up to which events are written.

    Attributes:
        storage_id: Its number in Dagster's event log; 0 before the first.
        run_id: The run that ended; None if an older version wrote no more than the number.
    """

    storage_id: int = Field(default=0, ge=0, lt=2**63)
    run_id: str | None = None

    @classmethod
    def parse(cls, text: str | None) -> "SensorCursor":
        """The cursor as Dagster keeps it; one that cannot be read is that of the beginning."""
        try:
            if text and text.isascii() and text.isdecimal():
                return cls(storage_id=int(text))
            return cls.model_validate_json(text or "{}")
        except ValueError:  # edited by hand
            return cls()

    def is_known_to(self, instance: DagsterInstance) -> bool:
        """Whether the end is in Dagster's event log; not where the log was lost, or cut."""
        if self.storage_id == 0:
            return True
        found = _run_ends_after(instance, self.storage_id - 1, 1)
        if self.run_id is None:
            return bool(found)
        return [(end.storage_id, end.run_id) for end in found] == [(self.storage_id, self.run_id)]


class StoreAwayError(WeeklyPlanError, RuntimeError):
    """The store does not answer; nothing is to be set aside for that."""


@dataclass
class _Evaluation:
    """One evaluation of the sensor."""

    context: SensorEvaluationContext
    mongo: MongoResource
    set_aside: SetAsideEvents
    began_s: float = field(default_factory=monotonic)
    written: int = 0
    moved: bool = False
    refused: set[str] = field(default_factory=set)

    def write_new(self) -> None:
        """Write the events of the runs that ended since the cursor, as far as time allows."""
        for end in self._new_ends():
            if self._is_over:
                return
            self._write(end.run_id)
            cursor = SensorCursor(storage_id=end.storage_id, run_id=end.run_id)
            self.context.update_cursor(cursor.model_dump_json())
            self.moved = True

    def write_set_aside(self) -> None:
        """Try those again that were set aside before, as far as time allows."""
        for run_id, _ in list(self.set_aside):
            if self._is_over or len(self.refused) >= _REFUSED_RETRIES:
                return
            if run_id not in self.refused:
                self._write(run_id)

    @property
    def summary(self) -> SkipReason:
        """What is worth a line; without a word where nothing was done and nothing is waiting."""
        said = [f"{counted(self.written, 'event')} written"] if self.written else []
        if len(self.set_aside):
            named = [f"run {run_id} ({kept.reason})" for run_id, kept in self.set_aside]
            more = [f"{len(named) - _NAMED} more"] if len(named) > _NAMED else []
            said.append(
                f"{len(named)} cannot be written and will be tried again: "
                f"{'; '.join([*named[:_NAMED], *more])}"
            )
        return SkipReason(", ".join(said) or None)

    @property
    def _is_over(self) -> bool:
        return monotonic() - self.began_s >= _BUDGET_S

    def _new_ends(self) -> Iterator[EventLogRecord]:
        instance = self.context.instance
        cursor = SensorCursor.parse(self.context.cursor)
        if not cursor.is_known_to(instance):
            self.context.log.warning(
                "Dagster's event log no longer holds the end of a run up to which events were "
                "written; all ends that it holds are looked at again"
            )
            cursor = SensorCursor()
        after = cursor.storage_id
        while ends := _run_ends_after(instance, after, _CHUNK):
            yield from ends
            after = ends[-1].storage_id

    def _write(self, run_id: str) -> None:
        """Write the events of a run, or set them aside.

        Raises:
            StoreAwayError: The store does not answer.
        """
        try:
            with pymongo.timeout(_EVENT_S), attempts_within(_EVENT_S):
                database = self.mongo.database()
        except Exception as error:
            raise StoreAwayError(str(error)) from error
        try:
            with pymongo.timeout(_EVENT_S), attempts_within(_EVENT_S):
                events = record_run_events(self.context.instance, database, run_id)
        except Exception as error:
            if is_store_away(database):
                raise StoreAwayError(str(error)) from error
            self.context.log.warning(
                "run %s: its event cannot be written: %s", run_id, reason_of(error)
            )
            self.refused.add(run_id)
            self.set_aside.add(run_id, error)
        else:
            self.written += len(events)
            self.set_aside.remove(run_id)


@sensor(minimum_interval_seconds=15, default_status=DefaultSensorStatus.RUNNING)
def run_events_sensor(context: SensorEvaluationContext, mongo: MongoResource) -> SkipReason:
    """Writes one run_events document for every planned week whose run has ended."""
    evaluation = _Evaluation(context, mongo, SetAsideEvents(context.instance))
    try:
        evaluation.write_new()
        evaluation.write_set_aside()
    except StoreAwayError as error:
        # Progress would be lost with the evaluation; without any, the evaluation itself shall fail.
        if not evaluation.moved:
            raise
        context.log.exception("the store is away; the remaining events are tried again")
        return SkipReason(f"{counted(evaluation.written, 'event')} written, then: {error}")
    return evaluation.summary


def _run_ends_after(instance: DagsterInstance, storage_id: int, limit: int) -> list[EventLogRecord]:
    """The next ends of runs, in the order in which they were stored."""
    ends = [
        record
        for kind in RUN_ENDS
        for record in instance.fetch_run_status_changes(
            RunStatusChangeRecordsFilter(event_type=kind, after_storage_id=storage_id),
            ascending=True,
            limit=limit,
        ).records
    ]
    return sorted(ends, key=lambda record: record.storage_id)[:limit]


@sensor(minimum_interval_seconds=30, default_status=DefaultSensorStatus.RUNNING)
def notification_sensor(context: SensorEvaluationContext, mongo: MongoResource) -> SkipReason:
    """Notifies WEEKLY_PLAN_NOTIFY of planned weeks that failed, each once."""
    del context
    sent = notify_ends(mongo.database(), load_settings())
    return SkipReason(f"{sent} notified" if sent else None)
