"""Rows of an overview: one that failed under a hostile name, one of everything, one as planned."""

from datetime import date

from weekly_plan_assets.athletes.overview import (
    AthleteWeek,
    LastWeek,
    WeekStatus,
    most_urgent_first,
)
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets_tests.support.planned_page import HOSTILE

MONDAY = date(2026, 11, 23)

FAILED = AthleteWeek(
    athlete_id="i101",
    name=f"{HOSTILE}{'long' * 15}",
    week_start=MONDAY,
    status=WeekStatus.FAILED,
    run_id="r1:i101:2026-11-16",
    error=HOSTILE,
)
WATCHED = AthleteWeek(
    athlete_id="i102",
    name="Ben Kim",
    week_start=MONDAY,
    status=WeekStatus.PLANNED,
    run_id="r1:i102:2026-11-16",
    phase=Phase.RACE_WEEK,
    hours=12.3,
    load=1042.5,
    sessions=11,
    races=(f"A: {HOSTILE}",),
    red=("resting_hr", "hrv"),
    amber=("sleep", "ramp"),
    state="On the way back from an injury: week 2 of 4.",
    last_week=LastWeek(sessions_done=1, sessions_planned=4, time_share=0.256),
    undelivered=("intervals", "files"),
)
CALM = AthleteWeek(
    athlete_id="i103",
    week_start=MONDAY,
    status=WeekStatus.PLANNED,
    run_id="r1:i103:2026-11-16",
    phase=Phase.BASE,
    hours=5.0,
    load=250.0,
    sessions=5,
)

ROWS = most_urgent_first(one.with_look() for one in (CALM, WATCHED, FAILED))
