"""Which hard workouts come next: one step at a time, never a family twice, and nothing skipped."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.done_workouts import DoneWorkout, done_workouts
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, Sport
from weekly_plan_assets.evaluation.quality.loops import closed_loop
from weekly_plan_assets.evaluation.quality.planned_week import PlannedWeek
from weekly_plan_assets.sources.personas.life import Response
from weekly_plan_assets.sources.personas.persona_table import PERSONAS

WEEKS = 24


def lived(key: str, response: Response) -> list[PlannedWeek]:
    persona = next(one for one in PERSONAS if one.key == key)
    return closed_loop(persona, response, full=False, weeks=WEEKS)


def library_sessions(week: PlannedWeek) -> Iterator[tuple[str, int, PlannedSession]]:
    for session in week.plan.sessions:
        if session.workout is not None:
            family, _, level = session.workout.rpartition("/")
            yield family, int(level), session


@pytest.mark.slow
@pytest.mark.parametrize("key", ["marathon_2_50", "rider_power"])
def test_over_24_weeks_an_obedient_athlete_does_many_sets_and_climbs_one_level_at_a_time(
    key: str,
) -> None:
    weeks = lived(key, Response.AS_PLANNED)
    sets = {session.workout for week in weeks for *_, session in library_sessions(week)}
    assert len(sets) >= 12
    levels: dict[str, list[int]] = {}
    for week in weeks:
        families = [family for family, *_ in library_sessions(week)]
        assert len(families) == len(set(families))
        for family, level, _ in library_sessions(week):
            levels.setdefault(family, []).append(level)
    for family, climbed in levels.items():
        assert all(later - earlier <= 1 for earlier, later in pairwise(climbed)), family


@pytest.mark.slow
@pytest.mark.parametrize("key", ["marathon_2_50", "rider_power"])
def test_what_was_not_done_comes_again_before_anything_harder(key: str) -> None:
    weeks = lived(key, Response.HALF)
    done: dict[str, int] = {}
    for number, week in enumerate(weeks):
        known = {one.family: one for one in week.request.workouts}
        for one in known.values():
            done[one.family] = max(done.get(one.family, 0), one.level if one.is_done else 0)
        for family, level, _ in library_sessions(week):
            last = known.get(family)
            if last is not None:
                assert level <= last.level + last.is_done, (number, family)


def test_a_workout_counts_as_done_from_four_fifths_of_its_work() -> None:
    week = lived("marathon_2_50", Response.AS_PLANNED)[1]
    assert week.request.workouts
    assert all(one.is_done for one in week.request.workouts)
    assert {one.sport for one in week.request.workouts} == {Sport.RUN}
    monday = week.week.start
    assert all(one.day < monday for one in week.request.workouts)
    assert all(one.day >= monday - timedelta(weeks=1) for one in week.request.workouts)


def test_nothing_planned_means_nothing_remembered() -> None:
    assert done_workouts([]) == ()
    assert DoneWorkout.model_fields["level"].is_required()
