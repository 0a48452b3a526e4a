"""On which days the rules planner puts what, and what it says where that cannot be."""

import pytest

from weekly_plan_assets.domain.athlete.athlete import (
    Absence,
    AbsenceKind,
    AnchoredSession,
    DayLimit,
)
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport, WeeklyPlan
from weekly_plan_assets_tests.support.requests import (
    FRI,
    MON,
    SAT,
    SUN,
    THU,
    TUE,
    WED,
    an_athlete,
    hard_weekdays,
    on,
    plan_for,
    request_for,
    rest_weekdays,
    week_for,
    weekdays_of,
)
from weekly_plan_assets_tests.support.week_rows import weeks_of

CLUB_RUN = AnchoredSession(weekday=WED, sport=Sport.RUN, kind=SessionKind.EASY, duration_min=50)
TRACK = AnchoredSession(weekday=TUE, sport=Sport.RUN, kind=SessionKind.VO2, duration_min=60)


def a_race(weekday: int, priority: RacePriority = RacePriority.A, *, weeks: int = 0) -> Race:
    return Race(
        date=on(weekday, weeks=weeks),
        priority=priority,
        name="City 10 km",
        sport=Sport.RUN,
        distance_m=10_000,
        target_time_s=45 * 60,
    )


def minutes_of(plan: WeeklyPlan, weekday: int) -> float:
    return sum(session.duration_s for session in plan.days[weekday].sessions) / 60


def warned(plan: WeeklyPlan, words: str) -> bool:
    return any(words in warning for warning in plan.warnings)


@pytest.mark.parametrize("weekday", range(7))
def test_the_long_run_lies_on_the_athletes_day(weekday: int) -> None:
    plan = week_for(an_athlete(long_run_weekday=weekday))
    assert weekdays_of(SessionKind.LONG, plan) == [weekday]


def test_without_room_on_that_day_the_long_run_takes_the_roomiest() -> None:
    plan = week_for(an_athlete(available_min=(45, 45, 45, 45, 45, 120, 30)))
    assert weekdays_of(SessionKind.LONG, plan) == [SAT]


@pytest.mark.parametrize("long", range(7))
def test_hard_sessions_keep_two_days_from_each_other_and_from_the_long_run(long: int) -> None:
    first, second = hard_weekdays(week_for(an_athlete(long_run_weekday=long)))
    gaps = [(later - earlier) % 7 for earlier in (first, second) for later in (long, first, second)]
    assert all(gap in {0, 2, 3, 4, 5} for gap in gaps)


def test_hard_sessions_take_days_with_an_hour() -> None:
    plan = week_for(an_athlete(available_min=(None, 40, None, 40, None, None, None)))
    assert not {TUE, THU} & set(hard_weekdays(plan))
    assert len(hard_weekdays(plan)) == 2


def test_a_day_without_room_is_the_day_of_rest() -> None:
    plan = week_for(an_athlete(available_min=(None, None, 0, None, None, None, None)))
    assert rest_weekdays(plan) == [WED]


def test_rest_avoids_the_strength_days() -> None:
    assert rest_weekdays(week_for(an_athlete(strength_weekdays=frozenset({MON, WED})))) == [FRI]


def test_half_an_hour_a_day_is_never_exceeded() -> None:
    plan = week_for(an_athlete(available_min=(30,) * 7), target_load=140)
    assert max(minutes_of(plan, weekday) for weekday in range(7)) == 30
    assert len(rest_weekdays(plan)) == 1


def test_one_day_only_holds_the_long_run() -> None:
    plan = week_for(an_athlete(available_min=(0, 0, 0, 90, 0, 0, 0)))
    assert [session.kind for session in plan.sessions] == [SessionKind.LONG]
    assert minutes_of(plan, THU) == 90
    assert warned(plan, "shorter than it could be")


def test_a_limit_of_one_date_holds_on_that_date() -> None:
    limited = an_athlete(day_limits=(DayLimit(date=on(SUN), available_min=25),))
    plan = week_for(limited)
    assert minutes_of(plan, SUN) <= 25
    assert weekdays_of(SessionKind.LONG, plan) != [SUN]


