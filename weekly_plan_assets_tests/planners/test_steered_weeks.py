"""By what whole weeks are steered: watts, paces, metres or effort, as the athlete's data allow."""

import re
from typing import Any

import pytest

from weekly_plan_assets.domain.guardrails import violations
from weekly_plan_assets.domain.guardrails.registry import judge_plan
from weekly_plan_assets.domain.plan.session_parts import Intent, TargetKind
from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.weekly_plan import Sport, WeeklyPlan
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED, Row, asked_after, weekly

DAYS = {1: 60, 3: 60, 4: 45, 5: 120}
SHARES = [1.0] * 13 + [1.0, 0.6, 1.0]
KINDS = {"Ride": TargetKind.POWER, "Run": TargetKind.PACE, "Swim": TargetKind.PACE}


def rows(sport: str) -> list[Row]:
    return [*weekly(sport, DAYS, SHARES)]


def planned(training: list[Row], **known: Any) -> WeeklyPlan:
    """The plan, which breaks no rule."""
    request = asked_after(training, **known)
    plan = RulesPlanner().plan(request)
    assert violations(judge_plan(plan, request.context)) == ()
    return plan


def kinds_of(plan: WeeklyPlan, *, hard: bool) -> set[TargetKind]:
    return {
        target.kind
        for session in plan.sessions
        for _, stretch in stretches(session.blocks)
        if (stretch.zone > 2) is hard and stretch.duration_s > 60
        for target in stretch.targets
    }


@pytest.mark.parametrize(
    ("sport", "settings", "written"),
    [
        ("Ride", {"ftp": 250, "lthr": 165}, r"\d+ to \d+ W"),
        ("Run", {"threshold_pace": 4.0, "lthr": 170}, r"\d:\d\d to \d:\d\d min/km"),
        ("Swim", {"threshold_pace": 1.0}, r"\d:\d\d to \d:\d\d per 100 m"),
    ],
)
def test_a_threshold_in_the_settings_steers_the_hard_session(
    sport: str, settings: dict[str, float], written: str
) -> None:
    own = SportSettings.model_validate({"types": [sport], **settings})
    plan = planned(rows(sport), settings=[own])
    hard = [session for session in plan.sessions if session.is_hard]
    assert hard
    assert KINDS[sport] in kinds_of(plan, hard=True)
    assert all(re.search(written, session.description) for session in hard)
    assert all(session.alternatives and session.stop_when and session.where for session in hard)


def test_a_swimmer_gets_metres_and_send_offs_and_no_heart_rate() -> None:
    own = SportSettings.model_validate({"types": ["Swim"], "threshold_pace": 1.0, "lthr": 160})
    plan = planned(rows("Swim"), settings=[own])
    assert TargetKind.HR not in kinds_of(plan, hard=True) | kinds_of(plan, hard=False)
    (hard, *_) = (session for session in plan.sessions if session.is_hard)
    assert re.search(r"\d+ m .*(starting every \d|\d s of rest)", hard.description)
    for session in plan.sessions:
        assert re.search(r"\d+ m ", session.description)
        for _, stretch in stretches(session.blocks):
            if stretch.distance_m is not None:
                assert stretch.distance_m % 50 == 0


def test_an_athlete_with_nothing_but_durations_goes_by_effort_and_is_told_why() -> None:
    bare = [{key: row[key] for key in row if key != "distance"} for row in rows("Run")]
    plan = planned(bare)
    assert kinds_of(plan, hard=True) | kinds_of(plan, hard=False) == {TargetKind.RPE}
    assert any("steered by effort alone" in warning for warning in plan.warnings)


def test_an_old_setting_is_named_in_the_plan() -> None:
    own = SportSettings.model_validate(
        {"types": ["Ride"], "ftp": 250, "updated": "2023-02-01T10:00:00"}
    )
    plan = planned(rows("Ride"), settings=[own])
    assert any("Your FTP, 250 W, was set on 1 February" in one for one in plan.warnings)


def test_a_target_that_fitness_does_not_support_is_said_with_the_time_that_it_does() -> None:
    race = {"date": "2025-06-15", "priority": "A", "name": "Summer half", "distance_km": 21.1}
    for target, said in (("1:20:00", True), ("1:35:00", False)):
        plan = planned(rows("Run"), threshold_pace_per_km="4:20", races=[race | {"target": target}])
        warned = [one for one in plan.warnings if "Riegel" in one]
        assert bool(warned) is said
        assert all("Summer half: 1:20:00" in one and "1:33:" in one for one in warned)


@pytest.mark.parametrize("pace", ["2:47", "3:00", "4:20", "7:30", "11:00"])
def test_the_fastest_and_the_slowest_runner_get_a_valid_week(pace: str) -> None:
    race = {"date": "2025-04-13", "priority": "A", "distance_km": 42.2, "target": "2:05:00"}
    for races in ([], [race]):
        assert planned(rows("Run"), threshold_pace_per_km=pace, races=races).sessions


@pytest.mark.parametrize("ftp_w", [60, 250, 550])
def test_the_weakest_and_the_strongest_rider_get_a_valid_week(ftp_w: int) -> None:
    assert planned(rows("Ride"), ftp_w=ftp_w).sessions


@pytest.mark.parametrize("css", ["0:58", "1:45", "3:00", "4:10"])
def test_the_fastest_and_the_slowest_swimmer_get_a_valid_week(css: str) -> None:
    assert planned(rows("Swim"), css_per_100m=css).sessions


def test_race_effort_has_the_wanted_pace_even_where_no_threshold_is_known() -> None:
    race = {"date": OBSERVED.shift(4).end, "priority": "A", "sport": "run", "distance_km": 42.2}
    request = asked_after(
        [*weekly("Run", {**DAYS, 5: 150}, SHARES)], races=[race | {"target": "3:30:00"}]
    )
    assert request.context.athlete.threshold_in(Sport.RUN) is None
    plan = RulesPlanner().plan(request)
    assert violations(judge_plan(plan, request.context)) == ()
    text = plan.model_dump_json()
    paced = [
        target
        for session in plan.sessions
        for _, stretch in stretches(session.blocks)
        if stretch.intent is Intent.RACE and (target := stretch.target(TargetKind.PACE))
    ]
    assert paced
    wanted_s = 12_600 / 42.2
    for target in paced:
        assert target.low is not None
        assert target.low <= wanted_s <= target.high
        text = text.replace(f'"low":{target.low}', f'"low":{target.low - 30}')
    faster = WeeklyPlan.model_validate_json(text)
    broken = [one.rule_id for one in violations(judge_plan(faster, request.context))]
    assert "target.fits" in broken
