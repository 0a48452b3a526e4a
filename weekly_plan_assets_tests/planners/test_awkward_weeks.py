"""Weeks in which little is known, little fits, or a race comes at the wrong time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from weekly_plan_assets.domain.guardrails import judge_plan, violations
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport, WeeklyPlan
from weekly_plan_assets.domain.week import DAY_NAMES, weeks_between
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support import recorded_weeks
from weekly_plan_assets_tests.support.recorded_weeks import (
    OBSERVED,
    WEEKS,
    Row,
    asked_after,
    session,
    weekly,
)

MONDAY = OBSERVED.next().start
RUNNER = {1: 50, 3: 50, 5: 40, 6: 90}


def day(number: int) -> str:
    """A day of the planned week, Monday 0, or of those after it."""
    return str(MONDAY + timedelta(days=number))


def runner(minutes: Mapping[int, float] = RUNNER) -> list[Row]:
    return list(weekly("Run", minutes, [1]))


def race(number: int, **of: Any) -> dict[str, Any]:
    return {"date": day(number), "priority": "A", "distance_km": 21.1, "name": "Spring", **of}


def plan_of(request: PlanningRequest) -> WeeklyPlan:
    """The plan, which breaks no rule."""
    plan = RulesPlanner().plan(request)
    assert violations(judge_plan(plan, request.context)) == ()
    return plan


def planned(rows: Sequence[Row], **file: Any) -> WeeklyPlan:
    return plan_of(asked_after(rows, **file))


def minutes_of(plan: WeeklyPlan, *, races: bool = False) -> float:
    return sum(one.duration_s for one in plan.sessions if races or not one.is_race) / 60


def reasons(plan: WeeklyPlan) -> str:
    return " ".join(reason.text for reason in plan.justification)


def weekdays(plan: WeeklyPlan, sport: Sport) -> list[int]:
    return [
        one.date.weekday()
        for one in plan.days
        if any(session.sport is sport for session in one.sessions)
    ]


@pytest.mark.parametrize("experience", ["novice", "regular"])
def test_who_begins_runs_three_times_with_a_day_between(experience: str) -> None:
    plan = planned([], experience=experience)
    days = weekdays(plan, Sport.RUN)
    assert len(days) == 3
    assert all(later - earlier >= 2 for earlier, later in pairwise(days))
    assert "without training" not in reasons(plan)
    assert "break" not in " ".join(plan.warnings)
    walks = {one.name == "Walk and run" for one in plan.sessions}
    assert walks == {experience == "novice"}


def test_a_race_on_the_way_back_is_warned_of() -> None:
    absences = [{"first": str(OBSERVED.start), "last": str(OBSERVED.end), "kind": "injured"}]
    plan = planned(runner(), absences=absences, races=[race(6)])
    assert any(one.startswith("Spring (A race") and "way back" in one for one in plan.warnings)


def test_a_race_that_nobody_trained_for_is_warned_of_two_weeks_ahead() -> None:
    marathon = race(13, distance_km=42.2)
    untrained = planned(runner({2: 30, 5: 40}), races=[marathon])
    assert any(
        "your longest run of the last weeks took 40 min" in one for one in untrained.warnings
    )
    assert any("no run of yours is known" in one for one in planned([], races=[marathon]).warnings)
    trained = planned(runner({1: 60, 3: 60, 6: 150}), races=[marathon])
    assert not any("takes about" in one for one in trained.warnings)


def test_the_hard_session_on_one_of_two_days_grows_where_time_is_missing() -> None:
    rides = list(weekly("Ride", {1: 60, 3: 60, 5: 120, 6: 150}, [1]))
    plan = planned(rides, availability=dict.fromkeys(DAY_NAMES[:5], 0))
    hard = next(one for one in plan.sessions if one.is_hard)
    long = next(one for one in plan.sessions if one.kind is SessionKind.LONG)
    assert 120 * 60 <= hard.duration_s < long.duration_s


def test_the_hard_session_stays_short_where_no_time_is_missing() -> None:
    plan = planned(list(weekly("Ride", {1: 60, 3: 60, 5: 120, 6: 150}, [1])))
    assert all(one.duration_s <= 60 * 60 for one in plan.sessions if one.is_hard)


def test_who_has_25_minutes_a_day_gets_25_minutes_a_day() -> None:
    rows = runner(dict.fromkeys(range(7), 25))
    plan = planned(rows, availability=dict.fromkeys(DAY_NAMES, 25))
    assert {one.duration_s for one in plan.sessions} == {25 * 60}
    assert not any("shorter than it could be" in one for one in plan.warnings)


def test_the_reason_for_a_short_week_after_a_race_names_the_race() -> None:
    plan = planned(runner(), races=[race(-8, distance_km=42.2)])
    assert "getting over Spring (A race, 30 March)" in reasons(plan)
    assert "much shorter" not in reasons(plan)


def test_before_a_race_on_a_monday_nothing_says_brisk_or_shorter_still() -> None:
    plan = planned(runner(), races=[race(7)])
    assert not any(one.is_hard for one in plan.sessions)
    said = f"{plan.next_week.objective} {reasons(plan)}"
    assert "brisk" not in said
    assert "shorter still" not in said
    assert "Spring is next week" in said


@pytest.mark.parametrize(
    ("kind", "first", "why"),
    [("holiday", 0, "on holiday this week"), ("sick", -1, "ill this week")],
)
def test_a_week_away_says_why_it_holds_nothing(kind: str, first: int, why: str) -> None:
    plan = planned(runner(), absences=[{"first": day(first), "last": day(6), "kind": kind}])
    assert plan.sessions == ()
    assert why in reasons(plan)
    assert "gently" not in reasons(plan)


def test_a_shortened_anchored_session_is_named_with_whole_minutes() -> None:
    rows = runner({1: 50, 3: 50, 5: 40, 6: 97})
    plan = planned(
        rows, anchored=[{"day": "sunday", "sport": "Run", "kind": "long", "minutes": 240}]
    )
    long = next(one for one in plan.sessions if one.kind is SessionKind.LONG)
    assert long.duration_s % 300 == 0
    assert any(f"shortened from 240 to {long.duration_s // 60} min" in one for one in plan.warnings)


def test_a_triathlete_swims_twice_and_works_hard_on_the_bike_and_on_foot() -> None:
    rows = [
        *weekly("Swim", {0: 45, 3: 45}, [1]),
        *weekly("Ride", {1: 60, 5: 150}, [1]),
        *weekly("Run", {2: 50, 4: 40, 6: 90}, [1]),
    ]
    plan = planned(rows)
    assert sum(one.sport is Sport.SWIM for one in plan.sessions) == 2
    assert {one.sport for one in plan.sessions if one.is_hard} == {Sport.RIDE, Sport.RUN}


@pytest.mark.parametrize("distance_km", [21.1, 100])
def test_goal_pace_is_trained_for_races_that_are_hard(distance_km: float) -> None:
    rows = runner({1: 60, 3: 60, 5: 90, 6: 180})
    plan = planned(rows, races=[race(35, distance_km=distance_km)])
    is_paced = any("Goal-pace" in (one.name or "") for one in plan.sessions)
    assert is_paced == (distance_km < 42)


def test_nothing_hard_is_tried_for_the_first_time_in_a_taper() -> None:
    rows = runner({1: 60, 3: 60, 5: 90, 6: 180})
    plan = planned(rows, races=[race(13, distance_km=42.2)])
    assert not any(one.kind in {SessionKind.VO2, SessionKind.THRESHOLD} for one in plan.sessions)


def test_a_session_of_the_last_week_alone_is_no_habit() -> None:
    plan = planned([session(OBSERVED.start, "Run", 40)])
    assert 0 < minutes_of(plan) <= 90


def without(rows: Sequence[Row], first: int, last: int) -> list[Row]:
    """The sessions but for those of some days."""
    return [row for row in rows if not day(first) <= row["start_date_local"][:10] <= day(last)]


FIVE_RUNS = {1: 60, 2: 50, 3: 60, 5: 50, 6: 110}


def test_the_way_back_after_four_weeks_grows_week_by_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = without(runner(FIVE_RUNS), -28, -1)
    hours = []
    for plan in followed(rows, 6, monkeypatch):
        hours.append(minutes_of(plan) / 60)
        assert len([one for one in plan.days if one.sessions]) <= 5
    assert hours == sorted(hours)
    assert hours[0] == pytest.approx(0.5 * 5.5, rel=0.1)
    assert hours[-1] >= 0.9 * 5.5


def followed(
    rows: Sequence[Row], weeks: int, monkeypatch: pytest.MonkeyPatch, **file: Any
) -> Iterator[WeeklyPlan]:
    """The plans of some weeks in a row, each done as it was planned before the next is made."""
    done = list(rows)
    for number in range(weeks):
        shift_weeks(monkeypatch, number)
        plan = planned(done, **file)
        yield plan
        done += [
            session(
                one.date,
                each.sport.value,
                each.duration_s / 60,
                each.planned_load * 3600 / each.duration_s,
            )
            for one in plan.days
            for each in one.sessions
            if not each.is_strength
        ]


def shift_weeks(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the observed week lie some weeks later."""
    observed = OBSERVED.shift(number)
    first = observed.shift(-15)
    monkeypatch.setattr(recorded_weeks, "OBSERVED", observed)
    monkeypatch.setattr(recorded_weeks, "FIRST", first)
    monkeypatch.setattr(recorded_weeks, "WEEKS", list(weeks_between(first, observed)))


