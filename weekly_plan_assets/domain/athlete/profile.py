"""Where an athlete's profile comes from, and which source takes precedence.

Heart rates and zones: recorded activities, then the source's sport settings, then the athlete's
own file. In each, the sport that is planned most comes before the others, because zones differ by
sport. Everything else comes from the file; races, absences and limits of single days from the
calendar join it. What a profile is belongs to `athlete`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from typing import Any, Self, TypeAlias, TypeVar

from weekly_plan_assets.domain.athlete.athlete import (
    Absence,
    AbsenceKind,
    AnchoredSession,
    Athlete,
    DayLimit,
    Experience,
    Language,
)
from weekly_plan_assets.domain.athlete.athlete_file import HEART_RATES, AthleteFile
from weekly_plan_assets.domain.athlete.easy_pace import easy_paces
from weekly_plan_assets.domain.athlete.file_fields import HalfDays, RaceEntry
from weekly_plan_assets.domain.athlete.habit import Habit, SportHabit
from weekly_plan_assets.domain.athlete.injury import tissue_of
from weekly_plan_assets.domain.athlete.load_scale import load_scales
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.sport_heart import EasyCeiling, Rates, SportHeart
from weekly_plan_assets.domain.athlete.thresholds import thresholds_of
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent, is_known_note
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession, count_sessions
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.sport_types import (
    ACTIVITY_TYPES_BY_SPORT,
    SPORTS_BY_ACTIVITY_TYPE,
)
from weekly_plan_assets.domain.recorded.value_limits import (
    FASTEST_M_S,
    RACE_DISTANCE_M,
    RACE_TIME_S,
    ValueRange,
)
from weekly_plan_assets.domain.units import METRES_PER_KM
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek

CALENDAR_WEEKS_BEFORE = 26
"""An illness or injury under way may have begun so long ago. Project convention."""

CALENDAR_WEEKS_AHEAD = 52
"""So far ahead a season is planned. Project convention."""

EASY_SHARE_OF_THRESHOLD = 0.85
"""Friel's zone 2 of running ends at 89 % of the heart rate at threshold, of riding too; most easy
running is done below 85 % (coaching practice)."""

ABOVE_USUAL_BPM = 5
"""Half of `EASY_SPAN_BPM`: the middle of the easy range is then what the athlete usually has."""


T = TypeVar("T", int, float)

Heart: TypeAlias = tuple[Rates, tuple[int, ...] | None]
"""Heart rates by the names of the profile's own fields, and upper bounds of zones."""


@dataclass(frozen=True, slots=True)
class AthleteContext:
    """What is known about an athlete besides their recorded training.

    Attributes:
        file: The athlete's own file.
        sport_settings: Those of the source.
        calendar: Entries of the source's calendar.
        known_on: The day on which it is known; None where only what the observed week shows may
            be looked at, as in an evaluation of past weeks.
    """

    file: AthleteFile = field(default_factory=AthleteFile)
    sport_settings: tuple[SportSettings, ...] = ()
    calendar: tuple[CalendarEvent, ...] = ()
    known_on: date | None = None

    def known_after(self, observed: TrainingWeek) -> Self:
        """What could be known when that week had ended, and of the calendar what matters here.

        Illness and injury that begin later cannot, unless the planned week is not over yet: then
        the athlete says what they know today. Those under way last until their end. Races and
        holidays ahead can be known, and notes that were written by then.
        """
        planned = observed.next()
        is_ahead = self.known_on is not None and self.known_on <= planned.end
        last = planned.end if is_ahead else observed.end
        calendar = tuple(
            event
            for event in self.calendar
            if is_known_note(event, observed)
            or (
                (event.is_race or event.is_absence or event.limits_days)
                and not (event.is_unforeseen and event.day > last)
            )
        )
        absences = tuple(
            entry for entry in self.file.absences if entry.kind == "holiday" or entry.first <= last
        )
        file = self.file.model_copy(update={"absences": absences})
        return replace(self, file=file, calendar=calendar)


