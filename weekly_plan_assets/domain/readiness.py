"""How ready the athlete is for load: signals of the observed week, each with its inputs.

What they mean for the coming week belongs to `envelope`.
"""

from enum import StrEnum

from pydantic import Field

from weekly_plan_assets.domain.document import Document


class Light(StrEnum):
    """What a signal says: go on, take care, ease off, or that too little was measured."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_EVALUATED = "not_evaluated"


class Signal(Document):
    """One signal.

    Attributes:
        name: `hrv`, `resting_hr`, `sleep`, `form`, `monotony`, `ramp` or `adherence`.
        value: What was found, in `unit`; None where nothing was measured.
        baseline: What it is compared with.
        low: Below this it is no longer usual; None where there is no such bound.
        high: Above this it is no longer usual; None where there is no such bound.
        measured: Days or sessions that were measured.
        needed: How many must be.
        text: The finding in a sentence.
        source: Where the threshold comes from.
    """

    name: str
    light: Light
    value: float | None
    baseline: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    measured: int = Field(ge=0)
    needed: int = Field(ge=0)
    text: str
    source: str


class Readiness(Document):
    """All signals of one observed week."""

    signals: tuple[Signal, ...] = ()

    def light(self, name: str) -> Light:
        """What the signal called `name` says; not evaluated where there is none."""
        return next(
            (signal.light for signal in self.signals if signal.name == name), Light.NOT_EVALUATED
        )
