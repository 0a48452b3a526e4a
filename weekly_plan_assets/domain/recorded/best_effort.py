"""The best that was held within a recorded session for some minutes.

What it says of a threshold belongs to `domain.athlete.thresholds`; how it is found in the samples
of a file, to `sources.files.best_efforts`.
"""

from pydantic import BaseModel, ConfigDict, Field

BEST_EFFORTS = "best_efforts"
"""Key of an activity's best efforts, which files give."""

EFFORT_WINDOWS_S = (1200, 1800, 3600)
"""20, 30 and 60 min, from which thresholds are tested (practice)."""


class BestEffort(BaseModel):
    """The highest mean over so many seconds; one of power and speed is known.

    Attributes:
        average_hr_bpm: The mean heart rate of these seconds; None if too few were measured.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    duration_s: int = Field(gt=0)
    power_w: float | None = Field(default=None, gt=0)
    speed_m_s: float | None = Field(default=None, gt=0)
    average_hr_bpm: float | None = Field(default=None, gt=0)
