"""The rules planner: a deterministic week that meets every guardrail, without any model.

It puts the parts together: the week from `solver`, words from `wording` and `explanation`.
"""

from collections.abc import Iterator, Sequence

from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.season import goal_race
from weekly_plan_assets.domain.guardrails import guardrails_in_force
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    SCHEMA_VERSION,
    NextWeek,
    Phase,
    PlannedDay,
    WeeklyPlan,
)
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE
from weekly_plan_assets.planners.base import Answer, PlanningRequest, Rejection
from weekly_plan_assets.planners.plan_reasons import BUILDING_PHASES, justification
from weekly_plan_assets.planners.plan_warnings import warnings
from weekly_plan_assets.planners.solver import SolvedWeek, solve
from weekly_plan_assets.planners.week_constraints import Demands, demands_of
from weekly_plan_assets.planners.wording import written
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workouts import Goal, Workout


class RulesPlanner:
    """A planner that follows fixed rules: the same request gives the same bytes."""

    model_id = "rules"
    prompt_version = "rules-8"

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
        context = request.context
        week, athlete = context.planned_week, context.athlete
        solved = solve(demands_of(request))
        race = goal_race(athlete, week)
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
                        context.envelope.phase,
                        race,
                        apart=workout is _to_keep_apart(workouts),
                    )
                    for workout in workouts
                ),
            )
            for day, workouts in zip(week.days, solved.days, strict=True)
        )
        return WeeklyPlan(
            schema_version=SCHEMA_VERSION,
            next_week=NextWeek(
                phase=context.envelope.phase,
                objective=_objective(context.envelope.phase, solved, WORDS[athlete.language]),
                week_start=week.start,
                week_end=week.end,
                planned_load=solved.load,
            ),
            days=days,
            warnings=warnings(request, solved),
            justification=justification(request, solved),
        )


def _to_keep_apart(workouts: Sequence[Workout]) -> Workout | None:
    """The easier of two sessions on a day, which needs some hours to the other."""
    endurance = [one for one in workouts if one.blocks]
    is_brick = any(one.goal is Goal.BRICK for one in endurance)
    if len(endurance) <= 1 or is_brick:
        return None
    return next((one for one in endurance if one.kind not in HARD_KINDS), None)


def _objective(phase: Phase, week: SolvedWeek, words: Words) -> str:
    """What the week is for; in one that is meant to build, whether anything in it is hard."""
    is_easy = not any(session.kind in HARD_KINDS for session in week.sessions)
    if is_easy and phase in BUILDING_PHASES:
        return words.objective_easy
    return words.objectives[phase]


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