def calendar_days(observed: TrainingWeek) -> tuple[date, date]:
    """First and last day of the calendar that matter for the week after `observed`."""
    first, last = observed.shift(-CALENDAR_WEEKS_BEFORE), observed.shift(CALENDAR_WEEKS_AHEAD)
    return first.start, last.end


def profile_of(
    athlete_id: str,
    activities: Sequence[Activity],
    known: AthleteContext,
    planned: TrainingWeek,
    sessions: Sequence[CountedSession] | None = None,
    habit_until: TrainingWeek | None = None,
) -> Athlete:
    """The profile for the plan of one week.

    What the athlete's own file says of sports, days and strength wins; where it says nothing, the
    profile follows their habit.

    Args:
        athlete_id: Whose it is.
        activities: Those of the weeks before it.
        known: What else is known of them by then, see `AthleteContext.known_after`.
        planned: Whose days are limited by the calendar.
        sessions: Those of `activities` that count; None counts them here.
        habit_until: The last week that says what is habit; None for the one before `planned`.
    """
    file = known.file
    counted = count_sessions(activities) if sessions is None else sessions
    observed = planned.shift(-1)
    habit = Habit.of(counted, habit_until or observed)
    habit = habit if habit.weeks else Habit.of(counted, observed)
    races = _races(known)
    main = _main_sport(file, races, planned, habit)
    athlete = Athlete.observed(athlete_id, activities).model_copy(
        update={
            "sports": _sports(file, habit, main),
            "main_sport": main,
            "habit": habit,
            "load_scales": load_scales(counted, observed),
        }
    )
    athlete = _with_heart(athlete, activities, known)
    athlete = athlete.model_copy(
        update={"sport_hearts": tuple(_sport_hearts(athlete, activities, known))}
    )
    thresholds = thresholds_of(
        file,
        known.sport_settings,
        counted,
        lambda sport: athlete.heart_in(sport).threshold_hr_bpm,
        observed.end,
    )
    ceilings = tuple(
        EasyCeiling(sport=sport, bpm=bpm)
        for sport in athlete.endurance_sports
        if (bpm := _easy_ceiling_bpm(athlete.heart_in(sport), habit.of_sport(sport))) is not None
    )
    run_ceiling_bpm = next((one.bpm for one in ceilings if one.sport is Sport.RUN), None)
    strength = habit.strength_weekdays if file.strength_days is None else file.strength_days
    long_weekday = habit.long_weekday if file.long_run_day is None else file.long_run_day
    stated: dict[str, Any] = {
        "easy_ceilings": ceilings,
        "thresholds": thresholds,
        "easy_paces": tuple(easy_paces(counted, run_ceiling_bpm)),
        "strength_weekdays": frozenset(strength),
        "long_run_weekday": long_weekday,
        "experience": Experience(file.experience) if file.experience else None,
        "birth_year": file.birth_year,
        "build_weeks": int(file.load_cycle[0]) if file.load_cycle else None,
        "language": Language(file.language) if file.language else None,
        "available_min": tuple(file.availability.get(name) for name in DAY_NAMES),
        "halves_min": tuple(_halves_min(file.half_days.get(name)) for name in DAY_NAMES),
        "sports_by_day": tuple(file.sports_by_day.get(name) for name in DAY_NAMES),
        "anchored": tuple(AnchoredSession(**dict(entry)) for entry in file.anchored),
        "races": races,
        "absences": _absences(known),
        "day_limits": tuple(_day_limits(known.calendar, planned)),
    }
    return athlete.model_copy(
        update={key: value for key, value in stated.items() if value is not None}
    )


