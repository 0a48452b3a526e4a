"""What the rules about days and amounts allow, and where they stop."""

from dataclasses import replace

import pytest

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets_tests.support.valid_week import (
    ATHLETE,
    CONTEXT,
    EASY,
    HARD,
    LONG,
    MON,
    RACE,
    SAT,
    STRENGTH,
    SUN,
    WEEK,
    Days,
    broken,
    days,
    in_envelope,
    observed,
    of_athlete,
    part,
    plan_of,
    session,
    steady,
    with_days,
    with_week,
)
from weekly_plan_assets_tests.support.week_rows import week

SPANISH = of_athlete(language=Language.SPANISH)


def raced(*weekdays: int) -> Days:
    """The valid week with races instead of what these days hold."""
    return days() | {weekday: [RACE] for weekday in weekdays}


def races_on(*weekdays: int) -> tuple[Race, ...]:
    return tuple(Race(date=WEEK.days[day], priority=RacePriority.C) for day in weekdays)


def test_the_days_of_a_spanish_athlete_have_spanish_names() -> None:
    assert broken(plan_of(days(), DAY_NAMES_BY_LANGUAGE["es"]), SPANISH) == []
    assert broken(plan_of(days()), SPANISH) == ["day.name"]
    assert broken(plan_of(days(), DAY_NAMES_BY_LANGUAGE["es"])) == ["day.name"]


def test_every_language_of_an_athlete_names_seven_days() -> None:
    assert {language.value: 7 for language in Language} == {
        language: len(set(names)) for language, names in DAY_NAMES_BY_LANGUAGE.items()
    }


def test_two_hard_sessions_on_one_day_are_too_close() -> None:
    assert broken(with_days(Tuesday=[HARD, HARD], Saturday=[])) == ["hard.spacing"]


def test_hard_sessions_two_days_apart_are_spaced() -> None:
    assert broken(with_days(Thursday=[HARD])) == []


def test_a_race_is_a_hard_session_among_others() -> None:
    plan = plan_of(raced(SAT))
    context = of_athlete(races=races_on(SAT))
    assert broken(plan, context) == []
    easier = replace(context, envelope=in_envelope(hard_sessions=1).envelope)
    assert broken(plan, easier) == ["hard.count"]


def test_races_are_never_too_many_nor_too_close_by_themselves() -> None:
    context = replace(
        in_envelope(hard_sessions=0, min_load=100),
        athlete=of_athlete(races=races_on(SAT, SUN)).athlete,
    )
    plan = plan_of(raced(SAT, SUN) | {1: [STRENGTH]})
    assert broken(plan, context) == []


def test_a_hard_session_on_the_day_before_a_race_is_too_close() -> None:
    plan = plan_of(raced(SAT) | {1: [], 4: [HARD]})
    assert broken(plan, of_athlete(races=races_on(SAT))) == ["hard.spacing"]


def test_a_second_long_run_is_one_too_many() -> None:
    assert broken(with_days(Saturday=[LONG])) == ["long_run.single"]


def test_a_long_ride_beside_the_long_run_is_fine() -> None:
    ride = steady(SessionKind.LONG, 2, 90, Sport.RIDE)
    assert broken(with_days(Saturday=[ride])) == []


def test_a_week_without_running_needs_no_long_run() -> None:
    rides: Days = {
        weekday: [
            s.model_copy(update={"sport": Sport.RIDE, "kind": SessionKind.EASY})
            for s in listed
            if s is not STRENGTH
        ]
        for weekday, listed in days().items()
    }
    assert "long_run.single" not in broken(plan_of(rides))


def test_a_week_whose_only_easy_run_is_anchored_needs_no_long_run() -> None:
    ride = steady(SessionKind.EASY, 2, 90, Sport.RIDE)
    assert broken(with_days(Thursday=[], Saturday=[ride], Sunday=[ride])) == []


def test_a_week_with_a_run_race_needs_no_long_run() -> None:
    plan = plan_of(raced(SAT) | {SUN: [EASY]})
    assert broken(plan, of_athlete(races=races_on(SAT))) == []


