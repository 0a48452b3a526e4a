"""Rules about what a session can be at all: how long, how far, how much load, and how many a day.

They hold whatever was measured of the athlete: where bounds from past training are not known, these
are what is left.
"""

from collections.abc import Sequence
from datetime import date

from weekly_plan_assets.domain.athlete.race_time import race_distance_m
from weekly_plan_assets.domain.envelope.commitments import Commitment, kept_sessions
from weekly_plan_assets.domain.envelope.race_effort import RaceEffort, race_effort
from weekly_plan_assets.domain.envelope.season import races_in
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.plan.session_load import STRENGTH_LOAD_PER_HOUR
from weekly_plan_assets.domain.plan.speeds import SPEED_M_S, SPEED_SHARE, fastest_m_s
from weekly_plan_assets.domain.plan.weekly_plan import PlannedDay, PlannedSession, Sport, WeeklyPlan
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR

MOST_SESSIONS = 4
"""On a day, beside races and anchored sessions: three of endurance and one of strength are what
professional triathletes train on their fullest days (practice)."""

LONGEST_S = {
    Sport.RUN: 6 * SECONDS_PER_HOUR,
    Sport.RIDE: 10 * SECONDS_PER_HOUR,
    Sport.SWIM: 4 * SECONDS_PER_HOUR,
    Sport.STRENGTH: 2 * SECONDS_PER_HOUR,
}
"""Longer training sessions than these are planned for hardly anybody: the longest runs before races
of 100 miles, rides before those of 24 h, swims before a crossing of the Channel (practice)."""

LONGER_SHARE = 0.1
"""An anchored session may be planned this much longer, as `anchored.kept` says."""

LOAD_OFF_SHARE = 0.1
LOAD_OFF_LEAST = 3.0
"""A load may be this much off what is calculated, as for sessions in steps. Project convention."""

DISTANCE_OFF_SHARE = 0.02
"""So much do stated and measured distances of one race differ (practice)."""

DURATION_FACTOR = 2.0
"""A race may be planned at half to twice the estimate, which knows neither course nor form."""