def test_an_hour_a_week_grows_towards_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    half = race(83, name="Half")
    plans = list(
        followed(runner({1: 20, 3: 20, 5: 20}), 10, monkeypatch, experience="novice", races=[half])
    )
    assert minutes_of(plans[-1]) >= 95
    longest = [max(one.duration_s for one in plan.sessions) / 60 for plan in plans]
    assert longest[-1] >= 45
    assert all(longest[n] <= max(longest[:n]) + 10 for n in range(1, len(longest)))


def test_a_parkrun_leaves_the_long_run_in_its_place() -> None:
    parkrun = race(5, priority="C", distance_km=5, name="parkrun")
    plan = planned(runner(FIVE_RUNS), races=[race(62, distance_km=42.2), parkrun])
    assert any(one.is_long_run for one in plan.sessions)


def test_days_away_take_their_time_with_them() -> None:
    rows = runner(FIVE_RUNS)
    whole = planned(rows)
    away = planned(rows, absences=[{"first": day(2), "last": day(4), "kind": "holiday"}])
    assert minutes_of(away) == pytest.approx(0.6 * minutes_of(whole), rel=0.1)
    assert sum(one.is_hard for one in away.sessions) == 1
    usual = {one.kind: one.duration_s for one in whole.sessions}
    assert all(one.duration_s <= usual[one.kind] for one in away.sessions)
    assert "not made up for" in reasons(away)


