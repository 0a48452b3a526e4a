"""Dagster's history, opened as the UI and the daemon have it.

How it is stored is in `instance_storage`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from dagster import DagsterError, DagsterInstance
from yaml import YAMLError

from weekly_plan_assets.runs import instance_storage  # noqa: F401 - dagster.yaml names what is in it
from weekly_plan_assets.runs.dagster_private import CheckError
from weekly_plan_assets.settings import SettingsError, dagster_home

_LONGEST_REASON = 300

_NO_COMPUTE_LOGS = {
    "module": "dagster._core.storage.noop_compute_log_manager",
    "class": "NoOpComputeLogManager",
}
"""Steps write to the terminal itself; Dagster would start four processes a run to send it there."""

_POSTGRES_STORAGE = "weekly_plan_assets.runs.postgres_storage"

_MOVED = {
    "weekly_plan_assets.dagster_state": (
        "weekly_plan_assets.runs.instance_storage",
        "StateFolderStorage",
    ),
    "weekly_plan_assets.run_workers": (
        "weekly_plan_assets.runs.launcher",
        "HealthCheckedRunLauncher",
    ),
}
"""Modules that a `dagster.yaml` of version 0.1 names, with today's module and class."""


@contextmanager
def open_instance() -> Iterator[DagsterInstance]:
    """The Dagster instance that the UI and the daemon use too.

    Raises:
        HistoryError: A file of the history is missing or damaged.
        SettingsError: DAGSTER_HOME names no folder, or its dagster.yaml is refused.
    """
    home = os.environ["DAGSTER_HOME"] = str(dagster_home())
    try:
        opened = DagsterInstance.local_temp(home, {"compute_logs": _NO_COMPUTE_LOGS})
    except (CheckError, DagsterError, YAMLError) as error:
        reason = _way_on(str(error)) or " ".join(str(error).split())[:_LONGEST_REASON]
        raise SettingsError(
            f"{home}/dagster.yaml, which DAGSTER_HOME names, is refused: {reason}"
        ) from error
    with opened as instance:
        yield instance


def _way_on(error: str) -> str | None:
    """What to change in the file or the installation, where that is known."""
    if _POSTGRES_STORAGE in error and find_spec("dagster_postgres") is None:
        return (
            "it keeps Dagster's history in PostgreSQL, and dagster-postgres is not installed; "
            "install the extra postgres (pip install 'weekly-plan-assets[postgres]')"
        )
    return _moved_modules(error)


def _moved_modules(error: str) -> str | None:
    """What to change in a file of version 0.1; None if it is none."""
    moved = [
        f"{old} is now {new} with the class {class_}"
        for old, (new, class_) in _MOVED.items()
        if old in error
    ]
    if not moved:
        return None
    return f"{' and '.join(moved)}; change the file, or copy the project's dagster.yaml"
