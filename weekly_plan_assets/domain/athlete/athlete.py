"""The athlete as far as a plan needs to know them: heart, zones, habits.

Where it comes from, and which of two sources wins, belongs to `profile`. How they trained in
a given week belongs to `weekly_metrics`.
"""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from weekly_plan_assets.domain.athlete.athlete_file import HEART_RATES, AthleteFile
from weekly_plan_assets.domain.athlete.easy_pace import EasyPace
from weekly_plan_assets.domain.athlete.habit import Habit, SportHabit
from weekly_plan_assets.domain.athlete.injury import Tissue
from weekly_plan_assets.domain.athlete.load_scale import LoadScale
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.sport_heart import (
    ZONE_COUNT,
    EasyCeiling,
    Rates,
    SportHeart,
    ascends,
    fitting,
    five_zones,
    in_order,
)
from weekly_plan_assets.domain.athlete.thresholds import Threshold
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, LoadRates
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.domain.plan.weekly_plan import Intensity, SessionKind, Sport
from weekly_plan_assets.domain.recorded.activity import RUN_TYPES, Activity
from weekly_plan_assets.domain.recorded.sport_types import ACTIVITY_TYPES_BY_SPORT
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

KARVONEN_LOWER_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower bounds of zones 1 to 5 as shares of heart-rate reserve (Karvonen 1957)."""

EASY_SPAN_BPM = 10
"""Narrower than this, a range of heart rates cannot be held on hills. Project convention."""

Halves = Annotated[tuple[int, ...], Field(min_length=2, max_length=2)]
Weekday = Annotated[int, Field(ge=0, le=6)]
T = TypeVar("T")


class Experience(StrEnum):
    """How long the athlete has trained regularly: under a year, for some years, for many."""

    NOVICE = "novice"
    REGULAR = "regular"
    ADVANCED = "advanced"


class Language(StrEnum):
    """The language of the plan's words."""

    ENGLISH = "en"
    SPANISH = "es"


class AbsenceKind(StrEnum):
    """Why the athlete cannot train."""

    SICK = "sick"
    INJURED = "injured"
    HOLIDAY = "holiday"


class Absence(Document):
    """Days without training, `first` to `last`, both included.

    Attributes:
        hurt: What an injury hurt; None if nobody says.
    """

    first: date
    last: date
    kind: AbsenceKind
    hurt: Tissue | None = None

    def covers(self, day: date) -> bool:
        """Whether the athlete is away on `day`."""
        return self.first <= day <= self.last


class AnchoredSession(Document):
    """A session that has its place every week, a club run say, and is not moved."""

    weekday: Weekday
    sport: Sport
    kind: SessionKind
    duration_min: int = Field(gt=0)


class DayLimit(Document):
    """What can be trained on one particular day.

    Attributes:
        available_min: Minutes; None if the weekday's hold.
        sports: The sports that can be done; None if any can.
    """

    date: date
    available_min: int | None = Field(default=None, ge=0)
    sports: tuple[Sport, ...] | None = None


