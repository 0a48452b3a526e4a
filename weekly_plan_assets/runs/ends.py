"""How a run of Dagster ended by its own event log, where its status says otherwise.

Dagster writes an end twice: as an event into the log of the run, then as the run's status. A
process that is killed between the two leaves a run that has ended and seems to be under way; one
that only seemed to be dead leaves a success that is overwritten as a failure. The log decides.
"""

from datetime import UTC, datetime

from dagster import (
    DagsterEventType,
    DagsterInstance,
    DagsterRunStatus,
    EventLogRecord,
)

from weekly_plan_assets.runs.dagster_private import RunStatusChangeEventType

ENDED = (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)

RUN_ENDS: tuple[RunStatusChangeEventType, ...] = (
    DagsterEventType.RUN_SUCCESS,
    DagsterEventType.RUN_FAILURE,
    DagsterEventType.RUN_CANCELED,
)


def has_another_end(instance: DagsterInstance, dagster_run_id: str) -> bool:
    """Whether the log of a run holds an end that the run's status does not show."""
    return _unshown_end(instance, dagster_run_id) is not None


def restore_end(instance: DagsterInstance, dagster_run_id: str) -> bool:
    """Give a run the status of the end that its own log holds.

    Returns:
        Whether the status was another one.
    """
    end = _unshown_end(instance, dagster_run_id)
    if end is None:
        return False
    event = end.event_log_entry.get_dagster_event()
    at = datetime.fromtimestamp(end.event_log_entry.timestamp, UTC)
    instance.run_storage.handle_run_event(dagster_run_id, event, at)
    return True


def _unshown_end(instance: DagsterInstance, dagster_run_id: str) -> EventLogRecord | None:
    run = instance.get_run_by_id(dagster_run_id)
    if run is None or run.status is DagsterRunStatus.SUCCESS:
        return None
    changes = instance.get_records_for_run(
        dagster_run_id, of_type={DagsterEventType.RUN_START, *RUN_ENDS}, ascending=True
    ).records
    for change in changes:
        # Only the run itself reports its success, so nothing that was reported since undoes it.
        if _kind(change) is DagsterEventType.RUN_SUCCESS:
            return change
    # A start after an end is that of a run which was given up too early, and is under way.
    if run.is_finished or not changes or _kind(changes[-1]) not in RUN_ENDS:
        return None
    return changes[-1]


def _kind(change: EventLogRecord) -> DagsterEventType:
    return change.event_log_entry.get_dagster_event().event_type
