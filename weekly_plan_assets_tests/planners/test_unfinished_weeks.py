"""Plans of a week that is asked for while the week before it still goes on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.adherence import PlannedAndDone, SessionOutcome
from weekly_plan_assets.domain.done_workouts import DoneWorkout
from weekly_plan_assets.domain.envelope.time_bounds import is_easier
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.lineage.records.planning import planning_request
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.model.session_tables import last_plan
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED, Row, known_weeks, weekly

MINUTES = {1: 60, 3: 60, 5: 60, 6: 120}
FRIDAY, WEDNESDAY = (OBSERVED.start + timedelta(days=days) for days in (4, 2))
CYCLE = [1.0, 0.7, 1.0, 1.0, 0.7, 1.0, 1.0]


def rows_until(last_day: Any, shares: list[float] = CYCLE) -> list[Row]:
    """Four runs a week, up to this day of the last one."""
    rows = weekly("Run", MINUTES, shares)
    return [row for row in rows if row["start_date_local"][:10] <= str(last_day)]


def asked_on(day: Any, **known: Any) -> PlanningRequest:
    return planning_request(known_weeks(rows_until(day), last_day=day, **known))


def words_of(request: PlanningRequest) -> str:
    plan = RulesPlanner().plan(request)
    return " ".join([*plan.warnings, *(reason.text for reason in plan.justification)])


def test_a_week_that_goes_on_counts_like_the_same_week_when_it_is_over() -> None:
    whole = asked_on(OBSERVED.end).context.envelope
    friday = asked_on(FRIDAY).context.envelope
    assert whole.target_time_s is not None
    assert friday.target_time_s == pytest.approx(whole.target_time_s, rel=0.06)
    assert friday.usual_time_s == pytest.approx(whole.usual_time_s or 0, rel=0.06)
    assert (friday.phase, friday.long_s) == (whole.phase, whole.long_s)
    assert any("not over" in reason for reason in friday.reasons)
    assert not any("not over" in reason for reason in whole.reasons)


def test_a_week_asked_for_on_its_first_day_follows_no_week_of_rest() -> None:
    monday = asked_on(OBSERVED.start).context.envelope
    assert monday.phase is not Phase.RETURN
    assert (monday.target_time_s or 0) > 4 * SECONDS_PER_HOUR


@pytest.mark.parametrize(
    ("language", "so_far"),
    [
        ("en", "not over when this was planned: you had trained 2.0 h so far, and about 2."),
        ("es", "no había terminado al planificar: llevabas 2,0 h y faltaban unas 2,"),
    ],
)
def test_the_plan_says_what_was_trained_so_far_and_what_is_to_come(
    language: str, so_far: str
) -> None:
    text = words_of(asked_on(FRIDAY, language=language))
    assert so_far in text
    assert "You trained" not in text
    assert "entrenaste" not in text


def test_nothing_recorded_yet_on_monday_is_no_week_without_training() -> None:
    wellness = [{"id": "2025-01-01", "hrv": 60.0}]
    text = words_of(asked_on(OBSERVED.start, wellness=wellness))
    assert "Nothing was recorded last week" not in text


def test_days_of_absence_bring_nothing_more() -> None:
    away = [{"first": str(FRIDAY), "last": str(OBSERVED.end), "kind": "holiday"}]
    free = asked_on(FRIDAY).context.envelope
    gone = asked_on(FRIDAY, absences=away).context.envelope
    assert any("not over" in reason for reason in free.reasons)
    assert not any("not over" in reason for reason in gone.reasons)


def planned(day: Any, minutes: int, **more: Any) -> PlannedAndDone:
    outcome = SessionOutcome.MISSED
    sport, kind = Sport.RUN, SessionKind.EASY
    return PlannedAndDone(
        day=day,
        sport=sport,
        kind=kind,
        planned_duration_s=minutes * 60,
        planned_load=minutes,
        outcome=outcome,
        **more,
    )


def test_what_was_planned_for_the_rest_of_an_easier_week_counts_and_not_what_is_usual() -> None:
    known = known_weeks(rows_until(FRIDAY, [*CYCLE, 0.7]), last_day=FRIDAY)
    sessions = tuple(planned(OBSERVED.start + timedelta(days=day), 50) for day in (1, 5, 6))
    by_plan = planning_request(replace(known, planned_of_late=sessions)).context.envelope
    # 84 min are done, and 100 are planned for the days to come: the missed Tuesday is over.
    assert "1:40 h more" in next(text for text in by_plan.reasons if "not over" in text)
    assert is_easier(84 + 100, 300)
    assert by_plan.phase is not Phase.RECOVERY


def test_a_plan_that_goes_on_is_not_said_to_be_missed() -> None:
    request = asked_on(FRIDAY)
    assert request.context.envelope.readiness.light("adherence") is Light.NOT_EVALUATED
    workout = {"family": "run-hills", "level": 2, "sport": "Run", "is_done": False}
    known = known_weeks(rows_until(FRIDAY), last_day=FRIDAY)
    ahead, past = (DoneWorkout(day=day, **workout) for day in (OBSERVED.end, WEDNESDAY))
    asked = planning_request(replace(known, workouts=(past, ahead)))
    assert asked.workouts == (past,)


def test_a_model_is_told_of_no_session_as_missed_that_is_still_to_come() -> None:
    known = known_weeks(rows_until(FRIDAY), last_day=FRIDAY)
    sessions = tuple(planned(OBSERVED.start + timedelta(days=day), 50) for day in (2, 6))
    lines = list(last_plan(planning_request(replace(known, planned_of_late=sessions))))
    assert [line for line in lines if "missed:" in line] == ["missed: Wed 02 Apr run easy 50 min"]
    assert "sessions: 1 missed" in lines[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_week_much_longer_than_the_one_before_says_by_how_much(language: str) -> None:
    after_short = planning_request(
        known_weeks(rows_until(OBSERVED.end, [1.0, 0.5]), language=language)
    )
    plan = RulesPlanner().plan(after_short)
    now_s = sum(one.duration_s for one in plan.sessions)
    growth = f"{now_s / (150 * 60) - 1:.0%}"
    said = plan.justification[0].text
    assert growth in said
    assert "step by step" not in said
    assert "poco a poco" not in said
    for share in (1.0, 0.7):  # an ordinary week, and a recovery week
        rows = rows_until(OBSERVED.end, [1.0, share])
        usual = RulesPlanner().plan(planning_request(known_weeks(rows, language=language)))
        assert "%" not in usual.justification[0].text
