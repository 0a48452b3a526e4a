"""Which workouts of the library were planned of late, and whether they were done.

Read from what became of the plans of past weeks. What a planner makes of it is its own affair.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import Field

from weekly_plan_assets.domain.adherence import PlannedAndDone, SessionOutcome, WeekAdherence
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport

DONE_SHARE = 0.8
"""So much of the planned work makes a workout done. Project convention."""


class DoneWorkout(Document):
    """A planned workout of the library.

    Attributes:
        family: Its family.
        level: Its level, counted from 1.
        day: The day that it was planned for.
        is_done: Whether it was done as prescribed, by the time in its zones where that is known.
        work_share: Work done by work planned; None if it was missed, or zone times are not known.
    """

    family: str
    level: int = Field(ge=1)
    sport: Sport
    day: date
    is_done: bool
    work_share: float | None = None


def done_workouts(weeks: Iterable[WeekAdherence]) -> tuple[DoneWorkout, ...]:
    """The library's workouts among the planned sessions of these weeks, by day."""
    found = [
        DoneWorkout(**_named(session.workout), **_became(session))
        for week in weeks
        for session in week.sessions
        if session.workout is not None
    ]
    return tuple(sorted(found, key=lambda one: one.day))


def workout_id(family: str, level: int) -> str:
    """How a session names its workout: `run-hills/3`."""
    return f"{family}/{level}"


def _named(workout: str) -> dict[str, Any]:
    family, _, level = workout.rpartition("/")
    return {"family": family, "level": int(level)}


def _became(session: PlannedAndDone) -> dict[str, Any]:
    """Whether it was done: by its work, else as it was planned."""
    share = session.work_share
    as_planned = session.outcome in {SessionOutcome.DONE, SessionOutcome.MOVED}
    return {
        "sport": session.sport,
        "day": session.day,
        "is_done": as_planned if share is None else share >= DONE_SHARE,
        "work_share": share,
    }