def test_a_return_week_needs_no_long_run() -> None:
    assert broken(with_days(Sunday=[EASY]), in_envelope(phase=Phase.RETURN)) == ["week.phase"]


@pytest.mark.parametrize(("off_by", "expected"), [(0.5, []), (0.6, ["load.week_sum"])])
def test_rounding_is_no_wrong_sum(off_by: float, expected: list[str]) -> None:
    stated = plan_of(days()).next_week.planned_load + off_by
    assert broken(with_week(planned_load=stated)) == expected


def test_too_little_load_lies_outside_the_envelope_too() -> None:
    assert broken(with_days(Saturday=[], Thursday=[])) == ["load.envelope"]


@pytest.mark.parametrize(("ctl", "highest"), [(40.0, 735.6), (None, 680), (0.0, 455.6)])
def test_the_ceiling_is_what_ctl_may_rise_by_or_twice_the_envelope(
    ctl: float | None, highest: float
) -> None:
    context = replace(CONTEXT, metrics=week(load=250, ctl_end=ctl))
    assert f"at most {highest:.0f} is allowed" in observed("load.ceiling", plan_of(days()), context)


def test_the_ceiling_never_lies_below_the_envelope() -> None:
    context = replace(in_envelope(max_load=900), metrics=week(load=250, ctl_end=0.0))
    assert "at most 900 is allowed" in observed("load.ceiling", plan_of(days()), context)


def test_a_race_does_not_count_against_the_ceiling_nor_the_longest_run() -> None:
    race = RACE.model_copy(
        update={"duration_s": 16200, "intensity": ATHLETE.hr_bounds(3), "planned_load": 310}
    )
    entered = races_on(SAT)[0].model_copy(update={"target_time_s": 16200})
    context = replace(in_envelope(max_load=700), metrics=week(load=250, ctl_end=0.0))
    context = replace(context, athlete=of_athlete(races=(entered,)).athlete)
    assert broken(plan_of(days() | {SAT: [race], SUN: []}), context) == []


def test_a_run_as_long_as_allowed_is_no_spike() -> None:
    assert broken(with_days(Sunday=[steady(SessionKind.LONG, 2, 90)])) == []


def test_days_alike_are_monotonous_and_a_week_without_load_is_not() -> None:
    alike: Days = {day: [EASY] for day in range(7)} | {SUN: [LONG]}
    assert observed("load.monotony", plan_of(alike)) == "monotony is inf; at most 2 is right"
    empty: Days = {day: [] for day in range(7)}
    assert observed("load.monotony", plan_of(empty)) == "no day holds load"


def test_among_three_runs_the_long_one_may_take_more_than_its_share() -> None:
    ride = steady(SessionKind.EASY, 2, 60, Sport.RIDE)
    plan = with_days(Thursday=[ride], Saturday=[ride], Sunday=[steady(SessionKind.LONG, 2, 90)])
    assert broken(plan) == []


def test_the_share_of_hard_time_is_the_envelopes() -> None:
    two_tempos = with_days(
        **{
            day: [session(SessionKind.TEMPO, part(35, 2), part(25, 3), zone=3)]
            for day in ("Tuesday", "Thursday")
        }
    )
    assert broken(two_tempos) == []
    assert broken(two_tempos, in_envelope(max_hard_share=0.15)) == ["zone.share"]


def test_one_hard_session_fits_into_a_short_week() -> None:
    week_of_an_hour: Days = {day: [] for day in range(7)} | {
        MON: [session(SessionKind.TEMPO, part(30, 2), part(30, 3), zone=3)]
    }
    assert "zone.share" not in broken(plan_of(week_of_an_hour))
    longer = session(SessionKind.TEMPO, part(30, 2), part(31, 3), zone=3)
    assert "zone.share" in broken(plan_of(week_of_an_hour | {MON: [longer]}))


def test_the_time_of_races_is_no_hard_time() -> None:
    context = of_athlete(races=races_on(SAT))
    told = observed("zone.share", plan_of(raced(SAT)), context)
    assert told.startswith("900 s of 14400 s lie in zone 3 and above")
