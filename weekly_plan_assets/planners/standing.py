"""The sessions that stand before easy ones are added: races, anchored, hard and strength ones.

Which days hard ones have is decided in `layout`, which workout is next in `workout_choice`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from weekly_plan_assets.domain.envelope.commitments import Commitment
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.plan_limits import LONGEST_TRAINING_DAY_S
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    Sport,
    is_strength,
)
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.planners.durations import TOLERANCE
from weekly_plan_assets.planners.layout import Layout
from weekly_plan_assets.planners.slots import EASY_LIMITS
from weekly_plan_assets.planners.week_constraints import Demands
from weekly_plan_assets.planners.workout_choice import Bounds, ChosenWorkout, WorkoutChoice
from weekly_plan_assets.planners.workouts import (
    LEAST_EDGES_S,
    ZONE_BY_KIND,
    Workout,
    anchored_workout,
    endurance_s,
    hard_workout,
    race_workout,
    strength_workout,
    with_longer_edges,
)


def standing_sessions(
    demands: Demands, layout: Layout, choice: WorkoutChoice, bounds: Bounds, strength_s: int
) -> list[list[Workout]]:
    """Races, anchored, hard and strength sessions of each day."""
    athlete = demands.athlete
    days = fixed_sessions(demands, choice, bounds)
    for number, weekday in enumerate(layout.hard):
        day = demands.days[weekday]
        room_s = min(day.first_s, day.room_s - strength_s * (weekday in layout.strength))
        sport = demands.hard_sport_of(number, day)
        longest_s = min(room_s, demands.longest_s(sport))
        chosen = choice.next_hard(
            number, sport, replace(bounds, longest_s=max(0, longest_s - LEAST_EDGES_S))
        )
        rates = athlete.load_rates(sport)
        days[weekday].append(hard_workout(chosen, longest_s, rates))
    for weekday in layout.strength:
        days[weekday].append(strength_workout(strength_s))
    return days


def fixed_sessions(
    demands: Demands, choice: WorkoutChoice, bounds: Bounds | None = None
) -> list[list[Workout]]:
    """Races and anchored sessions of each day, Monday first."""
    athlete = demands.athlete
    within = bounds or Bounds(week_s(demands), LONGEST_TRAINING_DAY_S)
    return [
        [
            *(race_workout(race, athlete) for race in day.races),
            *(
                anchored_workout(
                    one, _anchored_choice(one, choice, within), athlete.load_rates(one.sport)
                )
                for one in day.anchored
            ),
        ]
        for day in demands.days
    ]


def week_s(demands: Demands) -> float:
    """About how long the week will take: as the envelope says, or its target load done easy."""
    if demands.envelope.target_time_s is not None:
        return demands.envelope.target_time_s
    return demands.envelope.target_load / demands.athlete.easy_load_per_hour * SECONDS_PER_HOUR


def _anchored_choice(
    one: Commitment, choice: WorkoutChoice, bounds: Bounds
) -> ChosenWorkout | None:
    """The main set of an anchored session; None for one that is not hard."""
    zone = ZONE_BY_KIND.get(one.kind)
    if zone is None or is_strength(one.sport, one.kind):
        return None
    longest_s = max(0, one.duration_s - LEAST_EDGES_S)
    return choice.of_zone(zone, one.sport, replace(bounds, longest_s=longest_s))


def with_longer_hard(
    demands: Demands, layout: Layout, days: Sequence[Sequence[Workout]]
) -> list[list[Workout]]:
    """The days with longer warm-ups and cool-downs of hard sessions, where time is missing.

    An easy session would have been longer; the hard one took its day.
    """
    longer = [list(sessions) for sessions in days]
    target_s = demands.envelope.target_time_s
    if target_s is None or _endurance_of(longer) >= (1 - TOLERANCE) * target_s:
        return longer
    for weekday in layout.hard:
        sessions = longer[weekday]
        at = next(n for n, one in enumerate(sessions) if one.kind in HARD_KINDS)
        hard = sessions[at]
        rates = demands.athlete.load_rates(hard.sport)
        others_s = sum(one.duration_s for one in sessions) - hard.duration_s
        most_s = min(
            hard.duration_s + target_s - _endurance_of(longer),
            demands.days[weekday].room_s - others_s,
            demands.days[weekday].first_s,
            _longest_hard_s(demands, hard.sport),
        )
        for duration_s in range(most_s // STEP_S * STEP_S, hard.duration_s, -STEP_S):
            sessions[at] = with_longer_edges(hard, duration_s, rates)
            if _load_of(longer) <= demands.envelope.max_load:
                break
            sessions[at] = hard
    return longer


def _longest_hard_s(demands: Demands, sport: Sport) -> int:
    """Seconds of the longest hard session: as long as an easy one, and shorter than the long."""
    longest_s = min(EASY_LIMITS[sport].longest_s, demands.longest_s(sport))
    long_s = demands.envelope.long_s
    if long_s is not None and sport is demands.long_sport:
        longest_s = min(longest_s, long_s - STEP_S)
    return longest_s


def _endurance_of(days: Iterable[Iterable[Workout]]) -> int:
    return endurance_s(one for sessions in days for one in sessions)


def _load_of(days: Iterable[Iterable[Workout]]) -> int:
    return sum(one.load for sessions in days for one in sessions)
