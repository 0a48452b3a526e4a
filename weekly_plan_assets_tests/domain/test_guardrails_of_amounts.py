"""How long, how far, how heavy and how many sessions can be at all, whatever was measured."""

from dataclasses import replace

import pytest

from weekly_plan_assets.domain.athlete.athlete import AnchoredSession
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, SessionKind, Sport
from weekly_plan_assets_tests.support.valid_week import (
    ATHLETE,
    CONTEXT,
    ENVELOPE,
    RACE,
    SAT,
    STRENGTH,
    THU,
    WEEK,
    broken,
    in_envelope,
    observed,
    of_athlete,
    steady,
    with_days,
)

SHORT = steady(SessionKind.RECOVERY, 1, 10)
AMOUNTS = {
    "day.sessions",
    "session.duration",
    "session.distance",
    "strength.load",
    "race.estimate",
    "day.available",
}


def amiss(context: PlanContext = CONTEXT, **days: list[PlannedSession]) -> set[str]:
    """Which of these rules the valid week breaks with other sessions on the days named."""
    return AMOUNTS & set(broken(with_days(**days), context))


def lifting(duration_s: int, load: float) -> PlannedSession:
    return STRENGTH.model_copy(update={"duration_s": duration_s, "planned_load": load})


def anchored_on(weekday: int, sport: Sport, kind: SessionKind, minutes: int) -> PlanContext:
    session = AnchoredSession(weekday=weekday, sport=sport, kind=kind, duration_min=minutes)
    wide = in_envelope(max_load=2000, longest_run_s=12 * 3600).envelope
    return replace(of_athlete(anchored=(session,)), envelope=wide)


@pytest.mark.parametrize(("count", "expected"), [(4, set()), (5, {"day.sessions"})])
def test_a_day_has_four_sessions_at_most(count: int, expected: set[str]) -> None:
    assert amiss(Saturday=[SHORT] * count) == expected


def test_anchored_sessions_and_races_come_on_top_of_the_four() -> None:
    context = anchored_on(SAT, Sport.RUN, SessionKind.RECOVERY, 10)
    assert amiss(context, Saturday=[SHORT] * 5) == set()
    assert amiss(context, Saturday=[SHORT] * 6) == {"day.sessions"}
    race = Race(date=WEEK.days[SAT], priority=RacePriority.C)
    assert amiss(of_athlete(races=(race,)), Saturday=[RACE, *[SHORT] * 4]) == set()


def test_four_hundred_sessions_of_strength_are_too_many() -> None:
    assert "day.sessions" in amiss(Tuesday=[lifting(300, 0)] * 400)


@pytest.mark.parametrize(
    ("sport", "minutes"), [(Sport.RUN, 360), (Sport.RIDE, 600), (Sport.SWIM, 240)]
)
def test_a_session_is_not_longer_than_anybody_plans_it(sport: Sport, minutes: int) -> None:
    fits, longer = (steady(SessionKind.EASY, 1, length, sport) for length in (minutes, minutes + 1))
    assert amiss(Saturday=[fits]) == set()
    assert amiss(Saturday=[longer]) == {"session.duration"}


@pytest.mark.parametrize(("duration_s", "expected"), [(7200, set()), (7201, {"session.duration"})])
def test_strength_takes_two_hours_at_most(duration_s: int, expected: set[str]) -> None:
    assert amiss(Tuesday=[lifting(duration_s, 60)]) == expected


@pytest.mark.parametrize("hours", [12, 23, 10**12])
def test_strength_of_many_hours_with_a_small_load_is_refused_for_each_of_them(hours: int) -> None:
    found = amiss(Tuesday=[lifting(hours * 3600, 15)])
    assert {"session.duration", "strength.load"} <= found


def test_strength_under_the_name_of_a_sport_is_strength() -> None:
    core = lifting(9000, 75).model_copy(
        update={"sport": Sport.RIDE, "intensity": ATHLETE.hr_bounds(2)}
    )
    assert amiss(Tuesday=[core]) == {"session.duration"}


def test_a_run_may_be_as_long_as_the_envelope_allows_and_a_session_as_long_as_it_is_anchored() -> (
    None
):
    ultra = steady(SessionKind.LONG, 1, 420)
    assert amiss(in_envelope(longest_run_s=420 * 60), Sunday=[ultra]) == set()
    gym = anchored_on(THU, Sport.STRENGTH, SessionKind.STRENGTH, 180)
    assert amiss(gym, Thursday=[lifting(198 * 60, 99)]) == set()
    assert amiss(gym, Thursday=[lifting(199 * 60, 99)]) == {"session.duration"}


def test_no_day_holds_more_than_twelve_hours_of_training() -> None:
    ride = steady(SessionKind.EASY, 1, 360, Sport.RIDE)
    assert amiss(Saturday=[ride, ride]) == set()
    assert amiss(Saturday=[ride, ride, steady(SessionKind.EASY, 1, 1)]) == {"day.available"}


