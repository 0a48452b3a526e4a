"""A level of a family of workouts: one main set, written as `3 x 8 min tempo / 2 min`.

How the line is read, and which block follows from it. Families belong to `workout_family`.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from weekly_plan_assets.domain.plan.session_parts import (
    ZONES_BY_INTENT,
    Block,
    Intent,
    Step,
    Stretch,
)
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

Speed = Callable[[Intent], float]
"""The speed in m/s of a stretch with an intent, where a distance decides."""

NOMINAL_M_S = 1.0
"""For comparing levels of metres with each other."""

LONGEST_SET_S = 4 * SECONDS_PER_HOUR
"""Longer than any main set; refuses slips of the pen, not training. Project convention."""

SEND_OFF_STEP_S = 5
"""A pool clock is read in steps of 5 s."""

_INTENTS = "|".join(intent.value for intent in Intent)
_AMOUNT = r"(?:\d{1,4} km|\d{1,5} m|\d{1,3} min \d{1,2} s|\d{1,3} min|\d{1,4} s)"
_ROUNDS = re.compile(r"(?P<rounds>\d{1,3}) rounds of (?P<items>.+)")
_ITEM = re.compile(
    rf"(?:(?P<repeats>\d{{1,3}}) x )?(?P<work>{_AMOUNT}) (?P<intent>{_INTENTS})"
    rf"(?: / (?P<rest>{_AMOUNT})(?: (?P<rest_intent>{_INTENTS}))?)?"
)
LEVEL_ALLOWED = (
    "a level such as `3 x 8 min threshold / 2 min`, `20 min tempo`, `8 x 100 m threshold / 15 s` "
    "or `2 rounds of 6 x 30 s vo2 / 30 s; 3 min easy`, with the intents "
    f"{', '.join(Intent)}"
)


class Piece(BaseModel):
    """A stretch as a level states it: an intent, and seconds or metres."""

    model_config = ConfigDict(frozen=True)

    intent: Intent
    duration_s: int | None = Field(default=None, gt=0)
    distance_m: int | None = Field(default=None, gt=0)

    def stretch(self, zone: int, speed: Speed) -> Stretch:
        """The stretch in a zone; its time follows from the speed where metres are stated."""
        return Stretch(
            intent=self.intent,
            zone=zone,
            duration_s=self.likely_s(speed),
            distance_m=self.distance_m,
        )

    def likely_s(self, speed: Speed) -> int:
        """Seconds, which follow from the speed where metres are stated."""
        if self.duration_s is not None:
            return self.duration_s
        return max(1, round((self.distance_m or 0) / speed(self.intent)))


class RepeatedPiece(BaseModel):
    """Work and the rest after it, several times."""

    model_config = ConfigDict(frozen=True)

    repeats: int = Field(ge=1, le=100)
    work: Piece
    rest: Piece | None = None


class WorkoutLevel(BaseModel):
    """One rung of a family: the main set of a workout.

    Attributes:
        text: The line that it was read from.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    rounds: int = Field(ge=1, le=100)
    items: tuple[RepeatedPiece, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _can_be_done(self) -> Self:
        nominal_s = self.rounds * sum(
            item.repeats * sum(one.likely_s(lambda _: NOMINAL_M_S) for one in _pieces(item))
            for item in self.items
        )
        if nominal_s > LONGEST_SET_S:
            raise ValueError(
                f"a level of less than four hours, or of 14 km, which {self.text!r} is not"
            )
        return self

    @property
    def is_in_metres(self) -> bool:
        """Whether any of its work is stated in metres."""
        return any(item.work.distance_m is not None for item in self.items)

    def block(self, sport: Sport, race_zone: int | None, speed: Speed) -> Block:
        """The main set as a block.

        Args:
            sport: In water the rests end with a send-off.
            race_zone: The zone of stretches at race effort.
            speed: For stretches of which metres are stated.
        """

        def stretch(piece: Piece) -> Stretch:
            zones = ZONES_BY_INTENT[piece.intent]
            zone = race_zone if piece.intent is Intent.RACE and race_zone else zones[-1]
            return piece.stretch(zone, speed)

        def step(item: RepeatedPiece) -> Step:
            work = stretch(item.work)
            rest = None if item.rest is None else stretch(item.rest)
            if rest is not None and sport is Sport.SWIM and item.repeats > 1:
                rest = _up_to_a_send_off(work, rest)
            return Step(repeats=item.repeats, work=work, recovery=rest)

        return Block(repeats=self.rounds, steps=tuple(step(item) for item in self.items))


def read_pieces(text: str) -> tuple[RepeatedPiece, ...]:
    """Steps of a session that are written as those of a level, joined by `; `.

    Raises:
        ValueError: They are not; the message says what is allowed.
    """
    return tuple(RepeatedPiece.model_validate(_read_item(item)) for item in text.split("; "))


def _pieces(item: RepeatedPiece) -> tuple[Piece, ...]:
    return (item.work,) if item.rest is None else (item.work, item.rest)


def _up_to_a_send_off(work: Stretch, rest: Stretch) -> Stretch:
    """The rest, longer by so much that work of metres and rest take a multiple of 5 s."""
    if work.distance_m is None:
        return rest
    whole_s = -(-(work.duration_s + rest.duration_s) // SEND_OFF_STEP_S) * SEND_OFF_STEP_S
    return rest.model_copy(update={"duration_s": whole_s - work.duration_s})


def _read_level(value: Any) -> Any:
    """A level from its line."""
    if isinstance(value, WorkoutLevel):
        return value
    if not isinstance(value, str):
        raise ValueError(LEVEL_ALLOWED)  # noqa: TRY004 - pydantic shows ValueErrors to the athlete
    text = " ".join(value.split())
    rounds = _ROUNDS.fullmatch(text)
    items = (rounds["items"] if rounds else text).split("; ")
    return {
        "text": text,
        "rounds": int(rounds["rounds"]) if rounds else 1,
        "items": [_read_item(item) for item in items],
    }


def _read_item(text: str) -> dict[str, Any]:
    found = _ITEM.fullmatch(text)
    if found is None:
        raise ValueError(LEVEL_ALLOWED)
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
    if not any(numbers):
        raise ValueError(LEVEL_ALLOWED)
    if units in (["m"], ["km"]):
        return {"distance_m": numbers[0] * (METRES_PER_KM if units == ["km"] else 1)}
    unit_s = {"min": SECONDS_PER_MINUTE, "s": 1}
    return {"duration_s": sum(n * unit_s[unit] for n, unit in zip(numbers, units, strict=True))}


Level = Annotated[
    WorkoutLevel,
    BeforeValidator(_read_level, json_schema_input_type=str),
    PlainSerializer(lambda level: level.text, return_type=str),
]
"""A level that is written, stored and read as its line."""