def test_a_marathon_of_any_letter_is_tapered_for() -> None:
    plan = planned(runner(FIVE_RUNS), races=[race(6, priority="C", distance_km=42.2)])
    assert minutes_of(plan) <= 0.65 * 330


def test_a_race_out_of_reach_is_named_weeks_ahead() -> None:
    beginner = runner({1: 25, 3: 25, 6: 35})
    plan = planned(beginner, races=[race(62, distance_km=42.2)])
    assert any("A shorter race, or a later one" in one for one in plan.warnings)
    fine = planned(beginner, races=[race(62, distance_km=10)])
    assert not any("A shorter race" in one for one in fine.warnings)


@pytest.mark.parametrize(("language", "said"), [("en", "the session to keep"), ("es", "mantener")])
def test_a_race_far_beyond_the_longest_session_is_named_while_it_can_be_grown_to(
    language: str, said: str
) -> None:
    ride = {"sport": "ride", "distance_km": None, "target": "4:00:00"}
    rides = {days: list(weekly("Ride", {1: 60, 3: 60, 6: days}, [1])) for days in (90, 190)}
    ahead = [race(69, **ride)]
    far = planned(rides[90], races=ahead, language=language)
    assert any(said in one for one in far.warnings)
    near = planned(rides[190], races=ahead, language=language)
    assert not any(said in one for one in near.warnings)


