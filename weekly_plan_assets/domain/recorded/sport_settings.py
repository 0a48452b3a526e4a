"""An athlete's own thresholds and zones, sport by sport, as they set them at the source."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from weekly_plan_assets.domain.recorded.field_types import (
    Number,
    Texts,
    WholeNumber,
    WholeNumbers,
)


class SportSettings(BaseModel):
    """The settings of a group of sports. None means not set. Unknown keys are kept.

    Documents carry the key names of the Intervals.icu API; the attribute names here add units.

    Attributes:
        types: The activity types that they hold for.
        hr_zone_upper_bpm: Upper bounds of the heart-rate zones, lowest zone first.
        threshold_speed_m_s: What can be held for about an hour, run or swum.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
    )

    types: Texts
    lactate_threshold_hr_bpm: WholeNumber | None = Field(default=None, alias="lthr")
    max_hr_bpm: WholeNumber | None = Field(default=None, alias="max_hr")
    hr_zone_upper_bpm: WholeNumbers | None = Field(default=None, alias="hr_zones")
    ftp_w: Number | None = Field(default=None, alias="ftp")
    threshold_speed_m_s: Number | None = Field(default=None, alias="threshold_pace")

    @property
    def updated_on(self) -> date | None:
        """The day on which they were changed last; None if that is not known."""
        try:
            return date.fromisoformat(str((self.model_extra or {}).get("updated"))[:10])
        except ValueError:
            return None
