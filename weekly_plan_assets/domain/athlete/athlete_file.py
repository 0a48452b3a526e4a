"""What athletes write down about themselves in their own file: its keys, and what each may hold.

How the file is read belongs to `sources`; what follows for a plan belongs to `athlete`.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from weekly_plan_assets.domain.athlete.athlete_id import ID_ALLOWED
from weekly_plan_assets.domain.athlete.file_fields import (
    ENDURANCE_SPORT_ALLOWED,
    MINUTES_ALLOWED,
    PACE_ALLOWED,
    WEEKDAY_ALLOWED,
    YEAR_ALLOWED,
    ZONE_ALLOWED,
    AbsenceEntry,
    AnchoredEntry,
    AthleteId,
    EnduranceSport,
    HalfDays,
    Minutes,
    Pace,
    RaceEntry,
    TimeZone,
    Weekday,
    WeekdayName,
    WholeNumber,
    Year,
    weekday_or_none,
)
from weekly_plan_assets.domain.athlete.own_workouts import OwnFamily
from weekly_plan_assets.domain.recorded.training_impulse import MEN, WOMEN, ImpulseWeighting
from weekly_plan_assets.domain.recorded.value_limits import ValueRange
from weekly_plan_assets.domain.week import DAY_NAMES

HEART_RATES = ("resting_hr_bpm", "threshold_hr_bpm", "max_hr_bpm")
"""The athlete's heart rates in ascending order."""


PACES_S = {"threshold_pace_per_km": ValueRange(167, 660), "css_per_100m": ValueRange(55, 250)}
"""From the records over an hour to the slowest beginners (practice)."""


