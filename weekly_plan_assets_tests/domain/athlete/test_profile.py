from datetime import date, datetime
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import (
    Absence,
    AbsenceKind,
    AnchoredSession,
    Athlete,
    DayLimit,
    Experience,
    Language,
)
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext, calendar_days, profile_of
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek(date(2024, 5, 6))
SUNDAY, NEXT_MONDAY = date(2024, 5, 12), date(2024, 5, 13)
RECORDED_ZONES = (138, 147, 156, 165, 184)
RUN_ZONES = (140, 150, 160, 170, 190)
RIDE_ZONES = (130, 140, 150, 160, 180)
FILE_ZONES = (135, 145, 155, 165, 185)
RUN_SETTINGS = {"types": ["Run", "TrailRun"], "lthr": 172, "max_hr": 190, "hr_zones": RUN_ZONES}
RIDE_SETTINGS = {"types": ["Ride"], "lthr": 162, "max_hr": 180, "hr_zones": RIDE_ZONES}


def profile(
    *,
    activities: list[dict[str, Any]] | None = None,
    settings: list[dict[str, Any]] | None = None,
    calendar: list[dict[str, Any]] | None = None,
    file: dict[str, Any] | None = None,
) -> Athlete:
    context = AthleteContext(
        file=AthleteFile.model_validate(file or {}),
        sport_settings=tuple(map(SportSettings.model_validate, settings or ())),
        calendar=tuple(map(CalendarEvent.model_validate, calendar or ())),
    )
    rows = [
        Activity.model_validate(
            {"id": str(n), "type": "Run", "start_date_local": datetime(2024, 5, 6 + n, 7)} | fields  # noqa: DTZ001 - a clock reading
        )
        for n, fields in enumerate(activities or ())
    ]
    return profile_of("i1", rows, context.known_after(OBSERVED), OBSERVED.next())


def entry(category: str, first: str, end: str | None = None, **others: Any) -> dict[str, Any]:
    """An entry of the calendar as the API answers it; it ends as the day `end` begins."""
    ends = {"end_date_local": f"{end}T00:00:00"} if end else {}
    return {"id": 1, "category": category, "start_date_local": f"{first}T00:00:00"} | ends | others


def test_recorded_heart_rates_win_over_sport_settings_and_these_over_the_file() -> None:
    file = {"resting_hr_bpm": 44, "threshold_hr_bpm": 165, "zone_upper_bpm": FILE_ZONES}
    recorded = {
        "icu_resting_hr": 50,
        "lthr": 168,
        "athlete_max_hr": 184,
        "icu_hr_zones": RECORDED_ZONES,
    }

    def heart(athlete: Athlete) -> tuple[Any, ...]:
        return (
            athlete.resting_hr_bpm,
            athlete.threshold_hr_bpm,
            athlete.max_hr_bpm,
            athlete.zone_upper_bpm,
        )

    both: dict[str, Any] = {"settings": [RUN_SETTINGS], "file": file}
    assert heart(profile(activities=[recorded], **both)) == (50, 168, 184, RECORDED_ZONES)
    assert heart(profile(activities=[{}], **both)) == (44, 172, 190, RUN_ZONES)
    assert heart(profile(file=file)) == (44, 165, 185, FILE_ZONES)
    assert heart(profile()) == (None, None, None, None)


def test_settings_of_the_sport_that_is_planned_most_win() -> None:
    both = [RIDE_SETTINGS, RUN_SETTINGS]
    assert profile(settings=both).zone_upper_bpm == RUN_ZONES
    rider = profile(settings=both[::-1], file={"sports": ["ride"]})
    assert (rider.zone_upper_bpm, rider.threshold_hr_bpm) == (RIDE_ZONES, 162)
    assert profile(settings=[RIDE_SETTINGS]).zone_upper_bpm == RIDE_ZONES


def test_settings_for_running_win_over_what_rides_recorded() -> None:
    ride = {"type": "Ride", "lthr": 160, "athlete_max_hr": 188, "icu_hr_zones": RECORDED_ZONES}
    runner = profile(activities=[ride], settings=[RUN_SETTINGS], file={"sports": ["run"]})
    assert (runner.zone_upper_bpm, runner.threshold_hr_bpm) == (RUN_ZONES, 172)
    assert runner.max_hr_bpm == 188


