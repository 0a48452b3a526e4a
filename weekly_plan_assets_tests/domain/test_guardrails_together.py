"""The rules do not contradict each other, and answer whatever a planner says."""

from dataclasses import replace
from math import floor
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import AnchoredSession, Athlete
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.commitments import Commitment, kept_sessions
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.guardrails import GUARDRAILS, violations
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, blocks_load
from weekly_plan_assets.domain.plan.session_parts import (
    Block,
    Intent,
    Step,
    Stretch,
    Target,
    TargetKind,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    Evidence,
    Phase,
    PlannedDay,
    PlannedSession,
    Reason,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets_tests.support.valid_week import (
    ATHLETE,
    CONTEXT,
    ENVELOPE,
    REASON,
    WEEK,
    days,
    judged,
    part,
    plan_of,
    session,
    stepless,
)

Model = TypeVar("Model", bound=Document)

HARD_ZONES = {SessionKind.TEMPO: 3, SessionKind.THRESHOLD: 4, SessionKind.VO2: 5}


def a(model: type[Model], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Model]:
    """Any `model` by the Python names of its fields, which `st.builds` would take for others."""
    return st.fixed_dictionaries(fields).map(lambda values: model(**values))


anchored_sessions = a(
    AnchoredSession,
    weekday=st.integers(0, 6),
    sport=st.sampled_from(Sport),
    kind=st.sampled_from(SessionKind),
    duration_min=st.integers(10, 240),
)
races = a(
    Race,
    date=st.sampled_from((*WEEK.days, *WEEK.next().days)),
    priority=st.sampled_from(RacePriority),
)
athletes = st.builds(
    lambda anchored, minutes, raced: ATHLETE.model_copy(
        update={
            "anchored": tuple(anchored),
            "available_min": tuple(minutes),
            "races": tuple(raced),
        }
    ),
    anchored=st.lists(anchored_sessions, max_size=8),
    minutes=st.lists(st.none() | st.integers(0, 200), min_size=7, max_size=7),
    raced=st.lists(races, max_size=1),
)
envelopes = st.builds(
    lambda phase, max_load, hard, longest_run_s: ENVELOPE.model_copy(
        update={
            "phase": phase,
            "min_load": 0,
            "max_load": max_load,
            "hard_sessions": hard,
            "longest_run_s": longest_run_s,
        }
    ),
    phase=st.sampled_from(Phase),
    max_load=st.integers(10, 700),
    hard=st.integers(0, 2),
    longest_run_s=st.integers(1800, 9000),
)


def as_planned(commitment: Commitment) -> PlannedSession:
    """The session that keeps the commitment, a fifth of a hard one being hard."""
    kind, sport, minutes = commitment.kind, commitment.sport, commitment.duration_s / 60
    if sport is Sport.STRENGTH or kind is SessionKind.STRENGTH:
        bare = stepless(kind, 2, sport)
        load = commitment.duration_s / 3600 * 30
        return bare.model_copy(update={"duration_s": commitment.duration_s, "planned_load": load})
    if hard_zone := HARD_ZONES.get(kind):
        steps = part(0.8 * minutes, 2), part(0.2 * minutes, hard_zone)
        planned = session(kind, *steps, zone=hard_zone, sport=sport)
    else:
        planned = session(kind, part(minutes, 2), zone=2, sport=sport)
    # Rounded down, as planners do: many short sessions rounded up are more than they bring.
    return planned.model_copy(
        update={"planned_load": floor(blocks_load(planned.blocks, TABLE_RATES))}
    )


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(athlete=athletes, envelope=envelopes)
def test_what_an_athlete_is_held_to_breaks_no_other_rule(
    athlete: Athlete, envelope: LoadEnvelope
) -> None:
    context = replace(CONTEXT, athlete=athlete, envelope=envelope)
    kept = kept_sessions(athlete, envelope, WEEK)
    sessions = {
        weekday: [as_planned(one) for one in kept if one.date.weekday() == weekday]
        for weekday in range(7)
    }
    plan = plan_of(sessions)
    stated = plan.next_week.model_copy(update={"phase": envelope.phase})
    broken = {
        v.rule_id
        for v in violations(judged(plan.model_copy(update={"next_week": stated}), context))
    }
    assert broken <= {"race.placed"}


targets = a(Target, kind=st.sampled_from(TargetKind), low=st.none(), high=st.integers(1, 3000))
stretches = a(
    Stretch,
    intent=st.sampled_from(Intent),
    zone=st.integers(1, 5),
    duration_s=st.integers(1, 90000),
    targets=st.lists(targets, max_size=2).map(tuple),
)
steps = a(Step, repeats=st.integers(1, 50), work=stretches, recovery=st.none() | stretches)
blocks = a(
    Block,
    repeats=st.integers(1, 50),
    steps=st.lists(steps, min_size=1, max_size=3).map(tuple),
)
any_sessions = a(
    PlannedSession,
    sport=st.sampled_from(Sport),
    kind=st.sampled_from(SessionKind),
    duration_s=st.integers(1, 10**9),
    intensity=st.none() | st.builds(ATHLETE.hr_bounds, st.integers(1, 5)),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    planned_load=st.floats(0, 1e300),
    description=st.just("Go."),
    goal=st.just("Go."),
)
any_days = a(
    PlannedDay,
    date=st.dates(),
    day_name=st.text(),
    planned_load=st.floats(0, 1e300),
    sessions=st.lists(any_sessions, max_size=3).map(tuple),
)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
any_evidence = a(
    Evidence,
    metric=st.sampled_from(["trainingLoad", "restHrMean", "hrvMean", "coverage", "x"]),
    value=numbers,
    baseline=numbers,
)


@settings(max_examples=100, deadline=None)
@given(
    planned=st.lists(any_days, min_size=7, max_size=7),
    evidence=st.lists(any_evidence, max_size=3),
)
def test_every_rule_answers_whatever_a_planner_says(
    planned: list[PlannedDay], evidence: list[Evidence]
) -> None:
    reason = Reason(text="So.", evidence=tuple(evidence))
    plan: WeeklyPlan = plan_of(days(), justification=(REASON,)).model_copy(
        update={"days": tuple(planned), "justification": (reason,)}
    )
    assert len(judged(plan)) == len(GUARDRAILS)
