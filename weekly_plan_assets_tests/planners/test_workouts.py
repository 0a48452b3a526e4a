import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekly_plan_assets.domain.envelope.commitments import Commitment
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, blocks_load
from weekly_plan_assets.domain.plan.session_zones import hard_s, main_zone, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind, Sport
from weekly_plan_assets.domain.plan.workout_family import Family, SetPlace
from weekly_plan_assets.planners.wording import written
from weekly_plan_assets.planners.workout_choice import ChosenWorkout
from weekly_plan_assets.planners.workout_library import library
from weekly_plan_assets.planners.workouts import (
    PLAIN,
    STRIDES,
    ZONE_BY_KIND,
    Goal,
    Variation,
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


HARD = [one for one in library().values() if one.place is SetPlace.HARD]
WITHIN = [one for one in library().values() if one.place is not SetPlace.HARD]
WITH_STRIDES = Variation(strides=STRIDES[Sport.RUN])
VARIATIONS = (PLAIN, WITH_STRIDES, Variation(chosen=chosen(library()["run-long-finish"], 1)))


@pytest.mark.parametrize("family", HARD, ids=lambda one: one.family)
def test_every_level_of_every_family_is_a_sound_session_of_whole_five_minutes(
    family: Family,
) -> None:
    for level in range(len(family.levels)):
        workout = hard_workout(chosen(family, level), 3 * 3600, TABLE_RATES)
        assert is_sound(workout)
        assert workout.duration_s % 300 == 0
        assert written(workout, ATHLETE).workout == f"{family.family}/{level + 1}"


@pytest.mark.parametrize("family", WITHIN, ids=lambda one: one.family)
def test_every_level_fits_into_a_long_enough_session_and_leaves_it_sound(family: Family) -> None:
    kind = SessionKind.LONG if family.place is SetPlace.LONG else SessionKind.EASY
    for level in range(len(family.levels)):
        variation = Variation(chosen=chosen(family, level))
        workout = steady_workout(family.sport, kind, Goal.EASY, 10_800, TABLE_RATES, variation)
        assert is_sound(workout)
        assert written(workout, ATHLETE).workout == f"{family.family}/{level + 1}"


@pytest.mark.parametrize("family", HARD, ids=lambda one: one.family)
def test_the_lowest_level_fits_into_half_an_hour(family: Family) -> None:
    assert hard_workout(chosen(family, 0), 1800, TABLE_RATES).duration_s == 1800


def test_a_main_set_that_takes_too_long_gives_way_to_one_hard_stretch() -> None:
    family = library()["run-threshold-cruise"]
    workout = hard_workout(chosen(family, 6), 1800, TABLE_RATES)
    assert is_sound(workout)
    assert (workout.duration_s, workout.chosen) == (1800, None)


@given(
    duration_s=st.integers(60, 30_000),
    variation=st.sampled_from(VARIATIONS),
    kind=st.sampled_from([SessionKind.RECOVERY, SessionKind.EASY, SessionKind.LONG]),
)
def test_easy_sessions_of_any_length_and_style_are_sound_and_not_hard(
    duration_s: int, variation: Variation, kind: SessionKind
) -> None:
    workout = steady_workout(Sport.RUN, kind, Goal.EASY, duration_s, TABLE_RATES, variation)
    assert is_sound(workout)
    assert not written(workout, ATHLETE).is_hard
    assert workout.duration_s == duration_s


@given(duration_s=st.integers(0, 60), variation=st.sampled_from(VARIATIONS), zone=st.integers(1, 2))
def test_a_longer_session_has_more_load(duration_s: int, variation: Variation, zone: int) -> None:
    shorter, longer = ((steps + 4) * 300 for steps in (duration_s, duration_s + 1))
    assert steady_load(zone, shorter, variation, TABLE_RATES) < steady_load(
        zone, longer, variation, TABLE_RATES
    )


@pytest.mark.parametrize(("minutes", "parts"), [(15, 1), (20, 3), (60, 3)])
def test_strides_come_with_twenty_minutes(minutes: int, parts: int) -> None:
    assert len(steady_blocks(2, minutes * 60, WITH_STRIDES)) == parts


@pytest.mark.parametrize(("minutes", "hard_min"), [(45, 0), (50, 0), (55, 20), (150, 20)])
def test_a_set_in_a_long_session_lies_near_its_end_where_there_is_room(
    minutes: int, hard_min: int
) -> None:
    late = chosen(library()["run-long-finish"], 4)
    workout = steady_workout(
        Sport.RUN, SessionKind.LONG, Goal.LONG, minutes * 60, TABLE_RATES, Variation(chosen=late)
    )
    assert workout.duration_s == minutes * 60
    assert hard_s(zone_times_s(workout.blocks)) == hard_min * 60
    assert (workout.chosen is None) == (hard_min == 0)
    assert workout.zone == 2


def test_a_long_session_with_enough_race_pace_is_a_hard_one() -> None:
    late = chosen(library()["run-long-race"], 2)
    workout = steady_workout(
        Sport.RUN, SessionKind.LONG, Goal.LONG, 7200, TABLE_RATES, Variation(chosen=late)
    )
    assert (workout.kind, workout.zone) == (SessionKind.LONG, 3)
    assert is_sound(workout)


def test_a_session_too_short_for_strides_does_not_speak_of_them() -> None:
    workout = steady_workout(
        Sport.RUN, SessionKind.EASY, Goal.STRIDES, 900, TABLE_RATES, WITH_STRIDES
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
            Variation(run_stretch_s=stretch_s),
        )
        walk, main = (one.steps[0] for one in workout.blocks)
        assert workout.duration_s == duration_s
        assert main.work.duration_s <= stretch_s
        assert main.repeats * main.work.duration_s >= duration_s / 2
        assert walk.work.duration_s >= 240
        assert main_zone(written(workout, ATHLETE)) == 2
