"""Rules about single sessions: steps that add up, their load, the zone stated and its bounds."""

from collections.abc import Iterator

from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.plan.session_load import blocks_load
from weekly_plan_assets.domain.plan.session_zones import main_zone, needs_steps, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, Sport, WeeklyPlan

STEPS_LOAD_SHARE = 0.1
STEPS_LOAD_LEAST = 3.0
"""A session's load may be so much off what its steps bring: 10 %, or 3 where that is more. Project
convention: the zones of heart rate are no finer than that."""


def _steps_sum(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for day, session in sessions_by_day(plan):
        steps_s = sum(block.duration_s for block in session.blocks)
        if not needs_steps(session):
            if session.blocks:
                wrong.append(f"{place(day, session)} has steps, but is no session of steps")
        elif not session.blocks:
            wrong.append(f"{place(day, session)} has no steps")
        elif steps_s != session.duration_s:
            wrong.append(
                f"{place(day, session)} takes {session.duration_s} s, its steps {steps_s} s"
            )
        wrong += [f"{place(day, session)}: {fault}" for fault in _faults_of_alternatives(session)]
    return passes_if(not wrong, "; ".join(wrong) or "every session's steps add up, 0 s off")


def _faults_of_alternatives(session: PlannedSession) -> Iterator[str]:
    """What is wrong with what can be done instead."""
    hardest = max(zone_times_s(session.blocks), default=0)
    for one in session.alternatives:
        steps_s = sum(block.duration_s for block in one.blocks)
        if steps_s != one.duration_s:
            yield f"the alternative takes {one.duration_s} s, its steps {steps_s} s"
        if one.duration_s > session.duration_s:
            yield f"the alternative is longer than the session, {one.duration_s} s"
        if max(zone_times_s(one.blocks)) > hardest:
            yield "the alternative is harder than the session"


def _in_steps(plan: WeeklyPlan) -> list[tuple[str, PlannedSession]]:
    """Where each session with steps stands, and the session."""
    return [
        (place(day, session), session)
        for day, session in sessions_by_day(plan)
        if needs_steps(session) and session.blocks
    ]


def _steps_zone(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for where, session in _in_steps(plan):
        if session.intensity is None:
            continue
        stated, held = session.intensity.zone, main_zone(session)
        if held is None:
            wrong.append(f"{where} states zone {stated}, its steps hold no hard part")
        elif stated != held:
            wrong.append(f"{where} states zone {stated}, its main part is in zone {held}")
    return passes_if(
        not wrong, "; ".join(wrong) or "every zone stated is that of the session's main part"
    )


def _steps_load(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    wrong, largest = [], 0.0
    for where, session in _in_steps(plan):
        load = blocks_load(session.blocks, context.athlete.load_rates(session.sport))
        allowed = max(STEPS_LOAD_LEAST, STEPS_LOAD_SHARE * load)
        off = abs(session.planned_load - load)
        largest = max(largest, off)
        if off > allowed:
            wrong.append(
                f"{where} states {session.planned_load:g}, its steps hold {load:.1f}; "
                f"allowed is a difference of {allowed:.1f}"
            )
    return passes_if(
        not wrong, "; ".join(wrong) or f"the loads stated are {largest:.1f} off the steps' at most"
    )


def _zone_stated(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = [
        place(day, session)
        for day, session in sessions_by_day(plan)
        if session.sport is not Sport.STRENGTH and session.intensity is None
    ]
    return passes_if(
        not wrong, f"no zone: {'; '.join(wrong)}" if wrong else "every session states its zone"
    )


def _zone_bpm(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    stated = [(s.sport, s.intensity) for s in plan.sessions if s.intensity is not None]
    wrong = []
    for sport, zone in stated:
        own = context.athlete.training_bounds(zone.zone, sport)
        if zone != own:
            wrong.append(
                f"{sport.value} zone {zone.zone} is stated as {zone.bpm_low} to {zone.bpm_high} "
                f"bpm, the athlete's is {own.bpm_low} to {own.bpm_high}"
            )
    if wrong:
        return RuleOutcome.FAIL, "; ".join(dict.fromkeys(wrong))
    if all(zone.bpm_high is None for _, zone in stated):
        return RuleOutcome.NOT_EVALUATED, "no bounds in bpm are known, and none are stated"
    return RuleOutcome.PASS, "every zone carries the athlete's bounds"


SESSION_RULES = (
    Guardrail(
        id="steps.sum",
        version=2,
        statement=(
            "The steps of an endurance session add up to its duration, and so do those of its "
            "alternatives, which are neither longer nor harder; strength and races have no steps."
        ),
        threshold="a difference of 0 s",
        source="Plan contract 3.0",
        grade="definition",
        check=_steps_sum,
    ),
    Guardrail(
        id="steps.zone",
        version=1,
        statement=(
            "The zone that a session states is that of its main part: of a hard session the zone "
            "with the most time from zone 3 up, of any other the zone with the most time."
        ),
        threshold=(
            "the same zone; hard is a session of kind tempo, threshold or vo2, and one with 30 min "
            "from zone 3 up, 10 min from zone 4 up, or 5 min in zone 5"
        ),
        source="Coaching convention for a hard day, as for recorded sessions",
        grade="practice",
        check=_steps_zone,
    ),
    Guardrail(
        id="steps.load",
        version=2,
        statement=(
            "The load that a session states is what the zones of its steps bring this athlete."
        ),
        threshold="a difference of 10 % of the steps' load, or of 3 where that is more",
        source=(
            "Coggan: load = hours x IF^2 x 100, IF by zone; scaled to the athlete's last 12 weeks"
        ),
        grade="model",
        check=_steps_load,
    ),
    Guardrail(
        id="zone.stated",
        version=1,
        statement="Every session but strength states its heart-rate zone.",
        threshold="0 sessions without one",
        source="Plan contract 3.0",
        grade="definition",
        check=_zone_stated,
    ),
    Guardrail(
        id="zone.bpm",
        version=4,
        statement=(
            "Every zone carries the athlete's own bounds in bpm for the sport, null if not known, "
            "and always in water; zones 1 and 2 end below the easy ceiling of the sport."
        ),
        threshold="the same bounds, 0 bpm off",
        source="The athlete's own zones; heart-rate reserve (Karvonen 1957) where there are none",
        grade="model",
        check=_zone_bpm,
    ),
)
