"""One recorded training session, as the source sent it.

Field names in documents are those of the Intervals.icu API; the attribute names here add the
units. What several activities amount to belongs to `weekly_metrics`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from math import inf
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_serializer

from weekly_plan_assets.domain.recorded.best_effort import BEST_EFFORTS, BestEffort
from weekly_plan_assets.domain.recorded.field_types import (
    Id,
    LocalClock,
    Number,
    WholeNumber,
    WholeNumbers,
)

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
GENERIC_TYPES = frozenset({"Workout", "Other", "Generic", "Training", "Activity", "Unknown"})
"""Types of sessions whose sport was not named."""

STRENGTH_TYPES = frozenset({"WeightTraining", "Crossfit"})

SPANS = "recorded_spans"
"""Key of the stretches between long pauses that a file recorded, in seconds from the start."""

MANUAL_SOURCE = "MANUAL"
"""What Intervals.icu calls the source of an activity that was entered by hand."""

MANUAL_SOURCES = frozenset({MANUAL_SOURCE, "STRAVA_EXPORT"})
"""Sources of activities that were entered by hand, unless a file belongs to them."""


_EFFORTS = TypeAdapter(tuple[BestEffort, ...])


class Activity(BaseModel):
    """One activity. None means not measured; it never means zero. Unknown keys are kept.

    A value of the wrong kind is refused, but not one that cannot be true: `plausible` leaves that
    out of what is calculated, and names it.

    `start_date_local` is what the athlete's clock showed, without an offset; its date decides the
    training day.

    Attributes:
        CHECKED_EXTRAS: Unknown keys on which figures rest all the same, and what they must be.
    """

    CHECKED_EXTRAS: ClassVar[Mapping[str, Any]] = {
        "start_date": str | None,
        "average_speed": Number | None,
        "max_speed": Number | None,
        "icu_ftp": Number | None,
        "icu_rolling_ftp": Number | None,
        "icu_weighted_avg_watts": Number | None,
        "threshold_pace": Number | None,
        "race": bool | None,
        "interval_summary": tuple[str, ...] | None,
        SPANS: tuple[tuple[int, int], ...] | None,
        BEST_EFFORTS: tuple[BestEffort, ...] | None,
    }

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )

    id: Id
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
    hr_zone_upper_bpm: WholeNumbers | None = Field(default=None, alias="icu_hr_zones")
    hr_zone_times_s: WholeNumbers | None = Field(default=None, alias="icu_hr_zone_times")

    @property
    def day(self) -> date:
        """The training day: the local calendar day on which the activity started."""
        return self.start_date_local.date()

    @property
    def ftp_w(self) -> float | None:
        """The FTP that was set when it was recorded, in watts."""
        return self._extra_number("icu_ftp")

    @property
    def estimated_ftp_w(self) -> float | None:
        """The FTP that the source estimated at the time, in watts."""
        return self._extra_number("icu_rolling_ftp")

    @property
    def weighted_power_w(self) -> float | None:
        """Its power with hard parts weighing more (normalized power), in watts."""
        return self._extra_number("icu_weighted_avg_watts")

    @property
    def threshold_speed_m_s(self) -> float | None:
        """The speed at threshold that was set when it was recorded, in m/s."""
        return self._extra_number("threshold_pace")

    @property
    def is_race(self) -> bool:
        """Whether the source calls it a race."""
        return (self.model_extra or {}).get("race") is True

    @property
    def paired_event_id(self) -> str | None:
        """The id of the calendar entry that it was recorded for; None if the source names none."""
        event_id = (self.model_extra or {}).get("paired_event_id")
        return str(event_id) if isinstance(event_id, int | str) and event_id else None

    @property
    def compliance(self) -> float | None:
        """Percentage of that entry that was done, as the source calculates it."""
        return self._extra_number("compliance")

    @property
    def best_efforts(self) -> tuple[BestEffort, ...]:
        """The best that was held for some minutes; none where the source does not say."""
        stated = (self.model_extra or {}).get(BEST_EFFORTS)
        return () if stated is None else _EFFORTS.validate_python(stated)

    def _extra_number(self, key: str) -> float | None:
        """A number among the unknown keys; None where there is none above 0."""
        value = (self.model_extra or {}).get(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return float(value) if 0 < value < inf else None

    @field_serializer("start_date_local")
    def _clock_as_sent(self, moment: datetime) -> str:
        return moment.isoformat()
