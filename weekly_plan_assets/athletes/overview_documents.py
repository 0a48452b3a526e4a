"""The parts of stored documents that an overview needs, as models."""

from collections.abc import Iterator
from datetime import datetime

from weekly_plan_assets.domain.adherence import SessionOutcome
from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.comeback import Comeback
from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.domain.week import TrainingWeek

_AWAY = {AbsenceKind.SICK: "Ill", AbsenceKind.INJURED: "Injured"}


class _Session(Document):
    duration_s: int


class _Day(Document):
    sessions: tuple[_Session, ...]


class _NextWeek(Document):
    phase: Phase
    planned_load: float


class _ActivityPlan(Document):
    next_week: _NextWeek
    days: tuple[_Day, ...]


class PlanSeen(Document):
    """A published plan."""

    created_at: datetime
    activity_plan: _ActivityPlan


class FailureSeen(Document):
    """The run event of a week that was not planned."""

    ended_at: datetime
    errors: tuple[str, ...] = ()


class CohortRunSeen(Document):
    """What a run of a cohort noted of an athlete.

    Attributes:
        stands: The execution whose plan stood.
        delivery_problem: Why its plan did not arrive.
    """

    updated_at: datetime
    stands: str | None = None
    delivery_problem: str | None = None


class _Profile(Document):
    races: tuple[Race, ...] = ()
    absences: tuple[Absence, ...] = ()


class _Light(Document):
    name: str
    light: Light


class _Lights(Document):
    signals: tuple[_Light, ...] = ()


class _Envelope(Document):
    comeback: Comeback | None = None
    readiness: _Lights = _Lights()


class InputsSeen(Document):
    """What a run planned from."""

    athlete: _Profile
    envelope: _Envelope

    def states(self, week: TrainingWeek) -> Iterator[str]:
        """Illness or injury in the week, or the way back after one, in sentences."""
        for one in self.athlete.absences:
            if one.kind in _AWAY and one.first <= week.end and one.last >= week.start:
                yield f"{_AWAY[one.kind]} until {one.last.day} {one.last:%B}."
        back = self.envelope.comeback
        if back is not None:
            after = "" if back.hurt is None else " from an injury"
            yield f"On the way back{after}: week {back.week} of {back.weeks}."


class _SessionDone(Document):
    outcome: SessionOutcome
    planned_duration_s: int
    done_duration_s: int | None = None


class AdherenceSeen(Document):
    """What was done of a plan."""

    sessions: tuple[_SessionDone, ...] = ()
