"""Where an athlete's profile comes from, and who wins where two tell the same.

Heart rates and zones: recorded activities, then the source's sport settings, then the athlete's
own file. In each, the sport that is planned most comes before the others, because zones differ by
sport. Everything else comes from the file; races, absences and limits of single days from the
calendar join it. What a profile is belongs to `athlete`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self, TypeAlias

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.athlete import (
    ACTIVITY_TYPES_BY_SPORT,
    Absence,
    AbsenceKind,
    AnchoredSession,
    Athlete,
    DayLimit,
    Experience,
    Language,
    Race,
    RacePriority,
    Rates,
)
from weekly_plan_assets.domain.athlete_file import HEART_RATES, AthleteFile
from weekly_plan_assets.domain.calendar import CalendarEvent
from weekly_plan_assets.domain.file_values import RaceEntry
from weekly_plan_assets.domain.sport_settings import SportSettings
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek

CALENDAR_WEEKS_BEFORE = 26
"""An illness or injury under way may have begun so long ago. Project convention."""

CALENDAR_WEEKS_AHEAD = 52
"""So far ahead a season is planned. Project convention."""

METRES_PER_KM = 1000
SPORTS_BY_ACTIVITY_TYPE = {
    kind: sport for sport, kinds in ACTIVITY_TYPES_BY_SPORT.items() for kind in kinds
}

Heart: TypeAlias = tuple[Rates, tuple[int, ...] | None]
"""Heart rates by the names of the profile's own fields, and upper bounds of zones."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an athlete beside their recorded training.

    Attributes:
        file: The athlete's own file.
        sport_settings: Those of the source.
        calendar: Entries of the source's calendar.
    """

    file: AthleteFile = field(default_factory=AthleteFile)
    sport_settings: tuple[SportSettings, ...] = ()
    calendar: tuple[CalendarEvent, ...] = ()

    def known_after(self, observed: TrainingWeek) -> Self:
        """What could be known when that week had ended, and of the calendar what matters here.

        Illness and injury that begin later cannot; those under way last until their end. Races and
        holidays ahead can.
        """
        calendar = tuple(
            event
            for event in self.calendar
            if (event.is_race or event.is_absence or event.available_min is not None)
            and not (event.is_unforeseen and event.day > observed.end)
        )
        absences = tuple(
            entry
            for entry in self.file.absences
            if entry.kind == "holiday" or entry.first <= observed.end
        )
        file = self.file.model_copy(update={"absences": absences})
        return replace(self, file=file, calendar=calendar)


def calendar_days(observed: TrainingWeek) -> tuple[date, date]:
    """First and last day of the calendar that matter for the week after `observed`."""
    first, last = observed.shift(-CALENDAR_WEEKS_BEFORE), observed.shift(CALENDAR_WEEKS_AHEAD)
    return first.start, last.end


def profile_of(
    athlete_id: str, activities: Sequence[Activity], known: Told, planned: TrainingWeek
) -> Athlete:
    """The profile for the plan of one week.

    Args:
        athlete_id: Whose it is.
        activities: Those of the weeks before it.
        known: What else is known of them by then, see `Told.known_after`.
        planned: Whose days are limited by the calendar.
    """
    file = known.file
    athlete = Athlete.observed(athlete_id, activities)
    if file.sports is not None:
        athlete = athlete.model_copy(update={"sports": file.sports})
    athlete = _with_heart(athlete, activities, known)
    habits: dict[str, Any] = {
        "strength_weekdays": None if file.strength_days is None else frozenset(file.strength_days),
        "long_run_weekday": file.long_run_day,
        "experience": Experience(file.experience) if file.experience else None,
        "birth_year": file.birth_year,
        "build_weeks": int(file.load_cycle[0]) if file.load_cycle else None,
        "language": Language(file.language) if file.language else None,
        "available_min": tuple(file.availability.get(name) for name in DAY_NAMES),
        "anchored": tuple(AnchoredSession(**dict(entry)) for entry in file.anchored),
        "races": _races(known),
        "absences": _absences(known),
        "day_limits": tuple(_day_limits(known.calendar, planned)),
    }
    return athlete.model_copy(
        update={key: value for key, value in habits.items() if value is not None}
    )


def _with_heart(athlete: Athlete, activities: Sequence[Activity], told: Told) -> Athlete:
    """The profile with heart rates and zones of whoever tells them first."""
    main_types = ACTIVITY_TYPES_BY_SPORT[athlete.endurance_sports[0]]
    in_main = Athlete.observed(
        athlete.athlete_id, [activity for activity in activities if activity.type in main_types]
    )
    main_settings = [one for one in told.sport_settings if main_types & set(one.types)]
    other_settings = [one for one in told.sport_settings if not main_types & set(one.types)]
    layers: tuple[Heart, ...] = (
        # The latest maximum and resting rate hold for every sport; threshold and zones do not.
        ({"max_hr_bpm": athlete.max_hr_bpm, "resting_hr_bpm": athlete.resting_hr_bpm}, None),
        _heart_of(in_main),
        *map(_set_heart, main_settings),
        _heart_of(athlete),
        *map(_set_heart, other_settings),
        ({**told.file.heart_rates_bpm}, told.file.zone_upper_bpm),
    )
    filled = athlete.model_copy(update=dict.fromkeys((*HEART_RATES, "zone_upper_bpm")))
    for rates_bpm, zone_upper_bpm in layers:
        filled = filled.filled(rates_bpm, zone_upper_bpm)
    return filled


def _heart_of(athlete: Athlete) -> Heart:
    return {key: getattr(athlete, key) for key in HEART_RATES}, athlete.zone_upper_bpm


def _set_heart(settings: SportSettings) -> Heart:
    rates_bpm: Rates = {
        "threshold_hr_bpm": settings.lactate_threshold_hr_bpm,
        "max_hr_bpm": settings.max_hr_bpm,
    }
    return rates_bpm, settings.hr_zone_upper_bpm


def _races(told: Told) -> tuple[Race, ...]:
    """The races of file and calendar by their dates; one that both tell is one."""
    races = [_race_of_entry(entry) for entry in told.file.races]
    own = len(races)
    for race in (_race_of_event(event) for event in told.calendar if event.is_race):
        same = next((n for n, known in enumerate(races[:own]) if _is_same(known, race)), None)
        if same is None:
            races.append(race)
        else:
            races[same] = _completed(races[same], race)
    return tuple(sorted(races, key=lambda race: (race.date, race.priority)))


def _race_of_entry(entry: RaceEntry) -> Race:
    return Race(
        date=entry.date,
        priority=RacePriority(entry.priority),
        name=entry.name,
        sport=entry.sport,
        distance_m=None if entry.distance_km is None else entry.distance_km * METRES_PER_KM,
        target_time_s=entry.target_time_s,
    )


def _race_of_event(event: CalendarEvent) -> Race:
    """A race of the calendar; a distance or duration of 0 was not told."""
    return Race(
        date=event.day,
        priority=RacePriority(str(event.category).removeprefix("RACE_")),
        name=event.name or None,
        sport=SPORTS_BY_ACTIVITY_TYPE.get(event.type or ""),
        distance_m=_above_zero(event.distance_m),
        target_time_s=_above_zero(event.moving_time_s),
    )


def _above_zero(value: Any) -> Any:
    return value if value is not None and value > 0 else None


def _is_same(one: Race, other: Race) -> bool:
    same_name = one.name and other.name and one.name.casefold() == other.name.casefold()
    return one.date == other.date and bool(one.priority == other.priority or same_name)


def _completed(own: Race, other: Race) -> Race:
    """The athlete's own race with what they did not tell of it."""
    missing = [name for name in Race.model_fields if getattr(own, name) is None]
    return own.model_copy(update={name: getattr(other, name) for name in missing})


