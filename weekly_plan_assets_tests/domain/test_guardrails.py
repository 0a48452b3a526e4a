from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import (
    GUARDRAILS,
    Guardrail,
    Outcome,
    PlanContext,
    judge,
    violations,
)
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek
from weekly_plan_assets.domain.weekly_plan import (
    Intensity,
    NextWeek,
    Phase,
    PlannedDay,
    PlannedSession,
    Reason,
    SessionKind,
    Sport,
    WeeklyPlan,
)

WEEK = TrainingWeek.parse("2024-05-13")
ATHLETE = Athlete(athlete_id="i1", max_hr_bpm=190, resting_hr_bpm=50)
CONTEXT = PlanContext(
    WEEK,
    ATHLETE,
    LoadEnvelope(
        phase=Phase.BUILD,
        min_load=200,
        target_load=250,
        max_load=300,
        longest_run_s=5400,
        hard_sessions=2,
        reasons=(),
    ),
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def session(
    kind: SessionKind, zone: int | None, load: float, sport: Sport = Sport.RUN
) -> PlannedSession:
    return PlannedSession(
        sport=sport,
        kind=kind,
        duration_s=3600,
        intensity=None if zone is None else ATHLETE.hr_bounds(zone),
        planned_load=load,
        description="Warm up, run, cool down.",
        goal="Get fitter.",
    )


RECOVERY = session(SessionKind.RECOVERY, 1, 20)
EASY = session(SessionKind.EASY, 2, 40)
LONG = session(SessionKind.LONG, 2, 60)
HARD = session(SessionKind.VO2, 5, 50)
STRENGTH = session(SessionKind.STRENGTH, None, 20, Sport.STRENGTH)

Days = dict[int, list[PlannedSession]]


def days() -> Days:
    """A valid week: one of two hard sessions used, Monday free."""
    return {
        MON: [],
        TUE: [HARD, STRENGTH],
        WED: [EASY],
        THU: [EASY],
        FRI: [],
        SAT: [EASY],
        SUN: [LONG],
    }


def plan_of(sessions: Days) -> WeeklyPlan:
    planned = tuple(
        PlannedDay(
            date=day,
            day_name=DAY_NAMES[day.weekday()],
            planned_load=sum(session.planned_load for session in sessions[day.weekday()]),
            sessions=tuple(sessions[day.weekday()]),
        )
        for day in WEEK.days
    )
    return WeeklyPlan(
        schema_version="2.0",
        next_week=NextWeek(
            phase=Phase.BUILD,
            objective="Get fitter.",
            week_start=WEEK.start,
            week_end=WEEK.end,
            planned_load=sum(day.planned_load for day in planned),
        ),
        days=planned,
        warnings=(),
        justification=(Reason(text="It is time."),),
    )


def broken(plan: WeeklyPlan, context: PlanContext = CONTEXT) -> list[str]:
    return [verdict.rule_id for verdict in violations(judge(plan, context))]


def with_days(**changed: list[PlannedSession]) -> WeeklyPlan:
    return plan_of(days() | {DAY_NAMES.index(name): sessions for name, sessions in changed.items()})


def with_week(**changed: Any) -> WeeklyPlan:
    plan = plan_of(days())
    return plan.model_copy(update={"next_week": plan.next_week.model_copy(update=changed)})


def with_day(weekday: int, **changed: Any) -> WeeklyPlan:
    plan = plan_of(days())
    planned = list(plan.days)
    planned[weekday] = planned[weekday].model_copy(update=changed)
    return plan.model_copy(update={"days": tuple(planned)})


def a_week_late() -> WeeklyPlan:
    plan = plan_of(days())
    late = [day.model_copy(update={"date": day.date + timedelta(weeks=1)}) for day in plan.days]
    return plan.model_copy(update={"days": tuple(late)})


MUTATIONS: dict[str, Callable[[], WeeklyPlan]] = {
    "week.dates": a_week_late,
    "week.bounds": lambda: with_week(week_start=WEEK.start + timedelta(days=1)),
    "week.phase": lambda: with_week(phase=Phase.RECOVERY),
    "day.name": lambda: with_day(TUE, day_name="Monday"),
    "hard.count": lambda: with_days(Thursday=[HARD], Saturday=[HARD]),
    "hard.spacing": lambda: with_days(Wednesday=[HARD]),
    "rest.day": lambda: with_days(Monday=[RECOVERY], Friday=[RECOVERY]),
    "long_run.single": lambda: with_days(Sunday=[EASY]),
    "long_run.easy": lambda: with_days(Sunday=[session(SessionKind.LONG, 3, 60)]),
    "strength.days": lambda: with_days(Tuesday=[HARD], Wednesday=[EASY, STRENGTH]),
    "load.day_sum": lambda: with_day(TUE, planned_load=HARD.planned_load),
    "load.week_sum": lambda: with_week(planned_load=251.0),
    "load.envelope": lambda: with_days(Saturday=[session(SessionKind.EASY, 2, 91)]),
    "long_run.spike": lambda: with_days(Sunday=[LONG.model_copy(update={"duration_s": 5401})]),
    "zone.stated": lambda: with_days(Saturday=[EASY.model_copy(update={"intensity": None})]),
    "zone.bpm": lambda: with_days(
        Saturday=[
            EASY.model_copy(update={"intensity": Intensity(zone=2, bpm_low=120, bpm_high=150)})
        ]
    ),
}


def test_a_valid_plan_breaks_no_rule() -> None:
    verdicts = judge(plan_of(days()), CONTEXT)
    assert [verdict.rule_id for verdict in verdicts] == [rule.id for rule in GUARDRAILS]
    assert {verdict.outcome for verdict in verdicts} == {Outcome.PASS}


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_a_plan_broken_in_one_way_breaks_exactly_that_rule(rule: Guardrail) -> None:
    assert broken(MUTATIONS[rule.id]()) == [rule.id]


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_every_rule_says_what_why_and_how_sure(rule: Guardrail) -> None:
    assert rule.statement.endswith(".")
    assert rule.source
    assert rule.grade in {"definition", "trial", "cohort", "model", "practice"}
    assert rule.version >= 1


def test_rule_ids_are_unique() -> None:
    assert len({rule.id for rule in GUARDRAILS}) == len(GUARDRAILS)


def test_a_verdict_names_what_was_found() -> None:
    [verdict] = violations(judge(with_day(TUE, day_name="Monday"), CONTEXT))
    assert verdict.observed == "2024-05-14 is a Tuesday, not 'Monday'"
    assert verdict.statement == "Each day's name is the weekday of its date."


def test_only_the_rules_given_are_judged() -> None:
    rules = [rule for rule in GUARDRAILS if rule.id == "rest.day"]
    assert [verdict.rule_id for verdict in judge(plan_of(days()), CONTEXT, rules)] == ["rest.day"]


def test_two_hard_sessions_on_one_day_are_too_close() -> None:
    assert broken(with_days(Tuesday=[HARD, HARD], Saturday=[])) == ["hard.spacing"]


def test_hard_sessions_two_days_apart_are_spaced() -> None:
    assert broken(with_days(Thursday=[HARD])) == []


def test_a_second_long_run_is_one_too_many() -> None:
    assert broken(with_days(Saturday=[LONG])) == ["long_run.single"]


def test_a_long_ride_beside_the_long_run_is_fine() -> None:
    assert broken(with_days(Saturday=[session(SessionKind.LONG, 2, 60, Sport.RIDE)])) == []


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


def test_a_return_week_needs_no_long_run() -> None:
    envelope = CONTEXT.envelope.model_copy(update={"phase": Phase.RETURN})
    context = PlanContext(WEEK, ATHLETE, envelope)
    assert broken(with_days(Sunday=[EASY]), context) == ["week.phase"]


@pytest.mark.parametrize(("off_by", "expected"), [(0.5, []), (0.6, ["load.week_sum"])])
def test_rounding_is_no_wrong_sum(off_by: float, expected: list[str]) -> None:
    stated = plan_of(days()).next_week.planned_load + off_by
    assert broken(with_week(planned_load=stated)) == expected


def test_too_little_load_lies_outside_the_envelope_too() -> None:
    assert broken(with_days(Saturday=[], Wednesday=[])) == ["load.envelope"]


def test_a_run_as_long_as_allowed_is_no_spike() -> None:
    assert broken(with_days(Sunday=[LONG.model_copy(update={"duration_s": 5400})])) == []


def test_bounds_are_not_evaluated_where_no_zones_are_known() -> None:
    unknown = Athlete(athlete_id="i1")
    bare = {
        weekday: [
            s.model_copy(update={"intensity": s.intensity and unknown.hr_bounds(s.intensity.zone)})
            for s in listed
        ]
        for weekday, listed in days().items()
    }
    verdicts = judge(plan_of(bare), PlanContext(WEEK, unknown, CONTEXT.envelope))
    outcomes = {verdict.rule_id: verdict.outcome for verdict in verdicts}
    assert outcomes["zone.bpm"] is Outcome.NOT_EVALUATED
    assert violations(verdicts) == ()


def test_invented_bounds_fail_where_no_zones_are_known() -> None:
    context = PlanContext(WEEK, Athlete(athlete_id="i1"), CONTEXT.envelope)
    assert broken(plan_of(days()), context) == ["zone.bpm"]
