"""Weeks as a good coach would write them: the guardrails accept every one.

Each is written down for an athlete and what the athlete did before, without a look at what the
rules planner would plan. A rule that refuses one of them is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import floor

import pytest

from weekly_plan_assets.domain.athlete.targets import with_targets
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import PlanContext, judge_plan, violations
from weekly_plan_assets.domain.plan.session_load import STRENGTH_LOAD_PER_HOUR, blocks_load
from weekly_plan_assets.domain.plan.session_parts import Block, Intent, Step, block, stretch
from weekly_plan_assets.domain.plan.session_zones import main_zone
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
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets_tests.support.recorded_weeks import OBSERVED, asked_after, session, weekly

RUN, RIDE, SWIM, STRENGTH = Sport.RUN, Sport.RIDE, Sport.SWIM, Sport.STRENGTH
EASY, LONG, TEMPO = SessionKind.EASY, SessionKind.LONG, SessionKind.TEMPO
THRESHOLD, RECOVERY = SessionKind.THRESHOLD, SessionKind.RECOVERY
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
PLANNED = OBSERVED.next()


def part(minutes: float, zone: int) -> Block:
    return block(stretch(zone, round(60 * minutes)))


def repeats(count: int, minutes: float, zone: int, rest: float) -> Block:
    work, recovery = stretch(zone, round(60 * minutes)), stretch(1, round(60 * rest))
    return block(Step(repeats=count, work=work, recovery=recovery))


@dataclass(frozen=True)
class Written:
    """A session as the coach writes it."""

    sport: Sport
    kind: SessionKind
    blocks: tuple[Block, ...]
    text: str


def easy(sport: Sport, minutes: float, text: str, kind: SessionKind = EASY) -> Written:
    zone = 1 if kind is RECOVERY else 2
    return Written(sport, kind, (part(minutes, zone),), text)


def strides(minutes: float, text: str) -> Written:
    fast = Step(repeats=4, work=stretch(5, 20, Intent.SPRINT), recovery=stretch(1, 40))
    return Written(RUN, EASY, (part(minutes - 4, 2), block(fast)), text)


GYM = Written(STRENGTH, SessionKind.STRENGTH, (), "Your own programme, lighter than usual.")
GYM_S = 40 * 60


def as_session(written: Written, context: PlanContext) -> PlannedSession:
    """The session with what follows from its steps: duration, zone, load."""
    athlete = context.athlete
    blocks = with_targets(written.blocks, athlete, written.sport)
    bare = PlannedSession(
        sport=written.sport,
        kind=written.kind,
        duration_s=sum(one.duration_s for one in blocks) or GYM_S,
        intensity=None,
        blocks=blocks,
        planned_load=0,
        description=written.text,
        goal="What this week is for.",
    )
    if not blocks:
        load = STRENGTH_LOAD_PER_HOUR * GYM_S / 3600
        return bare.model_copy(update={"planned_load": floor(load)})
    zone = main_zone(bare)
    assert zone is not None
    return bare.model_copy(
        update={
            "intensity": athlete.training_bounds(zone, written.sport),
            "planned_load": floor(blocks_load(blocks, athlete.load_rates(written.sport))),
        }
    )


def as_plan(week: Mapping[int, Sequence[Written]], context: PlanContext) -> WeeklyPlan:
    days = []
    for day in context.planned_week.days:
        sessions = tuple(as_session(one, context) for one in week.get(day.weekday(), ()))
        days.append(
            PlannedDay(
                date=day,
                day_name=DAY_NAMES[day.weekday()],
                planned_load=sum(one.planned_load for one in sessions),
                sessions=sessions,
            )
        )
    metrics = context.metrics
    assert metrics is not None
    loads = [week.training_load for week in context.history if week.training_load is not None]
    evidence = Evidence(
        metric="trainingLoad", value=metrics.training_load, baseline=sum(loads) / len(loads)
    )
    return WeeklyPlan(
        schema_version="3.0",
        next_week=NextWeek(
            phase=context.envelope.phase,
            objective="The week as it fits now.",
            week_start=PLANNED.start,
            week_end=PLANNED.end,
            planned_load=sum(day.planned_load for day in days),
        ),
        days=tuple(days),
        warnings=(),
        justification=(Reason(text="It follows from the last weeks.", evidence=(evidence,)),),
    )


Case = tuple[PlanningRequest, Mapping[int, Sequence[Written]], Phase]


def marathon_specific() -> Case:
    """A marathon in seven weeks; 6.5 to 7 h a week, after an easier week."""
    usual = {TUE: 60, WED: 75, THU: 50, SAT: 60, SUN: 150}
    rows = [*weekly("Run", usual, [1, 1.02, 1.05, 0.65], 62)]
    race = {
        "date": PLANNED.shift(7).end,
        "priority": "A",
        "sport": "run",
        "distance_km": 42.195,
        "target": "3:10:00",
    }
    week = {
        TUE: [strides(60, "Easy hour with four strides at the end.")],
        WED: [
            Written(
                RUN,
                THRESHOLD,
                (part(20, 2), repeats(5, 6, 4, 1.5), part(15, 2)),
                "Five cruise intervals at the effort of an hour's race.",
            )
        ],
        THU: [easy(RUN, 45, "Easy, as slow as it wants to be.", RECOVERY)],
        SAT: [easy(RUN, 60, "Easy on soft ground.")],
        SUN: [
            Written(
                RUN,
                LONG,
                (part(70, 2), repeats(3, 15, 3, 4), part(25, 2)),
                "Long run with three blocks at marathon effort; eat and drink as in the race.",
            )
        ],
    }
    return asked_after(rows, races=[race]), week, Phase.SPECIFIC


def first_marathon_build() -> Case:
    """A first marathon in eleven weeks; four runs a week, longest 2:30 so far."""
    usual = {TUE: 50, WED: 40, FRI: 45, SUN: 150}
    rows = [*weekly("Run", usual, [0.95, 1, 1.02, 0.65])]
    race = {"date": PLANNED.shift(11).end, "priority": "A", "sport": "run", "distance_km": 42.195}
    week = {
        TUE: [
            Written(
                RUN,
                TEMPO,
                (part(15, 2), repeats(2, 12, 3, 3), part(10, 2)),
                "Two brisk blocks that you could still speak a few words in.",
            )
        ],
        WED: [easy(RUN, 40, "Easy.")],
        FRI: [strides(45, "Easy with four strides.")],
        SUN: [easy(RUN, 160, "Long and easy; walk a minute at each drink.", LONG)],
    }
    return asked_after(rows, races=[race]), week, Phase.BUILD


def back_from_a_stress_fracture() -> Case:
    """A novice who ran three times a week; four weeks without running after a sore shin bone."""
    usual = {TUE: 40, THU: 40, SUN: 55}
    rows = [*weekly("Run", usual, [1, 1, 1, 0, 0, 0, 0])]
    absence = {
        "first": OBSERVED.shift(-3).start,
        "last": OBSERVED.end,
        "kind": "injured",
        "what": "stress fracture of the tibia",
    }
    walk_run = (part(6, 1), repeats(8, 2, 2, 1))
    week = {
        TUE: [Written(RUN, EASY, walk_run, "Walk briskly, then run two minutes and walk one.")],
        THU: [Written(RUN, EASY, walk_run, "The same again, only if the shin was quiet.")],
        SAT: [easy(SWIM, 25, "Swim easily, or run in deep water.")],
    }
    return asked_after(rows, absences=[absence], experience="novice"), week, Phase.RETURN


def triathlon_with_a_long_ride() -> Case:
    """Nine hours of three sports, the ride the longest session; a half distance in summer."""
    rows = [
        *weekly("Swim", {MON: 50, THU: 60}, [1, 1.03, 1.05, 1]),
        *weekly("Run", {TUE: 55, SAT: 75}, [1, 1.03, 1.05, 1], 60),
        *weekly("Ride", {WED: 70, SUN: 200}, [1, 1.03, 1.05, 1], 48),
    ]
    week = {
        MON: [easy(SWIM, 50, "Technique, then easy lengths.")],
        TUE: [
            Written(
                RUN,
                THRESHOLD,
                (part(15, 2), repeats(4, 5, 4, 1.5), part(15, 2)),
                "Four repeats at the effort of an hour's race.",
            )
        ],
        WED: [easy(RIDE, 70, "Easy, high cadence.")],
        THU: [easy(SWIM, 60, "Endurance lengths with a little rest.")],
        SAT: [easy(RUN, 70, "Easy on soft ground.")],
        SUN: [easy(RIDE, 210, "Long ride, eat every half hour.", LONG)],
    }
    return asked_after(rows), week, Phase.BUILD


def after_100_km() -> Case:
    """Two days after 100 km on foot, which took 13 h."""
    saturday = OBSERVED.start + timedelta(days=SAT)
    usual = {TUE: 60, THU: 60, SAT: 150, SUN: 75}
    rows = [
        row
        for row in weekly("Run", usual, [1, 1, 0.7, 0.5])
        if row["start_date_local"] < str(saturday)
    ]
    rows.append(session(saturday, "Run", 13 * 60, 40) | {"distance": 100_000})
    race = {"date": saturday, "priority": "A", "sport": "run", "distance_km": 100}
    week = {
        WED: [easy(SWIM, 20, "Move in the water, no more.", RECOVERY)],
        SAT: [easy(RUN, 20, "Jog if stairs are easy again; walk home if anything pulls.")],
        SUN: [easy(RUN, 25, "The same, only if yesterday was fine.")],
    }
    return asked_after(rows, races=[race]), week, Phase.RECOVERY


CASES = (
    marathon_specific,
    first_marathon_build,
    back_from_a_stress_fracture,
    triathlon_with_a_long_ride,
    after_100_km,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_week_that_a_coach_wrote_is_accepted(case: object) -> None:
    request, week, phase = case()  # type: ignore[operator]
    context = request.context
    assert context.envelope.phase is phase, context.envelope.reasons
    plan = as_plan(week, context)
    broken = {one.rule_id: one.observed for one in violations(judge_plan(plan, context))}
    assert broken == {}, said(context.envelope)


def said(envelope: LoadEnvelope) -> str:
    return " ".join(envelope.reasons)
