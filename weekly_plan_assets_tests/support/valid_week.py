"""A plan that meets every rule, and ways to change it, for tests of the guardrails."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from weekly_plan_assets.domain.athlete.athlete import AnchoredSession, Athlete
from weekly_plan_assets.domain.athlete.habit import Habit
from weekly_plan_assets.domain.athlete.targets import with_targets
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.hard_bounds import HardLimit
from weekly_plan_assets.domain.envelope.session_bounds import SportLimit
from weekly_plan_assets.domain.guardrails import (
    GUARDRAILS,
    PlanContext,
    RuleOutcome,
    Verdict,
    judge_plan,
)
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, blocks_load
from weekly_plan_assets.domain.plan.session_parts import (
    Step,
    Stretch,
    Target,
    block,
    stretch,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    Evidence,
    NextWeek,
    Phase,
    PlannedDay,
    PlannedSession,
    Reason,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.week import DAY_NAMES, TrainingWeek
from weekly_plan_assets_tests.support.week_rows import week

WEEK = TrainingWeek.parse("2024-05-13")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

ATHLETE = Athlete(
    athlete_id="i1",
    max_hr_bpm=190,
    resting_hr_bpm=50,
    sports=(Sport.RUN, Sport.RIDE),
    anchored=(
        AnchoredSession(weekday=WED, sport=Sport.RUN, kind=SessionKind.EASY, duration_min=60),
    ),
    habit=Habit(weeks=12, sessions_per_week=12, days_per_week=6),
)
ENVELOPE = LoadEnvelope(
    phase=Phase.BUILD,
    min_load=200,
    target_load=270,
    max_load=340,
    usual_time_s=5 * 3600,
    target_time_s=5 * 3600,
    max_time_s=40 * 3600,
    longest_run_s=5400,
    longest_others=(
        SportLimit(sport=Sport.RIDE, longest_s=10 * 3600),
        SportLimit(sport=Sport.SWIM, longest_s=4 * 3600),
    ),
    hard_limits=(HardLimit(sport=Sport.RUN, most_s=(3600, 2700, 1800)),),
    hard_sessions=2,
    reasons=(),
)
CONTEXT = PlanContext.after(
    week(load=250, ctl_end=40.0, rest_hr_mean_bpm=48.5714285714),
    (week(2, 240), week(1, 275, rest_hr_mean_bpm=47.0)),
    ATHLETE,
    ENVELOPE,
)

Days = dict[int, list[PlannedSession]]


def session(
    kind: SessionKind, *parts: Step | Stretch, zone: int | None = None, sport: Sport = Sport.RUN
) -> PlannedSession:
    """A session of these parts, a block for each, with their load; its main zone is `zone`."""
    blocks = with_targets(tuple(map(block, parts)), ATHLETE, sport)
    return PlannedSession(
        sport=sport,
        kind=kind,
        duration_s=sum(one.duration_s for one in blocks),
        intensity=None if zone is None else ATHLETE.training_bounds(zone, sport),
        blocks=blocks,
        planned_load=round(blocks_load(blocks, TABLE_RATES)),
        description="Warm up, go, cool down.",
        goal="Get fitter.",
    )


def of_zones_of(one: PlannedSession, athlete: Athlete) -> PlannedSession:
    """The session with another athlete's zones and targets."""
    zone = one.intensity and athlete.training_bounds(one.intensity.zone, one.sport)
    bare = steered(one).blocks
    blocks = with_targets(bare, athlete, one.sport)
    return one.model_copy(update={"intensity": zone, "blocks": blocks})


def steered(one: PlannedSession, *targets: Target) -> PlannedSession:
    """The session whose works have these targets and no others, nor has a recovery any."""
    blocks = tuple(
        block(
            *(
                Step(
                    repeats=step.repeats,
                    work=step.work.model_copy(update={"targets": targets}),
                    recovery=step.recovery and step.recovery.model_copy(update={"targets": ()}),
                )
                for step in each.steps
            ),
            part=each.part,
            repeats=each.repeats,
        )
        for each in one.blocks
    )
    return one.model_copy(update={"blocks": blocks})


def steady(
    kind: SessionKind, zone: int, minutes: float = 60, sport: Sport = Sport.RUN
) -> PlannedSession:
    """A session in one zone throughout."""
    return session(kind, part(minutes, zone), zone=zone, sport=sport)


def part(minutes: float, zone: int) -> Stretch:
    """A stretch of a session in one zone."""
    return stretch(zone, round(60 * minutes))