def test_a_rate_that_contradicts_one_that_is_known_is_left_out() -> None:
    athlete = profile(activities=[{"athlete_max_hr": 170}], settings=[RUN_SETTINGS])
    assert (athlete.max_hr_bpm, athlete.threshold_hr_bpm) == (170, None)


def test_a_profile_of_all_sources_is_a_valid_one() -> None:
    athlete = profile(
        activities=[{"athlete_max_hr": 184, "icu_resting_hr": 50}],
        settings=[{"types": ["Run"], "lthr": 0, "max_hr": -1, "hr_zones": []}, RIDE_SETTINGS],
        calendar=[entry("RACE_A", "2024-09-01"), entry("HOLIDAY", "2024-08-01", "2024-08-10")],
        file={"zone_upper_bpm": FILE_ZONES, "availability": {"lunes": 0}},
    )
    assert Athlete.model_validate_json(athlete.model_dump_json()) == athlete


def test_habits_come_from_the_file() -> None:
    athlete = profile(
        file={
            "availability": {"monday": 0, "Miércoles": 45},
            "anchored": [{"day": "jueves", "sport": "run", "kind": "easy", "minutes": 50}],
            "strength_days": ["friday"],
            "long_run_day": "sabado",
            "sports": ["swim", "run"],
            "experience": "novice",
            "birth_year": 1960,
            "load_cycle": "2:1",
            "language": "es",
        }
    )
    assert athlete.available_min == (0, None, 45, None, None, None, None)
    assert athlete.anchored == (
        AnchoredSession(weekday=3, sport=Sport.RUN, kind=SessionKind.EASY, duration_min=50),
    )
    assert (athlete.strength_weekdays, athlete.long_run_weekday) == (frozenset({4}), 5)
    assert athlete.sports == (Sport.SWIM, Sport.RUN)
    assert (athlete.experience, athlete.birth_year) == (Experience.NOVICE, 1960)
    assert (athlete.build_weeks, athlete.language) == (2, Language.SPANISH)


def test_what_the_file_does_not_say_stays_as_it_is() -> None:
    athlete = profile(activities=[{"type": "Ride"}])
    bare = Athlete(athlete_id="i1", sports=(Sport.RIDE,), main_sport=Sport.RIDE)
    stated = {"strength_weekdays", "long_run_weekday", "habit"}
    assert athlete.model_dump(exclude=stated) == bare.model_dump(exclude=stated)
    assert profile(file={"strength_days": []}).strength_weekdays == frozenset()


def test_races_of_file_and_calendar_stand_by_their_dates() -> None:
    athlete = profile(
        calendar=[
            entry("RACE_A", "2024-10-06", name="Marathon", type="TrailRun", distance=42195.0),
            entry("RACE_C", "2024-06-02", type="Kitesurf", distance=0.0, moving_time=0),
        ],
        file={
            "races": [
                {"date": "2024-07-07", "priority": "B", "distance_km": 10, "target": "0:45:30"}
            ]
        },
    )
    assert athlete.races == (
        Race(date=date(2024, 6, 2), priority=RacePriority.C),
        Race(
            date=date(2024, 7, 7),
            priority=RacePriority.B,
            distance_m=10_000,
            target_time_s=45 * 60 + 30,
        ),
        Race(
            date=date(2024, 10, 6),
            priority=RacePriority.A,
            name="Marathon",
            sport=Sport.RUN,
            distance_m=42195,
        ),
    )


@pytest.mark.parametrize(
    ("category", "name", "races"),
    [
        ("RACE_A", "Another name", 1),
        ("RACE_B", "city HALF", 1),
        ("RACE_B", "Another name", 2),
        ("RACE_B", None, 2),
    ],
)
def test_a_race_of_the_same_date_and_priority_or_name_is_one(
    category: str, name: str | None, races: int
) -> None:
    athlete = profile(
        calendar=[entry(category, "2024-10-06", name=name, type="Run", moving_time=5400)],
        file={
            "races": [
                {"date": "2024-10-06", "priority": "A", "name": "City half", "target": "1:35:00"}
            ]
        },
    )
    assert len(athlete.races) == races
    own = athlete.races[0]
    assert (own.priority, own.name, own.target_time_s) == (RacePriority.A, "City half", 5700)
    assert own.sport == (Sport.RUN if races == 1 else None)


