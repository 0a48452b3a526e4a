"""What was planned for a week against what was done in it.

A planned session becomes at most one activity of its sport: first one of its own day, then one of
another day of the week, the nearest first; among several, the one nearest to it in duration.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.fitness import FitnessState, after_days
from weekly_plan_assets.domain.profile import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.reckoned_fitness import counted_sessions
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import PlannedDay, PlannedSession, SessionKind, Sport

LEAST_ADHERENCE = 0.8
MOST_ADHERENCE = 1.2
"""Load done by load planned: a fifth off is more than a session cut short. Project convention."""


class Outcome(StrEnum):
    """What became of a planned session.

    `changed` was done on its day, but longer or shorter than planned beyond the tolerance; `moved`
    was done on another day of the week.
    """

    DONE = "done"
    CHANGED = "changed"
    MOVED = "moved"
    MISSED = "missed"


class PlannedAndDone(Document):
    """A planned session, and the activity that it became; None where none did.

    `done_load` and `done_duration_s` are None also where the activity has none.
    """

    day: date
    sport: Sport
    kind: SessionKind
    planned_duration_s: int
    planned_load: float
    outcome: Outcome
    activity_id: str | None = None
    done_day: date | None = None
    done_duration_s: int | None = None
    done_load: float | None = None


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
        load_planned: Of all planned sessions.
        load_done: Of all activities of known load; None where none is known of any.
        unknown_load_count: Activities without a load.
        predicted: Fitness at the week's end if all of the plan had been done.
        actual: Fitness at the week's end as it was measured or reckoned.
    """

    sessions: tuple[PlannedAndDone, ...]
    added: tuple[AddedSession, ...]
    load_planned: float
    load_done: float | None
    unknown_load_count: int = Field(ge=0)
    predicted: FitnessState | None
    actual: FitnessState | None

    def count(self, outcome: Outcome) -> int:
        """How many planned sessions ended so."""
        return sum(session.outcome is outcome for session in self.sessions)


def week_adherence(
    days: Sequence[PlannedDay],
    activities: Sequence[Activity],
    metrics: WeeklyMetrics,
    predicted: FitnessState | None,
) -> WeekAdherence:
    """Match each planned session to what was done.

    Args:
        days: The planned week.
        activities: Raw sessions; those outside of the week are not looked at, twins count once.
        metrics: The planned week, after it was trained.
        predicted: What the plan would have led to.
    """
    week = TrainingWeek(metrics.week_start)
    done = counted_in(week, activities)
    planned = [(day.date, session) for day in days for session in day.sessions]
    became = _matched(planned, done)
    taken = set(became.values())
    loads = [one.training_load for one in done if one.training_load is not None]
    actual = None
    if metrics.ctl_end is not None and metrics.atl_end is not None:
        actual = after_days(metrics.ctl_end, metrics.atl_end, ())
    return WeekAdherence(
        sessions=tuple(
            _planned_and_done(day, session, done[became[number]] if number in became else None)
            for number, (day, session) in enumerate(planned)
        ),
        added=tuple(_added(one) for number, one in enumerate(done) if number not in taken),
        load_planned=sum(session.planned_load for _, session in planned),
        load_done=sum(loads) if loads or not done else None,
        unknown_load_count=len(done) - len(loads),
        predicted=predicted,
        actual=actual,
    )


def counted_in(week: TrainingWeek, activities: Sequence[Activity]) -> list[Activity]:
    """The sessions of the week by their start, twins once."""
    rows = [row for row in activities if row.day in week]
    counted = set(counted_sessions(rows)["id"].astype("str")) if rows else set()
    return sorted((row for row in rows if row.id in counted), key=lambda row: row.start_date_local)


def _matched(
    planned: Sequence[tuple[date, PlannedSession]], done: Sequence[Activity]
) -> dict[int, int]:
    """Number of the activity by number of the planned session; the nearest pairs come first."""
    pairs = sorted(
        (abs((one.day - day).days), _apart_s(session, one), number, other)
        for number, (day, session) in enumerate(planned)
        for other, one in enumerate(done)
        if SPORTS_BY_ACTIVITY_TYPE.get(one.type or "") is session.sport
    )
    became: dict[int, int] = {}
    for _, _, number, other in pairs:
        if number not in became and other not in became.values():
            became[number] = other
    return became


def _apart_s(session: PlannedSession, activity: Activity) -> int:
    """How far its duration is from the planned one; one that is not known is as far as can be."""
    duration_s = _duration_s(activity)
    return session.duration_s if duration_s is None else abs(session.duration_s - duration_s)


def _planned_and_done(
    day: date, session: PlannedSession, activity: Activity | None
) -> PlannedAndDone:
    return PlannedAndDone(
        day=day,
        sport=session.sport,
        kind=session.kind,
        planned_duration_s=session.duration_s,
        planned_load=session.planned_load,
        outcome=_outcome(day, session, activity),
        activity_id=activity and activity.id,
        done_day=activity and activity.day,
        done_duration_s=activity and _duration_s(activity),
        done_load=activity and activity.training_load,
    )


def _outcome(day: date, session: PlannedSession, activity: Activity | None) -> Outcome:
    if activity is None:
        return Outcome.MISSED
    if activity.day != day:
        return Outcome.MOVED
    share = _share_done(session, activity)
    kept = share is None or LEAST_ADHERENCE <= share <= MOST_ADHERENCE
    return Outcome.DONE if kept else Outcome.CHANGED


def _share_done(session: PlannedSession, activity: Activity) -> float | None:
    """By load; by duration where a load is not known; None where neither is."""
    if activity.training_load is not None and session.planned_load > 0:
        return activity.training_load / session.planned_load
    duration_s = _duration_s(activity)
    return None if duration_s is None else duration_s / session.duration_s


def _added(activity: Activity) -> AddedSession:
    return AddedSession(
        activity_id=activity.id,
        day=activity.day,
        type=activity.type,
        duration_s=_duration_s(activity),
        load=activity.training_load,
    )


def _duration_s(activity: Activity) -> int | None:
    """Moving time; elapsed where there is none."""
    return activity.elapsed_time_s if activity.moving_time_s is None else activity.moving_time_s