@pytest.mark.parametrize(
    ("sport", "distance_m", "right"),
    [
        (Sport.RUN, 3600, True),
        (Sport.RUN, 3599, False),
        (Sport.RUN, 17_550, True),
        (Sport.RUN, 17_551, False),
        (Sport.RUN, 1, False),
        (Sport.RUN, 10**9, False),
        (Sport.RIDE, 7200, True),
        (Sport.RIDE, 43_200, True),
        (Sport.RIDE, 43_201, False),
        (Sport.SWIM, 1080, True),
        (Sport.SWIM, 5400, True),
        (Sport.SWIM, 5401, False),
        (Sport.SWIM, 1000, False),
    ],
)
def test_a_distance_fits_its_hour(sport: Sport, distance_m: int, right: bool) -> None:  # noqa: FBT001
    hour = steady(SessionKind.EASY, 2, 60, sport).model_copy(update={"distance_m": distance_m})
    assert amiss(Saturday=[hour]) == (set() if right else {"session.distance"})


def test_a_harder_session_may_be_faster() -> None:
    tempo = steady(SessionKind.VO2, 5).model_copy(update={"distance_m": 23_400})
    assert amiss(Saturday=[tempo]) == set()
    assert amiss(Saturday=[tempo.model_copy(update={"distance_m": 23_401})]) == {"session.distance"}


def test_strength_has_no_distance() -> None:
    rowed = STRENGTH.model_copy(update={"distance_m": 5000})
    assert amiss(Tuesday=[rowed]) == {"session.distance"}
    told = observed("session.distance", with_days(Tuesday=[rowed]))
    assert told == (
        "2024-05-14 WeightTraining strength states 5000 m, but strength has no distance"
    )


@pytest.mark.parametrize(
    ("duration_s", "load", "right"),
    [
        (3600, 30, True),
        (3600, 33, True),
        (3600, 33.1, False),
        (3600, 27, True),
        (3600, 26.9, False),
        (1800, 12, True),
        (1800, 11.9, False),
        (7200, 66, True),
        (7200, 66.1, False),
        (1800, 0, False),
        (2400, 90, False),
    ],
)
def test_the_load_of_strength_is_that_of_its_time(
    duration_s: int,
    load: float,
    right: bool,  # noqa: FBT001
) -> None:
    assert amiss(Tuesday=[lifting(duration_s, load)]) == (set() if right else {"strength.load"})


MARATHON = Race(
    date=WEEK.days[SAT],
    priority=RacePriority.A,
    sport=Sport.RUN,
    distance_m=42_195.0,
    target_time_s=3 * 3600,
)
"""Estimated: three hours in zone 3, a load of 206."""


@pytest.mark.parametrize(
    ("changed", "right"),
    [
        ({}, True),
        ({"planned_load": 226}, True),
        ({"planned_load": 227}, False),
        ({"planned_load": 185}, False),
        ({"planned_load": 0}, False),
        ({"duration_s": 5400}, True),
        ({"duration_s": 5399}, False),
        ({"duration_s": 21600}, True),
        ({"duration_s": 21601}, False),
        ({"intensity": ATHLETE.hr_bounds(4)}, True),
        ({"intensity": ATHLETE.hr_bounds(5)}, False),
        ({"distance_m": 42_195}, True),
        ({"distance_m": 42_000}, True),
        ({"distance_m": 41_000}, False),
    ],
)
def test_a_race_is_planned_as_it_is_estimated(changed: dict[str, object], right: bool) -> None:  # noqa: FBT001
    fields = {"duration_s": 3 * 3600, "planned_load": 206, "intensity": ATHLETE.hr_bounds(3)}
    race = RACE.model_copy(update=fields | changed)
    context = replace(of_athlete(races=(MARATHON,)), envelope=ENVELOPE)
    assert amiss(context, Saturday=[race]) == (set() if right else {"race.estimate"})


def test_of_two_races_on_a_day_either_may_be_the_one_that_is_planned() -> None:
    short = MARATHON.model_copy(update={"target_time_s": 1200, "distance_m": 5000.0})
    context = of_athlete(races=(MARATHON, short))
    fields = {"duration_s": 1200, "planned_load": 37, "intensity": ATHLETE.hr_bounds(5)}
    assert amiss(context, Saturday=[RACE.model_copy(update=fields)]) == set()


def test_a_wrong_race_is_told_with_what_is_estimated() -> None:
    context = of_athlete(races=(MARATHON,))
    plan = with_days(Saturday=[RACE])
    assert observed("race.estimate", plan, context) == (
        "2024-05-18 Run race states a load of 90, estimated is 206, takes 3600 s, estimated are "
        "10800 s"
    )
