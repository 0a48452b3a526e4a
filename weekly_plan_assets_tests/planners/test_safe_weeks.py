"""Whole weeks as an athlete gets them, from recorded rows to the plan: are they safe to follow?"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from weekly_plan_assets.domain.athlete.race import RacePriority
from weekly_plan_assets.domain.guardrails import judge_plan, violations
from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.weekly_plan import Sport, WeeklyPlan
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.recorded_weeks import (
    OBSERVED,
    Row,
    asked_after,
    nights,
    session,
    weekly,
)

EVERY_WEEK = {1: 60, 3: 60, 5: 45, 6: 105}
"""Minutes by weekday, Monday 0: four and a half hours."""

CYCLE = [1, 0.65, 1, 1] * 3 + [1, 0.65, 1]
"""Every fourth week is an easier one; the observed week is the first full one after it."""


def training(sport: str, load_per_hour: float = 50.0) -> Iterator[Row]:
    return weekly(sport, EVERY_WEEK, CYCLE, load_per_hour)


def planned(rows: Sequence[Row], **known: Any) -> WeeklyPlan:
    """The plan for the week after the observed one, which keeps every rule."""
    request = asked_after(rows, **known)
    plan = RulesPlanner().plan(request)
    assert violations(judge_plan(plan, request.context)) == ()
    return plan


def hours(plan: WeeklyPlan) -> float:
    endurance_s = sum(one.duration_s for one in plan.sessions if not one.is_strength)
    return endurance_s / SECONDS_PER_HOUR


USUAL_H = sum(EVERY_WEEK.values()) / 60


def test_a_cyclist_who_jogged_once_gets_a_cyclists_week() -> None:
    jog = session(OBSERVED.start + timedelta(days=2), "Run", 30)
    ftp = SportSettings.model_validate({"id": 1, "types": ["Ride"], "ftp": 240, "lthr": 168})
    plan = planned([*training("Ride"), jog], settings=[ftp])
    assert {one.sport for one in plan.sessions} == {Sport.RIDE}
    assert 0.9 * USUAL_H <= hours(plan) <= 1.15 * USUAL_H


def test_an_hour_that_brings_more_or_less_load_than_the_table_says_changes_no_hours() -> None:
    of_table = hours(planned([*training("Run")]))
    for factor in (0.8, 1.3, 1.4):
        plan = planned([*training("Run", load_per_hour=50 * factor)])
        assert abs(hours(plan) - of_table) <= 0.1 * USUAL_H, factor
        assert 0.9 * USUAL_H <= hours(plan) <= 1.15 * USUAL_H, factor


def test_planned_load_is_what_such_hours_brought_the_athlete_before() -> None:
    for factor in (0.8, 1.0, 1.4):
        plan = planned([*training("Run", load_per_hour=50 * factor)])
        assert abs(plan.next_week.planned_load / hours(plan) / (50 * factor) - 1) <= 0.12, factor


def test_the_week_after_100_km_has_no_running_before_friday_and_at_most_two_hours() -> None:
    saturday = OBSERVED.start + timedelta(days=5)
    before = [row for row in training("Run") if row["start_date_local"] < f"{saturday}"]
    race = session(saturday, "Run", 11.5 * 60, 45) | {"distance": 100_000}
    race_entry = {"date": saturday, "priority": RacePriority.A, "distance_km": 100}
    for plan in (planned([*before, race], races=[race_entry]), planned([*before, race])):
        runs = [day.date for day in plan.days for one in day.sessions if one.sport is Sport.RUN]
        assert all(day >= OBSERVED.next().start + timedelta(days=4) for day in runs)
        assert hours(plan) <= 2
        assert not any(one.is_hard for one in plan.sessions)


def test_ten_days_of_low_hrv_mean_less_time_than_usual() -> None:
    plan = planned([*training("Run")], wellness=nights([40.0] * 10))
    assert hours(plan) < 0.95 * USUAL_H
    assert not any(one.is_hard for one in plan.sessions)


def after_injury(what: str, weeks_ago: int = 0) -> WeeklyPlan:
    """The plan after three weeks off, which ended so many weeks before the observed one."""
    last = OBSERVED.shift(-weeks_ago).end
    first = OBSERVED.shift(-weeks_ago - 2).start
    rows = [
        row
        for row in training("Run")
        if not str(first) <= row["start_date_local"][:10] <= str(last)
    ]
    absence = {"first": first, "last": last, "kind": "injured", "what": what}
    return planned(rows, absences=[absence])


def run_days(plan: WeeklyPlan) -> list[int]:
    return [
        day.date.weekday() for day in plan.days if any(s.sport is Sport.RUN for s in day.sessions)
    ]


def test_after_a_stress_fracture_running_begins_with_walks_every_other_day() -> None:
    plan = after_injury("stress fracture of the tibia")
    days = run_days(plan)
    assert days
    assert all(later - earlier >= 2 for earlier, later in pairwise(days))
    for run in plan.sessions:
        assert run.duration_s <= 30 * 60
        main = run.blocks[-1].steps[0]
        assert main.recovery is not None
        assert (main.work.duration_s, main.recovery.zone) == (120, 1)
    assert any("next morning" in warning for warning in plan.warnings)
    assert hours(plan) <= 0.6 * USUAL_H


def test_the_stretches_of_running_grow_week_by_week_and_the_walks_end() -> None:
    longest_s = [
        max(
            stretch.duration_s
            for run in after_injury("Achilles", ago).sessions
            for _, stretch in stretches(run.blocks)
            if stretch.zone > 1
        )
        for ago in range(4)
    ]
    assert longest_s == sorted(longest_s)
    assert longest_s[0] < longest_s[-1]


def test_after_a_strain_runs_are_apart_and_easy() -> None:
    plan = after_injury("calf strain")
    assert all(later - earlier >= 2 for earlier, later in pairwise(run_days(plan)))
    assert not any(one.is_hard for one in plan.sessions)


def test_a_day_for_swims_only_gets_no_run_and_a_day_of_halves_no_long_session() -> None:
    rows = [*training("Run"), *weekly("Swim", {2: 45, 4: 45}, [1])]
    plan = planned(
        rows,
        sports_by_day={"thursday": ["swim"], "sunday": ["run"]},
        half_days={"saturday": {"am": 40, "pm": 40}, "tuesday": {"am": 0, "pm": 60}},
    )
    by_day = {day.date.weekday(): day.sessions for day in plan.days}
    assert {one.sport for one in by_day[3]} <= {Sport.SWIM}
    assert {one.sport for one in by_day[6]} == {Sport.RUN}
    assert all(one.duration_s <= 40 * 60 for one in by_day[5])
    assert all(one.duration_s <= 60 * 60 for one in by_day[1])
    assert sum(bool(sessions) for sessions in by_day.values()) >= 4


def test_a_rider_with_a_run_race_ahead_runs_a_little_and_works_hard_on_the_bike() -> None:
    race = {"date": OBSERVED.shift(12).end, "priority": "A", "sport": "run", "distance_km": 21.1}
    plan = planned([*training("Ride")], races=[race])
    assert {one.sport for one in plan.sessions if one.is_hard} == {Sport.RIDE}
    runs = [one for one in plan.sessions if one.sport is Sport.RUN]
    assert runs
    assert all(one.duration_s <= 30 * 60 for one in runs)
