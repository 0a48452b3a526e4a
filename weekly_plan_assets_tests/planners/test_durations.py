"""Easy sessions grow and shrink until the week is right, and that comes to an end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.week import DAYS_PER_WEEK
from weekly_plan_assets.planners.durations import Frame, fill
from weekly_plan_assets.planners.slots import DurationLimits, Slot
from weekly_plan_assets.planners.workouts import Goal

steps = st.integers(1, 24).map(lambda number: number * STEP_S)
limits = st.builds(
    lambda shortest_s, more_s, usual_s: DurationLimits(
        min(usual_s, shortest_s + more_s), shortest_s + more_s
    ),
    steps,
    steps,
    steps,
)
slots = st.builds(
    Slot,
    weekday=st.integers(0, DAYS_PER_WEEK - 1),
    sport=st.sampled_from([Sport.RUN, Sport.RIDE]),
    kind=st.sampled_from([SessionKind.EASY, SessionKind.LONG]),
    goal=st.just(Goal.EASY),
    limits=limits,
    rates=st.just(TABLE_RATES),
    least_s=st.just(0) | steps,
    second=st.booleans(),
    spare=st.booleans(),
)


def seven(of: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, ...]]:
    return st.tuples(*[of] * DAYS_PER_WEEK)


frames = st.builds(
    Frame,
    load_by_day=seven(st.sampled_from([0, 0, 15, 40, 90])),
    room_s=seven(st.integers(4, 60).map(lambda number: number * STEP_S)),
    shortest_s=seven(st.sampled_from([1200, 1800])),
    run_s=st.lists(steps, max_size=3).map(tuple),
    target_load=st.integers(0, 900),
    max_load=st.integers(0, 1200),
    planned_s=st.sampled_from([0, 3600]),
    target_s=st.none() | st.integers(0, 40_000),
)


@pytest.mark.slow
@pytest.mark.timeout(60)
@settings(max_examples=2000, deadline=None)
@given(slots=st.lists(slots, max_size=12), frame=frames)
def test_sessions_are_found_for_any_places_and_each_is_empty_or_within_its_limits(
    slots: list[Slot], frame: Frame
) -> None:
    durations = fill(slots, frame)
    assert len(durations) == len(slots)
    for slot, duration_s in zip(slots, durations, strict=True):
        assert duration_s == 0 or duration_s <= slot.limits.longest_s
        assert duration_s == 0 or duration_s % STEP_S == 0


@pytest.mark.timeout(60)
def test_days_that_stay_alike_whatever_is_moved_are_left_as_they_are() -> None:
    weekdays = [1, 2, 3, 4, 5, 6, 5]
    alike = [
        Slot(
            weekday,
            Sport.RIDE,
            SessionKind.EASY,
            Goal.EASY,
            DurationLimits(1800, 1800),
            TABLE_RATES,
        )
        for weekday in weekdays
    ]
    frame = Frame(
        load_by_day=(0, 5, 15, 15, 0, 10, 15),
        room_s=(3600,) * DAYS_PER_WEEK,
        shortest_s=(1200,) * DAYS_PER_WEEK,
        run_s=(),
        target_load=300,
        max_load=600,
        target_s=3 * 1800 + 4 * 1500,
    )
    assert sum(fill(alike, frame)) == frame.target_s