class AthleteFile(BaseModel):
    """The athlete's own file. None means that the athlete does not say.

    The description of each field says what is allowed; messages show it. Limits are wider than any
    athlete known, so that they refuse slips of the pen only (practice).

    Attributes:
        id: Whose file it is. Needed by athletes whose data are files, which name nobody.
        zone_upper_bpm: Upper bounds of heart-rate zones 1 to 5; the last is the maximum.
        ftp_w: What is ridden for about an hour.
        threshold_pace_per_km: Seconds in which a km is run for about an hour.
        css_per_100m: Seconds in which 100 m are swum at critical speed (CSS).
        trimp_weighting: Banister's weighting of heart rate in TRIMP.
        strength_feeds_ctl: Whether strength sessions count for fitness; for fatigue they always do.
        availability: Minutes that can be trained by English weekday name; any number on others.
        half_days: The same for the two halves of a day.
        sports_by_day: The sports that can be done on a weekday; any of theirs on others.
        load_cycle: Weeks of load to one easier week.
        notes: What a coach should know, in the athlete's own words; language models read it.
        workouts: Families of hard workouts of the athlete's own, which come before the library's;
            in the file itself, or the name of a file beside it that holds them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # In ascending order: each is compared with those before it.
    resting_hr_bpm: WholeNumber | None = Field(
        default=None, ge=25, le=120, description="a whole number of bpm from 25 to 120"
    )
    threshold_hr_bpm: WholeNumber | None = Field(
        default=None, ge=80, le=230, description="a whole number of bpm from 80 to 230"
    )
    max_hr_bpm: WholeNumber | None = Field(
        default=None, ge=100, le=240, description="a whole number of bpm from 100 to 240"
    )
    zone_upper_bpm: tuple[Annotated[WholeNumber, Field(ge=50, le=240)], ...] | None = Field(
        default=None,
        min_length=5,
        max_length=5,
        description="a list of five ascending whole numbers of bpm from 50 to 240",
    )
    ftp_w: WholeNumber | None = Field(
        default=None, ge=50, le=550, description="a whole number of watts from 50 to 550"
    )
    threshold_pace_per_km: Pace | None = Field(
        default=None, description=f"{PACE_ALLOWED} from 2:47 to 11:00"
    )
    css_per_100m: Pace | None = Field(default=None, description=f"{PACE_ALLOWED} from 0:55 to 4:10")
    trimp_weighting: Literal["men", "women"] = Field(default="men", description="men or women")
    strength_feeds_ctl: bool = Field(default=True, strict=True, description="true or false")
    races: tuple[RaceEntry, ...] = Field(
        default=(), description="a list of races, each with date and priority"
    )
    availability: dict[WeekdayName, Minutes] = Field(
        default_factory=dict, description=f"for each weekday {MINUTES_ALLOWED}"
    )
    half_days: dict[WeekdayName, HalfDays] = Field(
        default_factory=dict, description=f"for each weekday am and pm, each {MINUTES_ALLOWED}"
    )
    sports_by_day: dict[WeekdayName, Annotated[tuple[EnduranceSport, ...], Field(min_length=1)]] = (
        Field(
            default_factory=dict,
            description=f"for each weekday a list of {ENDURANCE_SPORT_ALLOWED}",
        )
    )
    anchored: tuple[AnchoredEntry, ...] = Field(
        default=(), description="a list of sessions, each with day, sport, kind and minutes"
    )
    strength_days: tuple[Weekday, ...] | None = Field(
        default=None, description="a list of weekdays, [] for none"
    )
    long_run_day: Weekday | None = Field(default=None, description=WEEKDAY_ALLOWED)
    sports: tuple[EnduranceSport, ...] | None = Field(
        default=None, min_length=1, description=f"a list of {ENDURANCE_SPORT_ALLOWED}"
    )
    experience: Literal["novice", "regular", "advanced"] | None = Field(
        default=None, description="novice, regular or advanced"
    )
    birth_year: Year | None = Field(default=None, description=YEAR_ALLOWED)
    load_cycle: Literal["3:1", "2:1"] | None = Field(default=None, description="3:1 or 2:1")
    language: Literal["en", "es"] | None = Field(default=None, description="en or es")
    id: AthleteId | None = Field(default=None, description=ID_ALLOWED)
    timezone: TimeZone | None = Field(default=None, description=ZONE_ALLOWED)
    absences: tuple[AbsenceEntry, ...] = Field(
        default=(), description="a list of absences, each with first, last and kind"
    )
    notes: str | None = Field(
        default=None,
        strict=True,
        min_length=1,
        max_length=1000,
        description="a text of at most 1000 characters",
    )
    workouts: tuple[OwnFamily, ...] = Field(
        default=(),
        max_length=100,
        description=(
            "a list of families of workouts, each with family, sport, name and levels, or the name "
            "of a file beside this one that holds such a list"
        ),
    )

    @field_validator("threshold_hr_bpm", "max_hr_bpm")
    @classmethod
    def _above_the_lower_ones(cls, bpm: int | None, info: ValidationInfo) -> int | None:
        if bpm is not None and (wrong := _not_below(bpm, info)):
            raise ValueError(f"a heart rate above {wrong}")
        return bpm

    @field_validator("zone_upper_bpm")
    @classmethod
    def _up_to_the_maximum(
        cls, upper_bpm: tuple[int, ...] | None, info: ValidationInfo
    ) -> tuple[int, ...] | None:
        if upper_bpm is None:
            return None
        if any(lower >= upper for lower, upper in pairwise(upper_bpm)):
            raise ValueError(str(cls.model_fields["zone_upper_bpm"].description))
        max_hr_bpm = info.data.get("max_hr_bpm")
        if max_hr_bpm is not None and upper_bpm[-1] != max_hr_bpm:
            raise ValueError(f"a list that ends with max_hr_bpm, which is {max_hr_bpm}")
        if max_hr_bpm is None and (wrong := _not_below(upper_bpm[-1], info)):
            raise ValueError(f"a list that ends above {wrong}")
        return upper_bpm

    @field_validator("threshold_pace_per_km", "css_per_100m")
    @classmethod
    def _of_somebody(cls, pace_s: int | None, info: ValidationInfo) -> int | None:
        """Refuses the pace of another sport, or in another unit."""
        name = info.field_name or ""
        if pace_s is not None and not PACES_S[name].hold(pace_s):
            raise ValueError(str(cls.model_fields[name].description))
        return pace_s

    @field_validator("races", "anchored", "absences", "workouts", mode="before")
    @classmethod
    def _none_where_empty(cls, entries: Any) -> Any:
        """A key left without entries says the same as one that is left out."""
        return () if entries is None else entries

    @field_validator("workouts")
    @classmethod
    def _each_family_once(cls, families: tuple[OwnFamily, ...]) -> tuple[OwnFamily, ...]:
        named = Counter(family.family for family in families)
        twice = next((name for name, count in named.items() if count > 1), None)
        if twice is not None:
            raise ValueError(f"each family once, but {twice} stands twice")
        return families

    @field_validator("availability", "half_days", "sports_by_day", mode="before")
    @classmethod
    def _each_weekday_once(cls, minutes: Any) -> Any:
        """Refuses monday beside lunes, of which the later would silently win."""
        if not isinstance(minutes, Mapping):
            return {} if minutes is None else minutes
        written = Counter(weekday_or_none(name) for name in minutes)
        twice = next((day for day, n in written.items() if day is not None and n > 1), None)
        if twice is not None:
            raise ValueError(f"each weekday once, but {DAY_NAMES[twice]} stands twice")
        return minutes

    @property
    def heart_rates_bpm(self) -> dict[str, int]:
        """The heart rates that the athlete stated; the last zone gives the maximum too."""
        stated = {
            "resting_hr_bpm": self.resting_hr_bpm,
            "threshold_hr_bpm": self.threshold_hr_bpm,
            "max_hr_bpm": self.zone_upper_bpm[-1] if self.zone_upper_bpm else self.max_hr_bpm,
        }
        return {key: bpm for key in HEART_RATES if (bpm := stated[key]) is not None}

    @property
    def impulse_weighting(self) -> ImpulseWeighting:
        """How TRIMP weighs a heart rate."""
        return WOMEN if self.trimp_weighting == "women" else MEN


def _not_below(bpm: int, info: ValidationInfo) -> str | None:
    """The first of the heart rates read before that is not below this one, in words."""
    before = ((key, info.data.get(key)) for key in HEART_RATES)
    return next(
        (
            f"{key}, which is {stated}"
            for key, stated in before
            if stated is not None and stated >= bpm
        ),
        None,
    )
