"""The plans that are scored: for past weeks, and in closed loop with a simulated athlete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from weekly_plan_assets.domain.adherence import week_adherence
from weekly_plan_assets.domain.done_workouts import done_workouts
from weekly_plan_assets.domain.guardrails import judge_plan, violations
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.evaluation.personas.known import Metrics, context_of, known_weeks
from weekly_plan_assets.evaluation.personas.life import Life, Response, life_of
from weekly_plan_assets.evaluation.personas.persona import LAST_DAY, Persona
from weekly_plan_assets.lineage.records.planning import planning_request
from weekly_plan_assets.lineage.records.records import PlanAdherence
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner

HABIT_WEEKS = 12
"""Weeks before a plan that say what the athlete's habit is. Project convention."""

YEAR_WEEKS = 52


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """A plan, and the weeks around it.

    Attributes:
        request: What the planner was asked with.
        before: Activities of the `HABIT_WEEKS` weeks before, oldest first; fewer at the beginning
            of a history.
        done: Activities of the planned week.
        broken: How many guardrails the plan breaks.
    """

    persona: Persona
    week: TrainingWeek
    plan: WeeklyPlan
    request: PlanningRequest
    before: tuple[tuple[Activity, ...], ...]
    done: tuple[Activity, ...]
    broken: int


Weeks: TypeAlias = Sequence[PlannedWeek]
"""Planned weeks of one athlete, one after another."""


def open_loop(persona: Persona, *, full: bool, weeks: int = YEAR_WEEKS) -> list[PlannedWeek]:
    """Plans for the last weeks of an athlete's history, which stays as it was.

    Args:
        persona: The athlete.
        full: Whether their file says what they do; see `context_of`.
        weeks: How many, up to the last week of the history. One before which nothing was done is
            left out.
    """
    life = life_of(persona)
    metrics = Metrics.of(life)
    context = context_of(persona, full=full, races_until=LAST_DAY + timedelta(weeks=YEAR_WEEKS))
    last = TrainingWeek.containing(LAST_DAY)
    planned: list[PlannedWeek] = []
    adherence: list[PlanAdherence] = []
    for back in range(weeks - 1, -1, -1):
        week = last.shift(-back)
        memory = done_workouts(adherence[-HABIT_WEEKS:])
        known = known_weeks(life, metrics.by_week, week.shift(-1), context, workouts=memory)
        if known.activities:
            planned.append(_planned(life, week, planning_request(known)))
            plan, done = planned[-1].plan, metrics.by_week.get(week)
            if done is not None:
                adherence.append(_adherence(persona, week, plan, life, done))
    return planned


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
        planned.append(_with_plan(life, week, request, plan))
        adherence.append(_adherence(persona, week, plan, life, metrics.by_week[week]))
        observed = week
    return planned


def _planned(life: Life, week: TrainingWeek, request: PlanningRequest) -> PlannedWeek:
    return _with_plan(life, week, request, RulesPlanner().plan(request))


def _with_plan(
    life: Life, week: TrainingWeek, request: PlanningRequest, plan: WeeklyPlan
) -> PlannedWeek:
    before = [week.shift(-back) for back in range(HABIT_WEEKS, 0, -1)]
    return PlannedWeek(
        persona=life.persona,
        week=week,
        plan=plan,
        request=request,
        before=tuple(tuple(life.activities[one]) for one in before if one in life.activities),
        done=tuple(life.activities.get(week, ())),
        broken=len(violations(judge_plan(plan, request.context))),
    )


def _adherence(
    persona: Persona, week: TrainingWeek, plan: WeeklyPlan, life: Life, metrics: WeeklyMetrics
) -> PlanAdherence:
    """What was done of the plan, as the adherence asset would have it."""
    # Every simulated session counts: none is recorded twice or out of reach.
    sessions = [
        CountedSession(row, row.moving_time_s, row.training_load) for row in life.activities[week]
    ]
    done = week_adherence(plan.days, sessions, metrics, None)
    return PlanAdherence(
        run_id=f"score:{week}",
        athlete_id=persona.key,
        observed_week_start=week.shift(-1).start,
        week_start=week.start,
        week_end=week.end,
        **dict(done),
        plan_created_at=_evening(week.shift(-1).end),
        in_time=True,
    )


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
