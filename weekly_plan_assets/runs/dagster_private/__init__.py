"""The only imports from Dagster's private modules, each with what it is used for.

Dagster may move any of these in a minor version. Then this module fails to import, and
`weekly_plan_assets_tests/runs/test_dagster_private.py` says which name is gone and what needs it.
What only the webserver's command needs is in `workspace`: it imports what commands and runs need
not wait for. Private attributes of public classes are not listed.
"""

# Raised where dagster.yaml names a folder or a value that cannot be.
from dagster._check import CheckError

# What a check's evaluation was made of, for checks over ranges of weeks.
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)

# Distinguishes a materialization from an observation where week_versions makes one.
from dagster._core.definitions.assets.definition.asset_spec import AssetExecutionType

# The tag of a materialization that holds its data version, one for each week.
from dagster._core.definitions.data_version import DATA_VERSION_TAG

# A job that is executed in this process, by the command line.
from dagster._core.definitions.job_base import InMemoryJob

# The type in the step that week_versions replaces.
from dagster._core.definitions.output import OutputDefinition

# The type of the events by which a run ends.
from dagster._core.event_api import RunStatusChangeEventType
from dagster._core.events import (
    # The data of an event that the executor of this process writes.
    EngineEventData,
    # Why a run failed, as its last event says.
    JobFailureData,
    # Shows a run that was terminated from one whose step failed.
    RunFailureReason,
)
from dagster._core.execution.api import (
    # The plan of a run that the command line executes.
    create_execution_plan,
    # Executes a run that the command line has created, so that the UI lists it.
    execute_run,
)
from dagster._core.execution.context.system import (
    # What an executor is given.
    PlanOrchestrationContext,
    # The step that an IO manager or a materialization belongs to.
    StepExecutionContext,
)

# The module whose materializations week_versions gives a version for each week.
from dagster._core.execution.plan import execute_step

# Why a step failed, for the run event.
from dagster._core.execution.plan.objects import StepFailureData

# What an executor executes.
from dagster._core.execution.plan.plan import ExecutionPlan

# How an executor retries steps.
from dagster._core.execution.retries import RetryMode

# Which steps an executor makes others wait for.
from dagster._core.execution.step_dependency_config import StepDependencyConfig
from dagster._core.launcher import (
    # The launcher's answer whether a run's process is alive.
    CheckRunHealthResult,
    # The launcher that HealthCheckedRunLauncher extends.
    DefaultRunLauncher,
    # What a launcher is given.
    LaunchRunContext,
    # The states of a run's process.
    WorkerStatus,
)
from dagster._core.remote_origin import (
    # The code location of a run of the command line.
    ManagedGrpcPythonEnvCodeLocationOrigin,
    # The job of a run of the command line, by which the UI lists it.
    RemoteJobOrigin,
    # The repository of a run of the command line.
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    # What is stored of a sensor or schedule, to find ticks from the future.
    InstigatorState,
    # When a sensor ticked last, which may be ahead of a clock that was set back.
    SensorInstigatorData,
)

# The base class whose constructor StateFolderStorage calls, past DagsterSqliteStorage.
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log import (
    # The table of events, asked for those that show a week as materialized.
    SqlEventLogStorageTable,
    # The event log that CachedEventLog extends.
    SqliteEventLogStorage,
)
from dagster._core.storage.event_log.schema import (
    # The evaluations of checks, which Dagster leaves behind when their run is deleted.
    AssetCheckExecutionsTable,
    # The table of assets in the event log.
    AssetKeyTable,
)

# What the event logs of SQLite and PostgreSQL have in common, which is extended.
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

# The file of the event log that indexes the others.
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME

# Keeps what steps print; only its folder is changed.
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager

# Where Dagster keeps files; only its folder is changed.
from dagster._core.storage.root import LocalArtifactStorage

# The storage of runs that is extended.
from dagster._core.storage.runs import SqliteRunStorage

# The table of tags in the storage of runs.
from dagster._core.storage.runs.schema import RunTagsTable
from dagster._core.storage.schedules import (
    # The storage of schedules and sensors that is extended.
    SqliteScheduleStorage,
    # What it has in common with that of PostgreSQL.
    SqlScheduleStorage,
)
from dagster._core.storage.sqlite import (
    # How long a connection waits for another's lock.
    SQLITE_BUSY_TIMEOUT_SECONDS,
    # The URL of a database file of Dagster's history.
    create_db_conn_string,
)
from dagster._core.storage.sqlite_storage import (
    # The three storages in one, which StateFolderStorage extends.
    DagsterSqliteStorage,
    # The folder of the event log in Dagster's history.
    _event_logs_directory,
    # The folder of runs in Dagster's history.
    _runs_directory,
    # The folder of schedules in Dagster's history.
    _schedule_directory,
)
from dagster._core.storage.tags import (
    # The last partition of a run over a range.
    ASSET_PARTITION_RANGE_END_TAG,
    # The first partition of a run over a range.
    ASSET_PARTITION_RANGE_START_TAG,
    # The partition of a run over one.
    PARTITION_NAME_TAG,
    # Which retry of a run this is.
    RETRY_NUMBER_TAG,
    # The first run of a chain of retries.
    ROOT_RUN_ID_TAG,
    # Whether a failed run is tried again.
    WILL_RETRY_TAG,
)

# The module from which the code location is loaded.
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

# The id of a run, minted before it is created so that its lock can bear it.
from dagster._core.utils import make_new_run_id

# The class and config that dagster.yaml gives for a storage.
from dagster._serdes import ConfigurableClassData

__all__ = [
    "ASSET_PARTITION_RANGE_END_TAG",
    "ASSET_PARTITION_RANGE_START_TAG",
    "DATA_VERSION_TAG",
    "INDEX_SHARD_NAME",
    "PARTITION_NAME_TAG",
    "RETRY_NUMBER_TAG",
    "ROOT_RUN_ID_TAG",
    "SQLITE_BUSY_TIMEOUT_SECONDS",
    "WILL_RETRY_TAG",
    "AssetCheckEvaluationTargetMaterializationData",
    "AssetCheckExecutionsTable",
    "AssetExecutionType",
    "AssetKeyTable",
    "CheckError",
    "CheckRunHealthResult",
    "ConfigurableClassData",
    "DagsterSqliteStorage",
    "DagsterStorage",
    "DefaultRunLauncher",
    "EngineEventData",
    "ExecutionPlan",
    "InMemoryJob",
    "InstigatorState",
    "JobFailureData",
    "LaunchRunContext",
    "LoadableTargetOrigin",
    "LocalArtifactStorage",
    "LocalComputeLogManager",
    "ManagedGrpcPythonEnvCodeLocationOrigin",
    "OutputDefinition",
    "PlanOrchestrationContext",
    "RemoteJobOrigin",
    "RemoteRepositoryOrigin",
    "RetryMode",
    "RunFailureReason",
    "RunStatusChangeEventType",
    "RunTagsTable",
    "SensorInstigatorData",
    "SqlEventLogStorage",
    "SqlEventLogStorageTable",
    "SqlScheduleStorage",
    "SqliteEventLogStorage",
    "SqliteRunStorage",
    "SqliteScheduleStorage",
    "StepDependencyConfig",
    "StepExecutionContext",
    "StepFailureData",
    "WorkerStatus",
    "_event_logs_directory",
    "_runs_directory",
    "_schedule_directory",
    "create_db_conn_string",
    "create_execution_plan",
    "execute_run",
    "execute_step",
    "make_new_run_id",
]
