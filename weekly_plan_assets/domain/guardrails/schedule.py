"""Rules about days: the right week, and what lies on which day of it."""

from datetime import date
from itertools import pairwise

from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    Outcome,
    PlanContext,
    passes_if,
)
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets.domain.weekly_plan import (
    Phase,
    PlannedSession,
    SessionKind,
    Sport,
    WeeklyPlan,
)

HARD_SPACING_DAYS = 2
"""Days from one hard session to the next: 48 h (Seiler 2010, Stanley 2013)."""

LONG_RUN_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})
"""Phases in which a week with running needs its long run. Project convention."""


def _week_dates(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    dates = tuple(day.date for day in plan.days)
    return passes_if(
        dates == context.planned_week.days,
        f"the days are {', '.join(map(str, dates))}; the week asked for is "
        f"{context.planned_week.start} to {context.planned_week.end}",
    )


def _week_bounds(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    stated, asked = plan.next_week, context.planned_week
    return passes_if(
        (stated.week_start, stated.week_end) == (asked.start, asked.end),
        f"the week is stated as {stated.week_start} to {stated.week_end}; "
        f"asked for is {asked.start} to {asked.end}",
    )


def _week_phase(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    stated, asked = plan.next_week.phase, context.envelope.phase
    return passes_if(
        stated is asked, f"the phase is stated as {stated.value}; asked for is {asked.value}"
    )


def _day_name(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    wrong = [
        f"{day.date} is a {DAY_NAMES[day.date.weekday()]}, not {day.day_name!r}"
        for day in plan.days
        if day.day_name != DAY_NAMES[day.date.weekday()]
    ]
    return passes_if(not wrong, "; ".join(wrong) or "every name fits its date")


def _hard_dates(plan: WeeklyPlan) -> list[date]:
    """The date of every hard session, in order; a day with two comes twice."""
    return sorted(day.date for day in plan.days for session in day.sessions if session.is_hard)


def _hard_count(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    hard, allowed = len(_hard_dates(plan)), context.envelope.hard_sessions
    return passes_if(hard <= allowed, f"{hard} hard sessions; allowed are {allowed}")


def _hard_spacing(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    close = [
        f"{earlier} and {later}"
        for earlier, later in pairwise(_hard_dates(plan))
        if (later - earlier).days < HARD_SPACING_DAYS
    ]
    return passes_if(
        not close,
        f"hard sessions too close: {'; '.join(close)}" if close else "hard sessions are spaced",
    )


def _rest_day(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    rest = sum(not day.sessions for day in plan.days)
    return passes_if(rest > 0, f"{rest} days without a session")


def _long_runs(plan: WeeklyPlan) -> list[PlannedSession]:
    return [
        session
        for session in plan.sessions
        if session.sport is Sport.RUN and session.kind is SessionKind.LONG
    ]


def _long_run_single(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    runs = sum(session.sport is Sport.RUN for session in plan.sessions)
    long_runs = len(_long_runs(plan))
    needed = int(runs > 0 and context.envelope.phase in LONG_RUN_PHASES)
    return passes_if(
        needed <= long_runs <= 1,
        f"{long_runs} long among {runs} runs of a {context.envelope.phase.value} week; "
        f"{'exactly' if needed else 'at most'} one is right",
    )


def _long_run_easy(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    hard = sum(session.is_hard for session in _long_runs(plan))
    return passes_if(not hard, f"{hard} long runs are hard")


def _strength_days(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    wrong = [
        f"{day.date}, a {DAY_NAMES[day.date.weekday()]}"
        for day in plan.days
        if day.date.weekday() not in context.athlete.strength_weekdays
        and any(_is_strength(session) for session in day.sessions)
    ]
    allowed = ", ".join(DAY_NAMES[weekday] for weekday in sorted(context.athlete.strength_weekdays))
    found = f"strength on {'; '.join(wrong)}" if wrong else "no strength on other days"
    return passes_if(not wrong, f"{found}; the athlete's days are {allowed or 'none'}")


def _is_strength(session: PlannedSession) -> bool:
    return session.sport is Sport.STRENGTH or session.kind is SessionKind.STRENGTH


SCHEDULE_RULES = (
    Guardrail(
        id="week.dates",
        version=1,
        statement="The seven days are the dates of the week asked for, Monday to Sunday in order.",
        source="Plan contract 2.0",
        grade="definition",
        check=_week_dates,
    ),
    Guardrail(
        id="week.bounds",
        version=1,
        statement="weekStart and weekEnd are the Monday and the Sunday of the week asked for.",
        source="Plan contract 2.0",
        grade="definition",
        check=_week_bounds,
    ),
    Guardrail(
        id="week.phase",
        version=1,
        statement="The phase is the one that the load envelope states.",
        source="Plan contract 2.0",
        grade="definition",
        check=_week_phase,
    ),
    Guardrail(
        id="day.name",
        version=1,
        statement="Each day's name is the weekday of its date.",
        source="Plan contract 2.0",
        grade="definition",
        check=_day_name,
    ),
    Guardrail(
        id="hard.count",
        version=1,
        statement="There are no more hard sessions than the load envelope allows, two at most.",
        source="Seiler 2010: two to three hard days a week",
        grade="cohort",
        check=_hard_count,
    ),
    Guardrail(
        id="hard.spacing",
        version=1,
        statement="Hard sessions lie neither on the same day nor on consecutive days.",
        source="Seiler 2010; Stanley 2013: 48 h between hard sessions",
        grade="cohort",
        check=_hard_spacing,
    ),
    Guardrail(
        id="rest.day",
        version=1,
        statement="At least one day has no session.",
        source="Foster 1998: days alike raise monotony; one day off a week is practice",
        grade="practice",
        check=_rest_day,
    ),
    Guardrail(
        id="long_run.single",
        version=1,
        statement=(
            "A base, build or specific week with running has exactly one long run; "
            "no week has more than one."
        ),
        source="Daniels: one long run of 25-30 % of weekly volume",
        grade="practice",
        check=_long_run_single,
    ),
    Guardrail(
        id="long_run.easy",
        version=1,
        statement="The long run is not a hard session.",
        source="Knopp 2024, 10.1186/s40798-024-00717-5: 77-82 % of time in zones 1 and 2",
        grade="cohort",
        check=_long_run_easy,
    ),
    Guardrail(
        id="strength.days",
        version=1,
        statement="Strength lies only on the athlete's strength weekdays.",
        source="The athlete's profile",
        grade="definition",
        check=_strength_days,
    ),
)
