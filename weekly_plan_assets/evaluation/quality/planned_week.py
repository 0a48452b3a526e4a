"""A plan for a week of a simulated athlete, and the weeks around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from weekly_plan_assets.domain.adherence import week_adherence
from weekly_plan_assets.domain.guardrails import judge_plan, violations
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.records import PlanAdherence
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.sources.personas.life import Life
from weekly_plan_assets.sources.personas.persona import Persona

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


def with_plan(
    life: Life, week: TrainingWeek, request: PlanningRequest, plan: WeeklyPlan
) -> PlannedWeek:
    """The week with its plan, judged, and with what was done before it and in it."""
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


def adherence_of(
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
