"""One day of wellness: fitness and fatigue, heart, sleep and steps, as the source told it."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_serializer


class WellnessDay(BaseModel):
    """One local calendar day. None means not measured; it never means zero. Unknown keys are kept.

    Documents carry the key names of the Intervals.icu API; the attribute names here add units.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
    )

    day: date = Field(alias="id")
    ctl: float | None = None
    atl: float | None = None
    ramp_rate: float | None = Field(default=None, alias="rampRate")
    resting_hr_bpm: float | None = Field(default=None, alias="restingHR")
    hrv_rmssd_ms: float | None = Field(default=None, alias="hrv")
    sleep_s: float | None = Field(default=None, alias="sleepSecs")
    sleep_score: float | None = Field(default=None, alias="sleepScore")
    steps: float | None = None
    weight_kg: float | None = Field(default=None, alias="weight")

    @field_serializer("day")
    def _day_as_sent(self, day: date) -> str:
        return day.isoformat()
