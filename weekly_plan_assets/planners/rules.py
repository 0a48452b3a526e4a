"""The rules planner: a deterministic week that meets every guardrail, without any model.

It puts the parts together: sessions from `schedule`, words from `explanation`.
"""

from collections.abc import Sequence

from weekly_plan_assets.domain.guardrails import GUARDRAILS
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets.domain.weekly_plan import (
    SCHEMA_VERSION,
    NextWeek,
    PlannedDay,
    WeeklyPlan,
)
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.explanation import OBJECTIVES, justification, warnings
from weekly_plan_assets.planners.schedule import plan_sessions


class RulesPlanner:
    """A planner that follows fixed rules: the same request gives the same bytes."""

    model_id = "rules"
    prompt_version = "rules-1"

    def render_prompt(self, request: PlanningRequest) -> str:
        """What the planner was asked, as lines of text: week, envelope, rules by id."""
        week, envelope = request.context.planned_week, request.context.envelope
        lines = [
            f"Plan the week {week.start} to {week.end}, phase {envelope.phase.value}.",
            f"Weekly load {envelope.min_load} to {envelope.max_load}, "
            f"target {envelope.target_load}.",
            f"Longest run {envelope.longest_run_s} s, "
            f"hard sessions at most {envelope.hard_sessions}.",
            *envelope.reasons,
            "Rules:",
            *(f"{rule.id} (version {rule.version}): {rule.statement}" for rule in GUARDRAILS),
        ]
        return "\n".join(lines)

    def propose(
        self,
        request: PlanningRequest,
        prompt: str,  # noqa: ARG002 - it says in words what the request holds
        rejections: Sequence[Rejection],  # noqa: ARG002 - a fixed rule has no second answer
    ) -> Answer:
        """The plan as JSON, keys in the order of the contract."""
        return Answer(self.plan(request).model_dump_json(by_alias=True))

    def plan(self, request: PlanningRequest) -> WeeklyPlan:
        """The plan itself."""
        context = request.context
        week = context.planned_week
        days = tuple(
            PlannedDay(
                date=day,
                day_name=DAY_NAMES[day.weekday()],
                planned_load=sum(session.planned_load for session in sessions),
                sessions=sessions,
            )
            for day, sessions in zip(
                week.days, plan_sessions(context.athlete, context.envelope), strict=True
            )
        )
        return WeeklyPlan(
            schema_version=SCHEMA_VERSION,
            next_week=NextWeek(
                phase=context.envelope.phase,
                objective=OBJECTIVES[context.envelope.phase],
                week_start=week.start,
                week_end=week.end,
                planned_load=sum(day.planned_load for day in days),
            ),
            days=days,
            warnings=warnings(request),
            justification=justification(request, days),
        )
