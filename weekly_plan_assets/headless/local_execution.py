"""A job executed in this process, as a run that the UI lists under its job.

Dagster's `execute_in_process` creates runs without an origin, and the pages Overview and Jobs leave
out runs that belong to no code location.
"""

import sys
from collections.abc import Mapping, Sequence

from dagster import AssetKey, DagsterEvent, DagsterInstance, JobDefinition

from weekly_plan_assets.runs.code_location import DEFINITIONS, LOCATION, REPOSITORY
from weekly_plan_assets.runs.dagster_private import (
    InMemoryJob,
    LoadableTargetOrigin,
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
    create_execution_plan,
    execute_run,
)


def execute_here(
    job: JobDefinition,
    instance: DagsterInstance,
    dagster_run_id: str,
    tags: Mapping[str, str],
    *,
    assets: Sequence[AssetKey] | None = None,
    run_config: Mapping[str, object] | None = None,
) -> Sequence[DagsterEvent]:
    """Create a run of a job and execute it; a run that fails raises nothing.

    Args:
        job: One of the code location.
        instance: Where the run is recorded.
        dagster_run_id: The id that the run gets.
        tags: Those of the run, its partition among them.
        assets: Only these of the job's assets; None: all, with their checks.
        run_config: That of the run.

    Returns:
        The events of the run.
    """
    selected = frozenset(assets) if assets is not None else None
    part = job if selected is None else job.get_subset(asset_selection=selected)
    plan = create_execution_plan(part, run_config=run_config)
    run = instance.create_run_for_job(
        job_def=part,
        execution_plan=plan,
        run_id=dagster_run_id,
        run_config=run_config,
        tags={**part.run_tags, **tags},
        asset_selection=selected,
        remote_job_origin=_origin(job.name),
    )
    return execute_run(InMemoryJob(job), run, instance).all_events


def _origin(job_name: str) -> RemoteJobOrigin:
    """Where the UI finds the job: in the code location of `workspace.yaml`."""
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=DEFINITIONS)
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, location_name=LOCATION)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, REPOSITORY), job_name)
