"""One day of wellness: fitness and fatigue, heart, sleep and steps, as the source sent it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from weekly_plan_assets.domain.recorded.field_types import LocalDay, Number

FITNESS_KEYS = ("ctl", "atl", "rampRate")
FITNESS_MODEL = "fitnessModel"
"""An extra key, true on days whose CTL, ATL and ramp rate were calculated; absent on others."""


class WellnessDay(BaseModel):
    """One local calendar day. None means not measured; it never means zero. Unknown keys are kept.

    Documents carry the key names of the Intervals.icu API; the attribute names here add units.

    Attributes:
        CHECKED_EXTRAS: Unknown keys on which figures rest all the same, and what they must be.
    """

    CHECKED_EXTRAS: ClassVar[Mapping[str, Any]] = {
        "hrvSDNN": Number | None,
        FITNESS_MODEL: bool | None,
    }

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
    )

    day: LocalDay = Field(alias="id")
    ctl: Number | None = None
    atl: Number | None = None
    ramp_rate: Number | None = Field(default=None, alias="rampRate")
    resting_hr_bpm: Number | None = Field(default=None, alias="restingHR")
    hrv_rmssd_ms: Number | None = Field(default=None, alias="hrv")
    sleep_s: Number | None = Field(default=None, alias="sleepSecs")
    sleep_score: Number | None = Field(default=None, alias="sleepScore")
    steps: Number | None = None
    weight_kg: Number | None = Field(default=None, alias="weight")

    @field_serializer("day")
    def _day_as_sent(self, day: date) -> str:
        return day.isoformat()
