"""Rules about amounts: load that adds up and fits the envelope, run length, zones in bpm."""

from math import fsum

from weekly_plan_assets.domain.data_quality import LOAD_KNOWN_SHARE
from weekly_plan_assets.domain.envelope import RECENT_WEEKS
from weekly_plan_assets.domain.guardrails.rule import (
    CoverageNeed,
    Guardrail,
    Outcome,
    PlanContext,
    passes_if,
)
from weekly_plan_assets.domain.weekly_metrics import HISTORY_WEEKS
from weekly_plan_assets.domain.weekly_plan import Sport, WeeklyPlan

LOAD_TOLERANCE = 0.5
"""Difference of loads that rounding explains: half a unit. Project convention."""

RUN_TIME_KNOWN_SHARE = 0.8
"""Part of the recent runs whose time must be known, or the longest may be one that is not. Project
convention, as for load."""

LOAD_NEED = CoverageNeed("trainingLoad", LOAD_KNOWN_SHARE, HISTORY_WEEKS + 1)
"""The envelope's loads rest on the recent weeks, its phase on all weeks of history."""

RUN_TIME_NEED = CoverageNeed("longestRunTime", RUN_TIME_KNOWN_SHARE, RECENT_WEEKS)


def _session_load(plan: WeeklyPlan) -> float:
    return fsum(session.planned_load for session in plan.sessions)


def _load_day_sum(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    wrong = []
    for day in plan.days:
        total = fsum(session.planned_load for session in day.sessions)
        if abs(total - day.planned_load) > LOAD_TOLERANCE:
            wrong.append(f"{day.date} states {day.planned_load:g}, its sessions hold {total:g}")
    return passes_if(not wrong, "; ".join(wrong) or "every day adds up")


def _load_week_sum(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    total, stated = _session_load(plan), plan.next_week.planned_load
    return passes_if(
        abs(total - stated) <= LOAD_TOLERANCE,
        f"the week states {stated:g}, its sessions hold {total:g}",
    )


def _load_envelope(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    total, envelope = _session_load(plan), context.envelope
    inside = envelope.min_load - LOAD_TOLERANCE <= total <= envelope.max_load + LOAD_TOLERANCE
    return passes_if(
        inside,
        f"the sessions hold {total:g}; allowed is {envelope.min_load} to {envelope.max_load}",
    )


def _long_run_spike(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    longest_s = max((s.duration_s for s in plan.sessions if s.sport is Sport.RUN), default=0)
    return passes_if(
        longest_s <= context.envelope.longest_run_s,
        f"the longest run takes {longest_s} s; allowed are {context.envelope.longest_run_s} s",
    )


def _zone_stated(plan: WeeklyPlan, _: PlanContext) -> tuple[Outcome, str]:
    wrong = [
        f"{day.date} {session.sport.value} {session.kind.value}"
        for day in plan.days
        for session in day.sessions
        if session.sport is not Sport.STRENGTH and session.intensity is None
    ]
    return passes_if(
        not wrong, f"no zone: {'; '.join(wrong)}" if wrong else "every session states its zone"
    )


def _zone_bpm(plan: WeeklyPlan, context: PlanContext) -> tuple[Outcome, str]:
    zones = [session.intensity for session in plan.sessions if session.intensity is not None]
    wrong = []
    for zone in zones:
        own = context.athlete.hr_bounds(zone.zone)
        if zone != own:
            wrong.append(
                f"zone {zone.zone} is stated as {zone.bpm_low} to {zone.bpm_high} bpm, "
                f"the athlete's is {own.bpm_low} to {own.bpm_high}"
            )
    if wrong:
        return Outcome.FAIL, "; ".join(dict.fromkeys(wrong))
    if all(zone.bpm_high is None for zone in zones):
        return Outcome.NOT_EVALUATED, "no bounds in bpm are known, and none are stated"
    return Outcome.PASS, "every zone carries the athlete's bounds"


LOAD_RULES = (
    Guardrail(
        id="load.day_sum",
        version=1,
        statement="The loads of a day's sessions add up to the load that the day states.",
        source="Plan contract 2.0",
        grade="definition",
        check=_load_day_sum,
    ),
    Guardrail(
        id="load.week_sum",
        version=1,
        statement="The loads of all sessions add up to the load that the week states.",
        source="Plan contract 2.0",
        grade="definition",
        check=_load_week_sum,
    ),
    Guardrail(
        id="load.envelope",
        version=2,
        statement="The load of all sessions lies inside the load envelope.",
        source="Friel: CTL rises by 5-8 a week in hard building; recovery at 60-70 % of load",
        grade="practice",
        check=_load_envelope,
        needs=(LOAD_NEED,),
    ),
    Guardrail(
        id="long_run.spike",
        version=2,
        statement="No run is longer than the load envelope allows.",
        source="Frandsen 2025, 10.1136/bjsports-2024-109380: 10 % over the longest of 30 days",
        grade="cohort",
        check=_long_run_spike,
        needs=(RUN_TIME_NEED,),
    ),
    Guardrail(
        id="zone.stated",
        version=1,
        statement="Every session but strength states its heart-rate zone.",
        source="Plan contract 2.0",
        grade="definition",
        check=_zone_stated,
    ),
    Guardrail(
        id="zone.bpm",
        version=1,
        statement="Every zone carries the athlete's own bounds in bpm, null where not known.",
        source="The athlete's own zones; heart-rate reserve (Karvonen 1957) where there are none",
        grade="model",
        check=_zone_bpm,
    ),
)
