"""One recorded training session, as the source told it.

Field names in documents are those of the Intervals.icu API; the attribute names here add the
units. What several activities amount to belongs to `weekly_metrics`.
"""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from weekly_plan_assets.domain.told import LocalClock, Number, WholeNumber

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


class Activity(BaseModel):
    """One activity. None means not measured; it never means zero. Unknown keys are kept.

    A value of the wrong kind is refused, but not one that cannot be true: `plausible` leaves that
    out of what is reckoned, and names it.

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
    distance_m: Number | None = Field(default=None, alias="distance")
    moving_time_s: WholeNumber | None = Field(default=None, alias="moving_time")
    elapsed_time_s: WholeNumber | None = Field(default=None, alias="elapsed_time")
    training_load: Number | None = Field(default=None, alias="icu_training_load")
    trimp: Number | None = None
    average_hr_bpm: Number | None = Field(default=None, alias="average_heartrate")
    max_hr_bpm: Number | None = Field(default=None, alias="max_heartrate")
    resting_hr_bpm: WholeNumber | None = Field(default=None, alias="icu_resting_hr")
    athlete_max_hr_bpm: WholeNumber | None = Field(default=None, alias="athlete_max_hr")
    lactate_threshold_hr_bpm: WholeNumber | None = Field(default=None, alias="lthr")
    hr_zone_upper_bpm: tuple[WholeNumber, ...] | None = Field(default=None, alias="icu_hr_zones")
    hr_zone_times_s: tuple[WholeNumber, ...] | None = Field(default=None, alias="icu_hr_zone_times")

    @property
    def day(self) -> date:
        """The training day: the local calendar day on which the activity started."""
        return self.start_date_local.date()

    @field_serializer("start_date_local")
    def _clock_as_sent(self, moment: datetime) -> str:
        return moment.isoformat()
