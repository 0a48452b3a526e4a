"""The quantities that a text names: times, distances, zones, heart rates, efforts, loads, paces.

English and Spanish. Of a range the greater end counts, and what is repeated counts as often as the
text says. Whether a plan agrees with them is judged in `guardrails`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from weekly_plan_assets.domain.texts.figures_in_texts import (
    DISTANCE_UNITS,
    FIGURE,
    HOUR,
    MINUTE,
    SECOND,
    number_in_text,
)
from weekly_plan_assets.domain.texts.form import CACHED
from weekly_plan_assets.domain.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

METRES_PER_MILE = 1609.344


class Quantity(StrEnum):
    """What a number in a text is; the unit in which it is read stands in its name."""

    TIME_S = "time"
    DISTANCE_M = "distance"
    ZONE = "zone"
    HR_BPM = "heart rate"
    HR_PERCENT = "share of the maximal heart rate"
    EFFORT_OF_TEN = "effort"
    LOAD = "load"
    SPEED_M_S = "pace"


@dataclass(frozen=True, slots=True)
class Named:
    """A quantity that a text names: what it is, its words, and where in the text they stand."""

    kind: Quantity
    value: float
    shown: str
    start: int
    end: int


_UNITS_S = {HOUR: SECONDS_PER_HOUR, MINUTE: SECONDS_PER_MINUTE, SECOND: 1}
_TIME = re.compile(
    rf"(?<![\w.,:/])(?P<figure>{FIGURE})[ -]?(?P<unit>{'|'.join(_UNITS_S)})(?![a-z])"
)
_JOINED = re.compile(r",? ?(?:and |y )?")
"""Between the hours and the minutes of one time."""

_DISTANCE = re.compile(
    rf"(?<![\w.,:/])(?P<figure>{FIGURE})[ -]?(?P<unit>{'|'.join(DISTANCE_UNITS)})(?!\w)"
    r"(?![ -](?:race )?(?:pace|effort|speed|rhythm))"
)
_PACE_OF = re.compile(r"(?:ritmo|esfuerzo|pace|effort) (?:de|of) (?:tu |your |a |un |el )?$")
"""Before a distance: it is no distance that is covered, but how fast one is."""

_ZONE_WORDS = {
    word: zone
    for words in (
        ("one", "two", "three", "four", "five", "six", "seven"),
        ("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete"),
        ("i", "ii", "iii", "iv", "v", "vi", "vii"),
    )
    for zone, word in enumerate(words, start=1)
}
_NO_UNIT = rf"(?! ?(?:%|(?:{'|'.join((HOUR, MINUTE, SECOND, *DISTANCE_UNITS))})(?!\w)))(?![\w.,]\d)"
_ZONE_WORD = "|".join(sorted(_ZONE_WORDS, key=len, reverse=True))
_ZONE = re.compile(
    rf"(?<!\w)(?:zones?|zonas?|z) ?-?(?P<zones>(?:\d{{1,3}}|{_ZONE_WORD})(?!\w)"
    r"(?: ?(?:-|/|to|or|and|a|o|y) ?(?:zone |zona |z)?"
    rf"(?:\d|{_ZONE_WORD})(?!\w)(?! ?x){_NO_UNIT})*)"
)
_NO_ZONE = frozenset({"to", "or", "and", "a", "o", "y", "z"})
_PLAIN = {
    Quantity.HR_BPM: (
        rf"(?<![\w.,])(?P<figure>{FIGURE}) ?(?:bpm|ppm|lpm|beats|pulsaciones|latidos)\b"
    ),
    Quantity.HR_PERCENT: (
        rf"(?<![\w.,])(?P<figure>{FIGURE}) ?(?:%|percent|por ciento) ?(?:of |de |del )?"
        r"(?:your |the |tu |la |el )?(?:max|hr|fc|heart|frec|puls)"
    ),
    Quantity.EFFORT_OF_TEN: (
        rf"(?<!\w)(?:rpe|effort|esfuerzo)(?: of| de)? ?(?:\d{{1,2}} ?- ?)?(?P<figure>{FIGURE})"
        rf"(?!\w){_NO_UNIT}"
    ),
    Quantity.LOAD: rf"(?<!\w)(?:load|carga)(?: of| de)?:? (?P<figure>{FIGURE})(?!\w){_NO_UNIT}",
}
_SIMPLE = {kind: re.compile(pattern) for kind, pattern in _PLAIN.items()}
_PACE = re.compile(
    r"(?<![\w:])(?P<minutes>\d{1,2}):(?P<seconds>[0-5]\d) ?(?:min)? ?(?:/|(?:per|a|por|el) )"
    r" ?(?P<unit>km|kilomet|k\b|mi\b|mile|milla)"
)
_REPEATED = re.compile(
    r"(\d{1,6}) ?(?:x|\u00d7|\*|times|veces|por"
    r"|(?:\w+ )?(?:sets|series|rounds|rondas|reps|repeats|repetitions|repeticiones|intervals"
    r"|intervalos|laps|vueltas|blocks|bloques)(?: (?:of|de))?)[ (]*$"
)
"""Before a quantity: so often."""

_AND_AGAIN = re.compile(
    r",? ?(?:(\d{1,6}) (?:times|veces)|(twice))(?! (?:a|per|this|every|la|por|esta)\b)"
)
"""After a quantity likewise, but for times a week."""


@lru_cache(maxsize=CACHED)
def quantities(text: str) -> tuple[Named, ...]:
    """Every quantity of a text in figures (`figures.in_figures`), in the order of the text."""
    named = [*_times(text), *_distances(text), *_zones(text), *_others(text)]
    return tuple(sorted(named, key=lambda one: one.start))


def _times(text: str) -> Iterator[Named]:
    joined: Named | None = None
    unit_s = 0.0
    for found in _TIME.finditer(text):
        of_unit_s = _units(_UNITS_S, found["unit"])
        one = _found(Quantity.TIME_S, number_in_text(found["figure"]) * of_unit_s, found)
        if joined and of_unit_s < unit_s and _JOINED.fullmatch(text, joined.end, one.start):
            joined = replace(joined, value=joined.value + one.value, end=one.end)
        else:
            if joined:
                yield _as_often_as_said(joined, text)
            joined = one
        unit_s = of_unit_s
    if joined:
        yield _as_often_as_said(joined, text)


def _distances(text: str) -> Iterator[Named]:
    for found in _DISTANCE.finditer(text):
        if _PACE_OF.search(text, 0, found.start()):
            continue
        metres = number_in_text(found["figure"]) * _units(DISTANCE_UNITS, found["unit"])
        yield _as_often_as_said(_found(Quantity.DISTANCE_M, metres, found), text)


def _zones(text: str) -> Iterator[Named]:
    for found in _ZONE.finditer(text):
        names = re.findall(r"\d+|[a-z]+", found["zones"].replace("zone", "").replace("zona", ""))
        zones = [_ZONE_WORDS.get(name) or int(name) for name in names if name not in _NO_ZONE]
        yield _found(Quantity.ZONE, max(zones), found)


def _others(text: str) -> Iterator[Named]:
    for kind, pattern in _SIMPLE.items():
        for found in pattern.finditer(text):
            yield _found(kind, number_in_text(found["figure"]), found)
    for found in _PACE.finditer(text):
        seconds = int(found["minutes"]) * SECONDS_PER_MINUTE + int(found["seconds"])
        metres = METRES_PER_KM if found["unit"].startswith("k") else METRES_PER_MILE
        yield _found(Quantity.SPEED_M_S, metres / max(1, seconds), found)


def _units(units: dict[str, int] | dict[str, float], unit: str) -> float:
    return next(value for names, value in units.items() if re.fullmatch(names, unit))


def _found(kind: Quantity, value: float, found: re.Match[str]) -> Named:
    return Named(kind, value, found.group(), found.start(), found.end())


def _as_often_as_said(one: Named, text: str) -> Named:
    value, start = one.value, one.start
    while repeated := _REPEATED.search(text, 0, start):
        value *= int(repeated[1])
        start = repeated.start()
    if again := _AND_AGAIN.match(text, one.end):
        value *= int(again[1] or 2)
    return Named(one.kind, value, text[start : one.end], start, one.end)
