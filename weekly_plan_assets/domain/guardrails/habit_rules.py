"""Rules about what the athlete is used to: how many sessions, how long, how easy."""

from collections import Counter
from itertools import pairwise

from weekly_plan_assets.domain.envelope.hard_bounds import HARD_ZONES
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    free_sessions,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.plan.session_zones import (
    FINISH_S,
    STRIDE_S,
    from_zone_s,
    stretches,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    PlannedDay,
    PlannedSession,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.texts.counts import counted

EASY_KINDS = frozenset({SessionKind.EASY, SessionKind.RECOVERY, SessionKind.LONG})


def _free(plan: WeeklyPlan, context: PlanContext) -> list[tuple[PlannedDay, PlannedSession]]:
    """The endurance sessions that are neither races nor anchored, with their days."""
    free = free_sessions(plan, context)
    return [(day, session) for day, session in free if not session.is_strength]


def _habit_sessions(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    habit = context.athlete.known_habit
    if habit is None:
        return RuleOutcome.NOT_EVALUATED, "too few weeks are known to speak of a habit"
    free = _free(plan, context)
    allowed = habit.most_sessions
    wrong = []
    if len(free) > allowed:
        wrong.append(f"{counted(len(free), 'endurance session')}; at most {allowed} are right")
    doubles = [day for day, count in Counter(day.date for day, _ in free).items() if count > 1]
    if doubles and not habit.bears_doubles:
        wrong.append(f"two endurance sessions on {', '.join(map(str, doubles))}, which is no habit")
    planned = counted(len(free), "endurance session")
    usual = f"usual are {habit.sessions_per_week:g} a week on {habit.days_per_week:g} days"
    return passes_if(not wrong, f"{'; '.join(wrong) or planned}; {usual}")


def _easy_ceiling(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for day, session in sessions_by_day(plan):
        if session.kind not in EASY_KINDS:
            continue
        stated = session.intensity is not None and session.intensity.zone >= HARD_FROM_ZONE
        if stated and session.is_long:
            # A long session that says that it is hard counts as one; other rules judge it.
            continue
        above_s = _above_s(session)
        allowed_s = FINISH_S if session.is_long else 0
        if stated or above_s > allowed_s:
            wrong.append(
                f"{place(day, session)} holds {above_s} s in zone {HARD_FROM_ZONE} and above; at "
                f"most {allowed_s} s are right"
            )
    return passes_if(not wrong, "; ".join(wrong) or "easy sessions are easy")


def _above_s(session: PlannedSession) -> int:
    """Seconds of a session from zone 3 up, strides left out."""
    return sum(
        times * stretch.duration_s
        for times, stretch in stretches(session.blocks)
        if stretch.zone >= HARD_FROM_ZONE and stretch.duration_s > STRIDE_S
    )


def _session_spike(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    envelope = context.envelope
    if not envelope.longest_others:
        return RuleOutcome.NOT_EVALUATED, "the duration of rides and swims is not known"
    wrong = []
    for day, session in _free(plan, context):
        longest_s = None if session.sport is Sport.RUN else envelope.longest_s(session.sport)
        if longest_s is not None and session.duration_s > longest_s:
            wrong.append(
                f"{place(day, session)} takes {session.duration_s} s; at most {longest_s} are right"
            )
    return passes_if(not wrong, "; ".join(wrong) or "no ride or swim is too long")


def _return_running(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    back = context.envelope.comeback
    if back is None or back.run_every_days == 1:
        return RuleOutcome.PASS, "no injury to come back from"
    days = sorted(
        {
            day.date
            for day, session in sessions_by_day(plan)
            if session.sport is Sport.RUN and not (session.is_strength or session.is_race)
        }
    )
    close = [
        f"{earlier} and {later}"
        for earlier, later in pairwise(days)
        if (later - earlier).days < back.run_every_days
    ]
    return passes_if(not close, f"runs too close: {'; '.join(close)}" if close else "runs apart")


def _hard_progress(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    if not context.envelope.hard_limits:
        return RuleOutcome.NOT_EVALUATED, "the zone times of too few sessions are known"
    wrong = []
    for day, session in _free(plan, context):
        limit = context.envelope.hard_limit(session.sport)
        times_s = zone_times_s(session.blocks)
        if limit is not None and not limit.allows(times_s):
            held = ", ".join(str(from_zone_s(times_s, zone)) for zone in HARD_ZONES)
            wrong.append(
                f"{place(day, session)} holds {held} s from zones 3, 4 and 5 up; at most "
                f"{', '.join(map(str, limit.most_s))} s are right"
            )
    return passes_if(not wrong, "; ".join(wrong) or "no session holds too much hard work")


HABIT_RULES = (
    Guardrail(
        id="habit.sessions",
        version=1,
        statement=(
            "A week has at most one endurance session more than the athlete's habit, and two on "
            "one day only where that is habit or makes up for the day of rest of who trains on "
            "seven; races and anchored sessions do not count."
        ),
        threshold="the usual number and 1; 3 sessions are never too many",
        source="One new thing at a time",
        grade="practice",
        check=_habit_sessions,
    ),
    Guardrail(
        id="return.running",
        version=1,
        statement=(
            "On the way back from an injury there is no run on the day after another, races left "
            "out."
        ),
        threshold="2 days from one run to the next",
        source="Walk and run every other day after bone and tendon injuries",
        grade="practice",
        check=_return_running,
    ),
    Guardrail(
        id="easy.ceiling",
        version=1,
        statement=(
            "Easy, recovery and long sessions stay in zones 1 and 2, but for strides and a steady "
            "finish of the long one; a long session that states a higher zone is a hard one."
        ),
        threshold="0 s above zone 2 but repeats of up to 30 s; 1200 s in a long session",
        source="Knopp 2024, 10.1186/s40798-024-00717-5: 77-82 % of time in zones 1 and 2",
        grade="cohort",
        check=_easy_ceiling,
    ),
    Guardrail(
        id="session.spike",
        version=1,
        statement=(
            "No ride or swim but a race or an anchored one is longer than what was done of late "
            "allows."
        ),
        threshold=(
            "a fifth more than the longest of 30 days, or 30 min ridden and 10 min swum more; "
            "60 min and 30 min are always allowed"
        ),
        source="Progress of the longest session; more than for runs, which strike the ground",
        grade="practice",
        check=_session_spike,
    ),
    Guardrail(
        id="hard.progress",
        version=1,
        statement=(
            "No session holds much more hard work than the hardest of the last twelve weeks; races "
            "and anchored sessions do not count."
        ),
        threshold=(
            "half as much again and 5 min from each of zones 3, 4 and 5 up; 20, 15 and 10 min are "
            "always right"
        ),
        source="One variable at a time, one step at a time",
        grade="practice",
        check=_hard_progress,
    ),
)