def test_a_week_away_is_empty_and_says_so() -> None:
    away = Absence(first=on(MON), last=on(SUN), kind=AbsenceKind.HOLIDAY)
    plan = week_for(an_athlete(absences=(away,)), min_load=100)
    assert plan.sessions == ()
    assert warned(plan, "No day of this week has room")
    assert warned(plan, "too little room")


def test_a_day_of_absence_has_no_session() -> None:
    ill = Absence(first=on(MON), last=on(WED), kind=AbsenceKind.SICK)
    assert {MON, TUE, WED} <= set(rest_weekdays(week_for(an_athlete(absences=(ill,)))))


def test_strength_keeps_off_the_eve_of_long_and_hard_days_where_it_can() -> None:
    plan = week_for(an_athlete(strength_weekdays=frozenset({MON, WED, FRI, SAT})))
    days = weekdays_of(SessionKind.STRENGTH, plan)
    assert days
    assert not {(day + 1) % 7 for day in days} & {SUN, *hard_weekdays(plan)}


def test_the_only_strength_day_is_used_even_before_the_long_run() -> None:
    plan = week_for(an_athlete(strength_weekdays=frozenset({SAT})))
    assert weekdays_of(SessionKind.STRENGTH, plan) == [SAT]


def test_an_anchored_session_stands_on_its_day_with_its_length() -> None:
    plan = week_for(an_athlete(anchored=(CLUB_RUN,)))
    assert [(s.kind, s.duration_s) for s in plan.days[WED].sessions] == [(SessionKind.EASY, 3000)]
    assert not plan.warnings or not warned(plan, "Not kept")


def test_an_anchored_hard_session_counts_and_keeps_its_distance() -> None:
    plan = week_for(an_athlete(anchored=(TRACK,)))
    assert plan.days[TUE].sessions[0].kind is SessionKind.VO2
    assert len(hard_weekdays(plan)) == 2
    assert not {MON, WED} & set(hard_weekdays(plan))


def test_an_anchored_hard_session_gives_way_in_a_recovery_week_and_is_named() -> None:
    plan = week_for(an_athlete(anchored=(TRACK,)), phase=Phase.RECOVERY, hard_sessions=0)
    assert hard_weekdays(plan) == []
    assert "Left out this week: VO2 run of 60 min on Tuesday." in plan.warnings


def test_a_minimum_that_no_day_has_room_for_is_named() -> None:
    plan = week_for(an_athlete(available_min=(20,) * 7), min_load=250)
    assert plan.sessions
    assert warned(plan, "too little room")


def test_a_race_stands_on_its_day_alone_with_its_load() -> None:
    plan = week_for(an_athlete(races=(a_race(SUN),)), phase=Phase.RACE_WEEK)
    (race,) = plan.days[SUN].sessions
    assert race.kind is SessionKind.RACE
    assert race.duration_s == 45 * 60
    assert race.distance_m == 10_000
    assert race.planned_load == 67
    assert "City 10 km, target 0:45:00" in race.description


@pytest.mark.parametrize("weekday", range(2, 7))
def test_no_hard_session_and_no_strength_come_within_two_days_before_an_a_race(
    weekday: int,
) -> None:
    plan = week_for(an_athlete(races=(a_race(weekday),)), phase=Phase.SPECIFIC)
    before = {weekday - 1, weekday - 2}
    assert not before & set(hard_weekdays(plan))
    assert not before & set(weekdays_of(SessionKind.STRENGTH, plan))


def test_a_race_in_the_next_week_is_looked_out_for() -> None:
    plan = week_for(an_athlete(races=(a_race(MON, weeks=1),), long_run_weekday=WED))
    assert not {SAT, SUN} & set(hard_weekdays(plan))


