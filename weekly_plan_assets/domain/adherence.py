"""What was planned for a week against what was done in it.

A planned session becomes at most one activity. Where it was delivered to a calendar that pairs
entries with activities, that decides; else one of its sport: first one of its own day, then one of
another day of the week, the nearest first; among several, the one nearest to it in duration.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from math import inf
from typing import Any

from pydantic import Field

from weekly_plan_assets.domain.delivery.calendar_fact import CalendarFact
from weekly_plan_assets.domain.delivery.decisions import LeftBecause
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.metrics.fitness import FitnessState, after_days
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.session_id import session_id
from weekly_plan_assets.domain.plan.session_zones import (
    VO2_ZONE,
    from_zone_s,
    main_zone,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    PlannedDay,
    PlannedSession,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.recorded.activity import STRENGTH_TYPES
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.hard_work import hard_zone_times_s
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.week import TrainingWeek

LEAST_ADHERENCE = 0.8
MOST_ADHERENCE = 1.2
"""Load done by load planned: a fifth off is more than a session cut short. Project convention."""

SESSION_WEEKS = 3
"""So far back a planner looks at what single sessions were meant to be. Project convention."""

NOT_DELIVERED: Mapping[str, CalendarFact] = {}
"""The facts of a plan that went to no calendar."""

_SPORT_BY_TYPE = {**SPORTS_BY_ACTIVITY_TYPE, **dict.fromkeys(STRENGTH_TYPES, Sport.STRENGTH)}


class SessionOutcome(StrEnum):
    """What became of a planned session.

    `changed` was done on its day, but longer or shorter than planned beyond the tolerance; `moved`
    was done on another day of the week.
    """

    DONE = "done"
    CHANGED = "changed"
    MOVED = "moved"
    MISSED = "missed"


class PlannedAndDone(Document):
    """A planned session, and the activity that it became; None if none did.

    `done_load` and `done_duration_s` are None also where the activity has none.

    Attributes:
        workout: The workout of the library that was planned; None for other sessions.
        work_share: Time done in the hard zones of the plan, by the planned one; None where zone
            times are not known, or nothing hard was planned.
        by_hand: What the athlete did with it on the calendar: `moved`, `edited` or `deleted`; None
            if nothing, or if it went to none.
        is_paired: Whether the calendar itself paired it with the activity.
        compliance: Percentage of the plan that was done, as Intervals.icu calculates it for a
            paired activity; how, is not documented.
    """

    day: date
    sport: Sport
    kind: SessionKind
    planned_duration_s: int
    planned_load: float
    outcome: SessionOutcome
    activity_id: str | None = None
    done_day: date | None = None
    done_duration_s: int | None = None
    done_load: float | None = None
    workout: str | None = None
    work_share: float | None = None
    by_hand: LeftBecause | None = None
    is_paired: bool = False
    compliance: float | None = None


class AddedSession(Document):
    """An activity that no planned session stands for."""

    activity_id: str
    day: date
    type: str | None
    duration_s: int | None
    load: float | None


class WeekAdherence(Document):
    """A planned week and what was done of it.

    Attributes:
        load_planned: Load of all planned sessions.
        load_done: Load of all activities whose load is known; None if none is.
        unknown_load_count: Activities without a load.
        predicted: Fitness at the week's end if all of the plan had been done.
        actual: Fitness at the week's end as it was measured or calculated.
    """

    sessions: tuple[PlannedAndDone, ...]
    added: tuple[AddedSession, ...]
    load_planned: float
    load_done: float | None
    unknown_load_count: int = Field(ge=0)
    predicted: FitnessState | None
    actual: FitnessState | None

    def count(self, outcome: SessionOutcome) -> int:
        """How many planned sessions ended so."""
        return sum(session.outcome is outcome for session in self.sessions)


def week_adherence(
    days: Sequence[PlannedDay],
    sessions: Sequence[CountedSession],
    metrics: WeeklyMetrics,
    predicted: FitnessState | None,
    on_calendar: Mapping[str, CalendarFact] = NOT_DELIVERED,
) -> WeekAdherence:
    """Match each planned session to what was done.

    Args:
        days: The planned week.
        sessions: What was done; what lies outside of the week is not looked at.
        metrics: The planned week, after it was trained.
        predicted: What the plan would have led to.
        on_calendar: What the calendar says of each session, by session id.
    """
    week = TrainingWeek(metrics.week_start)
    done = _done_in(week, sessions)
    planned = [(day.date, session) for day in days for session in day.sessions]
    facts = _facts(days, on_calendar)
    became, paired = _matched(planned, done, facts)
    taken = set(became.values())
    loads = [one.load for one in done if one.load is not None]
    actual = None
    if metrics.ctl_end is not None and metrics.atl_end is not None:
        actual = after_days(metrics.ctl_end, metrics.atl_end, ())
    return WeekAdherence(
        sessions=tuple(
            _planned_and_done(
                day,
                session,
                done[became[number]] if number in became else None,
                facts.get(number),
                is_paired=number in paired,
            )
            for number, (day, session) in enumerate(planned)
        ),
        added=tuple(_added(one) for number, one in enumerate(done) if number not in taken),
        load_planned=sum(session.planned_load for _, session in planned),
        load_done=sum(loads) if loads or not done else None,
        unknown_load_count=len(done) - len(loads),
        predicted=predicted,
        actual=actual,
    )


def planned_of_late(
    weeks: Iterable[WeekAdherence], observed: TrainingWeek
) -> tuple[PlannedAndDone, ...]:
    """The planned sessions of the last weeks up to the observed one, by day."""
    first = observed.end - timedelta(weeks=SESSION_WEEKS)
    found = [one for week in weeks for one in week.sessions if first < one.day <= observed.end]
    return tuple(sorted(found, key=lambda one: one.day))


def _done_in(week: TrainingWeek, sessions: Sequence[CountedSession]) -> list[CountedSession]:
    """The sessions of the week by their start."""
    done = [one for one in sessions if one.activity.day in week]
    return sorted(done, key=lambda one: (one.activity.start_date_local, one.activity.id))


def _facts(
    days: Sequence[PlannedDay], on_calendar: Mapping[str, CalendarFact]
) -> dict[int, CalendarFact]:
    """What the calendar says, by number of the planned session."""
    monday = TrainingWeek.containing(days[0].date).start
    ids = [
        session_id(monday, day.date, number)
        for day in days
        for number, _ in enumerate(day.sessions, start=1)
    ]
    return {number: on_calendar[one] for number, one in enumerate(ids) if one in on_calendar}


def _matched(
    planned: Sequence[tuple[date, PlannedSession]],
    done: Sequence[CountedSession],
    facts: Mapping[int, CalendarFact],
) -> tuple[dict[int, int], frozenset[int]]:
    """Number of the activity by number of the planned session, and which the calendar paired.

    Of the others the nearest pairs come first. What the calendar paired with an entry of the
    athlete's own is no session of the plan.
    """
    became = dict(_paired(done, facts))
    paired = frozenset(became)
    elsewhere = {
        other
        for other, one in enumerate(done)
        if facts and one.activity.paired_event_id is not None
    }
    pairs = sorted(
        (abs((one.activity.day - day).days), _apart_s(session, one), number, other)
        for number, (day, session) in enumerate(planned)
        for other, one in enumerate(done)
        if _SPORT_BY_TYPE.get(one.activity.type or "") is session.sport and other not in elsewhere
    )
    for _, _, number, other in pairs:
        if number not in became and other not in became.values():
            became[number] = other
    return became, paired


def _paired(
    done: Sequence[CountedSession], facts: Mapping[int, CalendarFact]
) -> Iterator[tuple[int, int]]:
    """The pairs of the calendar, each activity at most once."""
    taken: set[int] = set()
    for number, fact in facts.items():
        for other, one in enumerate(done):
            activity = one.activity
            by_event = fact.event_id is not None and activity.paired_event_id == fact.event_id
            if (by_event or activity.id == fact.activity_id) and other not in taken:
                taken.add(other)
                yield number, other
                break


def _apart_s(session: PlannedSession, done: CountedSession) -> float:
    """Seconds between its duration and the planned one; infinite if it is not known."""
    return inf if done.duration_s is None else abs(session.duration_s - done.duration_s)


def _planned_and_done(
    day: date,
    session: PlannedSession,
    done: CountedSession | None,
    fact: CalendarFact | None,
    *,
    is_paired: bool,
) -> PlannedAndDone:
    became: dict[str, Any] = {"outcome": SessionOutcome.MISSED}
    if done is not None:
        became = {
            "outcome": _outcome(day, session, done),
            "activity_id": done.activity.id,
            "done_day": done.activity.day,
            "done_duration_s": done.duration_s,
            "done_load": done.load,
            "work_share": _work_share(session, done),
            "is_paired": is_paired,
            "compliance": done.activity.compliance if is_paired else None,
        }
    return PlannedAndDone(
        day=day,
        sport=session.sport,
        kind=session.kind,
        planned_duration_s=session.duration_s,
        planned_load=session.planned_load,
        workout=session.workout,
        by_hand=None if fact is None else fact.by_hand,
        **became,
    )


def _work_share(session: PlannedSession, done: CountedSession) -> float | None:
    """Hard time done by hard time planned, from the zone of the session's main part up.

    Heart rate climbs late, so that work in zone 5 counts from zone 4 up.
    """
    zone, times_s = main_zone(session), hard_zone_times_s(done)
    if zone is None or zone < HARD_FROM_ZONE or times_s is None:
        return None
    counted = min(zone, VO2_ZONE - 1)
    planned_s = from_zone_s(zone_times_s(session.blocks), counted)
    return from_zone_s(times_s, counted) / planned_s


def _outcome(day: date, session: PlannedSession, done: CountedSession) -> SessionOutcome:
    if done.activity.day != day:
        return SessionOutcome.MOVED
    share = _share_done(session, done)
    kept = share is None or LEAST_ADHERENCE <= share <= MOST_ADHERENCE
    return SessionOutcome.DONE if kept else SessionOutcome.CHANGED


def _share_done(session: PlannedSession, done: CountedSession) -> float | None:
    """By load; by duration where a load is not known; None if neither is."""
    if done.load is not None and session.planned_load > 0:
        return done.load / session.planned_load
    return None if done.duration_s is None else done.duration_s / session.duration_s


def _added(done: CountedSession) -> AddedSession:
    return AddedSession(
        activity_id=done.activity.id,
        day=done.activity.day,
        type=done.activity.type,
        duration_s=done.duration_s,
        load=done.load,
    )
