"""Run events: one document a planned week, told from what Dagster and the store know of its run.

Called by the sensor for every ended run, and by the command line for its own; both write the same
document, so it does not matter who comes first or twice.
"""

from dagster import DagsterInstance
from pymongo.database import Database

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.code_version import code_version
from weekly_plan_assets.lineage.open_lineage import emit_open_lineage
from weekly_plan_assets.lineage.provenance import Provenance
from weekly_plan_assets.lineage.records import RunEvent
from weekly_plan_assets.lineage.run_facts import RunFacts, read_run
from weekly_plan_assets.lineage.run_record import UNKNOWN_ATHLETE, Status
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.errors import MissingWeekError
from weekly_plan_assets.storage.run_documents import RunDocuments


def record_run_events(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> tuple[RunEvent, ...]:
    """Write the run events of an ended run, and close what it left open.

    Returns:
        One event a planned week; none where the run was not to publish a plan, or has not ended.
    """
    facts = read_run(instance, dagster_run_id)
    if facts is None:
        return ()
    return tuple(_record(database, facts, week) for week in facts.weeks)


def is_recorded(
    instance: DagsterInstance, database: Database[BsonDocument], dagster_run_id: str
) -> bool:
    """Whether the store tells of the end of a run; True also for one of which nothing is told."""
    facts = read_run(instance, dagster_run_id)
    if facts is None:
        return True
    artifacts = RunDocuments(database, "run_artifacts")
    events = RunDocuments(database, "run_events")
    told = (events.find(_run_id(artifacts, facts, week)) for week in facts.weeks)
    return all(event is not None and event["endedAt"] >= encode(facts.ended_at) for event in told)


def _record(database: Database[BsonDocument], facts: RunFacts, week: TrainingWeek) -> RunEvent:
    artifacts = RunDocuments(database, "run_artifacts")
    run_id = _run_id(artifacts, facts, week)
    inputs = artifacts.find(run_id)
    snapshot = RunDocuments(database, "plan_snapshots").find(run_id)
    event = _event(facts, week, run_id, inputs, published=snapshot is not None)
    if inputs is not None and inputs["status"] == Status.STARTED:
        artifacts.merge(_closed_without_outcome(event))
    if _write(database, event):
        emit_open_lineage(event, database.name, inputs, snapshot)
    return event


def _run_id(artifacts: RunDocuments, facts: RunFacts, week: TrainingWeek) -> str:
    """The execution that the run worked on: its own, or the earlier one that it went on with."""
    if week in facts.run_ids:
        return facts.run_ids[week]
    if facts.mints:
        return facts.own_run_id(week)
    try:
        return str(artifacts.latest(week)["runId"])
    except MissingWeekError:
        return facts.own_run_id(week)


def _event(
    facts: RunFacts,
    week: TrainingWeek,
    run_id: str,
    inputs: BsonDocument | None,
    *,
    published: bool,
) -> RunEvent:
    """The plan is the truth: where it was published, the week succeeded, however the run ended."""
    inputs = inputs or {}
    errors = () if published else (*facts.errors, *_rejections(inputs))
    return RunEvent(
        run_id=run_id,
        athlete_id=inputs.get("athleteId", UNKNOWN_ATHLETE),
        observed_week_start=week.start,
        week_start=week.next().start,
        week_end=week.next().end,
        status=Status.SUCCESS if published else Status.FAILURE,
        attempt=inputs.get("attempt"),
        model_id=inputs.get("modelId"),
        errors=errors,
        error_count=len(errors),
        dagster_run_id=facts.run.run_id,
        dagster_status=facts.run.status.value,
        job_name=facts.run.job_name,
        root_run_id=facts.root_run_id,
        retry_number=facts.retry_number,
        will_retry=facts.will_retry,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        provenance=_provenance(facts, week, inputs),
    )


def _provenance(facts: RunFacts, week: TrainingWeek, inputs: BsonDocument) -> Provenance:
    """As far as the run got: without hashes where it broke before its inputs were kept."""
    frozen = inputs.get("provenance") or {}
    return Provenance.of(
        input_hashes=inputs.get("inputHashes", {}),
        registry_version=inputs.get("registryVersion"),
        code=code_version(),
        origin=facts.origin(week),
        planner=frozen.get("planner"),
        started_at=facts.started_at,
        ended_at=facts.ended_at,
    )


def _rejections(inputs: BsonDocument) -> tuple[str, ...]:
    return tuple(inputs.get("errors") or ())


def _closed_without_outcome(event: RunEvent) -> BsonDocument:
    """The output half of an execution that broke before the planner's answer was stored."""
    return {
        "runId": event.run_id,
        "status": Status.FAILURE.value,
        "attempt": None,
        "attempts": [],
        "outputRaw": None,
        "outputValidated": None,
        "errors": list(event.errors),
        "errorCount": event.error_count,
    }


def _write(database: Database[BsonDocument], event: RunEvent) -> bool:
    """Whether it is news: not told before, or of a run that ended later."""
    events = RunDocuments(database, "run_events")
    known = events.find(event.run_id)
    # A run that went on with this execution may have ended later, and may be known already.
    payload = encode(event)
    if known is not None and known["endedAt"] > payload["endedAt"]:
        return False
    events.merge({**payload, "runEvent": payload})
    return known is None or known["endedAt"] < payload["endedAt"]
