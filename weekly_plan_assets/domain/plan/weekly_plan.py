"""The plan contract, schema version 3.0: what a planner must answer and what is published.

The models here fix the shape only: types, the number of days, no unknown keys, and how much or how
long anything can be at all. Whether the content is good training is decided by `guardrails`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, ValidationInfo, model_validator

from weekly_plan_assets.domain.plan.answer_limits import ANSWER, AnswersOnly, AtMost
from weekly_plan_assets.domain.plan.plan_limits import GREATEST_LOAD, HIGHEST_HR_BPM
from weekly_plan_assets.domain.plan.session_parts import (
    MOST_BLOCKS,
    Block,
    Metres,
    PlanPart,
    Seconds,
)
from weekly_plan_assets.domain.plan.version_2 import STEPS_KEY, raised_session
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

SCHEMA_VERSION: Literal["3.0"] = "3.0"

HARD_FROM_ZONE = 3
"""A session whose main part is in this zone or above is hard (training convention, Z3 and up)."""


Load: TypeAlias = Annotated[float, AtMost(GREATEST_LOAD)]
Bpm: TypeAlias = Annotated[int, AtMost(HIGHEST_HR_BPM)]
Name: TypeAlias = Annotated[str, AtMost(50, "characters")]
Text: TypeAlias = Annotated[str, AtMost(500, "characters")]
LongText: TypeAlias = Annotated[str, AtMost(1000, "characters")]
"""What is read on a phone before training: a paragraph, not a page. Project convention."""

STORED_VERSIONS = ("2.0", "3.0")
PlanVersion: TypeAlias = Annotated[Literal["2.0", "3.0"], AnswersOnly(SCHEMA_VERSION)]
"""What is stored may be of an older version; what is answered is of the newest."""

MOST_SESSIONS_OF_A_DAY = 50
MOST_SENTENCES = 100
"""Of warnings and of reasons. Far more than a week needs: an athlete may have dozens of races and
fixed sessions, and the rules planner speaks of each."""

MOST_EVIDENCE = 30
"""Of one reason: weekly_metrics has fewer numbers."""


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


class Intensity(PlanPart):
    """The heart-rate zone of a session's main part, with the athlete's own bounds."""

    zone: int = Field(ge=1, le=5, description="Heart-rate zone of the main part, 1 to 5.")
    bpm_low: Bpm | None = Field(description="Lower bound in bpm; null if no zones are known.")
    bpm_high: Bpm | None = Field(description="Upper bound in bpm; null if no zones are known.")


def is_strength(sport: Sport, kind: SessionKind) -> bool:
    """Whether a session of this sport and kind is strength work: either of them says so."""
    return sport is Sport.STRENGTH or kind is SessionKind.STRENGTH


class AlternativeWhen(StrEnum):
    """When a session is replaced by another."""

    TIRED = "tired"
    SHORT_OF_TIME = "short_of_time"


class Alternative(PlanPart):
    """What to do instead of a session; never longer than it, nor harder."""

    when: AlternativeWhen
    duration_s: Seconds = Field(gt=0, description="Its duration in seconds.")
    blocks: Annotated[tuple[Block, ...], AtMost(MOST_BLOCKS, "items")] = Field(min_length=1)
    description: LongText = Field(min_length=1, description="What to do instead.")


class PlannedSession(PlanPart):
    """One session of a day."""

    sport: Sport
    kind: SessionKind
    duration_s: Seconds = Field(gt=0, description="Planned duration in seconds.")
    distance_m: Metres | None = Field(
        default=None, description="Planned distance in metres; null if time decides."
    )
    intensity: Intensity | None = Field(
        description="Main heart-rate zone; null for strength, which heart rate does not steer."
    )
    blocks: Annotated[tuple[Block, ...], AtMost(MOST_BLOCKS, "items")] = Field(
        default=(), description="The session from start to end; empty for strength and races."
    )
    planned_load: Load = Field(ge=0, description="Expected training load.")
    workout: Annotated[str, AtMost(50, "characters")] | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]+/[1-9][0-9]?$",
        description="The workout of the library and its level, as run-hills/3; null for others.",
    )
    name: Name | None = Field(default=None, min_length=1, description="What it is called.")
    where: Text | None = Field(default=None, min_length=1, description="Where to do it.")
    stop_when: Text | None = Field(default=None, min_length=1, description="What ends it early.")
    last_time: Text | None = Field(
        default=None, min_length=1, description="What was done last time of the same kind."
    )
    alternatives: Annotated[tuple[Alternative, ...], AtMost(4, "items")] = Field(
        default=(), description="What to do instead, if tired or short of time."
    )
    description: LongText = Field(min_length=1, description="What to do.")
    goal: Text = Field(min_length=1, description="What the session is for.")

    @model_validator(mode="before")
    @classmethod
    def _of_version_2(cls, read: Any, info: ValidationInfo) -> Any:
        """A stored session of 2.0 in the shape of 3.0; an answer has that shape, or is wrong."""
        old = isinstance(read, dict) and STEPS_KEY in read and "blocks" not in read
        return raised_session(read) if old and info.context != ANSWER else read

    @property
    def title(self) -> str:
        """What it is called; sport and kind where it has no name."""
        return self.name or f"{self.sport.value} {self.kind.value}"

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
        return is_strength(self.sport, self.kind)

    @property
    def is_long(self) -> bool:
        """Whether it is the long session of its sport."""
        return self.kind is SessionKind.LONG

    @property
    def is_long_run(self) -> bool:
        """Whether it is the long run, which no other sport's long session is."""
        return self.sport is Sport.RUN and self.is_long


