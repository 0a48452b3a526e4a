"""Numbers at the ends of what can be stored: every bound stays a bound, and nothing breaks."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.race_time import (
    UNKNOWN_DURATION_S,
    race_distance_m,
    target_time_s,
)
from weekly_plan_assets.domain.envelope.envelope import load_envelope
from weekly_plan_assets.domain.envelope.race_effort import (
    race_effort,
)
from weekly_plan_assets.domain.envelope.session_bounds import LONGEST_RUN_CEILING_S
from weekly_plan_assets.domain.guardrails import PlanContext
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, mean_over
from weekly_plan_assets.domain.plan.plan_limits import GREATEST_LOAD, LONGEST_SESSION_S
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.readiness import readiness_of
from weekly_plan_assets.planners.attempts import ask
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.model.prompt import read_template, render_prompt
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.codec import encode
from weekly_plan_assets_tests.support.requests import ATHLETE, built, on, some
from weekly_plan_assets_tests.support.week_rows import week

ends = st.sampled_from([None, 0.0, 5e-324, 2.2e-309, 1e-9, 1.0, 1e6, 1e15, 9.3e18, 1e200, 1.6e308])
MEASURED = (
    *("training_load", "run_distance_m", "run_time_s", "longest_run_time_s", "ride_time_s"),
    *("ctl_end", "atl_end", "ramp_rate_mean", "rest_hr_mean_bpm", "hrv_mean_ms", "steps_mean"),
)
extreme_weeks = st.lists(
    st.dictionaries(st.sampled_from(MEASURED), ends), min_size=1, max_size=5
).map(
    lambda told: [
        week(len(told) - 1 - number, 250.0).model_copy(update=values)
        for number, values in enumerate(told)
    ]
)
extreme_races = built(
    Race,
    date=st.integers(-7, 20).map(lambda days: on(0) + timedelta(days=days)),
    priority=st.sampled_from(RacePriority),
    sport=st.none() | st.sampled_from([Sport.RUN, Sport.RIDE, Sport.SWIM]),
    distance_m=st.none() | st.sampled_from([5e-324, 1e-9, 5e3, 1e9, 1.7e308]),
    target_time_s=st.none() | st.sampled_from([1, 3600, 10**7, 10**12, 10**30]),
)
extreme_athletes = st.builds(
    lambda races: ATHLETE.model_copy(update={"races": races}), some(extreme_races)
)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(weeks=extreme_weeks, athlete=extreme_athletes, planned_load=ends)
def test_bounds_and_plans_come_of_any_numbers_and_can_be_stored(
    weeks: list[WeeklyMetrics], athlete: Athlete, planned_load: float | None
) -> None:
    *history, observed = weeks
    readiness = readiness_of(observed, history, planned_load=planned_load)
    envelope = load_envelope(observed, history, athlete, readiness)
    assert encode(envelope)
    assert envelope.longest_run_s <= LONGEST_RUN_CEILING_S
    assert envelope.max_load <= GREATEST_LOAD
    context = PlanContext.after(observed, history, athlete, envelope)
    request = PlanningRequest(context, observed, tuple(history))
    assert render_prompt(read_template(), request)
    planner = RulesPlanner()
    (attempt,) = ask(planner, request, planner.render_prompt(request), 1)
    assert attempt.errors == ()
    assert encode(attempt)
    assert encode(attempt.plan)


@settings(max_examples=200, deadline=None)
@given(race=extreme_races)
def test_no_race_takes_longer_than_any_race(race: Race) -> None:
    effort = race_effort(race, Athlete(athlete_id="i1"))
    assert 0 < effort.duration_s <= LONGEST_SESSION_S
    assert 0 <= effort.load <= GREATEST_LOAD


def test_a_target_time_and_a_distance_that_no_race_has_count_as_unknown() -> None:
    race = Race(date=on(6), priority=RacePriority.A, target_time_s=10**12, distance_m=1e9)
    assert race_effort(race, Athlete(athlete_id="i1")).duration_s == UNKNOWN_DURATION_S
    assert (target_time_s(race), race_distance_m(race)) == (None, None)
    with_distance = race.model_copy(update={"distance_m": 28_000.0})
    assert race_effort(with_distance, Athlete(athlete_id="i1")).duration_s == 10_000


def test_a_mean_is_over_the_weeks_that_measured_it_however_large() -> None:
    weeks = [week(2, 100.0), week(1, None), week(0, 200.0)]
    assert mean_over(weeks, "training_load") == 150.0
    assert mean_over(weeks, "hrv_mean_ms") is None
    assert mean_over([week(1, 1.7e308), week(0, 1.7e308)], "training_load") == 1.7e308