class Athlete(Document):
    """An athlete's profile. Weekdays count from 0, Monday, to 6, Sunday.

    Attributes:
        zone_upper_bpm: Upper bounds in bpm of the athlete's own heart-rate zones 1 to 5, the last
            being the maximum; None if the athlete has none.
        sports: What may be planned. Strength is planned by `strength_weekdays` alone.
        main_sport: The sport of hard sessions, and of the long one unless habit says otherwise;
            None in profiles of before it was kept, whose first endurance sport counts.
        sport_hearts: Threshold and zones of sports other than the main one, where they are known;
            the others are as in the main sport.
        easy_ceilings: The heart rates that easy sessions stay below, by sport, whatever the
            zones; empty in profiles of before they were kept.
        thresholds: Power or pace that they can hold for about an hour, by sport, where known.
        easy_paces: How fast their own easy sessions are, by sport, where known.
        habit: What the athlete usually does; None in profiles of before it was kept.
        load_scales: What an hour of a sport brings them; the table holds for sports without one.
        build_weeks: Weeks of load before an easier one: 3 (3:1) or 2 (2:1).
        available_min: Minutes that can be trained on each weekday; None if any number can.
        halves_min: Minutes before and after noon on each weekday; None where a day has no halves.
        sports_by_day: What can be done on each weekday; None if any sport can.
        day_limits: What holds on particular days instead.
    """

    athlete_id: str = Field(min_length=1)
    max_hr_bpm: int | None = Field(default=None, gt=0)
    resting_hr_bpm: int | None = Field(default=None, gt=0)
    threshold_hr_bpm: int | None = Field(default=None, gt=0)
    zone_upper_bpm: tuple[int, ...] | None = Field(
        default=None, min_length=ZONE_COUNT, max_length=ZONE_COUNT
    )
    sports: tuple[Sport, ...] = Field(default=(Sport.RUN,), min_length=1)
    main_sport: Sport | None = None
    sport_hearts: tuple[SportHeart, ...] = ()
    easy_ceilings: tuple[EasyCeiling, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    easy_paces: tuple[EasyPace, ...] = ()
    habit: Habit | None = None
    load_scales: tuple[LoadScale, ...] = ()
    strength_weekdays: frozenset[Weekday] = frozenset({1, 3})
    long_run_weekday: Weekday = 6
    experience: Experience = Experience.REGULAR
    birth_year: int | None = None
    build_weeks: Literal[2, 3] = 3
    language: Language = Language.ENGLISH
    races: tuple[Race, ...] = ()
    absences: tuple[Absence, ...] = ()
    anchored: tuple[AnchoredSession, ...] = ()
    available_min: tuple[int | None, ...] = Field(
        default=(None,) * DAYS_PER_WEEK, min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK
    )
    halves_min: tuple[Halves | None, ...] = Field(
        default=(None,) * DAYS_PER_WEEK, min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK
    )
    sports_by_day: tuple[tuple[Sport, ...] | None, ...] = Field(
        default=(None,) * DAYS_PER_WEEK, min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK
    )
    day_limits: tuple[DayLimit, ...] = ()

    @model_validator(mode="after")
    def _heart_rates_ascend(self) -> Self:
        if self.zone_upper_bpm is not None and not ascends(self.zone_upper_bpm):
            raise ValueError(
                f"zoneUpperBpm holds the upper bounds of zones 1 to {ZONE_COUNT} in ascending "
                f"order above 0, but is {self.zone_upper_bpm}; correct it or leave it out"
            )
        if not in_order({key: getattr(self, key) for key in HEART_RATES}):
            raise ValueError(
                "restingHrBpm, thresholdHrBpm and maxHrBpm must ascend, but are "
                f"{self.resting_hr_bpm}, {self.threshold_hr_bpm} and {self.max_hr_bpm}; correct "
                "one or leave it out"
            )
        return self

    @classmethod
    def observed(cls, athlete_id: str, activities: Sequence[Activity]) -> Self:
        """The profile that recorded activities show, and nothing else.

        The latest known value of each heart rate wins. Zones and threshold come from runs where
        any run has them, because Intervals.icu keeps them by sport and most planned sessions are
        runs.
        """
        newest_first = sorted(
            activities, key=lambda activity: (activity.start_date_local, activity.id), reverse=True
        )
        runs_first = sorted(newest_first, key=lambda activity: activity.type not in RUN_TYPES)
        rates_bpm: Rates = {}
        rates_bpm["max_hr_bpm"] = _first(
            newest_first, lambda row: fitting({}, "max_hr_bpm", row.athlete_max_hr_bpm)
        )
        # A rate that contradicts these is a recording error: an older one may do.
        rates_bpm["resting_hr_bpm"] = _first(
            newest_first, lambda row: fitting(rates_bpm, "resting_hr_bpm", row.resting_hr_bpm)
        )
        rates_bpm["threshold_hr_bpm"] = _first(
            runs_first,
            lambda row: fitting(rates_bpm, "threshold_hr_bpm", row.lactate_threshold_hr_bpm),
        )
        seen = {activity.type for activity in activities}
        sports = tuple(sport for sport, types in ACTIVITY_TYPES_BY_SPORT.items() if types & seen)
        return cls(
            athlete_id=athlete_id,
            **rates_bpm,
            zone_upper_bpm=_first(
                runs_first, lambda activity: five_zones(activity.hr_zone_upper_bpm)
            ),
            sports=sports or (Sport.RUN,),
        )

    def with_own(self, own: AthleteFile) -> Self:
        """The profile with the numbers that athletes give themselves, which take precedence.

        What the profile knows beside them stays where it does not contradict them: heart rates
        must ascend, and the last zone must end at the athlete's own maximum.
        """
        rates_bpm: Rates = {**own.heart_rates_bpm}
        for key in HEART_RATES:
            if key not in rates_bpm:
                rates_bpm[key] = fitting(rates_bpm, key, getattr(self, key))
        zones = own.zone_upper_bpm or self.zone_upper_bpm
        if zones and own.heart_rates_bpm.get("max_hr_bpm", zones[-1]) != zones[-1]:
            zones = None
        return self.model_copy(update={**rates_bpm, "zone_upper_bpm": zones})

    def filled(self, rates_bpm: Rates, zone_upper_bpm: tuple[int, ...] | None) -> Self:
        """The profile with what it lacks, as far as that does not contradict what it knows.

        Args:
            rates_bpm: Heart rates by the names of the profile's own fields.
            zone_upper_bpm: Upper bounds of five zones, or of Friel's seven; other numbers of zones
                are ignored.
        """
        known: Rates = {key: getattr(self, key) for key in HEART_RATES}
        # The maximum first: of two that contradict each other, it is the one that was measured.
        for key in ("max_hr_bpm", "resting_hr_bpm", "threshold_hr_bpm"):
            if known[key] is None:
                known[key] = fitting(known, key, rates_bpm.get(key))
        zones = self.zone_upper_bpm or five_zones(zone_upper_bpm)
        return self.model_copy(update={**known, "zone_upper_bpm": zones})

    def available_s(self, day: date) -> int | None:
        """Seconds that can be trained on `day`; None if any number can, 0 while away."""
        if any(absence.covers(day) for absence in self.absences):
            return 0
        for limit in self.day_limits:
            if limit.date == day and limit.available_min is not None:
                return limit.available_min * SECONDS_PER_MINUTE
        halves_min = self.halves_min[day.weekday()]
        known_min = [
            self.available_min[day.weekday()],
            None if halves_min is None else sum(halves_min),
        ]
        limits_min = [minutes for minutes in known_min if minutes is not None]
        return min(limits_min) * SECONDS_PER_MINUTE if limits_min else None

    def halves_s(self, day: date) -> tuple[int, int] | None:
        """Seconds before and after noon, the longer half first; None where a day has no halves."""
        halves_min = self.halves_min[day.weekday()]
        if halves_min is None:
            return None
        shorter, longer = sorted(halves_min)
        return longer * SECONDS_PER_MINUTE, shorter * SECONDS_PER_MINUTE

    def may_do(self, sport: Sport, day: date) -> bool:
        """Whether a sport can be done on `day`, as far as the athlete says."""
        limits = (limit.sports for limit in self.day_limits if limit.date == day)
        allowed = [self.sports_by_day[day.weekday()], *limits]
        return all(sports is None or sport in sports for sports in allowed)

    @property
    def endurance_sports(self) -> tuple[Sport, ...]:
        """The sports besides strength, the main one first; Run where none is named."""
        chosen = tuple(sport for sport in ACTIVITY_TYPES_BY_SPORT if sport in self.sports)
        ordered = sorted(
            chosen, key=lambda sport: (sport is not self.main_sport, -self._share(sport))
        )
        return tuple(ordered) or (self.main_sport or Sport.RUN,)

    @property
    def known_habit(self) -> Habit | None:
        """The habit; None if too few weeks were trained to speak of one."""
        return self.habit if self.habit is not None and self.habit.is_known else None

    def usual_of(self, sport: Sport) -> SportHabit | None:
        """How the athlete usually trains a sport; None if that is not known, or they do not."""
        return None if self.known_habit is None else self.known_habit.of_sport(sport)

    def load_rates(self, sport: Sport) -> LoadRates:
        """What an hour of a sport brings the athlete in each zone."""
        scale = next((one for one in self.load_scales if one.sport is sport), None)
        return TABLE_RATES if scale is None else scale.rates

    @property
    def easy_load_per_hour(self) -> float:
        """What an easy hour brings, over the athlete's sports by their share of time."""
        shares = {sport: self._share(sport) for sport in self.endurance_sports}
        whole = sum(shares.values())
        if not whole:
            return self.load_rates(self.endurance_sports[0]).per_hour(EASY_ZONE)
        return sum(
            share / whole * self.load_rates(sport).per_hour(EASY_ZONE)
            for sport, share in shares.items()
        )

    def _share(self, sport: Sport) -> float:
        done = self.habit.of_sport(sport) if self.habit else None
        return done.share if done else 0.0

    def heart_in(self, sport: Sport) -> SportHeart:
        """Threshold and zones in a sport: its own, else those of the main sport."""
        own = next((one for one in self.sport_hearts if one.sport is sport), None)
        return SportHeart(
            sport=sport,
            threshold_hr_bpm=(own and own.threshold_hr_bpm) or self.threshold_hr_bpm,
            zone_upper_bpm=(own and own.zone_upper_bpm) or self.zone_upper_bpm,
        )

    def threshold_in(self, sport: Sport) -> Threshold | None:
        """Power or pace that can be held for about an hour; None if it is not known."""
        return next((one for one in self.thresholds if one.sport is sport), None)

    def easy_pace_in(self, sport: Sport) -> EasyPace | None:
        """How fast their own easy sessions are; None if it is not known."""
        return next((one for one in self.easy_paces if one.sport is sport), None)

    def hr_bounds(self, zone: int, sport: Sport | None = None) -> Intensity:
        """The zone with its bounds in bpm; neighbouring zones share a bound.

        The athlete's own zones win; otherwise the zones are shares of heart-rate reserve (Karvonen
        1957). Own zones have no lower end: zone 1 takes it from the reserve, or has none.

        Args:
            zone: 1 to 5.
            sport: Whose zones count; None for the main one.

        Raises:
            ValueError: There is no such zone.
        """
        if not 1 <= zone <= ZONE_COUNT:
            raise ValueError(f"heart-rate zones go from 1 to {ZONE_COUNT}, but {zone} was asked")
        reserve = self._reserve_bounds_bpm()
        uppers_bpm = self.zone_upper_bpm if sport is None else self.heart_in(sport).zone_upper_bpm
        if uppers_bpm is None:
            bounds: tuple[int | None, ...] = reserve or (None,) * (ZONE_COUNT + 1)
        else:
            lowest = reserve[0] if reserve and reserve[0] < uppers_bpm[0] else None
            bounds = (lowest, *uppers_bpm)
        return Intensity(zone=zone, bpm_low=bounds[zone - 1], bpm_high=bounds[zone])

    def training_bounds(self, zone: int, sport: Sport) -> Intensity:
        """The zone as a session of this sport states it: easy ones stay below the easy ceiling.

        Zone 2 ends at the ceiling where the athlete's own zone ends above it, and is at least
        `EASY_SPAN_BPM` wide; zone 1 ends where zone 2 begins. Other zones are as they are.

        Raises:
            ValueError: There is no such zone.
        """
        bounds, easy = self.hr_bounds(zone, sport), self.hr_bounds(EASY_ZONE, sport)
        if sport is Sport.SWIM:  # a heart rate measured in water is not reliable
            return Intensity(zone=zone, bpm_low=None, bpm_high=None)
        ceiling_bpm = next((one.bpm for one in self.easy_ceilings if one.sport is sport), None)
        if zone > EASY_ZONE or ceiling_bpm is None:
            return bounds
        if easy.bpm_high is None or easy.bpm_high <= ceiling_bpm:
            return bounds
        floor_bpm = min(easy.bpm_low or ceiling_bpm, ceiling_bpm - EASY_SPAN_BPM)
        if zone == EASY_ZONE:
            return Intensity(zone=zone, bpm_low=floor_bpm, bpm_high=ceiling_bpm)
        low_bpm = bounds.bpm_low
        lowest_bpm = low_bpm if low_bpm is not None and low_bpm < floor_bpm else None
        return Intensity(zone=zone, bpm_low=lowest_bpm, bpm_high=floor_bpm)

    def _reserve_bounds_bpm(self) -> tuple[int, ...] | None:
        """The six bounds of the five zones by heart-rate reserve, None if it is not known."""
        if self.max_hr_bpm is None or self.resting_hr_bpm is None:
            return None
        reserve = self.max_hr_bpm - self.resting_hr_bpm
        return tuple(
            round(self.resting_hr_bpm + share * reserve) for share in (*KARVONEN_LOWER_SHARES, 1.0)
        )


def _first(activities: Sequence[Activity], value: Callable[[Activity], T | None]) -> T | None:
    """The first value that is known and not zero, which no heart rate is."""
    return next((found for activity in activities if (found := value(activity))), None)
