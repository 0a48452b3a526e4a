"""The rules planner: a deterministic week that meets every guardrail, without any model.

It puts the parts together: the week from `solver`, words from `wording` and `explanation`.
"""

from collections.abc import Iterator, Sequence

from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import guardrails_in_force
from weekly_plan_assets.domain.plan.weekly_plan import (
    WeeklyPlan,
)
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.planners.assembly import assembled
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.plan_reasons import justification
from weekly_plan_assets.planners.plan_warnings import warnings
from weekly_plan_assets.planners.solver import solve
from weekly_plan_assets.planners.week_constraints import Demands, demands_of


class RulesPlanner:
    """A planner that follows fixed rules: the same request gives the same bytes."""

    model_id = "rules"
    prompt_version = "rules-10"

    def render_prompt(self, request: PlanningRequest) -> str:
        """What the planner was asked, as lines of text: week, envelope, days, rules by id."""
        week, envelope = request.context.planned_week, request.context.envelope
        demands = demands_of(request)
        lines = [
            f"Plan the week {week.start} to {week.end}, phase {envelope.phase.value}, "
            f"in language {request.context.athlete.language.value}.",
            f"Weekly load {envelope.min_load} to {envelope.max_load}, "
            f"target {envelope.target_load}.",
            f"Longest run {envelope.longest_run_s} s, "
            f"hard sessions at most {envelope.hard_sessions}, "
            f"time in zone 3 and above at most {envelope.max_hard_share:.0%}.",
            *_time(envelope),
            *envelope.reasons,
            *_days(demands),
            "Rules:",
            *(
                f"{rule.id} (version {rule.version}): {rule.statement}"
                for rule in guardrails_in_force()
            ),
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
        solved = solve(demands_of(request))
        return assembled(request, solved, warnings(request, solved), justification(request, solved))


def _time(envelope: LoadEnvelope) -> Iterator[str]:
    """What the envelope says of time, in words."""
    if envelope.max_time_s is not None:
        yield (
            f"Endurance without races {envelope.target_time_s} s, at most {envelope.max_time_s} s, "
            f"usually {envelope.usual_time_s} s."
        )


def _days(demands: Demands) -> Iterator[str]:
    """What is given for the week's days, in words."""
    athlete = demands.athlete
    names = DAY_NAMES_BY_LANGUAGE["en"]
    strength = ", ".join(names[weekday] for weekday in sorted(athlete.strength_weekdays))
    sports = ", ".join(sport.value for sport in athlete.endurance_sports)
    yield (
        f"Sports {sports}; long session on {names[athlete.long_run_weekday]}; "
        f"strength on {strength or 'no day'}."
    )
    for day in demands.days:
        any_time = day.room_s and athlete.available_s(day.date) is None
        room = "any time" if any_time else f"{day.room_s // SECONDS_PER_MINUTE} min"
        fixed = [f"race {race.priority.value} ({race.name or 'unnamed'})" for race in day.races]
        fixed += [
            f"{one.sport.value} {one.kind.value} of {one.duration_s // SECONDS_PER_MINUTE} min"
            for one in day.anchored
        ]
        yield f"{names[day.weekday]}: {'; '.join([*fixed, f'room for {room}'])}."
