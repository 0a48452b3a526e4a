"""The errors of the embedded server."""

from weekly_plan_assets.errors import WeeklyPlanError


class EmbeddedServerError(WeeklyPlanError, RuntimeError):
    """The embedded server cannot do what was asked; one sentence says why, and the way out."""


class DataInUseError(EmbeddedServerError):
    """Another mongod holds the data files. A server that is just dying gives them free soon."""