def _day_sessions(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    anchored = [one.date for one in _anchored(context)]
    wrong = []
    for day in plan.days:
        count = sum(not session.is_race for session in day.sessions)
        allowed = MOST_SESSIONS + anchored.count(day.date)
        if count > allowed:
            wrong.append(f"{day.date} has {count} sessions; at most {allowed} are allowed")
    return passes_if(not wrong, "; ".join(wrong) or "no day has too many sessions")


def _session_duration(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    anchored = _anchored(context)
    wrong = []
    for day, session in _training(plan):
        longest_s = _longest_s(day.date, session, context, anchored)
        if session.duration_s > longest_s:
            wrong.append(
                f"{place(day, session)} takes {session.duration_s} s; at most {longest_s} are right"
            )
    return passes_if(not wrong, "; ".join(wrong) or "no session is too long")


def _longest_s(
    day: date, session: PlannedSession, context: PlanContext, anchored: Sequence[Commitment]
) -> int:
    longest_s = LONGEST_S[Sport.STRENGTH if session.is_strength else session.sport]
    if session.sport is Sport.RUN and not session.is_strength:
        longest_s = max(longest_s, context.envelope.longest_run_s)
    own_s = [
        int((1 + LONGER_SHARE) * one.duration_s)
        for one in anchored
        if (one.date, one.sport, one.kind) == (day, session.sport, session.kind)
    ]
    return max(longest_s, *own_s) if own_s else longest_s


def _session_distance(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for day, session in _training(plan):
        if session.distance_m is None:
            continue
        where = f"{place(day, session)} states {session.distance_m} m"
        if session.is_strength:
            wrong.append(f"{where}, but strength has no distance")
            continue
        zone = max(SPEED_SHARE) if session.intensity is None else session.intensity.zone
        slowest, fastest = SPEED_M_S[session.sport][0], fastest_m_s(session.sport, zone)
        speed_m_s = session.distance_m / session.duration_s
        if not slowest <= speed_m_s <= fastest:
            wrong.append(
                f"{where} in {session.duration_s} s, {speed_m_s:.2g} m/s; possible are {slowest:g} "
                f"to {fastest:.2g}"
            )
    return passes_if(not wrong, "; ".join(wrong) or "every distance fits its time")


def _strength_load(plan: WeeklyPlan, _: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for day, session in _training(plan):
        load = STRENGTH_LOAD_PER_HOUR * session.duration_s / SECONDS_PER_HOUR
        if session.is_strength and not near(session.planned_load, load):
            wrong.append(
                f"{place(day, session)} states {session.planned_load:g}; {session.duration_s} s of "
                f"strength bring {load:.0f}"
            )
    return passes_if(not wrong, "; ".join(wrong) or "the load of strength is that of its time")


def _race_estimate(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    athlete = context.athlete
    entered = [
        (race.date, race_effort(race, athlete), race_distance_m(race))
        for race in races_in(athlete, context.planned_week)
    ]
    wrong = []
    for day, session in sessions_by_day(plan):
        own = [one for one in entered if one[0] == day.date]
        faults = [_unlike(session, effort, distance_m) for _, effort, distance_m in own]
        if session.is_race and own and all(faults):
            wrong.append(f"{place(day, session)} {min(faults, key=len)}")
    return passes_if(not wrong, "; ".join(wrong) or "every race is planned as it is estimated")


def _unlike(session: PlannedSession, effort: RaceEffort, distance_m: int | None) -> str:
    """How a race session differs from the estimate; empty where it does not."""
    faults = []
    if not near(session.planned_load, effort.load):
        faults.append(f"states a load of {session.planned_load:g}, estimated is {effort.load}")
    if not 1 <= session.duration_s * DURATION_FACTOR / effort.duration_s <= DURATION_FACTOR**2:
        faults.append(f"takes {session.duration_s} s, estimated are {effort.duration_s} s")
    if session.intensity is not None and abs(session.intensity.zone - effort.zone) > 1:
        faults.append(f"states zone {session.intensity.zone}, estimated is {effort.zone}")
    if session.distance_m is not None and distance_m is not None:
        off_m = abs(session.distance_m - distance_m)
        if off_m > DISTANCE_OFF_SHARE * distance_m:
            faults.append(f"states {session.distance_m} m, entered are {distance_m} m")
    return ", ".join(faults)


def near(stated: float, load: float) -> bool:
    """Whether a load is the one that is stated, as far as loads are exact."""
    return abs(stated - load) <= max(LOAD_OFF_LEAST, LOAD_OFF_SHARE * load)


def _training(plan: WeeklyPlan) -> list[tuple[PlannedDay, PlannedSession]]:
    """The sessions that are no races."""
    return [(day, session) for day, session in sessions_by_day(plan) if not session.is_race]


def _anchored(context: PlanContext) -> Sequence[Commitment]:
    return kept_sessions(context.athlete, context.envelope, context.planned_week)


AMOUNT_RULES = (
    Guardrail(
        id="day.sessions",
        version=1,
        statement="No day has more than four sessions beside races and anchored sessions.",
        threshold="4 sessions a day",
        source="The fullest days of professional triathletes",
        grade="practice",
        check=_day_sessions,
    ),
    Guardrail(
        id="session.duration",
        version=1,
        statement=(
            "No training session is longer than anybody plans it: a run 6 h or what the load "
            "envelope allows, a ride 10 h, a swim 4 h, strength 2 h, or as long as it is anchored."
        ),
        threshold="21600 s run, 36000 s ridden, 14400 s swum, 7200 s of strength",
        source="Longest sessions before ultramarathons, rides of 24 h and Channel crossings",
        grade="practice",
        check=_session_duration,
    ),
    Guardrail(
        id="session.distance",
        version=1,
        statement=(
            "A distance fits the time and the zone in which it is planned; strength states none."
        ),
        threshold=(
            "mean speed of 1 to 6.5 m/s run, 2 to 16 ridden, 0.3 to 2 swum; of the fastest 70 % in "
            "zone 1, 75 % in zone 2, 85 % in zone 3, 95 % in zone 4"
        ),
        source="A slow walk to the world records over an hour",
        grade="definition",
        check=_session_distance,
    ),
    Guardrail(
        id="strength.load",
        version=1,
        statement="Strength states the load that its time brings, 30 an hour.",
        threshold="a difference of 10 % of that load, or of 3 where that is more",
        source="Project convention: heart rate understates strength",
        grade="practice",
        check=_strength_load,
    ),
    Guardrail(
        id="race.estimate",
        version=1,
        statement=(
            "A race is planned as it is estimated: its load, its zone at most one off, half to "
            "twice its time, and its own distance or none."
        ),
        threshold="load 10 % or 3 off, 1 zone off, time by half to double, distance 2 % off",
        source="Estimate by target time, else by distance, else an hour",
        grade="model",
        check=_race_estimate,
    ),
)