def _absences(told: Told) -> tuple[Absence, ...]:
    """The absences of file and calendar by their first days; what both tell alike is one."""
    absences = [
        Absence(first=entry.first, last=entry.last, kind=AbsenceKind(entry.kind))
        for entry in told.file.absences
    ]
    absences += [
        Absence(
            first=event.day,
            last=event.last_day,
            kind=AbsenceKind(str(event.category).lower()),
        )
        for event in told.calendar
        if event.is_absence and not _is_training_holiday(event)
    ]
    by_first = sorted(absences, key=lambda absence: (absence.first, absence.last, absence.kind))
    return tuple(dict.fromkeys(by_first))


def _is_training_holiday(event: CalendarEvent) -> bool:
    """Whether a holiday leaves a stated time for training. In illness, that time does not count."""
    return not event.is_unforeseen and bool(event.available_min)


def _day_limits(calendar: Sequence[CalendarEvent], planned: TrainingWeek) -> Iterator[DayLimit]:
    """What can be trained on days of the planned week; the least where several entries tell."""
    for day in planned.days:
        limits_min = [event.available_min for event in calendar if event.covers(day)]
        known_min = [minutes for minutes in limits_min if minutes is not None]
        if known_min:
            yield DayLimit(date=day, available_min=min(known_min))
