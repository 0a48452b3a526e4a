import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.envelope import LoadEnvelope, load_envelope
from weekly_plan_assets.domain.guardrails import GUARDRAILS, PlanContext, judge, violations
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import Phase, SessionKind, Sport, WeeklyPlan
from weekly_plan_assets.planners.base import Planner, PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.domain.week_rows import any_weeks, week, weeks_of

ATHLETE = Athlete(athlete_id="i1", zone_upper_bpm=(138, 147, 156, 165, 184))


def request_for(
    weeks: Sequence[WeeklyMetrics],
    athlete: Athlete = ATHLETE,
    envelope: LoadEnvelope | None = None,
) -> PlanningRequest:
    *history, observed = weeks
    planned_week = TrainingWeek(observed.week_start).next()
    envelope = envelope or load_envelope(observed, history)
    return PlanningRequest(PlanContext(planned_week, athlete, envelope), observed, tuple(history))


def answer_to(request: PlanningRequest) -> str:
    planner: Planner = RulesPlanner()
    return planner.propose(request, planner.render_prompt(request), ()).output_raw


def plan_for(
    weeks: Sequence[WeeklyMetrics],
    athlete: Athlete = ATHLETE,
    envelope: LoadEnvelope | None = None,
) -> WeeklyPlan:
    return WeeklyPlan.model_validate_json(answer_to(request_for(weeks, athlete, envelope)))


def an_envelope(**changed: Any) -> LoadEnvelope:
    fields: dict[str, Any] = {
        "phase": Phase.BUILD,
        "min_load": 0,
        "target_load": 300,
        "max_load": 400,
        "longest_run_s": 6000,
        "hard_sessions": 2,
        "reasons": (),
    }
    return LoadEnvelope(**fields | changed)


zones = st.none() | st.just((138, 147, 156, 165, 184))
athletes = st.builds(
    Athlete,
    athlete_id=st.just("i1"),
    max_hr_bpm=st.none() | st.just(190),
    resting_hr_bpm=st.none() | st.just(48),
    zone_upper_bpm=zones,
    sports=st.lists(st.sampled_from(Sport), min_size=1, unique=True).map(tuple),
    strength_weekdays=st.frozensets(st.integers(0, 6)),
    long_run_weekday=st.integers(0, 6),
)


@settings(max_examples=150, deadline=None)
@given(weeks=any_weeks(), athlete=athletes)
def test_every_guardrail_holds_whatever_the_weeks_and_the_athlete(
    weeks: list[WeeklyMetrics], athlete: Athlete
) -> None:
    request = request_for(weeks, athlete)
    plan = WeeklyPlan.model_validate_json(answer_to(request))
    assert violations(judge(plan, request.context)) == ()
    assert plan.sessions


@settings(max_examples=50, deadline=None)
@given(weeks=any_weeks(), athlete=athletes)
def test_every_cited_number_is_the_stored_one(weeks: list[WeeklyMetrics], athlete: Athlete) -> None:
    *history, observed = [row.model_dump(by_alias=True) for row in weeks]
    evidence = [
        cited for reason in plan_for(weeks, athlete).justification for cited in reason.evidence
    ]
    assert evidence
    for cited in evidence:
        past = [row[cited.metric] for row in history if row[cited.metric] is not None]
        assert cited.value is not None
        assert cited.value == observed[cited.metric]
        assert cited.baseline == (pytest.approx(sum(past) / len(past)) if past else None)


@settings(max_examples=50, deadline=None)
@given(weeks=any_weeks(), athlete=athletes)
def test_the_same_request_gives_the_same_bytes(
    weeks: list[WeeklyMetrics], athlete: Athlete
) -> None:
    assert answer_to(request_for(weeks, athlete)) == answer_to(request_for(weeks, athlete))


@pytest.mark.parametrize("target", range(60, 561, 20))
@pytest.mark.parametrize("phase", list(Phase))
def test_the_load_comes_within_five_percent_of_the_target(phase: Phase, target: int) -> None:
    envelope = an_envelope(phase=phase, target_load=target, max_load=2 * target)
    athlete = Athlete(athlete_id="i1", sports=(Sport.RUN, Sport.RIDE))
    plan = plan_for([week()], athlete, envelope)
    assert plan.next_week.planned_load == pytest.approx(target, rel=0.05)


def test_a_maximum_below_the_shortest_session_leaves_the_week_empty() -> None:
    assert plan_for([week()], envelope=an_envelope(target_load=10, max_load=10)).sessions == ()


def test_a_target_beyond_what_a_week_can_hold_fills_the_week() -> None:
    plan = plan_for([week()], envelope=an_envelope(target_load=3000, max_load=3000))
    assert 500 < plan.next_week.planned_load < 3000


@settings(max_examples=50, deadline=None)
@given(target=st.integers(0, 900), room=st.integers(0, 100), athlete=athletes)
def test_the_maximum_is_never_exceeded(target: int, room: int, athlete: Athlete) -> None:
    envelope = an_envelope(target_load=target, max_load=target + room)
    assert plan_for([week()], athlete, envelope).next_week.planned_load <= target + room