def test_before_a_race_come_a_day_of_rest_and_a_short_run() -> None:
    plan = week_for(an_athlete(races=(a_race(SUN),)), phase=Phase.RACE_WEEK, hard_sessions=1)
    assert FRI in rest_weekdays(plan)
    assert minutes_of(plan, SAT) <= 30
    assert "Keep the legs loose" in plan.days[SAT].sessions[0].goal


def test_the_day_after_a_race_is_for_recovery() -> None:
    plan = week_for(an_athlete(races=(a_race(WED, RacePriority.C),)))
    assert [s.kind for s in plan.days[THU].sessions if s.sport is Sport.RUN] in (
        [],
        [SessionKind.RECOVERY],
    )


def test_a_race_on_a_day_of_absence_is_named_and_not_planned() -> None:
    ill = Absence(first=on(SUN), last=on(SUN), kind=AbsenceKind.SICK)
    plan = week_for(an_athlete(absences=(ill,), races=(a_race(SUN),)))
    assert not any(session.is_race for session in plan.sessions)
    assert warned(plan, "falls on a day of absence")


def test_a_race_heavier_than_the_week_is_named() -> None:
    plan = week_for(an_athlete(races=(a_race(SUN),)), target_load=50, max_load=60)
    assert [session.kind for session in plan.sessions] == [SessionKind.RACE]
    assert warned(plan, "harder than it should be")


def test_a_taper_is_as_frequent_and_shorter() -> None:
    usual = week_for(phase=Phase.SPECIFIC, target_load=400, max_load=450)
    taper = week_for(phase=Phase.TAPER, target_load=220, max_load=260)

    def endurance_s(plan: WeeklyPlan) -> list[int]:
        return [s.duration_s for s in plan.sessions if s.sport is Sport.RUN]

    assert len(endurance_s(taper)) >= len(endurance_s(usual)) - 1
    assert sum(endurance_s(taper)) < 0.65 * sum(endurance_s(usual))
    assert len(hard_weekdays(taper)) >= 1


def test_a_return_has_neither_hard_nor_long_sessions() -> None:
    plan = week_for(phase=Phase.RETURN, hard_sessions=0, target_load=120, max_load=150)
    assert {s.kind for s in plan.sessions} <= {SessionKind.EASY, SessionKind.STRENGTH}


def test_a_recovery_week_is_easier_than_easy() -> None:
    plan = week_for(phase=Phase.RECOVERY, hard_sessions=0, target_load=180, max_load=200)
    kinds = [s.kind for s in plan.sessions if s.sport is Sport.RUN]
    assert kinds.count(SessionKind.RECOVERY) >= 2
    assert SessionKind.EASY not in kinds


@pytest.mark.parametrize("target", [150, 250, 350, 500])
def test_a_build_week_is_pyramidal(target: int) -> None:
    plan = week_for(target_load=target, max_load=2 * target, longest_run_s=9000)
    by_zone = [0] * 6
    for session in plan.sessions:
        for zone, time_s in zone_times_s(session.blocks).items():
            by_zone[zone] += time_s
    whole = sum(by_zone)
    assert sum(by_zone[1:3]) >= 0.77 * whole
    assert by_zone[4] + by_zone[5] <= 0.08 * whole


@pytest.mark.parametrize(
    ("weekday", "distance_m", "free"),
    [(TUE, 10_000, 1), (WED, 21_097, 3), (MON, 42_195, 6), (TUE, 100_000, 5)],
)
def test_a_race_within_the_week_leaves_its_days_without_running(
    weekday: int, distance_m: float, free: int
) -> None:
    race = Race(date=on(weekday), priority=RacePriority.B, sport=Sport.RUN, distance_m=distance_m)
    plan = plan_for(request_for(weeks_of(300, 300, 300, 300), an_athlete(races=(race,))))
    after = plan.days[weekday + 1 : weekday + 1 + free]
    assert not [one.name for day in after for one in day.sessions if one.sport is Sport.RUN]
    tired = plan.days[weekday + 1 : weekday + 1 + 2 * free]
    assert not any(one.is_hard for day in tired for one in day.sessions)
