"""The OpenLineage events of a planned week, made and sent by OpenLineage's own client.

A START when the run began, a COMPLETE or FAIL when it ended. Whether and whereto they are sent is
decided in `open_lineage`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from uuid import NAMESPACE_URL, uuid5

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    InputDataset,
    Job,
    OutputDataset,
    Run,
    RunState,
)
from openlineage.client.event_v2 import RunEvent as LineageEvent
from openlineage.client.facet_v2 import (
    DatasetFacet,
    JobFacet,
    RunFacet,
    dataset_version_dataset,
    error_message_run,
    job_type_job,
    nominal_time_run,
    parent_run,
    processing_engine_run,
    source_code_location_job,
)

from weekly_plan_assets.lineage.records.code_version import PACKAGE, CodeVersion, code_version
from weekly_plan_assets.lineage.records.records import RunEvent, Status
from weekly_plan_assets.storage.codec import BsonDocument, content_hash, iso_utc
from weekly_plan_assets.storage.collections import CollectionName

NAMESPACE = PACKAGE
"""Of the jobs. Datasets are in `mongodb`, named as database and collection."""

_DATASETS = "mongodb"
_INPUTS: Mapping[str, Sequence[str]] = {
    "activities": ("activities",),
    "wellness": ("wellness",),
    "weekly_metrics": ("metrics", "history"),
    "athlete": ("athlete", "athleteFile", "sportSettings", "calendar"),
}
"""Each dataset, and the inputs whose hashes make its version."""

_OUTPUTS: Mapping[str, Sequence[str]] = {
    CollectionName.RUN_ARTIFACTS: ("inputHashes", "outputValidated", "errors"),
    CollectionName.PLAN_SNAPSHOTS: ("activityPlan", "justification"),
}
"""Each dataset, and the fields of its document whose hash makes its version."""


def emit(
    event: RunEvent,
    database_name: str,
    artifacts: BsonDocument | None,
    snapshot: BsonDocument | None,
    transport: Mapping[str, object],
) -> None:
    """Send the events of a planned week through the transport that is configured so.

    Raises:
        OSError: The server does not answer, or refuses.
        RuntimeError: The file cannot be written.
        ValueError: The client does not take the transport, or an event.
    """
    # The client would look for a git repository around the working folder, which is not ours.
    facets = {"source_code_location": {"disabled": True}}
    client = OpenLineageClient(config={"transport": dict(transport), "facets": facets})
    try:
        for lineage_event in lineage_events(event, database_name, artifacts, snapshot):
            client.emit(lineage_event)
    finally:
        client.close()


def lineage_events(
    event: RunEvent,
    database_name: str,
    artifacts: BsonDocument | None,
    snapshot: BsonDocument | None,
) -> Iterator[LineageEvent]:
    """The START and the COMPLETE or FAIL of a planned week; the same events each time."""
    code = event.provenance.code if event.provenance else code_version()
    run_id = str(uuid5(NAMESPACE_URL, event.run_id))
    job = Job(NAMESPACE, f"{event.job_name}.plan", facets=_job_facets(code))
    run_facets = _run_facets(event)
    inputs = list(_inputs(database_name, (artifacts or {}).get("inputHashes") or {}))
    succeeded = event.status is Status.SUCCESS
    yield LineageEvent(
        eventType=RunState.START,
        eventTime=iso_utc(event.started_at or event.ended_at),
        run=Run(run_id, facets=run_facets),
        job=job,
        inputs=inputs,
        producer=_address(code),
    )
    yield LineageEvent(
        eventType=RunState.COMPLETE if succeeded else RunState.FAIL,
        eventTime=iso_utc(event.ended_at),
        run=Run(run_id, facets={**run_facets, **_error_facet(event)}),
        job=job,
        inputs=inputs,
        outputs=list(_outputs(database_name, artifacts, snapshot)),
        producer=_address(code),
    )


def _run_facets(event: RunEvent) -> dict[str, RunFacet]:
    root = parent_run.Root(
        run=parent_run.RootRun(event.root_run_id),
        job=parent_run.RootJob(NAMESPACE, event.job_name),
    )
    return {
        "nominalTime": nominal_time_run.NominalTimeRunFacet(
            nominalStartTime=_midnight(event.week_start),
            nominalEndTime=_midnight(event.week_end + timedelta(days=1)),
        ),
        "parent": parent_run.ParentRunFacet(
            run=parent_run.Run(event.dagster_run_id),
            job=parent_run.Job(NAMESPACE, event.job_name),
            root=root,
        ),
        "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
            version=version("dagster"), name="Dagster"
        ),
    }


def _error_facet(event: RunEvent) -> dict[str, RunFacet]:
    if event.status is Status.SUCCESS:
        return {}
    message = "; ".join(event.errors) or f"the run ended as {event.dagster_status}"
    facet = error_message_run.ErrorMessageRunFacet(message=message, programmingLanguage="PYTHON")
    return {"errorMessage": facet}


def _job_facets(code: CodeVersion) -> dict[str, JobFacet]:
    return {
        "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
            type="git" if code.git_revision else "package",
            url=_address(code),
            version=code.git_revision or code.package,
        ),
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration="DAGSTER", jobType="JOB"
        ),
    }


def _address(code: CodeVersion) -> str:
    """The package URL (purl) of the code."""
    return f"pkg:generic/{PACKAGE}@{code.package}"


def _inputs(database_name: str, hashes: Mapping[str, str]) -> Iterator[InputDataset]:
    for name, parts in _INPUTS.items():
        known = {part: hashes[part] for part in parts if part in hashes}
        if known:
            only = len(known) == 1
            version = next(iter(known.values())) if only else content_hash(known)
            dataset = f"{database_name}.{name}"
            yield InputDataset(_DATASETS, dataset, facets=_version_facet(version))


def _outputs(
    database_name: str, artifacts: BsonDocument | None, snapshot: BsonDocument | None
) -> Iterator[OutputDataset]:
    documents = {CollectionName.RUN_ARTIFACTS: artifacts, CollectionName.PLAN_SNAPSHOTS: snapshot}
    for name, document in documents.items():
        if document is not None:
            version = content_hash({field: document.get(field) for field in _OUTPUTS[name]})
            dataset = f"{database_name}.{name}"
            yield OutputDataset(_DATASETS, dataset, facets=_version_facet(version))


def _version_facet(version: str) -> dict[str, DatasetFacet]:
    return {"version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version)}


def _midnight(day: date) -> str:
    """The day's begin; in UTC, because the athlete's zone is not kept with a run."""
    return iso_utc(datetime.combine(day, time.min, UTC))
