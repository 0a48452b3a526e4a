"""One recorded training session, as the source told it.

Field names in documents are those of the Intervals.icu API; the attribute names here add the
units. What several activities amount to belongs to `weekly_metrics`.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_serializer

RUN_TYPES = frozenset({"Run", "TrailRun", "VirtualRun"})
RIDE_TYPES = frozenset(
    {
        "Ride",
        "VirtualRide",
        "GravelRide",
        "MountainBikeRide",
        "EBikeRide",
        "EMountainBikeRide",
        "TrackRide",
        "Cyclocross",
    }
)
STRENGTH_TYPES = frozenset({"WeightTraining", "Crossfit"})


def _without_zone(moment: datetime) -> datetime:
    """A local clock reading: its zone, where one was sent, says nothing about the day."""
    return moment.replace(tzinfo=None)


LocalClock = Annotated[datetime, AfterValidator(_without_zone)]


class Activity(BaseModel):
    """One activity. None means not measured; it never means zero. Unknown keys are kept.

    `start_date_local` is what the athlete's clock showed, without an offset; its date decides the
    training day.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )

    id: str = Field(min_length=1)
    athlete_id: str | None = Field(default=None, alias="icu_athlete_id")
    start_date_local: LocalClock
    type: str | None = None
    name: str | None = None
    source: str | None = None
    distance_m: float | None = Field(default=None, alias="distance", ge=0)
    moving_time_s: int | None = Field(default=None, alias="moving_time", ge=0)
    elapsed_time_s: int | None = Field(default=None, alias="elapsed_time", ge=0)
    training_load: float | None = Field(default=None, alias="icu_training_load", ge=0)
    trimp: float | None = Field(default=None, ge=0)
    average_hr_bpm: float | None = Field(default=None, alias="average_heartrate")
    max_hr_bpm: float | None = Field(default=None, alias="max_heartrate")
    resting_hr_bpm: int | None = Field(default=None, alias="icu_resting_hr")
    athlete_max_hr_bpm: int | None = Field(default=None, alias="athlete_max_hr")
    lactate_threshold_hr_bpm: int | None = Field(default=None, alias="lthr")
    hr_zone_upper_bpm: tuple[int, ...] | None = Field(default=None, alias="icu_hr_zones")
    hr_zone_times_s: tuple[int, ...] | None = Field(default=None, alias="icu_hr_zone_times")

    @property
    def day(self) -> date:
        """The training day: the local calendar day on which the activity started."""
        return self.start_date_local.date()

    @field_serializer("start_date_local")
    def _clock_as_sent(self, moment: datetime) -> str:
        return moment.isoformat()
