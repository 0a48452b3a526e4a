"""Texts with their numbers in figures: number words, fractions of hours and clocks are rewritten.

Which quantities the figures are belongs to `quantities`.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from weekly_plan_assets.domain.texts.form import CACHED, folded
from weekly_plan_assets.domain.texts.vocabulary import NUMBERS

FIGURE = r"\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
"""A number: a point or a comma before three digits parts thousands, any other decimals."""

HOUR = r"hours?|hrs?|horas?|h"
MINUTE = r"minutes?|minutos?|mins?|min|'(?!')"
SECOND = r"seconds?|segundos?|secs?|segs?|s|\"|''"
DISTANCE_UNITS = {
    r"km|kms|kilomet(?:er|re|ro)s?|k": 1000.0,
    r"miles?|millas?|mi": 1609.344,
    r"m|mts|met(?:er|re|ro)s?": 1.0,
    r"yd|yards?|yardas?": 0.9144,
}
"""Metres of each unit of distance."""

_COUNTED = (
    *(HOUR, MINUTE, SECOND, *DISTANCE_UNITS, "x", "times", "veces", "sets?", "series", "rounds?"),
    *("rondas?", "reps?", "repeats?", "repeticiones", "intervals?", "intervalos"),
)
_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_NUMBER_WORDS = re.compile(
    rf"(?<![\w-])(?:{_WORD})(?:(?:-| and | y | )(?:{_WORD}))*(?=[ -](?:{'|'.join(_COUNTED)})(?!\w))"
)


@lru_cache(maxsize=CACHED)
def in_figures(text: str) -> str:
    """The text as quantities are looked for in it: folded, its numbers and times in figures."""
    read = folded(text)
    for pattern, write in _REWRITES:
        read = pattern.sub(write, read)
    return read


def number_in_text(figure: str) -> float:
    """A figure as a number."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", figure):
        return float(re.sub(r"[.,]", "", figure))
    return float(figure.replace(",", "."))


def _of_words(found: re.Match[str]) -> str:
    """Hundreds and dozens multiply, the others add up."""
    total = 0
    for word in re.findall(rf"\b(?:{_WORD})\b", found.group()):
        value = NUMBERS[word]
        total = max(1, total) * value if word in {"hundred", "dozen"} else total + value
    return str(total)


def _clock(found: re.Match[str]) -> str:
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return f"{(hours * 60 + minutes) * 60 + seconds} s"


def _and_a_half(found: re.Match[str]) -> str:
    return f"{number_in_text(found['figure']) + 0.5} {found['unit']}"


Rewrite = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_REWRITES: tuple[Rewrite, ...] = (
    # Days are no quantities: 2026-11-23.
    (re.compile(r"\b\d{4}-\d{2}-\d{2}\b"), "day"),
    (re.compile(r"(?<=\d)([x\u00d7*])(?=\d)"), r" \1 "),
    (re.compile(r"\b(?:half an? hour|half-hour|media hora)\b"), "30 min"),
    (re.compile(r"\b(\d{1,3}) (?:half[ -]hours|medias horas)\b"), r"\1 x 30 min"),
    (re.compile(r"\b(?:three quarters of an hour|tres cuartos de hora)\b"), "45 min"),
    (re.compile(r"\b(?:an? )?quarter of an hour\b|\b(?:un )?cuarto de hora\b"), "15 min"),
    (re.compile(r"\b(?:an?|one) hour and a half\b|\b(?:una )?hora y media\b"), "90 min"),
    (re.compile(rf"\b({_WORD}) and a half (?=hours?)"), lambda m: f"{NUMBERS[m[1]] + 0.5} "),
    (_NUMBER_WORDS, _of_words),
    (re.compile(rf"(?P<figure>{FIGURE}) (?P<unit>horas|minutos) y medi[ao]\b"), _and_a_half),
    (re.compile(rf"(?P<figure>{FIGURE}) and a half (?P<unit>hours?)"), _and_a_half),
    (re.compile(r"\b(\d{1,3}):([0-5]\d):([0-5]\d)\b"), _clock),
    (re.compile(rf"\b(\d{{1,3}}):([0-5]\d)() ?(?:{HOUR})(?!\w)"), _clock),
    (re.compile(r"\b(\d{1,3}) ?h ?([0-5]\d)() ?(?:min\b|m\b|')?(?![\w:%]|[.,-]\d)"), _clock),
    (re.compile(r"\b()(\d{1,3}) ?(?:min|') ?([0-5]\d) ?(?:''|\"|s\b)"), _clock),
)
"""What is written in another way, in this order."""
