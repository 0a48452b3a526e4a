"""The identity of a planning execution: minted once, carried by everything it leaves behind."""

from weekly_plan_assets.domain.week import TrainingWeek


def mint_run_id(dagster_run_id: str, observed_week: TrainingWeek) -> str:
    """The runId of planning from `observed_week` in a Dagster run."""
    return f"{dagster_run_id}:{observed_week}"


def dagster_run_id_of(run_id: str) -> str:
    """The Dagster run that minted `run_id`."""
    return run_id.rpartition(":")[0]
