from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.coverage import Coverage, Measured
from weekly_plan_assets.domain.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import (
    GUARDRAILS,
    CoverageNeed,
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
from weekly_plan_assets_tests.domain.week_rows import week

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


def coverage(load: tuple[int, int] = (5, 5), run_time: tuple[int, int] = (5, 5)) -> Coverage:
    """A week of which so many activities have a load, and so many runs a time, of so many."""
    counts = {"trainingLoad": load, "longestRunTime": run_time}
    return Coverage(
        days=7,
        wellness_last_day=None,
        metrics={
            metric: Measured(measured=measured, of=of, sources=())
            for metric, (measured, of) in counts.items()
        },
        twins=(),
        stubs=0,
        implausible=(),
    )


def context_after(*weeks: Coverage | None, phase: Phase = Phase.BUILD) -> PlanContext:
    """The context of `WEEK` after weeks of this coverage, the observed one last."""
    *history, observed = (week(len(weeks) - 1 - i, 250, coverage=c) for i, c in enumerate(weeks))
    envelope = CONTEXT.envelope.model_copy(update={"phase": phase})
    return PlanContext.after(observed, history, ATHLETE, envelope)


def not_evaluated(context: PlanContext) -> dict[str, str]:
    """What the rules that cannot judge say, by their id."""
    verdicts = judge(plan_of(days()), context)
    return {v.rule_id: v.observed for v in verdicts if v.outcome is Outcome.NOT_EVALUATED}


def test_the_context_after_a_week_is_that_of_the_week_to_plan() -> None:
    bare = replace(context_after(None), metrics=None, history=())
    assert bare == CONTEXT
    told = context_after(coverage(), None, coverage((1, 2)))
    assert {str(week): block for week, block in told.coverage.items()} == {
        "2024-04-22": coverage(),
        "2024-05-06": coverage((1, 2)),
    }


def test_thin_coverage_leaves_exactly_the_two_rules_that_rest_on_it_unjudged() -> None:
    assert not_evaluated(context_after(coverage((1, 2), (0, 1)), coverage((2, 5), (1, 2)))) == {
        "load.envelope": "trainingLoad was measured for 3 of 7 activities of the weeks "
        "2024-04-29 to 2024-05-06; at least 80 % are needed",
        "long_run.spike": "longestRunTime was measured for 1 of 3 activities of the weeks "
        "2024-04-29 to 2024-05-06; at least 80 % are needed",
    }


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_however_little_was_measured_the_rules_without_needs_hold(rule: Guardrail) -> None:
    thin = context_after(coverage((0, 5), (0, 5)))
    assert broken(MUTATIONS[rule.id](), thin) == ([] if rule.needs else [rule.id])


@pytest.mark.parametrize(
    "weeks",
    [
        (coverage(),),
        (coverage((4, 5), (4, 5)),),
        (coverage((3, 5), (3, 5)), coverage()),
        (coverage((0, 0), (0, 0)),),
        (None,),
        (None, coverage()),
    ],
)
def test_enough_measured_nothing_to_measure_and_rows_without_coverage_are_judged(
    weeks: tuple[Coverage | None, ...],
) -> None:
    assert not_evaluated(context_after(*weeks)) == {}


def test_each_rule_looks_at_the_weeks_that_its_bound_rests_on() -> None:
    full = (coverage(),) * 3
    five_weeks_ago = context_after(coverage((0, 90), (0, 90)), *full, coverage())
    assert list(not_evaluated(five_weeks_ago)) == ["load.envelope"]
    four_weeks_ago = context_after(coverage((0, 90), (0, 90)), *full)
    assert list(not_evaluated(four_weeks_ago)) == ["load.envelope", "long_run.spike"]


def test_after_a_break_all_known_weeks_are_looked_at() -> None:
    before, empty = coverage((5, 5), (0, 5)), coverage((0, 0), (0, 0))
    weeks = (before, empty, empty, empty, empty)
    assert "long_run.spike" in not_evaluated(context_after(*weeks, phase=Phase.RETURN))
    assert "long_run.spike" not in not_evaluated(context_after(*weeks))


def test_a_rule_with_several_needs_tells_every_one_that_is_not_met() -> None:
    needs = tuple(CoverageNeed(metric, 0.5, 1) for metric in ("trainingLoad", "longestRunTime"))
    rule = Guardrail("own", 1, "Own.", "Own.", "practice", lambda *_: (Outcome.PASS, ""), needs)
    (verdict,) = judge(plan_of(days()), context_after(coverage((0, 1), (0, 1))), [rule])
    assert verdict.outcome is Outcome.NOT_EVALUATED
    assert "trainingLoad" in verdict.observed
    assert "longestRunTime" in verdict.observed
