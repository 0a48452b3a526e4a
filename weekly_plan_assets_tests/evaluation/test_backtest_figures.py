from datetime import UTC, date, datetime
from typing import Any

import pytest

from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.guardrails import RuleOutcome, Severity, Verdict
from weekly_plan_assets.domain.plan.weekly_plan import (
    NextWeek,
    Phase,
    PlannedDay,
    PlannedSession,
    Reason,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek
from weekly_plan_assets.evaluation.backtest_figures import Asking, Figures, RuleCount

WEEK = TrainingWeek(date(2024, 5, 6))
EASY, LONG, TEMPO = SessionKind.EASY, SessionKind.LONG, SessionKind.TEMPO


def plan(*sessions: tuple[int, SessionKind, float], sport: Sport = Sport.RUN) -> WeeklyPlan:
    """A plan of sessions given as weekday, kind and load; it states a wrong weekly load."""
    days = tuple(
        PlannedDay(
            date=day,
            day_name=DAY_NAMES[weekday],
            planned_load=0,
            sessions=tuple(
                PlannedSession(
                    sport=sport,
                    kind=kind,
                    duration_s=1800,
                    intensity=None,
                    planned_load=load,
                    description="Run.",
                    goal="Run.",
                )
                for on, kind, load in sessions
                if on == weekday
            ),
        )
        for weekday, day in enumerate(WEEK.next().days)
    )
    week = WEEK.next()
    return WeeklyPlan(
        schema_version="3.0",
        next_week=NextWeek(
            phase=Phase.BASE,
            objective="Run.",
            week_start=week.start,
            week_end=week.end,
            planned_load=999,
        ),
        days=days,
        warnings=(),
        justification=(Reason(text="Because."),),
    )


def attempt(answered: WeeklyPlan | None, *errors: str, **others: Any) -> Attempt:
    fields: dict[str, Any] = {
        "attempt": 0,
        "output_raw": "",
        "errors": errors,
        "verdicts": (),
        "plan": answered,
        "started_at": datetime(2024, 5, 12, tzinfo=UTC),
        "duration_s": 1.0,
    }
    return Attempt(**fields | others)


def asking(
    *attempts: Attempt, week: TrainingWeek = WEEK, reference: WeeklyPlan | None = None
) -> Asking:
    return Asking("i1", week, attempts, reference)


A_PLAN = plan((1, EASY, 40), (6, LONG, 60))


def test_pass_rates_tell_the_first_answer_from_the_last() -> None:
    figures = Figures.of(
        [
            asking(attempt(A_PLAN)),
            asking(attempt(None, "shape: no"), attempt(A_PLAN)),
            asking(attempt(None, "shape: no"), attempt(A_PLAN, "rest.day: none")),
            asking(attempt(A_PLAN)),
        ]
    )
    assert (figures.asked, figures.attempts) == (4, 6)
    assert figures.first_attempt_pass_rate == 0.5
    assert figures.valid_rate == 0.75


def test_a_rule_counts_once_an_attempt_and_the_most_broken_comes_first() -> None:
    figures = Figures.of(
        [
            asking(
                attempt(None, "shape: days: missing", "shape: warnings: missing"),
                attempt(A_PLAN, "rest.day: none", "load.envelope: 900"),
                attempt(A_PLAN, "rest.day: none"),
            )
        ]
    )
    assert figures.violations == (
        RuleCount(rule_id="rest.day", attempts=2),
        RuleCount(rule_id="load.envelope", attempts=1),
        RuleCount(rule_id="shape", attempts=1),
    )


def test_warnings_are_counted_apart_from_what_rejects() -> None:
    def verdict(severity: Severity, outcome: RuleOutcome) -> Verdict:
        return Verdict(
            rule_id="load.monotony", severity=severity, outcome=outcome, observed="", statement=""
        )

    warned = verdict(Severity.WARNING, RuleOutcome.FAIL)
    others = (
        verdict(Severity.ERROR, RuleOutcome.FAIL),
        verdict(Severity.WARNING, RuleOutcome.PASS),
        verdict(Severity.WARNING, RuleOutcome.NOT_EVALUATED),
    )
    assert Figures.of([asking(attempt(A_PLAN, verdicts=(warned,)))]).warnings == (
        RuleCount(rule_id="load.monotony", attempts=1),
    )
    assert Figures.of([asking(attempt(A_PLAN, verdicts=others))]).warnings == ()


def test_tokens_are_summed_over_the_answers_that_count_them() -> None:
    figures = Figures.of(
        [
            asking(attempt(A_PLAN, input_tokens=1000, output_tokens=200)),
            asking(attempt(A_PLAN, input_tokens=1100, output_tokens=300)),
            asking(attempt(A_PLAN)),
        ]
    )
    assert (figures.input_tokens, figures.output_tokens) == (2100, 500)


def test_latency_is_that_of_single_answers() -> None:
    figures = Figures.of(
        [asking(attempt(None, "shape: no", duration_s=1.0), attempt(A_PLAN, duration_s=4.0))]
    )
    assert (figures.latency_mean_s, figures.latency_max_s) == (2.5, 4.0)


def test_spread_is_over_the_plans_of_one_week_and_then_the_mean_of_the_weeks() -> None:
    loads = {WEEK: (90, 100, 110), WEEK.next(): (200, 200), WEEK.shift(2): (300,)}
    figures = Figures.of(
        [
            asking(attempt(plan((0, EASY, load))), week=week)
            for week, of_week in loads.items()
            for load in of_week
        ]
    )
    assert figures.load_sd == pytest.approx((10 + 0) / 2)
    assert figures.load_range == pytest.approx((20 + 0) / 2)


def test_rejected_plans_have_no_part_in_the_spread() -> None:
    figures = Figures.of(
        [
            asking(attempt(plan((0, EASY, 100)))),
            asking(attempt(plan((0, EASY, 900)), "load.envelope: 900")),
            asking(attempt(plan((0, EASY, 104)))),
        ]
    )
    assert figures.load_range == 4


def test_the_load_is_compared_with_the_deterministic_plans_with_and_without_sign() -> None:
    reference = plan((0, EASY, 100))
    figures = Figures.of(
        [
            asking(attempt(plan((0, EASY, 110))), reference=reference),
            asking(attempt(plan((0, EASY, 70))), reference=reference),
        ]
    )
    assert figures.load_difference == -10
    assert figures.load_distance == 20


def test_sessions_are_common_by_day_sport_and_kind_each_once() -> None:
    reference = plan((1, EASY, 40), (1, EASY, 20), (3, TEMPO, 50), (6, LONG, 60))
    other = plan((1, EASY, 10), (3, EASY, 50), (6, LONG, 90), (5, LONG, 1))
    figures = Figures.of([asking(attempt(other), reference=reference)])
    assert figures.sessions_in_common == pytest.approx(2 * 2 / (4 + 4))


def test_another_sport_is_another_session() -> None:
    ridden = plan((1, EASY, 40), (6, LONG, 60), sport=Sport.RIDE)
    assert Figures.of([asking(attempt(ridden), reference=A_PLAN)]).sessions_in_common == 0


def test_two_weeks_of_rest_are_alike() -> None:
    assert Figures.of([asking(attempt(plan()), reference=plan())]).sessions_in_common == 1


def test_nothing_measured_is_not_zero() -> None:
    nothing = Figures.of([])
    told = nothing.model_dump(exclude={"asked", "attempts", "violations", "warnings"})
    assert nothing.asked == 0
    assert set(told.values()) == {None}
    unanswered = Figures.of([asking(attempt(None, "shape: no"), reference=A_PLAN)])
    assert unanswered.valid_rate == 0
    assert unanswered.load_difference is None
    assert unanswered.sessions_in_common is None
    assert unanswered.load_sd is None
