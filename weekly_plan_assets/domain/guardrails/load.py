"""Rules about amounts: load that adds up and fits the envelope, run length, time in hard zones."""

from math import fsum, inf
from statistics import fmean, pstdev

from weekly_plan_assets.domain.envelope.aftermath import RaceRest
from weekly_plan_assets.domain.envelope.commitments import most_time_s, race_rest
from weekly_plan_assets.domain.envelope.envelope import RECENT_WEEKS
from weekly_plan_assets.domain.guardrails.rule import (
    CoverageNeed,
    Guardrail,
    PlanContext,
    RuleOutcome,
    Severity,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.metrics.data_quality import LOAD_KNOWN_SHARE
from weekly_plan_assets.domain.metrics.fitness import max_weekly_load_for_ramp
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS
from weekly_plan_assets.domain.plan.session_zones import (
    HARD_AMOUNT_S,
    hard_s,
    needs_steps,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    PlannedDay,
    PlannedSession,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.readiness.training_signals import MAX_MONOTONY

JOG_S = 30 * 60
"""A jog of so many seconds does no harm some days after a race (coaching practice)."""

LOAD_TOLERANCE = 0.5
"""Difference of loads that rounding explains: half a unit. Project convention."""

RUN_TIME_KNOWN_SHARE = 0.8
"""Part of the recent runs whose time must be known, or the longest may be one that is not. Project
convention, as for load."""

LOAD_NEED = CoverageNeed("trainingLoad", LOAD_KNOWN_SHARE, HISTORY_WEEKS + 1)
"""The envelope's loads rest on the recent weeks, its phase on all weeks of history."""

RUN_TIME_NEED = CoverageNeed("longestRunTime", RUN_TIME_KNOWN_SHARE, RECENT_WEEKS)

RAMP_LIMIT_PER_WEEK = 10.0
"""Rise of CTL in a week that is the upper limit for anybody (Friel; practice)."""

UNKNOWN_CTL_SHARE = 2.0
"""Where CTL is not known, a week may hold this many times the envelope's maximum. Project
convention: the envelope is then right even if half of the training was not measured."""

MAX_LONG_RUN_SHARE = 0.3
RUNS_FOR_LONG_SHARE = 4
"""Of the time of all runs (Daniels: 25-30 %; practice), from four runs a week: of three equal ones
each takes a third."""

LONG_BY_MEAN_RUN = 2.5
"""With few runs a week the long one takes more than that by itself: so many times the mean run is
still right (coaching practice: 2:30 h beside four runs of an hour)."""

ONE_HARD_SESSION_S = HARD_AMOUNT_S[HARD_FROM_ZONE]
"""Time in zone 3 and above that a week may always hold: the 30 min that make one hard day
(practice). In a week of less than about two hours a single hard session would otherwise break the
share by arithmetic alone."""


def _session_load(plan: WeeklyPlan) -> float:
    return fsum(session.planned_load for session in plan.sessions)


def _load_day_sum(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for day in plan.days:
        total = fsum(session.planned_load for session in day.sessions)
        if abs(total - day.planned_load) > LOAD_TOLERANCE:
            wrong.append(f"{day.date} states {day.planned_load:g}, its sessions hold {total:g}")
    return passes_if(
        not wrong, "; ".join(wrong) or f"every day adds up, {LOAD_TOLERANCE:g} off at most"
    )


def _load_week_sum(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    total, stated = _session_load(plan), plan.next_week.planned_load
    return passes_if(
        abs(total - stated) <= LOAD_TOLERANCE,
        f"the week states {stated:g}, its sessions hold {total:g}",
    )


def _load_envelope(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    total, envelope = _session_load(plan), context.envelope
    inside = envelope.min_load - LOAD_TOLERANCE <= total <= envelope.max_load + LOAD_TOLERANCE
    return passes_if(
        inside,
        f"the sessions hold {total:g}; allowed is {envelope.min_load} to {envelope.max_load}",
    )


def _load_ceiling(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    total = fsum(session.planned_load for session in plan.sessions if not session.is_race)
    highest, why = _ceiling(context)
    return passes_if(
        total <= highest + LOAD_TOLERANCE,
        f"the sessions hold {total:g} without races; at most {highest:.0f} is allowed, {why}",
    )


def _ceiling(context: PlanContext) -> tuple[float, str]:
    """The weekly load that nothing justifies exceeding, and where it comes from.

    The envelope's own maximum is always allowed, so that the two rules cannot contradict.
    """
    max_load = context.envelope.max_load
    ctl = None if context.metrics is None else context.metrics.ctl_end
    if ctl is None:
        why = f"{UNKNOWN_CTL_SHARE:g} times the envelope's maximum, CTL not being known"
        return UNKNOWN_CTL_SHARE * max_load, why
    why = f"the rise of CTL by {RAMP_LIMIT_PER_WEEK:g} from {ctl:.0f}"
    return max(max_load, max_weekly_load_for_ramp(ctl, RAMP_LIMIT_PER_WEEK)), why


def _time_envelope(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    allowed_s = most_time_s(context.athlete, context.envelope, context.planned_week)
    if allowed_s is None:
        return RuleOutcome.NOT_EVALUATED, "too little is known to say how much time is usual"
    planned_s = sum(s.duration_s for s in plan.sessions if not s.is_race and not s.is_strength)
    return passes_if(
        planned_s <= allowed_s,
        f"the endurance sessions take {planned_s} s without races; at most {allowed_s} s are right",
    )


def _race_aftermath(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    rest = race_rest(context.athlete, context.envelope, context.planned_week)
    placed = [(day, s) for day, s in sessions_by_day(plan) if not s.is_race]
    wrong = [
        f"{place(day, session)} is a run"
        for day, session in placed
        if session.sport is Sport.RUN
        and day.date in rest.without_running
        and not _is_jog(session, day, rest)
    ]
    wrong += [
        f"{place(day, session)} is hard"
        for day, session in placed
        if session.is_hard and day.date in rest.without_hard_work
    ]
    return passes_if(not wrong, "; ".join(wrong) or "the rest that races leave is kept")


def _is_jog(session: PlannedSession, day: PlannedDay, rest: RaceRest) -> bool:
    """Whether a run is short and easy, on a day on which such a run does no harm."""
    is_short = session.duration_s <= JOG_S and not session.is_hard
    return is_short and day.date not in rest.without_jogging


def _load_monotony(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    loads = [fsum(session.planned_load for session in day.sessions) for day in plan.days]
    mean, spread = fmean(loads), pstdev(loads)
    if not mean:
        return RuleOutcome.PASS, "no day holds load"
    monotony = mean / spread if spread else inf
    return passes_if(
        monotony <= MAX_MONOTONY, f"monotony is {monotony:.2f}; at most {MAX_MONOTONY:g} is right"
    )


def _runs(plan: WeeklyPlan) -> list[PlannedSession]:
    """The runs that are not races."""
    return [s for s in plan.sessions if s.sport is Sport.RUN and not s.is_race]


def _long_run_spike(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    longest_s = max((run.duration_s for run in _runs(plan)), default=0)
    return passes_if(
        longest_s <= context.envelope.longest_run_s,
        f"the longest run takes {longest_s} s; allowed are {context.envelope.longest_run_s} s",
    )


def _long_run_share(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    runs = _runs(plan)
    long_s = max((run.duration_s for run in runs if run.is_long_run), default=0)
    if not long_s or len(runs) < RUNS_FOR_LONG_SHARE:
        return RuleOutcome.PASS, f"no long run among {RUNS_FOR_LONG_SHARE} runs or more"
    share = long_s / sum(run.duration_s for run in runs)
    most = max(MAX_LONG_RUN_SHARE, LONG_BY_MEAN_RUN / len(runs))
    return passes_if(
        share <= most,
        f"the long run takes {share:.0%} of the time of {len(runs)} runs; at most {most:.0%} is "
        "right",
    )


def _zone_share(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    sessions = [s for s in plan.sessions if needs_steps(s)]
    planned_s = sum(session.duration_s for session in sessions)
    above_s = sum(hard_s(zone_times_s(session.blocks)) for session in sessions)
    share = context.envelope.max_hard_share
    allowed_s = max(share * planned_s, ONE_HARD_SESSION_S)
    return passes_if(
        above_s <= allowed_s,
        f"{above_s} s of {planned_s} s lie in zone {HARD_FROM_ZONE} and above; allowed are "
        f"{allowed_s:.0f} s, {share:.0%} of the time or one hard session of {ONE_HARD_SESSION_S} s",
    )


LOAD_RULES = (
    Guardrail(
        id="time.envelope",
        version=1,
        statement=(
            "The endurance sessions take no more time than the envelope allows, races left out; "
            "anchored sessions may fill more."
        ),
        threshold="the envelope's maximum time, 10 min off for whole sessions",
        source="10 % over the mean of four weeks (practice); Nielsen 2014: above 30 % a week",
        grade="cohort",
        check=_time_envelope,
    ),
    Guardrail(
        id="race.aftermath",
        version=3,
        statement=(
            "After a race, in the week or before it, or a run as hard as one, there is no run on "
            "the days without running, but an easy one of half an hour after some of them, and no "
            "hard session until twice as many days have passed."
        ),
        threshold="1 day after a short race to 14 days after 100 km, half for other sports",
        source="Days without running by the race's duration; none hard for twice as long",
        grade="practice",
        check=_race_aftermath,
    ),
    Guardrail(
        id="load.day_sum",
        version=1,
        statement="The loads of a day's sessions add up to the load that the day states.",
        threshold="a difference of 0.5 in load, for rounding",
        source="Plan contract 3.0",
        grade="definition",
        check=_load_day_sum,
    ),
    Guardrail(
        id="load.week_sum",
        version=1,
        statement="The loads of all sessions add up to the load that the week states.",
        threshold="a difference of 0.5 in load, for rounding",
        source="Plan contract 3.0",
        grade="definition",
        check=_load_week_sum,
    ),
    Guardrail(
        id="load.envelope",
        version=2,
        statement="The load of all sessions is within the load envelope.",
        threshold="the envelope's minimum and maximum load, 0.5 off for rounding",
        source="Friel: CTL rises by 5-8 a week in hard building; recovery at 60-70 % of load",
        grade="practice",
        check=_load_envelope,
        needs=(LOAD_NEED,),
    ),
    Guardrail(
        id="load.ceiling",
        version=1,
        statement=(
            "However little was measured, the load of all sessions but races stays below what a "
            "rise of CTL by 10 in a week takes, or below twice the load envelope where CTL is not "
            "known."
        ),
        threshold="7 x CTL + 456, or twice the envelope's maximum; never less than that maximum",
        source="Friel: a rise of CTL by 10 a week is the upper limit",
        grade="practice",
        check=_load_ceiling,
    ),
    Guardrail(
        id="load.monotony",
        version=1,
        statement="The loads of the seven days differ: monotony, their mean by their SD, is low.",
        threshold="2.0, mean by SD of the seven daily loads",
        source="Foster 1998; the cut-off is convention",
        grade="practice",
        severity=Severity.WARNING,
        check=_load_monotony,
    ),
    Guardrail(
        id="long_run.spike",
        version=3,
        statement="No run but a race is longer than the load envelope allows.",
        threshold="the seconds that the load envelope states",
        source="Frandsen 2025, 10.1136/bjsports-2024-109380: 10 % over the longest of 30 days",
        grade="cohort",
        check=_long_run_spike,
        needs=(RUN_TIME_NEED,),
    ),
    Guardrail(
        id="long_run.weekly_share",
        version=2,
        statement=(
            "The long run takes no more than 30 % of the week's time of running, or two and a half "
            "times the mean run, where there are four runs or more."
        ),
        threshold="30 % of the time of all runs but races, or 2.5 times their mean",
        source="Daniels: a long run of 25-30 % of weekly volume",
        grade="practice",
        severity=Severity.WARNING,
        check=_long_run_share,
    ),
    Guardrail(
        id="zone.share",
        version=1,
        statement=(
            "Of the time of endurance sessions, races left out, no more is in zone 3 and above "
            "than the load envelope's share; one hard session's worth always may."
        ),
        threshold=(
            "the envelope's share, 23 % unless it says less; 30 min where the share is less than "
            "that, which is what one hard session holds"
        ),
        source="Knopp 2024, 10.1186/s40798-024-00717-5: 77-82 % of time in zones 1 and 2",
        grade="cohort",
        check=_zone_share,
    ),
)
