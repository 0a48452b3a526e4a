import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekly_plan_assets.domain.envelope.commitments import Commitment
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, blocks_load
from weekly_plan_assets.domain.plan.session_zones import hard_s, main_zone, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.planners.wording import written
from weekly_plan_assets.planners.workout_choice import ChosenWorkout
from weekly_plan_assets.planners.workout_library import Family, library
from weekly_plan_assets.planners.workouts import (
    ZONE_BY_KIND,
    Goal,
    Style,
    Workout,
    anchored_workout,
    hard_workout,
    steady_blocks,
    steady_load,
    steady_workout,
)
from weekly_plan_assets_tests.support.requests import ATHLETE, MON, on


def is_sound(workout: Workout) -> bool:
    """Whether blocks, duration, load and the zone stated belong together."""
    return (
        sum(one.duration_s for one in workout.blocks) == workout.duration_s
        and 0 <= blocks_load(workout.blocks, TABLE_RATES) - workout.load < 1
        and main_zone(written(workout, ATHLETE)) == workout.zone
    )


def chosen(family: Family, level: int) -> ChosenWorkout:
    return ChosenWorkout(family, level, family.block(level))


@pytest.mark.parametrize("family", library().values(), ids=library())
def test_every_level_of_every_family_is_a_sound_session_of_whole_five_minutes(
    family: Family,
) -> None:
    for level in range(len(family.levels)):
        workout = hard_workout(chosen(family, level), 3 * 3600, TABLE_RATES)
        assert is_sound(workout)
        assert workout.duration_s % 300 == 0
        assert written(workout, ATHLETE).workout == f"{family.family}/{level + 1}"


@pytest.mark.parametrize("family", library().values(), ids=library())
def test_the_lowest_level_fits_into_half_an_hour(family: Family) -> None:
    assert hard_workout(chosen(family, 0), 1800, TABLE_RATES).duration_s == 1800


def test_a_main_set_that_takes_too_long_gives_way_to_one_hard_stretch() -> None:
    family = library()["run-threshold-cruise"]
    workout = hard_workout(chosen(family, 6), 1800, TABLE_RATES)
    assert is_sound(workout)
    assert (workout.duration_s, workout.chosen) == (1800, None)


@given(
    duration_s=st.integers(60, 30_000),
    style=st.sampled_from(Style),
    kind=st.sampled_from([SessionKind.RECOVERY, SessionKind.EASY, SessionKind.LONG]),
)
def test_easy_sessions_of_any_length_and_style_are_sound_and_not_hard(
    duration_s: int, style: Style, kind: SessionKind
) -> None:
    workout = steady_workout(Sport.RUN, kind, Goal.EASY, duration_s, TABLE_RATES, style)
    assert is_sound(workout)
    assert not written(workout, ATHLETE).is_hard
    assert workout.duration_s == duration_s


@given(duration_s=st.integers(0, 60), style=st.sampled_from(Style), zone=st.integers(1, 2))
def test_a_longer_session_has_more_load(duration_s: int, style: Style, zone: int) -> None:
    shorter, longer = ((steps + 4) * 300 for steps in (duration_s, duration_s + 1))
    assert steady_load(zone, shorter, style, TABLE_RATES) < steady_load(
        zone, longer, style, TABLE_RATES
    )


@pytest.mark.parametrize(("minutes", "parts"), [(25, 1), (30, 3), (60, 3)])
def test_strides_come_with_half_an_hour(minutes: int, parts: int) -> None:
    assert len(steady_blocks(2, minutes * 60, Style.STRIDES)) == parts


@pytest.mark.parametrize(("minutes", "finish_s"), [(70, 0), (75, 900), (90, 1200), (150, 1200)])
def test_a_long_session_ends_steadily_from_75_minutes(minutes: int, finish_s: int) -> None:
    assert hard_s(zone_times_s(steady_blocks(2, minutes * 60, Style.FINISH))) == finish_s


def test_a_session_too_short_for_strides_does_not_speak_of_them() -> None:
    workout = steady_workout(
        Sport.RUN, SessionKind.EASY, Goal.STRIDES, 1500, TABLE_RATES, Style.STRIDES
    )
    assert workout.goal is Goal.EASY


@given(
    duration_s=st.integers(600, 15_000),
    sport=st.sampled_from(Sport),
    kind=st.sampled_from([kind for kind in SessionKind if kind is not SessionKind.RACE]),
    level=st.integers(0, 3),
)
def test_an_anchored_session_of_any_length_keeps_it(
    duration_s: int, sport: Sport, kind: SessionKind, level: int
) -> None:
    zone = ZONE_BY_KIND.get(kind)
    families = [one for one in library().values() if (one.sport, one.zone) == (sport, zone)]
    main = chosen(families[0], level) if families else None
    workout = anchored_workout(Commitment(on(MON), sport, kind, duration_s), main, TABLE_RATES)
    assert (workout.sport, workout.kind) == (sport, kind)
    assert workout.duration_s == duration_s
    session = written(workout, ATHLETE)
    assert session.is_strength or is_sound(workout)


@pytest.mark.parametrize("stretch_s", [120, 240, 480])
def test_most_of_a_run_with_walks_is_run_in_stretches_no_longer_than_allowed(
    stretch_s: int,
) -> None:
    for duration_s in range(1200, 2701, 300):
        workout = steady_workout(
            Sport.RUN,
            SessionKind.EASY,
            Goal.WALK_RUN,
            duration_s,
            TABLE_RATES,
            Style.WALKS,
            stretch_s,
        )
        walk, main = (one.steps[0] for one in workout.blocks)
        assert workout.duration_s == duration_s
        assert main.work.duration_s <= stretch_s
        assert main.repeats * main.work.duration_s >= duration_s / 2
        assert walk.work.duration_s >= 240
        assert main_zone(written(workout, ATHLETE)) == 2
