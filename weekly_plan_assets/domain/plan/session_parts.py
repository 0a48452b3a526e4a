"""What a session is made of: blocks of steps, steps of stretches, and what steers a stretch.

A block is repeated as a whole, a step within it: `3 x (8 x 30 s fast, 30 s easy; 3 min easy)` is a
block of two steps. What a session says beside its parts belongs to `weekly_plan`; which time in
which zone follows belongs to `session_zones`.
"""

from enum import StrEnum
from typing import Annotated, Self, TypeAlias

from pydantic import ConfigDict, Field, model_validator

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.answer_limits import AtMost
from weekly_plan_assets.domain.plan.plan_limits import FARTHEST_SESSION_M, LONGEST_SESSION_S

Seconds: TypeAlias = Annotated[int, AtMost(LONGEST_SESSION_S)]
Metres: TypeAlias = Annotated[int, Field(gt=0), AtMost(FARTHEST_SESSION_M)]
Repeats: TypeAlias = Annotated[int, AtMost(100)]
"""A hundred short repeats are the most that is swum or run in one set (practice)."""

MOST_STEPS = 20
MOST_BLOCKS = 50
MOST_TARGETS = 4
GREATEST_TARGET = 3000
"""Watts of a sprint; no pace or heart rate is a greater number."""


class PlanPart(Document):
    """A part of the contract: unknown keys are refused, so that a planner's typo is not lost."""

    model_config = ConfigDict(extra="forbid")


class Intent(StrEnum):
    """How a stretch is meant to feel, whatever zones the athlete has."""

    RECOVERY = "recovery"
    EASY = "easy"
    STEADY = "steady"
    TEMPO = "tempo"
    THRESHOLD = "threshold"
    VO2 = "vo2"
    SPRINT = "sprint"
    RACE = "race"


ZONES_BY_INTENT = {
    Intent.RECOVERY: (1,),
    Intent.EASY: (2,),
    Intent.STEADY: (2, 3),
    Intent.TEMPO: (3,),
    Intent.THRESHOLD: (4,),
    Intent.VO2: (5,),
    Intent.SPRINT: (5,),
    Intent.RACE: (2, 3, 4, 5),
}
"""The zones of five that an intent belongs to; how hard a race is depends on how long it is."""

INTENT_BY_ZONE = {
    1: Intent.RECOVERY,
    2: Intent.EASY,
    3: Intent.TEMPO,
    4: Intent.THRESHOLD,
    5: Intent.VO2,
}
"""What a stretch in a zone is for, where nothing else is said."""


class TargetKind(StrEnum):
    """By what a stretch is steered."""

    POWER = "power"
    PACE = "pace"
    HR = "hr"
    RPE = "rpe"


class Target(PlanPart):
    """A range to stay in; `low` is at most `high`, so that a pace begins with its fast end."""

    kind: TargetKind
    low: Annotated[float, Field(ge=0), AtMost(GREATEST_TARGET)] | None = Field(
        default=None, description="The lower number; null if only the upper one matters."
    )
    high: Annotated[float, Field(gt=0), AtMost(GREATEST_TARGET)] = Field(
        description=(
            "The upper number: watts of power, bpm of heart rate, effort of 10; of pace seconds "
            "for a km run or ridden, for 100 m swum."
        )
    )

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if self.low is not None and self.low > self.high:
            raise ValueError(f"low is at most high, but {self.low:g} is more than {self.high:g}")
        return self


class Stretch(PlanPart):
    """A part of a session at one intensity."""

    intent: Intent
    zone: int = Field(ge=1, le=5, description="Heart-rate zone that its load is calculated from.")
    duration_s: Seconds = Field(gt=0, description="Seconds, expected where a distance decides.")
    distance_m: Metres | None = Field(
        default=None, description="Metres, where distance decides; null if time does."
    )
    uphill: bool = Field(default=False, description="Whether it is uphill, where pace says little.")
    targets: Annotated[tuple[Target, ...], AtMost(MOST_TARGETS, "items")] = Field(
        default=(), description="What steers it, the first one first; effort of 10 is always there."
    )

    def target(self, kind: TargetKind) -> Target | None:
        """The target of a kind, None if it has none."""
        return next((one for one in self.targets if one.kind is kind), None)


class Step(PlanPart):
    """Work and what follows it, `repeats` times."""

    repeats: Repeats = Field(default=1, ge=1, description="How often work and recovery are done.")
    work: Stretch
    recovery: Stretch | None = Field(
        default=None, description="After each work; in water the rest that the send-off leaves."
    )

    @property
    def duration_s(self) -> int:
        """Seconds from its first work to the end of its last recovery."""
        return self.repeats * sum(one.duration_s for one in self.stretches)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The work and, where there is one, the recovery."""
        return (self.work,) if self.recovery is None else (self.work, self.recovery)


class BlockPart(StrEnum):
    """Where in a session a block stands."""

    WARM_UP = "warm_up"
    MAIN = "main"
    COOL_DOWN = "cool_down"


class Block(PlanPart):
    """Steps that are done one after another, `repeats` times."""

    part: BlockPart = Field(default=BlockPart.MAIN, description="Where in the session it stands.")
    repeats: Repeats = Field(default=1, ge=1, description="How often all its steps are done.")
    steps: Annotated[tuple[Step, ...], AtMost(MOST_STEPS, "items")] = Field(min_length=1)

    @property
    def duration_s(self) -> int:
        """Seconds from its first step to the end of its last."""
        return self.repeats * sum(step.duration_s for step in self.steps)


def stretch(zone: int, duration_s: int, intent: Intent | None = None) -> Stretch:
    """A stretch in a zone, for what the zone is for where nothing else is said."""
    return Stretch(intent=intent or INTENT_BY_ZONE[zone], zone=zone, duration_s=duration_s)


def block(*steps: Step | Stretch, part: BlockPart = BlockPart.MAIN, repeats: int = 1) -> Block:
    """A block of these steps; a stretch alone is a step that is done once."""
    whole = tuple(one if isinstance(one, Step) else Step(work=one) for one in steps)
    return Block(part=part, repeats=repeats, steps=whole)