def test_a_day_with_a_cold_calls_for_no_return() -> None:
    cold = {"first": day(-4), "last": day(-4), "kind": "sick"}
    plan = planned(without(runner(FIVE_RUNS), -4, -4), absences=[cold])
    assert minutes_of(plan) >= 0.85 * 330
    assert "break" not in " ".join(plan.warnings)


def test_the_reason_for_a_short_week_is_the_room_where_it_is() -> None:
    rooms = dict(zip(DAY_NAMES, (0, 40, 40, 40, 0, 60, 60), strict=True))
    plan = planned(runner(FIVE_RUNS), availability=rooms)
    assert "what its days have room for" in reasons(plan)
    assert "much shorter" not in reasons(plan)


def test_who_has_no_times_recorded_gets_their_own_days_and_no_more() -> None:
    nothing = {"moving_time": None, "distance": None, "icu_training_load": None}
    plan = planned([row | nothing for row in runner()])
    assert set(weekdays(plan, Sport.RUN)) <= set(RUNNER)
    assert all(one.duration_s >= 25 * 60 for one in plan.sessions)


@pytest.mark.parametrize("first_free", range(7))
@pytest.mark.parametrize("long_min", [60, 90, 150])
@pytest.mark.parametrize("races", [[], [race(69, distance_km=42.2)]])
def test_after_a_holiday_that_ends_within_the_week_there_is_a_run(
    first_free: int, long_min: int, races: list[dict[str, Any]]
) -> None:
    """Also where the only day left is that of the long run, which is too long for what is left."""
    rows = list(weekly("Run", {1: 45, 2: 40, 4: 45, 6: long_min}, [1, 0]))
    away = {"first": str(OBSERVED.start), "last": day(first_free - 1), "kind": "holiday"}
    plan = planned(rows, absences=[away], races=races)
    assert minutes_of(plan) > 0
    assert min(weekdays(plan, Sport.RUN)) >= first_free


@pytest.mark.parametrize("long_min", [225, 250, 280])
@pytest.mark.parametrize("share", [0.65, 0.7, 0.725, 0.85, 0.875])
def test_a_week_that_aims_at_all_that_it_may_hold_holds_no_more(
    long_min: int, share: float
) -> None:
    """Where two long runs and a hard one leave little for the others, and sums come out odd."""
    rows = list(weekly("Run", {1: 50, 2: 55, 3: 45, 5: long_min, 6: 75}, [1]))
    request = asked_after(rows, races=[race(27, distance_km=100.0)])
    envelope = request.context.envelope
    assert envelope.usual_time_s is not None
    time_s = round(share * envelope.usual_time_s)
    full = envelope.model_copy(update={"target_time_s": time_s, "max_time_s": time_s})
    plan = plan_of(replace(request, context=replace(request.context, envelope=full)))
    assert 0.9 * time_s <= 60 * minutes_of(plan) <= time_s + 600


@pytest.mark.parametrize("minutes", [30, 50, 80])
@pytest.mark.parametrize("days", [(1, 4, 4, 6, 6), (4, 6, 6, 6, 1), (1, 6, 6, 6, 6), (2, 6, 1, 6)])
def test_who_trained_on_one_day_a_week_and_now_on_more_has_a_week(
    days: tuple[int, ...], minutes: int
) -> None:
    """Three runs are all that habit allows, and they are as long as the week needs."""
    earlier = [1] * (len(WEEKS) - len(days))
    rows = [
        session(week.start + timedelta(days=weekday), "Run", minutes)
        for week, count in zip(WEEKS, [*earlier, *days], strict=True)
        for weekday in (6, 1, 3, 5, 2, 4)[:count]
    ]
    plan = planned(rows)
    runs_s = [one.duration_s for one in plan.sessions]
    assert len(runs_s) <= 3
    assert max(runs_s) <= 60 * (1.1 * minutes + 5)