def repeats(times: int, work_s: int, recovery_s: int, zone: int, recovery_zone: int = 1) -> Step:
    """Work in a zone, and recovery after it, several times."""
    rest = stretch(recovery_zone, recovery_s) if recovery_s else None
    return Step(repeats=times, work=stretch(zone, work_s), recovery=rest)


def stepless(kind: SessionKind, zone: int | None, sport: Sport = Sport.RUN) -> PlannedSession:
    """A session without steps: an hour of a race, or 40 min of strength, with their load."""
    duration_s, load = (3600, 90) if kind is SessionKind.RACE else (2400, 20)
    bare = {"sport": sport, "kind": kind, "duration_s": duration_s, "planned_load": load}
    return PlannedSession(
        **bare,
        intensity=None if zone is None else ATHLETE.training_bounds(zone, sport),
        description="Go.",
        goal="Get fitter.",
    )


REPEATS = repeats(5, 180, 120, 5)

EASY = steady(SessionKind.EASY, 2)
LONG = steady(SessionKind.LONG, 2)
HARD = session(SessionKind.VO2, part(15, 2), REPEATS, part(20, 2), zone=5)
STRENGTH = stepless(SessionKind.STRENGTH, None, Sport.STRENGTH)
RACE = stepless(SessionKind.RACE, 4)

REASON = Reason(
    text="It is time.",
    evidence=(Evidence(metric="trainingLoad", value=250.0, baseline=257.5),),
)


def days() -> Days:
    """A valid week: one of two hard sessions used, Monday and Friday free."""
    return {
        MON: [],
        TUE: [HARD, STRENGTH],
        WED: [EASY],
        THU: [EASY],
        FRI: [],
        SAT: [EASY],
        SUN: [LONG],
    }


def plan_of(
    sessions: Days,
    names: Sequence[str] = DAY_NAMES,
    justification: Sequence[Reason] = (REASON,),
) -> WeeklyPlan:
    """The plan with these sessions, all sums being right."""
    planned = tuple(
        PlannedDay(
            date=day,
            day_name=names[day.weekday()],
            planned_load=sum(session.planned_load for session in sessions[day.weekday()]),
            sessions=tuple(sessions[day.weekday()]),
        )
        for day in WEEK.days
    )
    return WeeklyPlan(
        schema_version="3.0",
        next_week=NextWeek(
            phase=Phase.BUILD,
            objective="Get fitter.",
            week_start=WEEK.start,
            week_end=WEEK.end,
            planned_load=sum(day.planned_load for day in planned),
        ),
        days=planned,
        warnings=(),
        justification=tuple(justification),
    )


def with_days(**changed: list[PlannedSession]) -> WeeklyPlan:
    """The valid plan with other sessions on the days named."""
    return plan_of(days() | {DAY_NAMES.index(name): sessions for name, sessions in changed.items()})


def with_saturday(**changed: Any) -> WeeklyPlan:
    """The valid plan whose easy run of Saturday says something else."""
    return with_days(Saturday=[EASY.model_copy(update=changed)])


def with_week(**changed: Any) -> WeeklyPlan:
    """The valid plan that states something else of the week."""
    plan = plan_of(days())
    return plan.model_copy(update={"next_week": plan.next_week.model_copy(update=changed)})


def with_day(weekday: int, **changed: Any) -> WeeklyPlan:
    """The valid plan that states something else of one day."""
    plan = plan_of(days())
    planned = list(plan.days)
    planned[weekday] = planned[weekday].model_copy(update=changed)
    return plan.model_copy(update={"days": tuple(planned)})


def of_athlete(**changed: Any) -> PlanContext:
    """The context of an athlete who differs in this."""
    return replace(CONTEXT, athlete=ATHLETE.model_copy(update=changed))


def in_envelope(**changed: Any) -> PlanContext:
    """The context of an envelope that differs in this."""
    return replace(CONTEXT, envelope=ENVELOPE.model_copy(update=changed))


def judged(plan: WeeklyPlan, context: PlanContext = CONTEXT) -> tuple[Verdict, ...]:
    """What every rule says of the plan."""
    return judge_plan(plan, context, GUARDRAILS)


def broken(plan: WeeklyPlan, context: PlanContext = CONTEXT) -> list[str]:
    """The ids of the rules that the plan breaks, warnings too."""
    return [v.rule_id for v in judged(plan, context) if v.outcome is RuleOutcome.FAIL]


def observed(rule_id: str, plan: WeeklyPlan, context: PlanContext = CONTEXT) -> str:
    """What one rule found."""
    (told,) = (v.observed for v in judged(plan, context) if v.rule_id == rule_id)
    return told
