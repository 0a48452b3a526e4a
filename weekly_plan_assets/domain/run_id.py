"""The identity of a planning execution: minted once, carried by everything it leaves behind."""

from weekly_plan_assets.domain.week import TrainingWeek


def mint_run_id(
    dagster_run_id: str, observed_week: TrainingWeek, athlete_id: str | None = None
) -> str:
    """The runId of planning from `observed_week` in a Dagster run.

    Args:
        dagster_run_id: The run.
        observed_week: The week that is planned from.
        athlete_id: Whose week, where a run plans for several athletes.
    """
    athlete = "" if athlete_id is None else f"{athlete_id}:"
    return f"{dagster_run_id}:{athlete}{observed_week}"


def dagster_run_id_of(run_id: str) -> str:
    """The Dagster run that minted `run_id`."""
    return run_id.partition(":")[0]