def test_absences_of_file_and_calendar_are_joined_and_alike_ones_are_one() -> None:
    athlete = profile(
        calendar=[
            entry("HOLIDAY", "2024-08-01", "2024-08-11"),
            entry("SICK", "2024-05-08"),
            entry("NOTE", "2024-05-20"),
        ],
        file={"absences": [{"first": "2024-08-01", "last": "2024-08-10", "kind": "holiday"}]},
    )
    assert athlete.absences == (
        Absence(first=date(2024, 5, 8), last=date(2024, 5, 8), kind=AbsenceKind.SICK),
        Absence(first=date(2024, 8, 1), last=date(2024, 8, 10), kind=AbsenceKind.HOLIDAY),
    )


@pytest.mark.parametrize("category", ["SICK", "INJURED"])
def test_illness_that_begins_after_the_observed_sunday_is_not_known(category: str) -> None:
    later = entry(category, "2024-05-13", "2024-05-20", training_availability="UNAVAILABLE")
    kind = category.lower()
    file = {"absences": [{"first": "2024-05-13", "last": "2024-05-19", "kind": kind}]}
    assert profile(calendar=[later], file=file) == profile()


@pytest.mark.parametrize("category", ["SICK", "INJURED"])
def test_illness_under_way_is_known_and_lasts_until_its_end(category: str) -> None:
    under_way = entry(category, "2024-05-12", "2024-05-16")
    kind = category.lower()
    file = {"absences": [{"first": "2024-05-12", "last": "2024-05-15", "kind": kind}]}
    for athlete in (profile(calendar=[under_way]), profile(file=file)):
        assert athlete.available_s(date(2024, 5, 15)) == 0
        assert athlete.available_s(date(2024, 5, 16)) is None


def test_holidays_ahead_are_known() -> None:
    athlete = profile(calendar=[entry("HOLIDAY", "2024-05-13", "2024-05-15")])
    assert athlete.available_s(date(2024, 5, 14)) == 0
    assert athlete.available_s(date(2024, 5, 15)) is None


def test_days_of_the_planned_week_are_limited_by_the_calendar() -> None:
    athlete = profile(
        calendar=[
            entry("NOTE", "2024-05-14", training_availability="UNAVAILABLE"),
            entry(
                "NOTE",
                "2024-05-12",
                "2024-05-15",
                training_availability="LIMITED",
                max_training_time=1800,
            ),
            entry("NOTE", "2024-05-20", training_availability="UNAVAILABLE"),
            entry("NOTE", "2024-05-17", training_availability="LIMITED"),
        ],
        file={"availability": {"monday": 90, "tuesday": 90, "friday": 90}},
    )
    assert athlete.day_limits == (
        DayLimit(date=date(2024, 5, 13), available_min=30),
        DayLimit(date=date(2024, 5, 14), available_min=0),
    )
    assert athlete.available_s(date(2024, 5, 13)) == 30 * 60
    assert athlete.available_s(date(2024, 5, 17)) == 90 * 60


def test_a_holiday_with_time_for_training_is_a_limit_and_illness_stays_an_absence() -> None:
    limited = {"training_availability": "LIMITED", "max_training_time": 2700}
    holiday = profile(calendar=[entry("HOLIDAY", "2024-05-13", "2024-05-20", **limited)])
    assert holiday.absences == ()
    assert holiday.available_s(SUNDAY.replace(day=19)) == 45 * 60
    illness = profile(calendar=[entry("SICK", "2024-05-12", "2024-05-20", **limited)])
    assert illness.available_s(NEXT_MONDAY) == 0


def test_entries_that_say_nothing_of_a_plan_are_not_kept() -> None:
    workout = CalendarEvent.model_validate(
        entry("WORKOUT", "2024-05-13", training_availability="NORMAL")
    )
    race = CalendarEvent.model_validate(entry("RACE_B", "2024-06-02"))
    assert AthleteContext(calendar=(workout, race)).known_after(OBSERVED).calendar == (race,)


