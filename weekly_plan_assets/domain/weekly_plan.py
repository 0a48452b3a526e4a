"""The plan contract, schema version 2.0: what a planner must answer and what is published.

The models here fix the shape only: types, the number of days, no unknown keys. Whether the content
is good training is decided by `guardrails`.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

SCHEMA_VERSION: Literal["2.0"] = "2.0"
HARD_FROM_ZONE = 3
"""A session whose main part lies in this zone or above is hard (training convention, Z3 and up)."""


class Phase(StrEnum):
    """Where the week stands in the athlete's season."""

    BASE = "base"
    BUILD = "build"
    SPECIFIC = "specific"
    TAPER = "taper"
    RACE_WEEK = "race_week"
    RECOVERY = "recovery"
    RETURN = "return"


class Sport(StrEnum):
    """What the session is done as; the type names of Intervals.icu."""

    RUN = "Run"
    RIDE = "Ride"
    SWIM = "Swim"
    STRENGTH = "WeightTraining"


class SessionKind(StrEnum):
    """What the session is for."""

    RECOVERY = "recovery"
    EASY = "easy"
    LONG = "long"
    TEMPO = "tempo"
    THRESHOLD = "threshold"
    VO2 = "vo2"
    RACE = "race"
    STRENGTH = "strength"


HARD_KINDS = frozenset(
    {SessionKind.TEMPO, SessionKind.THRESHOLD, SessionKind.VO2, SessionKind.RACE}
)


class PlanPart(Document):
    """A part of the contract: unknown keys are refused, so that a planner's typo is not lost."""

    model_config = ConfigDict(extra="forbid")


class Intensity(PlanPart):
    """The heart-rate zone of a session's main part, with the athlete's own bounds."""

    zone: int = Field(ge=1, le=5, description="Heart-rate zone of the main part, 1 to 5.")
    bpm_low: int | None = Field(description="Lower bound in bpm; null where no zones are known.")
    bpm_high: int | None = Field(description="Upper bound in bpm; null where no zones are known.")


class Step(PlanPart):
    """A part of a session: work and what follows it, `repeats` times. Strength has no steps."""

    repeats: int = Field(default=1, ge=1, description="How often work and recovery are done.")
    work_s: int = Field(gt=0, description="Seconds of work.")
    work_zone: int = Field(ge=1, le=5, description="Heart-rate zone of the work.")
    recovery_s: int = Field(default=0, ge=0, description="Seconds of recovery after each work.")
    recovery_zone: int = Field(default=1, ge=1, le=5, description="Zone of the recovery.")

    @property
    def duration_s(self) -> int:
        """Seconds from its first work to the end of its last recovery."""
        return self.repeats * (self.work_s + self.recovery_s)


class PlannedSession(PlanPart):
    """One session of a day."""

    sport: Sport
    kind: SessionKind
    duration_s: int = Field(gt=0, description="Planned duration in seconds.")
    distance_m: int | None = Field(
        default=None, gt=0, description="Planned distance in metres; null where time decides."
    )
    intensity: Intensity | None = Field(
        description="Main heart-rate zone; null for strength, which heart rate does not steer."
    )
    steps: tuple[Step, ...] = Field(
        default=(), description="The session from start to end; empty for strength and races."
    )
    planned_load: float = Field(ge=0, description="Expected training load.")
    description: str = Field(min_length=1, description="What to do.")
    goal: str = Field(min_length=1, description="What the session is for.")

    @property
    def is_hard(self) -> bool:
        """Whether the session counts against the week's hard sessions."""
        in_hard_zone = self.intensity is not None and self.intensity.zone >= HARD_FROM_ZONE
        return self.kind in HARD_KINDS or in_hard_zone

    @property
    def is_race(self) -> bool:
        """Whether it is a race."""
        return self.kind is SessionKind.RACE

    @property
    def is_strength(self) -> bool:
        """Whether it is strength work."""
        return self.sport is Sport.STRENGTH or self.kind is SessionKind.STRENGTH

    @property
    def is_long_run(self) -> bool:
        """Whether it is the long run, which no other sport's long session is."""
        return self.sport is Sport.RUN and self.kind is SessionKind.LONG


class PlannedDay(PlanPart):
    """One day; no session makes it a rest day."""

    date: date
    day_name: str = Field(description="The weekday of `date`, in the plan's language.")
    planned_load: float = Field(ge=0, description="Sum of the loads of the day's sessions.")
    sessions: tuple[PlannedSession, ...]


class NextWeek(PlanPart):
    """The planned week as a whole."""

    phase: Phase
    objective: str = Field(min_length=1, description="What the week is for, in a sentence.")
    week_start: date = Field(description="The planned week's Monday.")
    week_end: date = Field(description="The planned week's Sunday.")
    planned_load: float = Field(ge=0, description="Sum of the loads of all sessions.")


class Evidence(PlanPart):
    """A number that a reason rests on, named as in weekly_metrics."""

    metric: str = Field(min_length=1, description="Name of a weekly_metrics field.")
    value: float | None = Field(
        description="Its value in the observed week, as stored or with three digits or more."
    )
    baseline: float | None = Field(
        default=None, description="Its mean over the earlier weeks in which it was measured."
    )


class Reason(PlanPart):
    """Why the week looks as it does, with the numbers behind it."""

    text: str = Field(min_length=1)
    evidence: tuple[Evidence, ...] = ()


class WeeklyPlan(PlanPart):
    """A week of training as a planner answers it."""

    schema_version: Literal["2.0"] = Field(alias="schema_version")
    next_week: NextWeek
    days: tuple[PlannedDay, ...] = Field(min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK)
    warnings: tuple[str, ...] = Field(description="What the athlete should know before starting.")
    justification: tuple[Reason, ...] = Field(min_length=1)

    @property
    def sessions(self) -> tuple[PlannedSession, ...]:
        """All sessions of the week, in order."""
        return tuple(session for day in self.days for session in day.sessions)
