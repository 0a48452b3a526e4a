"""A family of workouts: one kind of work in one sport, a ladder from a little to a lot.

How a level is written belongs to `workout_level`. The families that come with the project belong to
`planners.workout_library`, an athlete's own to `domain.athlete.own_workouts`.
"""

from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from weekly_plan_assets.domain.plan.session_parts import Block, Intent
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE, hard_s, hard_zone, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE, Phase, Sport
from weekly_plan_assets.domain.plan.workout_level import NOMINAL_M_S, Level, Speed

_SPORTS = {"run": Sport.RUN, "ride": Sport.RIDE, "swim": Sport.SWIM}
SPORT_ALLOWED = "run, ride or swim"
FAMILY_ALLOWED = "a short name in lower case, such as hills-behind-the-house"
TEXT_ALLOWED = "a text, or one for each of en and es"


class SetPlace(StrEnum):
    """In which kind of session the main set lies: a hard one, the long one, or an easy one."""

    HARD = "hard"
    LONG = "long"
    EASY = "easy"


PHASES_ALLOWED = f"a list of {', '.join(Phase)}"
PLACE_ALLOWED = f"one of {', '.join(SetPlace)}"


def _sport(value: Any) -> Any:
    return _SPORTS.get(value, value) if isinstance(value, str) else value


class Said(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str = Field(min_length=1, max_length=300, description=TEXT_ALLOWED)
    es: str = Field(min_length=1, max_length=300, description=TEXT_ALLOWED)

    def in_language(self, code: str) -> str:
        """The text in a language, `en` or `es`."""
        return self.es if code == "es" else self.en


class Family(BaseModel):
    """One kind of work in one sport. The description of each field says what is allowed.

    Attributes:
        family: Its name in the library, such as `run-hills`.
        place: In which kind of session its main set lies.
        phases: In which weeks it is right.
        name: What a session of it is called.
        purpose: What it is for, in a sentence.
        how: How to do its main set, in a sentence; None where the steps say it all.
        where: Where to do it, as the end of a sentence that begins with "Do it".
        stop: What ends it early, in a sentence.
        uphill: Whether the work is done uphill, where no pace says how hard it is.
        race_zone: The zone of the races that it prepares for; None if it is not at race effort.
        levels: From a little work to a lot.
        source: Where it comes from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str = Field(
        pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40, description=FAMILY_ALLOWED
    )
    sport: Annotated[Sport, BeforeValidator(_sport)] = Field(description=SPORT_ALLOWED)
    place: SetPlace = Field(default=SetPlace.HARD, description=PLACE_ALLOWED)
    phases: tuple[Phase, ...] = Field(min_length=1, description=PHASES_ALLOWED)
    name: Said = Field(description=TEXT_ALLOWED)
    purpose: Said | None = Field(default=None, description=TEXT_ALLOWED)
    how: Said | None = Field(default=None, description=TEXT_ALLOWED)
    where: Said | None = Field(default=None, description=TEXT_ALLOWED)
    stop: Said | None = Field(default=None, description=TEXT_ALLOWED)
    uphill: bool = Field(default=False, description="true or false")
    race_zone: int | None = Field(
        default=None, ge=HARD_FROM_ZONE, le=5, description="a zone from 3 to 5"
    )
    source: str = Field(min_length=1, max_length=300, description="a text")
    levels: tuple[Level, ...] = Field(
        min_length=1, max_length=30, description="a list of levels, each with more work"
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.sport is Sport.RIDE and any(level.is_in_metres for level in self.levels):
            raise ValueError("levels of rides in minutes, because metres say nothing of a ride")
        self._check_work()
        self._check_ladder()
        return self

    def _check_work(self) -> None:
        races = any(item.work.intent is Intent.RACE for one in self.levels for item in one.items)
        if races != (self.race_zone is not None):
            raise ValueError("race_zone where levels hold the intent race, and only there")
        is_hard = [bool(hard_s(zone_times_s((self.block(n),)))) for n in range(len(self.levels))]
        if self.place is SetPlace.EASY and any(is_hard):
            raise ValueError("levels of recovery and easy work, because the place is easy")
        if self.place is not SetPlace.EASY and not all(is_hard):
            raise ValueError(
                f"levels with steady work or harder, because the place is {self.place.value}"
            )

    def _check_ladder(self) -> None:
        works_s = [self.work_s(level) for level in range(len(self.levels))]
        for (lower, upper), (low_s, high_s) in zip(
            pairwise(self.levels), pairwise(works_s), strict=True
        ):
            if high_s <= low_s:
                raise ValueError(
                    f"levels with more work from one to the next, but {upper.text!r} holds no more "
                    f"than {lower.text!r}"
                )

    def __hash__(self) -> int:
        """By name: main sets are looked up by family again and again."""
        return hash(self.family)

    @cached_property
    def zone(self) -> int:
        """The zone with most of its hard time, the harder of two equal ones; 2 of an easy set."""
        return hard_zone((self.block(0),)) or EASY_ZONE

    def block(self, level: int, speed: Speed = lambda _: NOMINAL_M_S) -> Block:
        """The main set of a level, counted from 0."""
        block = self.levels[level].block(self.sport, self.race_zone, speed)
        return _uphill(block) if self.uphill else block

    def work_s(self, level: int) -> int:
        """Seconds of work of a level, at a nominal speed where metres are stated."""
        return work_s(self.block(level))


def work_s(main: Block) -> int:
    """Seconds from zone 3 up of a main set; of an easy one without its rests."""
    hard = hard_s(zone_times_s((main,)))
    easy = main.repeats * sum(step.repeats * step.work.duration_s for step in main.steps)
    return hard or easy


def _uphill(block: Block) -> Block:
    """The block with its work, but not its recoveries, uphill."""
    steps = tuple(
        step.model_copy(update={"work": step.work.model_copy(update={"uphill": True})})
        for step in block.steps
    )
    return block.model_copy(update={"steps": steps})
