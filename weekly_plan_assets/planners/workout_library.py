"""The library of hard workouts: families with levels, read from the YAML files in `library`.

A family is one kind of work in one sport, a ladder from a little to a lot. Which family and level a
week gets belongs to `workout_choice`; what a session is made of around its main set, to `workouts`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from weekly_plan_assets.domain.athlete.targets import swim_speed_m_s
from weekly_plan_assets.domain.plan.session_parts import (
    ZONES_BY_INTENT,
    Block,
    Intent,
    Step,
    Stretch,
)
from weekly_plan_assets.domain.plan.session_zones import hard_s, zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import HARD_FROM_ZONE, Phase, Sport
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.errors import WeeklyPlanError

FOLDER = files("weekly_plan_assets.planners") / "library"

Speed = Callable[[Intent], float]
"""The speed in m/s of a stretch with an intent, where a distance decides."""

SEND_OFF_STEP_S = 5
"""A pool clock is read in steps of 5 s."""

NOMINAL_M_S = 1.0
"""A swimmer's speed, for comparing levels of metres with each other."""

_SPORTS = {"run": Sport.RUN, "ride": Sport.RIDE, "swim": Sport.SWIM}
_INTENTS = "|".join(intent.value for intent in Intent)
_AMOUNT = r"(?:\d+ km|\d+ m|\d+ min \d+ s|\d+ min|\d+ s)"
_ROUNDS = re.compile(r"(?P<rounds>\d+) rounds of (?P<items>.+)")
_ITEM = re.compile(
    rf"(?:(?P<repeats>\d+) x )?(?P<work>{_AMOUNT}) (?P<intent>{_INTENTS})"
    rf"(?: / (?P<rest>{_AMOUNT})(?: (?P<rest_intent>{_INTENTS}))?)?"
)
LEVEL_ALLOWED = (
    "a level such as `3 x 8 min threshold / 2 min`, `20 min tempo`, `8 x 100 m threshold / 15 s` "
    "or `2 rounds of 6 x 30 s vo2 / 30 s; 3 min easy`"
)


class Piece(BaseModel):
    """A stretch as a level states it: an intent, and seconds or metres."""

    model_config = ConfigDict(frozen=True)

    intent: Intent
    duration_s: int | None = None
    distance_m: int | None = None

    def stretch(self, zone: int, speed: Speed) -> Stretch:
        """The stretch in a zone; its time follows from the speed where metres are stated."""
        duration_s = self.duration_s
        if duration_s is None:
            duration_s = max(1, round((self.distance_m or 0) / speed(self.intent)))
        return Stretch(
            intent=self.intent, zone=zone, duration_s=duration_s, distance_m=self.distance_m
        )


class RepeatedPiece(BaseModel):
    """Work and the rest after it, several times."""

    model_config = ConfigDict(frozen=True)

    repeats: int = Field(ge=1, le=100)
    work: Piece
    rest: Piece | None = None


class WorkoutLevel(BaseModel):
    """One rung of a family: the main set of a workout."""

    model_config = ConfigDict(frozen=True)

    text: str
    rounds: int = Field(ge=1, le=100)
    items: tuple[RepeatedPiece, ...] = Field(min_length=1)

    def block(self, race_zone: int | None, speed: Speed) -> Block:
        """The main set as a block.

        Args:
            race_zone: The zone of stretches at race effort.
            speed: For stretches of which metres are stated.
        """

        def stretch(piece: Piece) -> Stretch:
            zones = ZONES_BY_INTENT[piece.intent]
            zone = race_zone if piece.intent is Intent.RACE and race_zone else zones[-1]
            return piece.stretch(zone, speed)

        return Block(
            repeats=self.rounds,
            steps=tuple(
                Step(
                    repeats=item.repeats,
                    work=(work := stretch(item.work)),
                    recovery=item.rest and _up_to_a_send_off(work, stretch(item.rest)),
                )
                for item in self.items
            ),
        )


class Said(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)

    def in_language(self, code: str) -> str:
        """The text in a language, `en` or `es`."""
        return self.es if code == "es" else self.en


class LibraryError(WeeklyPlanError, ValueError):
    """A file of workouts cannot be used; the message names the file, the family and the way out."""


def _level(value: Any) -> Any:
    """A level from its line."""
    if not isinstance(value, str):
        raise ValueError(LEVEL_ALLOWED)  # noqa: TRY004 - pydantic shows ValueErrors to the athlete
    rounds = _ROUNDS.fullmatch(value)
    items = (rounds["items"] if rounds else value).split("; ")
    return {
        "text": value,
        "rounds": int(rounds["rounds"]) if rounds else 1,
        "items": [_item(item) for item in items],
    }


def _item(text: str) -> dict[str, Any]:
    found = _ITEM.fullmatch(text)
    if found is None:
        raise ValueError(f"{LEVEL_ALLOWED}, but not {text!r}")
    rest = found["rest"] and {
        **_amount(found["rest"]),
        "intent": found["rest_intent"] or Intent.RECOVERY,
    }
    work = {**_amount(found["work"]), "intent": found["intent"]}
    return {"repeats": int(found["repeats"] or 1), "work": work, "rest": rest}


