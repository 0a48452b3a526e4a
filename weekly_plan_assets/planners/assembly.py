"""Makes a plan of the sessions of a week: dates, names, words and sums.

Which sessions there are is decided by a planner; the words themselves lie in `words`.
"""

from collections.abc import Sequence

from weekly_plan_assets.domain.envelope.season import goal_race
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    SCHEMA_VERSION,
    NextWeek,
    Phase,
    PlannedDay,
    Reason,
    WeeklyPlan,
)
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.season_reasons import BUILDING_PHASES
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.wording import written
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workouts import Goal, Workout


def assembled(
    request: PlanningRequest,
    week: SolvedWeek,
    warnings: tuple[str, ...],
    justification: tuple[Reason, ...],
) -> WeeklyPlan:
    """The plan of a week whose sessions are known, in the athlete's language."""
    context = request.context
    planned, athlete, phase = context.planned_week, context.athlete, context.envelope.phase
    race = goal_race(athlete, planned)
    names = DAY_NAMES_BY_LANGUAGE[athlete.language]
    days = tuple(
        PlannedDay(
            date=day,
            day_name=names[day.weekday()],
            planned_load=sum(workout.load for workout in workouts),
            sessions=tuple(
                written(
                    workout,
                    athlete,
                    request.workouts,
                    phase,
                    race,
                    apart=workout is _to_keep_apart(workouts) or _is_beside(workout, workouts),
                )
                for workout in workouts
            ),
        )
        for day, workouts in zip(planned.days, week.days, strict=True)
    )
    return WeeklyPlan(
        schema_version=SCHEMA_VERSION,
        next_week=NextWeek(
            phase=phase,
            objective=_objective(phase, week, WORDS[athlete.language]),
            week_start=planned.start,
            week_end=planned.end,
            planned_load=week.load,
        ),
        days=days,
        warnings=warnings,
        justification=justification,
    )


def _to_keep_apart(workouts: Sequence[Workout]) -> Workout | None:
    """The easier of two sessions on a day, which needs some hours to the other."""
    endurance = [one for one in workouts if one.blocks]
    is_brick = any(one.goal is Goal.BRICK for one in endurance)
    if len(endurance) <= 1 or is_brick:
        return None
    return next((one for one in endurance if one.kind not in HARD_KINDS), None)


def _is_beside(workout: Workout, workouts: Sequence[Workout]) -> bool:
    """Whether strength work lies on a day with another session."""
    return not workout.blocks and workout.race is None and any(one.blocks for one in workouts)


def _objective(phase: Phase, week: SolvedWeek, words: Words) -> str:
    """What the week is for; in one that may be hard, whether anything in it is."""
    if not week.sessions:
        return words.objective_rest
    if week.demands.begins:
        return words.objective_begin
    if not week.is_hard and phase in BUILDING_PHASES:
        return words.objective_easy
    if not week.is_hard and phase is Phase.TAPER:
        return words.objective_taper_easy
    if phase is Phase.SPECIFIC and not week.practises_race:
        return words.objectives[Phase.BUILD]
    return words.objectives[phase]
