"""Deletes a run from Dagster's history, with all that it left there."""

from pathlib import Path
from shutil import rmtree

from dagster import DagsterInstance

from weekly_plan_assets.runs.history.history import LOCKS
from weekly_plan_assets.runs.set_aside import SetAsideEvents


def delete_dagster_run(
    instance: DagsterInstance, set_aside: SetAsideEvents, run_id: str, history: Path
) -> None:
    """Delete a run; its record goes last, because the rest is found by it.

    Args:
        instance: Dagster's history.
        set_aside: Events that could not be written; that of the run is given up.
        run_id: The Dagster run.
        history: The folder of this machine in which runs leave files.
    """
    logs = history / "compute_logs"
    for folder in (history / "storage", logs / "storage", logs):
        rmtree(folder / run_id, ignore_errors=True)
    (history / LOCKS / f"{run_id}.lock").unlink(missing_ok=True)
    set_aside.remove(run_id)
    instance.event_log_storage.delete_events(run_id)
    instance.run_storage.delete_run(run_id)
