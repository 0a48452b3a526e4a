"""Why `weekly-plan dev` does not start or does not go on."""

from weekly_plan_assets.errors import WeeklyPlanError


class SupervisionError(WeeklyPlanError):
    """`dev` cannot start or cannot go on; one sentence says why, and the way out."""


class AlreadyRunningError(SupervisionError):
    """Another `dev` runs on the same state."""


class PartGivenUpError(SupervisionError):
    """A part ended so often that it is not started again."""
