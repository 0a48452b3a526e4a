"""What the rules about the athlete's own life allow, and where they stop."""

from dataclasses import replace
from datetime import timedelta

import pytest

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, AnchoredSession
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.envelope import DayRoom
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    PlannedSession,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets_tests.support.valid_week import (
    EASY,
    FRI,
    HARD,
    RACE,
    SAT,
    STRENGTH,
    SUN,
    TUE,
    WED,
    WEEK,
    broken,
    days,
    in_envelope,
    observed,
    of_athlete,
    plan_of,
    steady,
    with_days,
)


def a_race(weekday: int, **changed: object) -> Race:
    race = Race(date=WEEK.days[weekday], priority=RacePriority.B)
    return race.model_copy(update=changed)


def anchored(weekday: int, **changed: object) -> AnchoredSession:
    session = AnchoredSession(
        weekday=weekday, sport=Sport.RUN, kind=SessionKind.EASY, duration_min=60
    )
    return session.model_copy(update=changed)


def away(weekday: int) -> Absence:
    day = WEEK.days[weekday]
    return Absence(first=day, last=day, kind=AbsenceKind.SICK)


def test_a_day_of_absence_has_room_for_nothing() -> None:
    plan, context = plan_of(days()), of_athlete(absences=(away(SAT),))
    assert broken(plan, context) == ["day.available"]
    assert observed("day.available", plan, context) == (
        "2024-05-18 holds 3600 s of training, but has room for 0 s"
    )


def test_the_room_that_the_envelope_states_counts_too() -> None:
    told = (DayRoom(date=WEEK.days[TUE], available_s=5999),)
    assert broken(plan_of(days()), in_envelope(days=told)) == ["day.available"]
    told = (DayRoom(date=WEEK.days[TUE], available_s=6000),)
    assert broken(plan_of(days()), in_envelope(days=told)) == []


def test_a_race_needs_no_room() -> None:
    context = of_athlete(races=(a_race(SAT),), available_min=(None,) * 5 + (10, None))
    assert broken(with_days(Saturday=[RACE], Sunday=[]), context) == []


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(53, ["anchored.kept"]), (54, []), (66, []), (67, ["anchored.kept"])],
)
def test_an_anchored_session_may_be_a_tenth_shorter_or_longer(
    minutes: int, expected: list[str]
) -> None:
    assert broken(with_days(Wednesday=[steady(SessionKind.EASY, 2, minutes)])) == expected


def test_another_sport_or_kind_does_not_keep_an_anchored_session() -> None:
    for other in (
        steady(SessionKind.EASY, 2, sport=Sport.RIDE),
        steady(SessionKind.RECOVERY, 1),
    ):
        plan = with_days(Wednesday=[other])
        assert broken(plan) == ["anchored.kept"]
        assert "2024-05-15 lacks Run easy of 3600 s" in observed("anchored.kept", plan)


def test_one_session_does_not_keep_two_anchored_ones() -> None:
    context = of_athlete(anchored=(anchored(WED), anchored(WED)))
    assert broken(plan_of(days()), context) == ["anchored.kept"]
    assert broken(with_days(Wednesday=[EASY, EASY]), context) == []


def test_two_anchored_sessions_of_one_kind_are_kept_in_any_order() -> None:
    hour, more = anchored(WED), anchored(WED, duration_min=72)
    run_60, run_66 = (steady(SessionKind.EASY, 2, minutes) for minutes in (60, 66))
    for told, sessions in (((hour, more), [run_66, run_60]), ((more, hour), [run_60, run_66])):
        context = of_athlete(anchored=told)
        assert broken(with_days(Wednesday=sessions), context) == []


def test_an_anchored_session_gives_way_where_its_day_has_no_room() -> None:
    assert broken(with_days(Wednesday=[]), of_athlete(absences=(away(WED),))) == []


def test_an_anchored_session_gives_way_in_a_week_of_return() -> None:
    context = in_envelope(phase=Phase.RETURN)
    assert broken(with_days(Wednesday=[]), context) == ["week.phase"]


def test_the_sports_of_races_and_anchored_sessions_are_the_athletes_too() -> None:
    swim = steady(SessionKind.EASY, 2, sport=Sport.SWIM)
    plan = with_days(Saturday=[swim])
    swimming = anchored(SAT, sport=Sport.SWIM)
    assert broken(plan, of_athlete(anchored=(swimming,))) == []
    triathlon = a_race(SAT, sport=Sport.SWIM, date=WEEK.next().end)
    assert broken(plan, of_athlete(races=(triathlon,))) == []


def test_a_race_that_nobody_entered_is_told() -> None:
    plan = with_days(Saturday=[RACE])
    assert broken(plan) == ["race.placed"]
    assert observed("race.placed", plan) == (
        "2024-05-18 holds a race that the athlete has not entered"
    )


