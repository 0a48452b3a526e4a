"""What the rules about habit allow, and where they stop."""

from datetime import date, datetime, time, timedelta

import pytest

from weekly_plan_assets.domain.athlete.athlete import AnchoredSession
from weekly_plan_assets.domain.athlete.habit import Habit
from weekly_plan_assets.domain.envelope.session_bounds import SportLimit, longest_others_s
from weekly_plan_assets.domain.guardrails import PlanContext, RuleOutcome
from weekly_plan_assets.domain.plan.session_parts import Step
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets_tests.support.valid_week import (
    CONTEXT,
    EASY,
    SAT,
    broken,
    days,
    in_envelope,
    judged,
    of_athlete,
    part,
    plan_of,
    repeats,
    session,
    steady,
    with_days,
)

OBSERVED = TrainingWeek.parse("2025-03-31")


def used_to(sessions: float, on_days: float | None = None, weeks: int = 12) -> PlanContext:
    habit = Habit(weeks=weeks, sessions_per_week=sessions, days_per_week=on_days or sessions)
    return of_athlete(habit=habit)


def outcome(rule_id: str, plan: object, context: PlanContext) -> RuleOutcome:
    return next(v.outcome for v in judged(plan, context) if v.rule_id == rule_id)  # type: ignore[arg-type]


def test_a_week_has_at_most_one_session_more_than_usual() -> None:
    # Four sessions beside the anchored one.
    for usual in (5, 3, 2.6):
        assert "habit.sessions" not in broken(plan_of(days()), used_to(usual)), usual
    for usual in (2, 2.4):
        assert "habit.sessions" in broken(plan_of(days()), used_to(usual)), usual


def test_three_sessions_are_never_too_many() -> None:
    three = plan_of(days() | {SAT: []})
    assert "habit.sessions" not in broken(three, used_to(1))


def test_two_sessions_on_a_day_are_for_those_who_do_so_or_train_on_all_seven() -> None:
    half = steady(SessionKind.EASY, 2, 30)
    doubled = with_days(Saturday=[half, half])
    assert broken(doubled, used_to(6, 6)) == ["habit.sessions"]
    assert broken(doubled, used_to(7, 5)) == []
    assert broken(doubled, used_to(7, 7)) == []


def test_a_session_beside_an_anchored_one_is_no_double() -> None:
    easier = steady(SessionKind.EASY, 2, 30)
    assert broken(with_days(Wednesday=[EASY, easier], Saturday=[easier]), used_to(5)) == []


def test_where_no_habit_is_known_the_number_of_sessions_is_not_judged() -> None:
    for context in (of_athlete(habit=None), used_to(1, weeks=2)):
        assert outcome("habit.sessions", plan_of(days()), context) is RuleOutcome.NOT_EVALUATED


def strides(work_s: int) -> Step:
    return repeats(4, work_s, 60, 5)


def test_strides_leave_an_easy_session_easy_and_longer_repeats_do_not() -> None:
    with_strides, with_repeats = (
        session(SessionKind.EASY, part(30, 2), strides(seconds), part(10, 2), zone=2)
        for seconds in (30, 40)
    )
    assert broken(with_days(Saturday=[with_strides])) == []
    assert broken(with_days(Saturday=[with_repeats])) == ["easy.ceiling"]


def test_a_long_session_may_end_with_twenty_steady_minutes() -> None:
    for minutes, expected in ((20, []), (21, ["easy.ceiling"])):
        long = session(SessionKind.LONG, part(60, 2), part(minutes, 3), part(5, 2), zone=2)
        assert broken(with_days(Sunday=[long])) == expected


def test_an_easy_session_that_states_a_hard_zone_is_none() -> None:
    stated = session(SessionKind.EASY, part(20, 2), part(35, 3), part(5, 2), zone=3)
    assert "easy.ceiling" in broken(with_days(Saturday=[stated]))


def test_a_ride_longer_than_of_late_is_too_long_unless_it_is_anchored() -> None:
    ride = steady(SessionKind.EASY, 2, 120, Sport.RIDE)
    context = in_envelope(longest_others=(SportLimit(sport=Sport.RIDE, longest_s=5400),))
    assert broken(with_days(Saturday=[ride]), context) == ["session.spike"]
    anchored = AnchoredSession(
        weekday=SAT, sport=Sport.RIDE, kind=SessionKind.EASY, duration_min=120
    )
    athlete = CONTEXT.athlete.model_copy(update={"anchored": (*CONTEXT.athlete.anchored, anchored)})
    assert (
        broken(
            with_days(Saturday=[ride]),
            PlanContext(
                CONTEXT.planned_week,
                athlete,
                context.envelope,
                metrics=CONTEXT.metrics,
                history=CONTEXT.history,
            ),
        )
        == []
    )


def done(days_ago: int, minutes: int | None, sport: str = "Ride") -> CountedSession:
    day: date = OBSERVED.end - timedelta(days=days_ago)
    row = {
        "id": f"{days_ago}{sport}",
        "start_date_local": datetime.combine(day, time(9)).isoformat(),
        "type": sport,
    }
    return CountedSession(
        Activity.model_validate(row), None if minutes is None else 60 * minutes, None
    )


@pytest.mark.parametrize(
    ("sessions", "ride_min", "swim_min"),
    [
        ([done(3, 100)], 130, 30),
        ([done(3, 300)], 360, 30),
        ([done(3, 20)], 60, 30),
        ([done(40, 200)], 100, 30),
        ([done(3, 60, "Swim"), done(60, 300)], 150, 72),
        ([done(3, 40, "Run")], 60, 30),
    ],
)
def test_a_ride_or_swim_grows_from_the_longest_of_thirty_days(
    sessions: list[CountedSession], ride_min: int, swim_min: int
) -> None:
    limits = {one.sport: one.longest_s // 60 for one in longest_others_s(OBSERVED, sessions)}
    assert limits == {Sport.RIDE: ride_min, Sport.SWIM: swim_min}


def test_where_durations_are_not_known_nothing_bounds_a_ride() -> None:
    assert longest_others_s(OBSERVED, []) == ()
    unknown = [done(days, None) for days in range(1, 5)]
    assert [one.sport for one in longest_others_s(OBSERVED, unknown)] == [Sport.SWIM]