@settings(max_examples=50, deadline=None)
@given(weeks=any_weeks(), athlete=athletes)
def test_durations_are_whole_five_minutes_and_loads_whole_numbers(
    weeks: list[WeeklyMetrics], athlete: Athlete
) -> None:
    for session in plan_for(weeks, athlete).sessions:
        assert session.duration_s % 300 == 0
        assert session.planned_load == int(session.planned_load)


@settings(max_examples=50, deadline=None)
@given(weeks=any_weeks(), long_run_weekday=st.integers(0, 6))
def test_no_easy_run_is_longer_than_the_long_run(
    weeks: list[WeeklyMetrics], long_run_weekday: int
) -> None:
    athlete = Athlete(athlete_id="i1", long_run_weekday=long_run_weekday)
    plan = plan_for(weeks, athlete)
    long_s = [s.duration_s for s in plan.sessions if s.kind is SessionKind.LONG]
    easy_s = [s.duration_s for s in plan.sessions if s.kind is SessionKind.EASY]
    assert not long_s or max(easy_s, default=0) <= long_s[0]


@settings(max_examples=50, deadline=None)
@given(weeks=any_weeks(), athlete=athletes)
def test_strength_never_lies_on_the_day_before_the_long_run(
    weeks: list[WeeklyMetrics], athlete: Athlete
) -> None:
    days = plan_for(weeks, athlete).days
    before = days[(athlete.long_run_weekday - 1) % 7]
    assert all(session.sport is not Sport.STRENGTH for session in before.sessions)


def test_a_typical_build_week_rests_on_monday_and_runs_long_on_sunday() -> None:
    weeks = weeks_of(200, 310, 300, 200, 310, longest_run_time_s=5400.0)
    plan = plan_for(weeks)
    assert plan.next_week.phase is Phase.BUILD
    assert plan.days[0].sessions == ()
    assert [s.kind for s in plan.days[6].sessions] == [SessionKind.LONG]
    assert [day.day_name for day in plan.days if any(s.is_hard for s in day.sessions)] == [
        "Tuesday",
        "Thursday",
    ]


def test_nothing_known_gives_three_easy_runs_and_one_strength_session() -> None:
    plan = plan_for([week(load=0)])
    kinds = sorted(session.kind for session in plan.sessions)
    assert kinds == [
        SessionKind.EASY,
        SessionKind.EASY,
        SessionKind.LONG,
        SessionKind.STRENGTH,
    ]
    assert max(session.duration_s for session in plan.sessions) == 1800


def test_the_week_after_a_break_is_easy_and_says_so() -> None:
    plan = plan_for(weeks_of(400, 400, 0, 0, 0, longest_run_time_s=6000.0))
    assert plan.next_week.phase is Phase.RETURN
    assert plan.next_week.planned_load <= 240
    assert not any(session.is_hard for session in plan.sessions)
    assert any("first week back after a break" in warning for warning in plan.warnings)


def test_an_athlete_who_only_rides_gets_no_run() -> None:
    plan = plan_for(weeks_of(300, 300), Athlete(athlete_id="i1", sports=(Sport.RIDE,)))
    assert {session.sport for session in plan.sessions} == {Sport.RIDE, Sport.STRENGTH}


def test_unknown_zones_are_warned_about_and_left_empty() -> None:
    plan = plan_for(weeks_of(300, 300), Athlete(athlete_id="i1"))
    assert any(warning.startswith("No heart-rate zones are known") for warning in plan.warnings)
    assert all(s.intensity is None or s.intensity.bpm_high is None for s in plan.sessions)


@pytest.mark.parametrize("hrv_ms", [None, 61.0])
def test_unmeasured_hrv_is_warned_about(hrv_ms: float | None) -> None:
    plan = plan_for(weeks_of(300, 300, hrv_mean_ms=hrv_ms))
    warned = "HRV was not measured in the observed week." in plan.warnings
    assert warned == (hrv_ms is None)


def test_sessions_name_the_athletes_own_bounds() -> None:
    plan = plan_for(weeks_of(300, 300))
    long_run = next(s for s in plan.sessions if s.kind is SessionKind.LONG)
    assert "zone 2 (138 to 147 bpm)" in long_run.description


def test_the_answer_is_json_with_the_keys_of_the_contract() -> None:
    answer = json.loads(answer_to(request_for(weeks_of(300, 300))))
    assert list(answer) == ["schema_version", "nextWeek", "days", "warnings", "justification"]


def test_the_prompt_states_week_envelope_and_every_rule() -> None:
    request = request_for(weeks_of(300, 300))
    prompt = RulesPlanner().render_prompt(request)
    assert "2024-05-13 to 2024-05-19" in prompt
    assert f"target {request.context.envelope.target_load}" in prompt
    for rule in GUARDRAILS:
        assert rule.id in prompt
