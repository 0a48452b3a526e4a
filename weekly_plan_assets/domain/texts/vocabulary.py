"""The words of `words.txt` as regular expressions, and the numbers that are written as words."""

import re
from functools import cache
from importlib.resources import files

WORDS_PATH = files("weekly_plan_assets.domain.texts") / "words.txt"

NUMBERS = dict(
    zip(
        (
            *("a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy"),
            *("eighty", "ninety", "hundred", "couple of", "dozen"),
        ),
        (1, 1, *range(1, 20), *range(20, 101, 10), 2, 12),
        strict=True,
    )
) | dict(
    zip(
        (
            *("un", "una", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho"),
            *("nueve", "diez", "once", "doce", "trece", "catorce", "quince", "dieciseis"),
            *("diecisiete", "dieciocho", "diecinueve", "veinte", "treinta", "cuarenta"),
            *("cincuenta", "sesenta", "setenta", "ochenta", "noventa", "cien", "ciento"),
            *("veintiuno", "veintiun", "veintidos", "veintitres", "veinticuatro", "veinticinco"),
            *("veintiseis", "veintisiete", "veintiocho", "veintinueve"),
            *("doscientos", "doscientas", "trescientos", "trescientas"),
        ),
        (1, 1, *range(1, 20), *range(20, 101, 10), 100, 21, *range(21, 30), 200, 200, 300, 300),
        strict=True,
    )
)
"""What number words mean, English and Spanish."""


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    sections: dict[str, list[str]] = {}
    for line in WORDS_PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            sections[line[1:-1]] = []
        elif line and not line.startswith("#"):
            list(sections.values())[-1].append(line)
    return {name: tuple(words) for name, words in sections.items()}


def any_of(section: str) -> str:
    """A regular expression that matches any word of a section, whole words only.

    Raises:
        KeyError: There is no such section.
    """
    return rf"(?<!\w)(?:{'|'.join(_sections()[section])})(?!\w)"


@cache
def plain_words(section: str) -> frozenset[str]:
    """The words of a section that has no patterns."""
    return frozenset(_sections()[section])


@cache
def words(section: str) -> re.Pattern[str]:
    """The same, compiled."""
    return re.compile(any_of(section))
