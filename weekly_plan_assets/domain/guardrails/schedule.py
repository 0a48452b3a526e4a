"""Rules about days: the right week, and what lies on which day of it."""

from datetime import date
from itertools import pairwise

from weekly_plan_assets.domain.envelope.commitments import HARD_SPACING_DAYS, rests_from_running
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    passes_if,
    sessions_by_day,
)
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    PlannedSession,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE

HARDEST_LONG_ZONE = 3
"""Marathon pace, which long runs hold before the race (coaching practice)."""

LONG_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})
"""Phases in which a week needs its long session. Project convention."""


def _week_dates(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    dates = tuple(day.date for day in plan.days)
    return passes_if(
        dates == context.planned_week.days,
        f"the days are {', '.join(map(str, dates))}; the week asked for is "
        f"{context.planned_week.start} to {context.planned_week.end}",
    )


def _week_bounds(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    stated, asked = plan.next_week, context.planned_week
    return passes_if(
        (stated.week_start, stated.week_end) == (asked.start, asked.end),
        f"the week is stated as {stated.week_start} to {stated.week_end}; "
        f"asked for is {asked.start} to {asked.end}",
    )


def _week_phase(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    stated, asked = plan.next_week.phase, context.envelope.phase
    return passes_if(
        stated is asked, f"the phase is stated as {stated.value}; asked for is {asked.value}"
    )


def _day_name(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    names = DAY_NAMES_BY_LANGUAGE[context.athlete.language]
    wrong = [
        f"{day.date} is a {names[day.date.weekday()]}, not {day.day_name!r}"
        for day in plan.days
        if day.day_name != names[day.date.weekday()]
    ]
    return passes_if(not wrong, "; ".join(wrong) or "every name fits its date")


def _hard_sessions(plan: WeeklyPlan) -> list[tuple[date, PlannedSession]]:
    """The hard sessions with their dates, in order; a day with two comes twice."""
    hard = [(day.date, s) for day, s in sessions_by_day(plan) if s.is_hard]
    return sorted(hard, key=lambda placed: placed[0])


def _hard_count(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    hard = [session for _, session in _hard_sessions(plan)]
    races = sum(session.is_race for session in hard)
    allowed = max(context.envelope.hard_sessions, races)
    return passes_if(
        len(hard) <= allowed,
        f"{counted(len(hard), 'hard session')}, races among them: {races}; allowed are {allowed}",
    )


def _hard_spacing(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    close = [
        f"{earlier} and {later}"
        for (earlier, first), (later, second) in pairwise(_hard_sessions(plan))
        if (later - earlier).days < HARD_SPACING_DAYS and not (first.is_race and second.is_race)
    ]
    return passes_if(
        not close,
        f"hard sessions less than {HARD_SPACING_DAYS} days apart: {'; '.join(close)}"
        if close
        else f"hard sessions lie {HARD_SPACING_DAYS} days apart or more",
    )


def _rest_day(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    rest = sum(not day.sessions for day in plan.days)
    return passes_if(rest > 0, f"{counted(rest, 'day')} without a session; at least 1 is right")


def _long_run_single(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    main = context.athlete.endurance_sports[0]
    placed = [(day.date, s) for day, s in sessions_by_day(plan) if not s.is_strength]
    long = [session.sport for _, session in placed if session.is_long]
    anchored = {session.weekday for session in context.athlete.anchored}
    # A hard session and one on a day with an anchored session are not free to be the long one.
    free = any(
        s.sport is main and not s.is_hard and day.weekday() not in anchored for day, s in placed
    )
    raced = any(session.is_race for _, session in placed)
    rests = rests_from_running(context.envelope, context.planned_week.start)
    needed = free and not raced and not rests and context.envelope.phase in LONG_PHASES
    found = f"long sessions of a {context.envelope.phase.value} week: "
    found += ", ".join(sport.value for sport in long) or "none"
    return passes_if(
        long.count(Sport.RUN) <= 1 and bool(long or not needed),
        f"{found}; {'one' if needed else 'none'} is needed, and at most one long run is right",
    )


def _long_run_easy(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    hardest = HARDEST_LONG_ZONE if context.envelope.phase is Phase.SPECIFIC else EASY_ZONE
    zones = [s.intensity.zone for s in plan.sessions if s.is_long_run and s.intensity is not None]
    return passes_if(
        all(zone <= hardest for zone in zones),
        f"long runs in zone {max(zones, default=0)}; at most {hardest} is right",
    )


SCHEDULE_RULES = (
    Guardrail(
        id="week.dates",
        version=1,
        statement="The seven days are the dates of the week asked for, Monday to Sunday in order.",
        threshold="the seven dates, 0 days off",
        source="Plan contract 3.0",
        grade="definition",
        check=_week_dates,
    ),
    Guardrail(
        id="week.bounds",
        version=1,
        statement="weekStart and weekEnd are the Monday and the Sunday of the week asked for.",
        threshold="the two dates, 0 days off",
        source="Plan contract 3.0",
        grade="definition",
        check=_week_bounds,
    ),
    Guardrail(
        id="week.phase",
        version=1,
        statement="The phase is the one that the load envelope states.",
        threshold="the same phase",
        source="Plan contract 3.0",
        grade="definition",
        check=_week_phase,
    ),
    Guardrail(
        id="day.name",
        version=2,
        statement="Each day's name is the weekday of its date, in the athlete's language.",
        threshold="Monday to Sunday, in Spanish Lunes to Domingo, to the letter",
        source="Plan contract 3.0",
        grade="definition",
        check=_day_name,
    ),
    Guardrail(
        id="hard.count",
        version=2,
        statement=(
            "There are no more hard sessions than the load envelope allows. Races count, and are "
            "never too many by themselves."
        ),
        threshold="0 to 2 sessions a week, as the load envelope says; races alone may be more",
        source="Seiler 2010: two to three hard days a week",
        grade="cohort",
        check=_hard_count,
    ),
    Guardrail(
        id="hard.spacing",
        version=2,
        statement=(
            "Hard sessions, races among them, lie neither on the same day nor on consecutive days; "
            "two races may."
        ),
        threshold="2 days from one hard session to the next",
        source="Seiler 2010; Stanley 2013: 48 h between hard sessions",
        grade="cohort",
        check=_hard_spacing,
    ),
    Guardrail(
        id="rest.day",
        version=1,
        statement="At least one day has no session.",
        threshold="1 day a week without a session",
        source="Foster 1998: days alike raise monotony; one day off a week is practice",
        grade="practice",
        check=_rest_day,
    ),
    Guardrail(
        id="long_run.single",
        version=3,
        statement=(
            "A base, build or specific week with an easy session of the main sport on a day "
            "without an anchored session has a long session, in that sport or another, unless it "
            "has a race or begins with days without running after one; no week has more than one "
            "long run."
        ),
        threshold="1 long session a week, at most 1 long run",
        source="Daniels: one long run of 25-30 % of weekly volume",
        grade="practice",
        check=_long_run_single,
    ),
    Guardrail(
        id="long_run.easy",
        version=2,
        statement=(
            "The long run is not a hard session; in a specific week it may hold race pace in "
            "zone 3, and counts as a hard one then."
        ),
        threshold="0 long runs of zone 3 or above, of zone 4 or above in a specific week",
        source="Race pace in long runs before a marathon; Knopp 2024 for all other weeks",
        grade="practice",
        check=_long_run_easy,
    ),
)