def test_an_illness_of_the_planned_week_counts_until_that_week_is_over() -> None:
    ill = CalendarEvent.model_validate(entry("SICK", "2024-05-14", "2024-05-16"))
    file = AthleteFile.model_validate(
        {"absences": [{"first": "2024-05-15", "last": "2024-05-16", "kind": "injured"}]}
    )

    def is_known(known_on: date | None) -> bool:
        known = AthleteContext(file, calendar=(ill,), known_on=known_on).known_after(OBSERVED)
        assert len(known.calendar) == len(known.file.absences)
        return bool(known.calendar)

    assert is_known(date(2024, 5, 12))
    assert is_known(date(2024, 5, 19))
    assert not is_known(date(2024, 5, 20))
    assert not is_known(None)


def test_the_calendar_is_read_from_half_a_year_before_to_a_year_after() -> None:
    assert calendar_days(OBSERVED) == (date(2023, 11, 6), date(2025, 5, 11))


BOTH_SPORTS = {"sports": ["run", "ride"]}


def test_each_sport_has_the_zones_and_the_threshold_of_its_own_settings() -> None:
    athlete = profile(settings=[RUN_SETTINGS, RIDE_SETTINGS], file=BOTH_SPORTS)
    assert athlete.zone_upper_bpm == RUN_ZONES
    assert athlete.hr_bounds(3, Sport.RUN).bpm_high == RUN_ZONES[2]
    assert athlete.hr_bounds(3, Sport.RIDE).bpm_high == RIDE_ZONES[2]
    assert athlete.heart_in(Sport.RIDE).threshold_hr_bpm == 162
    ceilings = {one.sport: one.bpm for one in athlete.easy_ceilings}
    assert ceilings == {Sport.RUN: int(0.85 * 172), Sport.RIDE: int(0.85 * 162)}


def test_zones_of_a_sport_that_only_its_sessions_carry_count_for_it() -> None:
    ride = {"type": "Ride", "lthr": 160, "icu_hr_zones": RIDE_ZONES}
    run = {"lthr": 171, "icu_hr_zones": RECORDED_ZONES}
    athlete = profile(activities=[run, ride], file=BOTH_SPORTS)
    assert athlete.hr_bounds(2, Sport.RIDE).bpm_high == RIDE_ZONES[1]
    assert athlete.hr_bounds(2, Sport.RUN).bpm_high == RECORDED_ZONES[1]


def test_a_sport_without_zones_of_its_own_has_those_of_the_main_sport() -> None:
    athlete = profile(settings=[RUN_SETTINGS], file={"sports": ["run", "ride", "swim"]})
    assert athlete.sport_hearts == ()
    for sport in (Sport.RIDE, Sport.SWIM):
        assert athlete.hr_bounds(4, sport) == athlete.hr_bounds(4)


def test_what_can_be_done_on_a_weekday_comes_from_the_file() -> None:
    file = {
        "sports": ["run", "swim"],
        "half_days": {"tuesday": {"am": 30, "pm": 75}},
        "availability": {"tuesday": 90},
        "sports_by_day": {"thursday": ["swim"]},
    }
    athlete = profile(file=file)
    tuesday, thursday = date(2024, 5, 14), date(2024, 5, 16)
    assert athlete.halves_s(tuesday) == (75 * 60, 30 * 60)
    assert athlete.available_s(tuesday) == 90 * 60
    assert [athlete.may_do(one, thursday) for one in (Sport.SWIM, Sport.RUN)] == [True, False]
    assert athlete.may_do(Sport.RUN, tuesday)
    assert athlete.halves_s(thursday) is None


def test_the_calendar_says_which_sports_can_be_done_on_a_day() -> None:
    hotel = entry("NOTE", "2024-05-14", can_train_sports=["TrailRun", "Yoga"])
    pool = entry(
        "NOTE",
        "2024-05-15",
        training_availability="LIMITED",
        max_training_time=2700,
        can_train_sports=["OpenWaterSwim"],
    )
    athlete = profile(calendar=[hotel, pool], file={"sports": ["run", "swim"]})
    assert athlete.day_limits == (
        DayLimit(date=date(2024, 5, 14), sports=(Sport.RUN,)),
        DayLimit(date=date(2024, 5, 15), available_min=45, sports=(Sport.SWIM,)),
    )
    assert athlete.available_s(date(2024, 5, 14)) is None
