"""The error of a file that cannot be read; it becomes a named problem, never the end of a run."""

from weekly_plan_assets.errors import WeeklyPlanError


class FileError(WeeklyPlanError, ValueError):
    """A file that cannot be read as what it claims to be; the message says why."""


class TooMuchError(FileError):
    """A file that holds more, or takes longer, than any recording; no more of it is read."""
