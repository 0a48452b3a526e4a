"""The plans that are scored: for past weeks, and in closed loop with a simulated athlete."""

from collections.abc import Sequence

from weekly_plan_assets.domain.done_workouts import done_workouts
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.persona_knowledge import Metrics, context_of, known_weeks
from weekly_plan_assets.evaluation.quality.persona_weeks import PersonaWeeks
from weekly_plan_assets.evaluation.quality.planned_week import (
    HABIT_WEEKS,
    YEAR_WEEKS,
    PlannedWeek,
    adherence_of,
    with_plan,
)
from weekly_plan_assets.lineage.records.planning import planning_request
from weekly_plan_assets.lineage.records.records import PlanAdherence
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.personas.life import Response, life_of
from weekly_plan_assets.sources.personas.persona import LAST_DAY, Persona


def open_loop(persona: Persona, *, full: bool, weeks: int = YEAR_WEEKS) -> Sequence[PlannedWeek]:
    """Plans of the rules for the last weeks of an athlete's history, which stays as it was.

    Args:
        persona: The athlete.
        full: Whether their file says what they do; see `context_of`.
        weeks: How many, up to the last week of the history. One before which nothing was done is
            left out.
    """
    planner = RulesPlanner()
    history = PersonaWeeks(persona, weeks, full=full)
    for week in history.weeks:
        request = planning_request(history.known_by(planner.model_id, week))
        history.take_in(planner.model_id, request, planner.plan(request))
    return history.planned_by(planner.model_id)


def closed_loop(
    persona: Persona, response: Response, *, full: bool, weeks: int = YEAR_WEEKS
) -> list[PlannedWeek]:
    """Plans for the weeks after an athlete's history, each made from what was done of the last.

    Nothing else happens in these weeks: no race, illness or holiday.
    """
    life = life_of(persona)
    metrics = Metrics.of(life)
    context = context_of(persona, full=full, races_until=LAST_DAY)
    observed = TrainingWeek.containing(LAST_DAY)
    adherence: list[PlanAdherence] = []
    planned = []
    for _ in range(weeks):
        last = adherence[-1] if adherence else None
        memory = done_workouts(adherence[-HABIT_WEEKS:])
        known = known_weeks(life, metrics.by_week, observed, context, last, memory)
        request = planning_request(known)
        plan = RulesPlanner().plan(request)
        week = observed.next()
        life.live_plan(week, plan, response)
        metrics.add([week])
        planned.append(with_plan(life, week, request, plan))
        adherence.append(adherence_of(persona, week, plan, life, metrics.by_week[week]))
        observed = week
    return planned
