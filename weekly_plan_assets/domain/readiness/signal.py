"""The shapes of readiness: a signal with its inputs, and all signals of a week.

How a signal is found belongs to `body` and `training`.
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


RAISED = frozenset({Light.AMBER, Light.RED})
"""Lights of a signal that is not as usual."""


class Signal(Document):
    """One signal.

    Attributes:
        name: `hrv`, `resting_hr`, `sleep`, `form`, `monotony`, `ramp` or `adherence`.
        value: What was found, in `unit`; None if nothing was measured.
        baseline: What it is compared with.
        low: Below this it is no longer usual; None if there is no such bound.
        high: Above this it is no longer usual; None if there is no such bound.
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
        found = self.signal(name)
        return Light.NOT_EVALUATED if found is None else found.light

    def signal(self, name: str) -> Signal | None:
        """The signal called `name`."""
        return next((signal for signal in self.signals if signal.name == name), None)

    def with_light(self, *lights: Light) -> tuple[Signal, ...]:
        """The signals that say one of these."""
        return tuple(signal for signal in self.signals if signal.light in lights)