def _main_sport(
    file: AthleteFile, races: Sequence[Race], planned: TrainingWeek, habit: Habit
) -> Sport:
    """The sport of the next A race, else the one with the largest share of time.

    A sport that the athlete's file leaves out is not theirs, whatever was done.
    """
    allowed = [sport for sport in ACTIVITY_TYPES_BY_SPORT if sport in (file.sports or Sport)]
    goals = [
        race.sport
        for race in races
        if race.priority is RacePriority.A and race.date >= planned.start and race.sport in allowed
    ]
    trained = [one.sport for one in habit.sports if one.sport in allowed]
    return next(iter((*goals, *trained, *allowed)), Sport.RUN)


def _easy_ceiling_bpm(heart: SportHeart, done: SportHabit | None) -> int | None:
    """The heart rate that easy sessions stay below; None if nothing is known of it.

    85 % of that at threshold, or a little above what the athlete's own sessions usually have,
    whichever is less.
    """
    known = []
    if heart.threshold_hr_bpm is not None:
        known.append(int(EASY_SHARE_OF_THRESHOLD * heart.threshold_hr_bpm))
    if done is not None and done.usual_hr_bpm is not None:
        known.append(done.usual_hr_bpm + ABOVE_USUAL_BPM)
    return min(known, default=None)


def _sports(file: AthleteFile, habit: Habit, main: Sport) -> tuple[Sport, ...]:
    """What may be planned: what the file says, else what is trained, with the main sport."""
    if file.sports is not None:
        return file.sports
    trained = {one.sport for one in habit.sports} | {main}
    return tuple(sport for sport in ACTIVITY_TYPES_BY_SPORT if sport in trained)


def _with_heart(
    athlete: Athlete, activities: Sequence[Activity], context: AthleteContext
) -> Athlete:
    """The profile with heart rates and zones, each from the first source that has it."""
    main_types = ACTIVITY_TYPES_BY_SPORT[athlete.endurance_sports[0]]
    in_main = Athlete.observed(
        athlete.athlete_id, [activity for activity in activities if activity.type in main_types]
    )
    main_settings = [one for one in context.sport_settings if main_types & set(one.types)]
    other_settings = [one for one in context.sport_settings if not main_types & set(one.types)]
    layers: tuple[Heart, ...] = (
        # The latest maximum and resting rate hold for every sport; threshold and zones do not.
        ({"max_hr_bpm": athlete.max_hr_bpm, "resting_hr_bpm": athlete.resting_hr_bpm}, None),
        _heart_of(in_main),
        *map(_set_heart, main_settings),
        _heart_of(athlete),
        *map(_set_heart, other_settings),
        ({**context.file.heart_rates_bpm}, context.file.zone_upper_bpm),
    )
    filled = athlete.model_copy(update=dict.fromkeys((*HEART_RATES, "zone_upper_bpm")))
    for rates_bpm, zone_upper_bpm in layers:
        filled = filled.filled(rates_bpm, zone_upper_bpm)
    return filled


def _sport_hearts(
    athlete: Athlete, activities: Sequence[Activity], context: AthleteContext
) -> Iterator[SportHeart]:
    """Threshold and zones of the other sports, where sessions or settings of them have any."""
    for sport in athlete.endurance_sports[1:]:
        types = ACTIVITY_TYPES_BY_SPORT[sport]
        of_sport = Athlete.observed(
            athlete.athlete_id, [activity for activity in activities if activity.type in types]
        )
        settings = [one for one in context.sport_settings if types & set(one.types)]
        known = athlete.model_copy(update={"threshold_hr_bpm": None, "zone_upper_bpm": None})
        for rates_bpm, zone_upper_bpm in (_heart_of(of_sport), *map(_set_heart, settings)):
            known = known.filled(rates_bpm, zone_upper_bpm)
        if known.threshold_hr_bpm or known.zone_upper_bpm:
            yield SportHeart(
                sport=sport,
                threshold_hr_bpm=known.threshold_hr_bpm,
                zone_upper_bpm=known.zone_upper_bpm,
            )


def _heart_of(athlete: Athlete) -> Heart:
    return {key: getattr(athlete, key) for key in HEART_RATES}, athlete.zone_upper_bpm


