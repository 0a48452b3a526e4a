"""The sensor that writes run events: at least once, with a cursor of its own.

Dagster's run status sensors move on when their body fails, and an event is lost; this one moves
only after the event is stored. What an event says lies in `lineage.run_events`.
"""

from time import monotonic

from dagster import (
    DagsterEventType,
    DagsterInstance,
    DefaultSensorStatus,
    EventLogRecord,
    RunStatusChangeRecordsFilter,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)
from dagster._core.event_api import RunStatusChangeEventType

from weekly_plan_assets.lineage.run_events import record_run_events
from weekly_plan_assets.storage.mongo import MongoResource

_RUN_ENDS: tuple[RunStatusChangeEventType, ...] = (
    DagsterEventType.RUN_SUCCESS,
    DagsterEventType.RUN_FAILURE,
    DagsterEventType.RUN_CANCELED,
)
_CHUNK = 50
_BUDGET_S = 40.0
"""An evaluation is cut off after 60 s; stop well before and go on in the next tick."""


@sensor(minimum_interval_seconds=15, default_status=DefaultSensorStatus.RUNNING)
def run_events_sensor(context: SensorEvaluationContext, mongo: MongoResource) -> SkipReason:
    """Writes one run_events document for every planned week whose run has ended."""
    cursor = start = int(context.cursor or 0)
    deadline_s = monotonic() + _BUDGET_S
    written = 0
    while (ends := _run_ends_after(context.instance, cursor)) and monotonic() < deadline_s:
        for end in ends:
            try:
                events = record_run_events(context.instance, mongo.database(), end.run_id)
            except Exception as error:
                # Progress would be lost with the tick; without any, the tick itself shall fail.
                if cursor == start:
                    raise
                context.log.exception("run %s: event not written, tried again", end.run_id)
                return SkipReason(f"{written} events written, then: {error}")
            written += len(events)
            cursor = end.storage_id
            context.update_cursor(str(cursor))
    return SkipReason(f"{written} events written")


def _run_ends_after(instance: DagsterInstance, cursor: int) -> list[EventLogRecord]:
    """The next ends of runs, in the order in which they were stored."""
    ends = [
        record
        for kind in _RUN_ENDS
        for record in instance.fetch_run_status_changes(
            RunStatusChangeRecordsFilter(event_type=kind, after_storage_id=cursor),
            ascending=True,
            limit=_CHUNK,
        ).records
    ]
    return sorted(ends, key=lambda record: record.storage_id)[:_CHUNK]
