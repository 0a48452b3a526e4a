"""The athlete as far as a plan needs to know them: heart, zones, habits.

A profile comes from the athlete's own file or is read off recorded activities. How they trained in
a given week belongs to `weekly_metrics`.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated, Self, TypeVar

from pydantic import Field, model_validator

from weekly_plan_assets.domain.activity import RIDE_TYPES, RUN_TYPES, Activity
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.weekly_plan import Intensity, Sport

KARVONEN_LOWER_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower bounds of zones 1 to 5 as shares of heart-rate reserve (Karvonen 1957)."""

ZONE_COUNT = len(KARVONEN_LOWER_SHARES)

ACTIVITY_TYPES_BY_SPORT = {
    Sport.RUN: RUN_TYPES,
    Sport.RIDE: RIDE_TYPES,
    Sport.SWIM: frozenset({"Swim", "OpenWaterSwim"}),
}
"""The endurance sports, in the order in which a plan prefers them, with their activity types."""

Weekday = Annotated[int, Field(ge=0, le=6)]
T = TypeVar("T")


class Athlete(Document):
    """An athlete's profile. Weekdays count from 0, Monday, to 6, Sunday.

    Attributes:
        zone_upper_bpm: Upper bounds in bpm of the athlete's own heart-rate zones 1 to 5, the last
            being the maximum; None where the athlete has none.
        sports: What may be planned. Strength is planned by `strength_weekdays` alone.
    """

    athlete_id: str = Field(min_length=1)
    max_hr_bpm: int | None = Field(default=None, gt=0)
    resting_hr_bpm: int | None = Field(default=None, gt=0)
    zone_upper_bpm: tuple[int, ...] | None = Field(
        default=None, min_length=ZONE_COUNT, max_length=ZONE_COUNT
    )
    sports: tuple[Sport, ...] = Field(default=(Sport.RUN,), min_length=1)
    strength_weekdays: frozenset[Weekday] = frozenset({1, 3})
    long_run_weekday: Weekday = 6

    @model_validator(mode="after")
    def _heart_rates_ascend(self) -> Self:
        if self.zone_upper_bpm is not None and not _ascends(self.zone_upper_bpm):
            raise ValueError(
                f"zoneUpperBpm holds the upper bounds of zones 1 to {ZONE_COUNT} in ascending "
                f"order above 0, but is {self.zone_upper_bpm}; correct it or leave it out"
            )
        if self.max_hr_bpm and self.resting_hr_bpm and self.resting_hr_bpm >= self.max_hr_bpm:
            raise ValueError(
                f"restingHrBpm must be below maxHrBpm, but is {self.resting_hr_bpm} against "
                f"{self.max_hr_bpm}; correct one or leave it out"
            )
        return self

    @classmethod
    def observed(cls, athlete_id: str, activities: Sequence[Activity]) -> Self:
        """The profile that recorded activities show, and nothing else.

        The latest known value of each heart rate wins. Zones come from runs where any run has
        them, because Intervals.icu keeps zones by sport and most planned sessions are runs.
        """
        newest_first = sorted(
            activities, key=lambda activity: (activity.start_date_local, activity.id), reverse=True
        )
        runs_first = sorted(newest_first, key=lambda activity: activity.type not in RUN_TYPES)
        max_hr_bpm = _first(newest_first, lambda activity: activity.athlete_max_hr_bpm)
        # A resting heart rate at or above the maximum is a recording error: an older one may do.
        resting_hr_bpm = _first(
            newest_first,
            lambda activity: (
                activity.resting_hr_bpm
                if max_hr_bpm is None or (activity.resting_hr_bpm or 0) < max_hr_bpm
                else None
            ),
        )
        seen = {activity.type for activity in activities}
        sports = tuple(sport for sport, types in ACTIVITY_TYPES_BY_SPORT.items() if types & seen)
        return cls(
            athlete_id=athlete_id,
            max_hr_bpm=max_hr_bpm,
            resting_hr_bpm=resting_hr_bpm,
            zone_upper_bpm=_first(runs_first, lambda activity: _five(activity.hr_zone_upper_bpm)),
            sports=sports or (Sport.RUN,),
        )

    @property
    def endurance_sports(self) -> tuple[Sport, ...]:
        """The sports besides strength, preferred first; Run where none is named."""
        chosen = tuple(sport for sport in ACTIVITY_TYPES_BY_SPORT if sport in self.sports)
        return chosen or (Sport.RUN,)

    def hr_bounds(self, zone: int) -> Intensity:
        """The zone with its bounds in bpm; neighbouring zones share a bound.

        The athlete's own zones win; otherwise the zones are shares of heart-rate reserve (Karvonen
        1957). Own zones have no lower end: zone 1 takes it from the reserve, or has none.

        Args:
            zone: 1 to 5.

        Raises:
            ValueError: There is no such zone.
        """
        if not 1 <= zone <= ZONE_COUNT:
            raise ValueError(f"heart-rate zones go from 1 to {ZONE_COUNT}, but {zone} was asked")
        reserve = self._reserve_bounds_bpm()
        if self.zone_upper_bpm is None:
            bounds: tuple[int | None, ...] = reserve or (None,) * (ZONE_COUNT + 1)
        else:
            lowest = reserve[0] if reserve and reserve[0] < self.zone_upper_bpm[0] else None
            bounds = (lowest, *self.zone_upper_bpm)
        return Intensity(zone=zone, bpm_low=bounds[zone - 1], bpm_high=bounds[zone])

    def _reserve_bounds_bpm(self) -> tuple[int, ...] | None:
        """The six bounds of the five zones by heart-rate reserve, None where it is not known."""
        if self.max_hr_bpm is None or self.resting_hr_bpm is None:
            return None
        reserve = self.max_hr_bpm - self.resting_hr_bpm
        return tuple(
            round(self.resting_hr_bpm + share * reserve) for share in (*KARVONEN_LOWER_SHARES, 1.0)
        )


def _first(activities: Sequence[Activity], value: Callable[[Activity], T | None]) -> T | None:
    """The first value that is known and not zero, which no heart rate is."""
    return next((found for activity in activities if (found := value(activity))), None)


def _five(uppers_bpm: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """Recorded zones as five: Friel's 5a, 5b and 5c are one zone. None where they make no five."""
    if uppers_bpm is None or len(uppers_bpm) < ZONE_COUNT:
        return None
    five = (*uppers_bpm[: ZONE_COUNT - 1], uppers_bpm[-1])
    return five if _ascends(five) else None


def _ascends(uppers_bpm: tuple[int, ...]) -> bool:
    return uppers_bpm[0] > 0 and all(lower < upper for lower, upper in pairwise(uppers_bpm))