def _amount(text: str) -> dict[str, int]:
    """Seconds or metres of an amount."""
    numbers = [int(part) for part in text.split()[::2]]
    units = text.split()[1::2]
    if units in (["m"], ["km"]):
        return {"distance_m": numbers[0] * (1000 if units == ["km"] else 1)}
    unit_s = {"min": SECONDS_PER_MINUTE, "s": 1}
    return {"duration_s": sum(n * unit_s[unit] for n, unit in zip(numbers, units, strict=True))}


class Family(BaseModel):
    """One kind of work in one sport.

    Attributes:
        family: Its name in the library, such as `run-hills`.
        phases: In which weeks it is right.
        name: What a session of it is called.
        purpose: What it is for, in a sentence.
        where: Where to do it, as the end of a sentence.
        stop: What ends it early, in a sentence.
        uphill: Whether the work is done uphill, where no pace says how hard it is.
        race_zone: The zone of the races that it prepares for; None if it is not at race effort.
        levels: From a little work to a lot.
        source: Where it comes from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40)
    sport: Annotated[Sport, BeforeValidator(lambda value: _SPORTS.get(value, value))]
    phases: tuple[Phase, ...] = Field(min_length=1)
    name: Said
    purpose: Said
    where: Said
    stop: Said
    uphill: bool = False
    race_zone: int | None = Field(default=None, ge=HARD_FROM_ZONE, le=5)
    source: str = Field(min_length=1)
    levels: tuple[Annotated[WorkoutLevel, BeforeValidator(_level)], ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        works_s = [self.work_s(level) for level in range(len(self.levels))]
        for (lower, upper), (low_s, high_s) in zip(
            pairwise(self.levels), pairwise(works_s), strict=True
        ):
            if high_s <= low_s:
                raise ValueError(
                    f"levels with more work from one to the next, but {upper.text!r} holds no more "
                    f"than {lower.text!r}"
                )
        return self

    @cached_property
    def zone(self) -> int:
        """The zone with most of its hard time, the harder of two equal ones."""
        times_s = zone_times_s((self.block(0),))
        hard = {zone: time_s for zone, time_s in times_s.items() if zone >= HARD_FROM_ZONE}
        return max(hard, key=lambda zone: (hard[zone], zone))

    def block(self, level: int, speed: Speed = lambda _: NOMINAL_M_S) -> Block:
        """The main set of a level, counted from 0."""
        block = self.levels[level].block(self.race_zone, speed)
        return _uphill(block) if self.uphill else block

    def work_s(self, level: int) -> int:
        """Seconds from zone 3 up of a level, at a nominal speed where metres are stated."""
        return hard_s(zone_times_s((self.block(level),)))


def _up_to_a_send_off(work: Stretch, rest: Stretch) -> Stretch:
    """The rest, longer by so much that work of metres and rest take a multiple of 5 s."""
    if work.distance_m is None:
        return rest
    whole_s = -(-(work.duration_s + rest.duration_s) // SEND_OFF_STEP_S) * SEND_OFF_STEP_S
    return rest.model_copy(update={"duration_s": whole_s - work.duration_s})


def _uphill(block: Block) -> Block:
    """The block with its work, but not its recoveries, uphill."""
    steps = tuple(
        step.model_copy(update={"work": step.work.model_copy(update={"uphill": True})})
        for step in block.steps
    )
    return block.model_copy(update={"steps": steps})


@lru_cache(maxsize=8192)
def main_set(family: str, level: int, css_m_s: float) -> Block:
    """The main set of a level, counted from 0, for a swimmer with this CSS.

    Levels of minutes are the same for everybody. The same set is asked for again and again while a
    week is solved.
    """
    return library()[family].block(level, lambda intent: swim_speed_m_s(css_m_s, intent))


@lru_cache(maxsize=8192)
def main_times_s(family: str, level: int, css_m_s: float) -> Mapping[int, int]:
    """Seconds in each zone of that main set."""
    return zone_times_s((main_set(family, level, css_m_s),))


@cache
def library() -> Mapping[str, Family]:
    """The families that come with the project, by name, in the order of the files.

    Raises:
        LibraryError: A file is wrong.
    """
    found: dict[str, Family] = {}
    for path in sorted(FOLDER.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            for family in read_families(path.read_text(encoding="utf-8"), path.name):
                found[family.family] = family
    return found


def read_families(text: str, named: str) -> Sequence[Family]:
    """The families of a file.

    Args:
        text: Its content: a YAML list.
        named: What the file is called, for messages.

    Raises:
        LibraryError: It is no such list, or a family is wrong.
    """
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LibraryError(f"{named} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(rows, list):
        raise LibraryError(f"{named} must hold a list of families, each with family and levels")
    families = []
    for number, row in enumerate(rows, start=1):
        try:
            families.append(Family.model_validate(row))
        except ValueError as error:
            name = row.get("family") if isinstance(row, dict) else None
            raise LibraryError(f"{named}, family {name or number}: {error}") from error
    return families