def test_a_race_on_another_day_is_told_twice() -> None:
    plan, context = with_days(Saturday=[RACE]), of_athlete(races=(a_race(SUN),))
    assert broken(plan, context) == ["race.placed"]
    assert observed("race.placed", plan, context) == (
        "2024-05-19 lacks its race; 2024-05-18 holds a race that the athlete has not entered"
    )


def test_a_race_in_another_sport_is_told() -> None:
    plan, context = with_days(Saturday=[RACE]), of_athlete(races=(a_race(SAT, sport=Sport.RIDE),))
    assert broken(plan, context) == ["race.placed"]
    assert observed("race.placed", plan, context) == (
        "2024-05-18 lacks its race as a Ride; "
        "2024-05-18 holds a race that the athlete has not entered"
    )


def test_two_races_on_one_day_are_two_sessions() -> None:
    context = of_athlete(races=(a_race(SAT), a_race(SAT)))
    assert broken(with_days(Saturday=[RACE], Sunday=[]), context) == ["race.placed"]


def test_an_athlete_who_is_away_has_no_race() -> None:
    context = of_athlete(races=(a_race(FRI),), absences=(away(FRI),))
    assert broken(plan_of(days()), context) == []


def test_before_an_a_race_there_may_be_another_race() -> None:
    races = (a_race(SAT), a_race(SUN, date=WEEK.end + timedelta(days=1), priority=RacePriority.A))
    assert broken(with_days(Saturday=[RACE], Sunday=[]), of_athlete(races=races)) == []


def after_a_race(distance_m: int, **days_after: list[PlannedSession]) -> list[str]:
    """What is broken in the week of a race on Tuesday, with these days after it."""
    context = of_athlete(races=(a_race(TUE, distance_m=distance_m, sport=Sport.RUN),))
    empty: dict[str, list[PlannedSession]] = {name.capitalize(): [] for name in DAY_NAMES[2:]}
    return broken(with_days(**empty | {"Tuesday": [RACE]} | days_after), context)


def test_the_days_after_a_race_of_the_week_hold_no_run() -> None:
    assert "race.aftermath" in after_a_race(10_000, Wednesday=[EASY])
    assert "race.aftermath" not in after_a_race(10_000, Thursday=[EASY])
    assert "race.aftermath" in after_a_race(21_097, Friday=[EASY])
    assert "race.aftermath" not in after_a_race(21_097, Saturday=[EASY])


def test_for_twice_as_long_nothing_is_hard() -> None:
    assert "race.aftermath" in after_a_race(10_000, Thursday=[HARD])
    assert "race.aftermath" not in after_a_race(10_000, Friday=[HARD])


def test_a_jog_some_days_after_a_race_of_the_week_is_fine() -> None:
    jog = steady(SessionKind.RECOVERY, 1, 30)
    assert "race.aftermath" in after_a_race(42_195, Thursday=[jog])
    assert "race.aftermath" not in after_a_race(42_195, Friday=[jog])


def test_three_days_before_an_a_race_a_hard_session_is_fine() -> None:
    race = a_race(SUN, date=WEEK.end + timedelta(days=1), priority=RacePriority.A)
    assert broken(with_days(Friday=[HARD], Thursday=[]), of_athlete(races=(race,))) == []


def test_strength_lies_where_it_is_anchored_too() -> None:
    at_the_gym = anchored(FRI, sport=Sport.STRENGTH, kind=SessionKind.STRENGTH, duration_min=40)
    plan = with_days(Tuesday=[HARD], Friday=[STRENGTH])
    assert broken(plan) == ["strength.days"]
    context = of_athlete(anchored=(at_the_gym,))
    assert broken(plan, replace(context)) == []


def in_halves(*halves_min: int) -> PlanContext:
    saturday = (None,) * SAT + (halves_min, None)
    return of_athlete(halves_min=saturday)


@pytest.mark.parametrize(
    ("minutes", "fits"),
    [
        ((60,), True),
        ((61,), False),
        ((45, 45), True),
        ((60, 45), True),
        ((45, 20, 25), True),
        ((50, 50), False),
        ((45, 30, 35), False),
    ],
)
def test_sessions_fit_into_the_halves_of_a_day_or_not(minutes: tuple[int, ...], fits: bool) -> None:  # noqa: FBT001 - a column of the table
    sessions = [steady(SessionKind.RECOVERY, 1, one) for one in minutes]
    faults = broken(with_days(Saturday=sessions), in_halves(45, 60))
    assert ("day.halves" not in faults) is fits


def test_a_race_may_be_on_a_day_that_allows_other_sports() -> None:
    race = Race(date=WEEK.days[SAT], priority=RacePriority.C)
    rides_only = (None,) * SAT + ((Sport.RIDE,), None)
    context = of_athlete(races=(race,), sports_by_day=rides_only)
    assert "day.sports" not in broken(plan_of(days() | {SAT: [RACE]}), context)
    assert "day.sports" in broken(plan_of(days()), of_athlete(sports_by_day=rides_only))
