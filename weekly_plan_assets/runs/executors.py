"""Dagster's executors, which first record the process that they execute a run in.

Dagster itself records the number of that process and no more; why more is needed is in
`process`.
"""

from collections.abc import Iterator

from dagster import (
    DagsterEvent,
    Executor,
    ExecutorDefinition,
    InitExecutorContext,
    MetadataValue,
    in_process_executor,
)

from weekly_plan_assets.common.process_identity import ProcessIdentity
from weekly_plan_assets.runs.dagster_private import (
    EngineEventData,
    ExecutionPlan,
    PlanOrchestrationContext,
    RetryMode,
    StepDependencyConfig,
)
from weekly_plan_assets.runs.tags import PROCESS_METADATA


class RecordingExecutor(Executor):
    """Another executor, which records its process before its first step."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    @property
    def retries(self) -> RetryMode:
        """Those of the other executor."""
        return self._executor.retries

    @property
    def step_dependency_config(self) -> StepDependencyConfig:
        """That of the other executor."""
        return self._executor.step_dependency_config

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[DagsterEvent]:
        """Record the process, then execute the plan."""
        process = ProcessIdentity.current()
        yield DagsterEvent.engine_event(
            plan_context,
            f"This run is executed by process {process.pid} on {process.machine}",
            EngineEventData(metadata={PROCESS_METADATA: MetadataValue.text(process.text())}),
        )
        yield from self._executor.execute(plan_context, execution_plan)


def recording(definition: ExecutorDefinition) -> ExecutorDefinition:
    """The executor of `definition`, with its name and its configuration."""

    def create(context: InitExecutorContext) -> Executor:
        make = definition.executor_creation_fn
        if make is None:
            raise TypeError(f"executor {definition.name} cannot be created")
        return RecordingExecutor(make(context))

    return ExecutorDefinition(
        name=definition.name,
        config_schema=definition.config_schema,  # type: ignore[arg-type] # a schema already made
        requirements=definition.get_requirements,
        executor_creation_fn=create,
        description=definition.description,
    )


IN_PROCESS = recording(in_process_executor)
