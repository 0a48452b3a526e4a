"""Where Dagster keeps its state: under WEEKLY_PLAN_STATE_DIR, the sample apart from real data.

`dagster.yaml` names these classes. They add nothing to Dagster's own but the folder, so that
`dagster dev -w workspace.yaml` needs no further setting.
"""

from typing import Any, Self

from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.root import LocalArtifactStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData

from weekly_plan_assets.settings import load_settings


def _state_folder() -> str:
    folder = load_settings().dagster_state_dir
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


class StateStorage(DagsterSqliteStorage):
    """Runs, events and schedules, in SQLite."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """It takes no settings of its own."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: object) -> Self:
        """Open the storage in the state folder."""
        del config_value
        return cls.from_local(_state_folder(), inst_data)


class StateArtifacts(LocalArtifactStorage):
    """Files of runs."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """It takes no settings of its own."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: object
    ) -> Self:
        """Open the folder."""
        del config_value
        return cls(_state_folder(), inst_data)


class StateComputeLogs(LocalComputeLogManager):
    """What steps write to stdout and stderr."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """It takes no settings of its own."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: object
    ) -> Self:
        """Open the folder."""
        del config_value
        return cls(f"{_state_folder()}/compute_logs", inst_data=inst_data)
