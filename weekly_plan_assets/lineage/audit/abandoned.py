"""Executions whose Dagster run no history knows any more: their end, by what is stored of them.

A history that was damaged and moved aside takes its runs with it. What they had stored is still
there, and must not look for ever as if somebody worked on it.
"""

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.domain.run_id import dagster_run_id_of
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.execution_end import ExecutionEnd, close_artifacts
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.lineage.records.records import RunEvent
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.run_documents import RunDocuments

UNKNOWN = "UNKNOWN"
"""Stands for the job and the status of a Dagster run that is not known."""

_REASON = "how the run ended is not known, because Dagster's history of it is gone"


def close_abandoned(database: Database[BsonDocument], run_id: str) -> RunEvent | None:
    """Close an execution and write its event: success where its plan was published.

    Returns:
        The event; None if nothing is stored of the execution, or it names no training week.
    """
    inputs = RunDocuments(database, CollectionName.RUN_ARTIFACTS).find(run_id)
    snapshot = RunDocuments(database, CollectionName.PLAN_SNAPSHOTS).find(run_id)
    events = RunDocuments(database, CollectionName.RUN_EVENTS)
    known = events.find(run_id)
    newest = snapshot or inputs or known
    if newest is None:
        return None
    try:
        week = TrainingWeek.parse(run_id.rpartition(":")[2])
    except ValueError:
        return None
    dagster_run_id = dagster_run_id_of(run_id)
    end = ExecutionEnd(
        origin=RunOrigin(
            dagster_run_id=dagster_run_id,
            root_run_id=dagster_run_id,
            retry_number=0,
            partition=week.key,
        ),
        root_run_id=dagster_run_id,
        dagster_status=UNKNOWN,
        job_name=UNKNOWN,
        will_retry=False,
        errors=(_REASON,),
        started_at=None,
        ended_at=newest["updatedAt"],
    )
    athlete_id = newest.get("athleteId", UNKNOWN_ATHLETE)
    event = end.event(run_id, week, athlete_id, inputs or {}, published=snapshot is not None)
    close_artifacts(database, event, inputs)
    payload = encode(event)
    seen = None if known is None else {"athleteId": known.get("athleteId")}
    events.merge_while(seen, {**payload, "runEvent": payload})
    return event
