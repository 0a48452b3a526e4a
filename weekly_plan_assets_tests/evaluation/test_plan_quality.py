"""Each item of the score, on plans made by hand: a bad one counts as bad, a good one as good.

The athlete of these tests runs an hour on Tuesday, Thursday and Saturday and two on Sunday, at
140 bpm.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

import pytest

from weekly_plan_assets.domain.plan.session_parts import Step, Target, TargetKind, block, stretch
from weekly_plan_assets.domain.plan.weekly_plan import (
    Intensity,
    NextWeek,
    Phase,
    PlannedDay,
    PlannedSession,
    Reason,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.readiness.signal import Signal
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.week import DAY_NAMES
from weekly_plan_assets.evaluation.quality.items import CLOSED_ITEMS, NOT_COMPUTED, OPEN_ITEMS
from weekly_plan_assets.evaluation.quality.loops import closed_loop, open_loop
from weekly_plan_assets.evaluation.quality.measures import hours_of, planned_hours
from weekly_plan_assets.evaluation.quality.planned_week import HABIT_WEEKS, PlannedWeek
from weekly_plan_assets.evaluation.quality.score import Scoring
from weekly_plan_assets.sources.personas.life import Response
from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY

RUN, RIDE, GYM = Sport.RUN, Sport.RIDE, Sport.STRENGTH
TUE, WED, THU, SAT, SUN = 1, 2, 3, 5, 6
USUAL = ((TUE, RUN, 60), (THU, RUN, 60), (SAT, RUN, 60), (SUN, RUN, 120))
HR_BPM = 140
ITEMS = {item.id: item for item in (*OPEN_ITEMS, *CLOSED_ITEMS)}

Days = Sequence[tuple[int, Sport, int]]
"""Weekday, sport and minutes of sessions."""


@cache
def _real() -> PlannedWeek:
    """A week that the rules planner planned, of which what a test is about is replaced."""
    (week,) = open_loop(PERSONA_BY_KEY["steady"], full=False, weeks=1)
    return week


def done(base: PlannedWeek, weeks_back: int, days: Days, name: str = "easy Run") -> tuple[Any, ...]:
    monday = base.week.shift(-weeks_back).start
    return tuple(
        Activity(
            id=f"{weeks_back}-{number}",
            start_date_local=datetime.combine(monday + timedelta(days=weekday), time(8)),
            type=sport.value,
            name=name,
            moving_time_s=minutes * 60,
            average_hr_bpm=HR_BPM,
        )
        for number, (weekday, sport, minutes) in enumerate(days)
    )


def session(sport: Sport, minutes: int, **more: Any) -> PlannedSession:
    kind = SessionKind.STRENGTH if sport is GYM else SessionKind.EASY
    values: dict[str, Any] = {
        "sport": sport,
        "kind": kind,
        "duration_s": 60 * minutes,
        "intensity": None,
        "planned_load": 50,
        "description": "Go.",
        "goal": "Go.",
    }
    return PlannedSession(**(values | more))


def week(
    days: Days = USUAL,
    phase: Phase = Phase.BUILD,
    before: Days = USUAL,
    extra: tuple[int, PlannedSession] | None = None,
    **more: Any,
) -> PlannedWeek:
    """A week planned with these sessions, after twelve weeks of the sessions `before`."""
    base = _real()
    sessions = [(weekday, session(sport, minutes)) for weekday, sport, minutes in days]
    sessions += [extra] if extra else []
    planned = tuple(
        PlannedDay(
            date=day,
            day_name=DAY_NAMES[weekday],
            planned_load=0,
            sessions=tuple(one for on, one in sessions if on == weekday),
        )
        for weekday, day in enumerate(base.week.days)
    )
    next_week = NextWeek(**(dict(base.plan.next_week) | {"phase": phase}))
    plan = WeeklyPlan(**(dict(base.plan) | {"days": planned, "next_week": next_week}))
    lived = tuple(done(base, back, before) for back in range(HABIT_WEEKS, 0, -1))
    values: dict[str, Any] = {"plan": plan, "before": lived, "done": done(base, 0, before)}
    return replace(base, **values | more)


def red(one: PlannedWeek) -> PlannedWeek:
    signal = Signal(
        name="hrv", light=Light.RED, value=1, unit="ms", measured=7, needed=3, text="", source=""
    )
    context = one.request.context
    envelope = context.envelope.model_copy(update={"readiness": Readiness(signals=(signal,))})
    request = replace(one.request, context=replace(context, envelope=envelope))
    return replace(one, request=request)


def reasoned(*texts: str) -> PlannedWeek:
    one = week()
    reasons = tuple(Reason(text=text) for text in texts)
    return replace(one, plan=one.plan.model_copy(update={"justification": reasons}))


def after_a_marathon(days: Days) -> PlannedWeek:
    planned = week(days)
    race = done(_real(), 1, ((SUN, RUN, 200),), name="race Run")
    return replace(planned, before=(*planned.before[:-1], race))


WATTS = Target(kind=TargetKind.POWER, low=235, high=250)


def hard(repeats: int, work_s: int, **more: Any) -> tuple[int, PlannedSession]:
    work = stretch(4, work_s).model_copy(update={"targets": more.pop("targets", ())})
    step = Step(repeats=repeats, work=work, recovery=stretch(1, 120))
    values: dict[str, Any] = {"kind": SessionKind.THRESHOLD, "blocks": (block(step),)}
    return TUE, session(more.pop("sport", RUN), 60, **values | more)


def easy(low: int, high: int) -> tuple[int, PlannedSession]:
    return TUE, session(RUN, 60, intensity=Intensity(zone=2, bpm_low=low, bpm_high=high))


def scaled(share: float) -> Days:
    return tuple((weekday, sport, round(minutes * share)) for weekday, sport, minutes in USUAL)


RIDER = PERSONA_BY_KEY["rider_power"]
TWO_SPORTS = ((TUE, RUN, 60), (THU, RUN, 60), (SAT, RIDE, 60), (SUN, RIDE, 120))
ONE_SPORT = tuple((weekday, RUN, minutes) for weekday, _, minutes in TWO_SPORTS)
OTHER_DAYS = ((0, RUN, 120), (2, RUN, 60), (4, RUN, 60), (SAT, RUN, 60))
RECOVERY = Phase.RECOVERY

Cases = dict[str, tuple[Callable[[], list[PlannedWeek]], Callable[[], list[PlannedWeek]]]]
GOOD_AND_BAD: Cases = {
    "valid": (lambda: [week()], lambda: [week(broken=1)]),
    "Q1a": (lambda: [week()], lambda: [week(scaled(1.4))]),
    "Q1b": (lambda: [week()], lambda: [week(scaled(1.4))]),
    "Q1c": (lambda: [week()], lambda: [week(scaled(1.4))]),
    "Q2": (lambda: [week(scaled(0.65), RECOVERY)], lambda: [week(scaled(1.0), RECOVERY)]),
    "Q3": (
        lambda: [after_a_marathon(((SAT, RUN, 30), (SUN, RIDE, 90)))],
        lambda: [after_a_marathon(USUAL)],
    ),
    "Q5": (
        lambda: [week(phase=RECOVERY), week(), week(phase=RECOVERY)],
        lambda: [week(phase=RECOVERY)] * 3,
    ),
    "Q5c": (
        lambda: [week(phase=RECOVERY), week(), week(phase=RECOVERY)],
        lambda: [week(phase=RECOVERY)] * 3,
    ),
    "Q4a": (lambda: [week()] * 20, lambda: [week(scaled(0.5))] * 20),
    "Q4b": (lambda: [week()] * 20, lambda: [week(scaled(2))] * 20),
    "Q6": (lambda: [red(week(scaled(0.7)))], lambda: [red(week())]),
    "Q7": (lambda: [week()], lambda: [week(scaled(0.6))]),
    "Q8": (
        lambda: [week(TWO_SPORTS, before=TWO_SPORTS)],
        lambda: [week(ONE_SPORT, before=TWO_SPORTS)],
    ),
    "Q9a": (lambda: [week()], lambda: [week(OTHER_DAYS)]),
    "Q9b": (lambda: [week()], lambda: [week(OTHER_DAYS)]),
    "Q10": (lambda: [week()], lambda: [week((*USUAL, (WED, RUN, 40)))]),
    "Q11": (
        lambda: [week(extra=hard(4, 480)), week(), week(extra=hard(5, 480))],
        lambda: [week(extra=hard(4, 480)), week(), week(extra=hard(4, 480))],
    ),
    "Q11c": (
        lambda: [week(extra=hard(4, 480)), week(), week(extra=hard(5, 480))],
        lambda: [week(extra=hard(4, 480)), week(), week(extra=hard(4, 480))],
    ),
    "Q17": (
        lambda: [reasoned("Tuesday: hills, one step up.", "So this week is easier.")],
        lambda: [reasoned("Your CTL is 41.", "Training makes fit.", "So this week is easier.")],
    ),
    "Q12": (lambda: [week((), extra=easy(125, 145))], lambda: [week((), extra=easy(148, 157))]),
    "Q14": (
        lambda: [week(extra=hard(4, 480, sport=RIDE, targets=(WATTS,)), persona=RIDER)],
        lambda: [week(extra=hard(4, 480, sport=RIDE), persona=RIDER)],
    ),
    "Q15": (
        lambda: [week(scaled(0.8), done=done(_real(), 0, scaled(0.7)))],
        lambda: [week(scaled(1.6), done=done(_real(), 0, scaled(0.7)))],
    ),
    "Q16": (lambda: [week()], lambda: [week(extra=(WED, session(GYM, 30)))]),
}


def test_every_item_has_a_good_and_a_bad_week() -> None:
    assert GOOD_AND_BAD.keys() == ITEMS.keys()
    assert not NOT_COMPUTED.keys() & ITEMS.keys()


@pytest.mark.parametrize("key", GOOD_AND_BAD)
def test_an_item_counts_good_plans_good_and_bad_ones_bad(key: str) -> None:
    item = ITEMS[key]
    for made, is_good in zip(GOOD_AND_BAD[key], (True, False), strict=True):
        value, n = item.measure([made()])
        assert n > 0
        assert item.is_met(value) is is_good, value


@pytest.mark.parametrize("key", sorted(ITEMS))
def test_an_item_without_anything_to_measure_has_no_verdict_on_shares(key: str) -> None:
    value, n = ITEMS[key].measure([])
    assert n == 0
    assert value in {None, 0}


def test_a_week_of_racing_or_absence_is_not_compared_with_a_usual_week() -> None:
    for phase in (Phase.TAPER, Phase.RACE_WEEK, Phase.RETURN):
        assert ITEMS["Q1a"].measure([[week(scaled(0.3), phase)]]) == (None, 0)


def test_the_week_after_a_lost_one_follows_no_steady_weeks() -> None:
    normal = week()
    after_a_lost_one = replace(normal, before=(*normal.before[:-1], ()))
    assert ITEMS["Q1b"].measure([[after_a_lost_one]]) == (1, 1)
    assert ITEMS["Q1c"].measure([[after_a_lost_one]]) == (None, 0)


@pytest.mark.slow
def test_two_athletes_are_scored_over_some_weeks() -> None:
    personas = [PERSONA_BY_KEY["steady"], PERSONA_BY_KEY["triathlete"]]
    scores = []
    for _ in range(2):
        scoring = Scoring(personas, weeks=5)
        assert len(list(scoring.run())) == scoring.steps
        scores.append(scoring.score())
    score, again = scores
    assert score == again
    assert type(score).model_validate_json(score.model_dump_json()) == score
    assert set(score.athletes) == {"steady", "triathlete"}
    valid = next(item for item in score.items if item.id == "valid")
    assert all(reading.met and reading.n == 10 for reading in valid.readings)
    assert all(len(hours) == 5 for hours in score.hours.values())


@pytest.mark.slow
def test_athletes_answer_to_plans_as_they_are_said_to() -> None:
    persona = PERSONA_BY_KEY["steady"]
    loops = {r: closed_loop(persona, r, full=False, weeks=3) for r in Response}
    first = {response: loop[0] for response, loop in loops.items()}
    assert len({planned_hours(one) for one in first.values()}) == 1
    hours = {response: hours_of(one.done) for response, one in first.items()}
    planned = planned_hours(first[Response.AS_PLANNED])
    assert hours[Response.AS_PLANNED] == pytest.approx(planned)
    assert hours[Response.MORE] == pytest.approx(1.3 * planned, rel=0.01)
    assert hours[Response.HALF] < 0.8 * planned
    usual = persona.habitual_minutes / 60
    assert all(0.5 * usual < hours_of(one.done) < 1.3 * usual for one in loops[Response.HABIT])