class PlannedDay(PlanPart):
    """One day; no session makes it a rest day."""

    date: date
    day_name: Name = Field(description="The weekday of `date`, in the plan's language.")
    planned_load: Load = Field(ge=0, description="Sum of the loads of the day's sessions.")
    sessions: Annotated[tuple[PlannedSession, ...], AtMost(MOST_SESSIONS_OF_A_DAY, "items")]


class NextWeek(PlanPart):
    """The planned week as a whole."""

    phase: Phase
    objective: Text = Field(min_length=1, description="What the week is for, in a sentence.")
    week_start: date = Field(description="The planned week's Monday.")
    week_end: date = Field(description="The planned week's Sunday.")
    planned_load: Load = Field(ge=0, description="Sum of the loads of all sessions.")


class Evidence(PlanPart):
    """A number that a reason rests on, named as in weekly_metrics."""

    metric: Name = Field(min_length=1, description="Name of a weekly_metrics field.")
    value: float | None = Field(
        description="Its value in the observed week, as stored or with three digits or more."
    )
    baseline: float | None = Field(
        default=None, description="Its mean over the earlier weeks in which it was measured."
    )


class Reason(PlanPart):
    """Why the week looks as it does, with the numbers behind it."""

    text: Text = Field(min_length=1)
    evidence: Annotated[tuple[Evidence, ...], AtMost(MOST_EVIDENCE, "items")] = ()


class WeeklyPlan(PlanPart):
    """A week of training as a planner answers it."""

    schema_version: PlanVersion = Field(alias="schema_version")
    next_week: NextWeek
    days: tuple[PlannedDay, ...] = Field(min_length=DAYS_PER_WEEK, max_length=DAYS_PER_WEEK)
    warnings: Annotated[tuple[Text, ...], AtMost(MOST_SENTENCES, "items")] = Field(
        description="What the athlete should know before starting."
    )
    justification: Annotated[tuple[Reason, ...], AtMost(MOST_SENTENCES, "items")] = Field(
        min_length=1
    )

    @classmethod
    def answered(cls, text: str) -> Self:
        """The plan that a planner answered, held to the limits that stored plans may break.

        Raises:
            pydantic.ValidationError: The text is not the JSON of a plan, or breaks a limit.
        """
        return cls.model_validate_json(text, context=ANSWER)

    @property
    def sessions(self) -> tuple[PlannedSession, ...]:
        """All sessions of the week, in order."""
        return tuple(session for day in self.days for session in day.sessions)
