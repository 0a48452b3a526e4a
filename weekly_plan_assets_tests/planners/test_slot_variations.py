"""What varies the easy sessions of whole weeks: sets, late work, a second long run, a brick."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.envelope.hard_bounds import HardLimit
from weekly_plan_assets.domain.guardrails import judge_plan, violations
from weekly_plan_assets.domain.plan.session_zones import hard_s, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    PlannedDay,
    PlannedSession,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED, Row, asked_after, weekly

STEADY = [1.0] * 13 + [1.0, 0.6, 1.0]
RUNS = {1: 60, 2: 50, 3: 60, 5: 150, 6: 60}
SWIMS = {0: 50, 2: 50, 4: 60}


def race_in(weeks: int, sport: str, km: float, **more: Any) -> Row:
    day = OBSERVED.shift(weeks).end
    return {"date": day, "priority": "A", "sport": sport, "distance_km": km, **more}


def planned(request: PlanningRequest) -> WeeklyPlan:
    plan = RulesPlanner().plan(request)
    assert violations(judge_plan(plan, request.context)) == ()
    return plan


def the_long(plan: WeeklyPlan) -> tuple[PlannedDay, PlannedSession]:
    return next((day, one) for day in plan.days for one in day.sessions if one.is_long)


def runner(
    weeks_to_race: int, km: float = 42.2, *, earlier: int = 0, **more: Any
) -> PlanningRequest:
    rows = [*weekly("Run", RUNS, STEADY)]
    race = race_in(weeks_to_race, "run", km, **more)
    return asked_after(rows, earlier=earlier, races=[race])


def test_before_an_ultra_a_second_long_run_lies_beside_the_first() -> None:
    plan = planned(runner(9, 100, target="12:30:00"))
    assert plan.next_week.phase in {Phase.BUILD, Phase.SPECIFIC}
    day, long = the_long(plan)
    second = next(one for one in plan.sessions if one.name == "Second long run")
    on = next(each.date for each in plan.days if second in each.sessions)
    assert abs(on - day.date) == timedelta(days=1)
    assert long.duration_s * 0.45 <= second.duration_s < long.duration_s


def test_a_marathon_asks_for_no_second_long_run() -> None:
    assert "Second long run" not in {one.name for one in planned(runner(6)).sessions}


def test_race_pace_lies_in_every_other_long_run_and_steady_minutes_in_the_others() -> None:
    families = []
    for earlier in (1, 0):
        request = runner(4, earlier=earlier, target="3:30:00")
        assert request.context.envelope.phase is Phase.SPECIFIC
        families.append((the_long(planned(request))[1].workout or "").partition("/")[0])
    assert families == ["run-long-race", "run-long-finish"]


def test_much_race_pace_makes_the_long_run_one_of_the_hard_sessions() -> None:
    request = runner(5, earlier=1, target="3:30:00")
    day = OBSERVED.shift(-3).end
    done = DoneWorkout(family="run-long-race", level=2, sport=Sport.RUN, day=day, is_done=True)
    limits = (HardLimit(sport=Sport.RUN, most_s=(7200, 3600, 1800)),)
    envelope = request.context.envelope.model_copy(update={"hard_limits": limits})
    context = replace(request.context, envelope=envelope)
    # Hard work of late, so that no level is taken back.
    hard = [DoneWorkout(family="run-race-long", level=2, sport=Sport.RUN, day=day, is_done=True)]
    plan = planned(replace(request, workouts=(done, *hard), context=context))
    on, long = the_long(plan)
    assert long.workout == "run-long-race/3"
    assert hard_s(zone_times_s(long.blocks)) == 1800
    assert long.is_hard
    others = [each.date for each in plan.days for one in each.sessions if one.is_hard]
    assert len(others) <= envelope.hard_sessions
    assert all(abs(other - on.date) >= timedelta(days=2) for other in others if other != on.date)


def test_easy_swims_have_sets_and_no_two_the_same() -> None:
    plan = planned(asked_after([*weekly("Swim", SWIMS, STEADY)]))
    sets = [one.workout for one in plan.sessions if not one.is_hard and one.workout]
    assert len(sets) >= 2
    assert len(sets) == len(set(sets))
    for session in plan.sessions:
        if session.workout and "drills" in session.workout:
            assert "one drill for each repeat" in session.description
            assert not session.alternatives


def triathlete(*, doubles: bool, earlier: int = 0) -> WeeklyPlan:
    rows = [
        *weekly("Ride", {2: 75, 5: 180}, STEADY),
        *weekly("Run", {1: 50, 3: 60, 6: 50}, STEADY),
        *weekly("Swim", {1: 45, 3: 45} if doubles else {4: 45}, STEADY),
    ]
    race = race_in(7, "ride", 90, target="2:40:00")
    request = asked_after(rows, earlier=earlier, races=[race], sports=["ride", "run", "swim"])
    return planned(request)


def bricks(plan: WeeklyPlan) -> list[PlannedSession]:
    return [one for one in plan.sessions if one.name == "Run off the bike"]


def test_a_triathlete_runs_off_the_bike_in_every_other_week() -> None:
    plan = triathlete(doubles=True)
    day, long = the_long(plan)
    assert long.sport is Sport.RIDE
    (brick,) = bricks(plan)
    assert day.sessions.index(brick) == day.sessions.index(long) + 1
    assert 1200 <= brick.duration_s <= 1800
    assert not bricks(triathlete(doubles=True, earlier=1))


def test_who_never_trains_twice_a_day_has_no_run_off_the_bike() -> None:
    assert not bricks(triathlete(doubles=False))


def test_a_ride_in_the_week_of_a_race_has_some_short_accelerations() -> None:
    rows = [*weekly("Ride", {1: 60, 3: 60, 4: 50, 5: 150}, STEADY)]
    plan = planned(asked_after(rows, races=[race_in(1, "ride", 120, target="4:00:00")]))
    assert plan.next_week.phase is Phase.RACE_WEEK
    with_strides = [one for one in plan.sessions if "3 x 30 s" in one.description]
    assert with_strides
    assert all(not one.is_hard for one in with_strides)