def _set_heart(settings: SportSettings) -> Heart:
    rates_bpm: Rates = {
        "threshold_hr_bpm": settings.lactate_threshold_hr_bpm,
        "max_hr_bpm": settings.max_hr_bpm,
    }
    return rates_bpm, settings.hr_zone_upper_bpm


def _races(context: AthleteContext) -> tuple[Race, ...]:
    """The races of file and calendar by their dates; one that is in both counts once."""
    races = [_race_of_entry(entry) for entry in context.file.races]
    own = len(races)
    for race in (_race_of_event(event) for event in context.calendar if event.is_race):
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
    """A race of the calendar, without a distance or duration that cannot be true.

    A duration in which nobody covers the distance cannot.
    """
    sport = SPORTS_BY_ACTIVITY_TYPE.get(event.type or "")
    distance_m = _that_can_be(event.distance_m, RACE_DISTANCE_M)
    time_s = _that_can_be(event.moving_time_s, RACE_TIME_S)
    if distance_m and time_s and distance_m / time_s > FASTEST_M_S.get(str(sport).lower(), inf):
        time_s = None
    return Race(
        date=event.day,
        priority=RacePriority(str(event.category).removeprefix("RACE_")),
        name=event.name or None,
        sport=sport,
        distance_m=distance_m,
        target_time_s=time_s,
    )


def _that_can_be(value: T | None, limits: ValueRange) -> T | None:
    return value if value is not None and limits.hold(value) else None


def _is_same(one: Race, other: Race) -> bool:
    same_name = one.name and other.name and one.name.casefold() == other.name.casefold()
    return one.date == other.date and bool(one.priority == other.priority or same_name)


def _completed(own: Race, other: Race) -> Race:
    """The athlete's own race, completed from the calendar."""
    missing = [name for name in Race.model_fields if getattr(own, name) is None]
    return own.model_copy(update={name: getattr(other, name) for name in missing})


def _absences(context: AthleteContext) -> tuple[Absence, ...]:
    """The absences of file and calendar by their first days; one that is in both counts once."""
    absences = [
        _absence(entry.first, entry.last, AbsenceKind(entry.kind), entry.what)
        for entry in context.file.absences
    ]
    absences += [
        _absence(event.day, event.last_day, AbsenceKind(str(event.category).lower()), event.name)
        for event in context.calendar
        if event.is_absence and not _is_training_holiday(event)
    ]
    by_first = sorted(absences, key=lambda absence: (absence.first, absence.last, absence.kind))
    return tuple(dict.fromkeys(by_first))


def _absence(first: date, last: date, kind: AbsenceKind, words: str | None) -> Absence:
    """An absence; what an injury hurt is read from the words for it."""
    hurt = tissue_of(words) if kind is AbsenceKind.INJURED else None
    return Absence(first=first, last=last, kind=kind, hurt=hurt)


def _is_training_holiday(event: CalendarEvent) -> bool:
    """Whether a holiday leaves a stated time for training. In illness, that time does not count."""
    return not event.is_unforeseen and bool(event.available_min)


def _day_limits(calendar: Sequence[CalendarEvent], planned: TrainingWeek) -> Iterator[DayLimit]:
    """What can be trained on days of the planned week; the least where several entries tell."""
    for day in planned.days:
        covering = [event for event in calendar if event.covers(day)]
        known_min = [one.available_min for one in covering if one.available_min is not None]
        types = [set(one.can_train_sports) for one in covering if one.can_train_sports]
        sports = tuple(
            sport
            for sport, of_sport in ACTIVITY_TYPES_BY_SPORT.items()
            if all(of_sport & one for one in types)
        )
        if known_min or types:
            yield DayLimit(
                date=day,
                available_min=min(known_min, default=None),
                sports=sports if types else None,
            )


def _halves_min(halves: HalfDays | None) -> tuple[int, int] | None:
    return None if halves is None else (halves.am, halves.pm)
