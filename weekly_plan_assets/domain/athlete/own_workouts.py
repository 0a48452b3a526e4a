"""Families of workouts that athletes write down themselves, in their own file or one beside it.

They are read like those of the library, with less that must be said, and with texts that a plan can
show as they are.
"""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from weekly_plan_assets.domain.plan.weekly_plan import Phase
from weekly_plan_assets.domain.plan.workout_family import (
    PHASES_ALLOWED,
    TEXT_ALLOWED,
    Family,
    Said,
)
from weekly_plan_assets.domain.texts.advice import faults_of_advice
from weekly_plan_assets.domain.texts.figures_in_texts import in_figures
from weekly_plan_assets.domain.texts.form import faults_of_form
from weekly_plan_assets.domain.texts.quantities import quantities

LONGEST_NAME = 50
"""Characters that a session's name may have in a plan."""

BUILDING_PHASES = (Phase.BASE, Phase.BUILD, Phase.SPECIFIC)


def _in_both_languages(value: Any) -> Any:
    """A text that stands alone is said in every plan whose language it is in."""
    return {"en": value, "es": value} if isinstance(value, str) else value


OwnText = Annotated[Said, BeforeValidator(_in_both_languages)]


class OwnFamily(Family):
    """A family of the athlete's own; `family`, `sport`, `name` and `levels` must be there."""

    phases: tuple[Phase, ...] = Field(
        default=BUILDING_PHASES, min_length=1, description=PHASES_ALLOWED
    )
    name: OwnText = Field(description=TEXT_ALLOWED)
    purpose: OwnText | None = Field(default=None, description=TEXT_ALLOWED)
    how: OwnText | None = Field(default=None, description=TEXT_ALLOWED)
    where: OwnText | None = Field(default=None, description=TEXT_ALLOWED)
    stop: OwnText | None = Field(default=None, description=TEXT_ALLOWED)
    source: str = Field(
        default="the athlete's own", min_length=1, max_length=300, description="a text"
    )

    @model_validator(mode="after")
    def _can_be_shown(self) -> Self:
        texts = {key: getattr(self, key) for key in ("name", "purpose", "how", "where", "stop")}
        for key, said in texts.items():
            for text in () if said is None else (said.en, said.es):
                if fault := _fault(text):
                    raise ValueError(f"a {key} that a plan can show, but it {fault}")
        if max(len(self.name.en), len(self.name.es)) > LONGEST_NAME:
            raise ValueError(f"a name of at most {LONGEST_NAME} characters")
        return self


def _fault(text: str) -> str | None:
    """What keeps a text from being shown in a plan, in a few words."""
    for fault in (*faults_of_form(text), *faults_of_advice(text)):
        return fault
    named = quantities(in_figures(text))
    if named:
        return f"names {named[0].shown!r}; times, distances and zones are said by levels alone"
    return None
