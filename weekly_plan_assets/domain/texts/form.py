"""The form of a plain sentence: Latin letters, on one line, without markup or links.

What a text says is not looked at here.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LEAST_READABLE_SHARE = 0.6
"""Letters, digits and spaces in a text: prose has about nine in ten. Project convention."""

CACHED = 16_384
"""Texts and characters that are remembered: those of one planner repeat from week to week."""

_PLAIN_CATEGORIES = frozenset(
    {
        *("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Zs"),
        *("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"),
    }
)
"""Not among them: controls, line ends, formats such as zero-width and direction marks, lone
surrogates, marks that are piled on letters, and numbers that are no digits."""

_LATIN = ("LATIN ", "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO SIGN")

_TOP_LEVEL = (
    "com|org|net|info|biz|app|dev|xyz|example|test|uk|de|fr|ru|cn|eu|us|ai|io|co|ly|link|site|online"
    "|shop|store|club|top|live|tv|page|web|cloud|click|zip|mobi|edu|gov|int|mil"
)

_MARKUP = {
    "an address": re.compile(
        r"\w+://|\bwww\.|\b(mailto|tel|https?|javascript|data):\S"
        rf"|\b[\w-]+(\.[\w-]+)*\.({_TOP_LEVEL})\b"
        r"|\b[\w-]{2,}\.[a-z]{2,}/\w"
        r"|\b\d{1,3}(\.\d{1,3}){3}\b"
        r"|\+\d[\d ()-]{7,}\d",
        re.IGNORECASE,
    ),
    "a name to be notified": re.compile(r"(?<![\w@])@[^\W\d_]|\w@\w", re.IGNORECASE),
    "markup": re.compile(
        r"[`\[\]{}\\|]|\*\*|__|~~|(?<!\w)[*_]\w[^*_]*[*_](?!\w)|^\s*#{1,6}\s|^\s*>|<\s*[a-z/!?]"
        r"|&(#\d+|#x[\da-f]+|[a-z]{2,8});|:[a-z_]{2,}:",
        re.IGNORECASE,
    ),
}


def faults_of_form(text: str, *, any_script: bool = False, besides: str = "") -> Iterator[str]:
    """What keeps a text from being a plain sentence, each in a few words.

    Args:
        text: Any text.
        any_script: Whether letters of other alphabets are right, as in names.
        besides: Letters that are right too.
    """
    composed = unicodedata.normalize("NFC", text)
    also = frozenset(unicodedata.normalize("NFC", besides))
    if not any(char.isalpha() for char in composed):
        yield "holds no letter"
        return
    strange = next(
        (char for char in composed if not _is_plain(char, any_script=any_script or char in also)),
        None,
    )
    if strange is not None:
        yield f"holds the character U+{ord(strange):04X} {unicodedata.name(strange, '')}".rstrip()
    readable = sum(char.isalnum() or char.isspace() for char in composed)
    if readable < LEAST_READABLE_SHARE * len(composed):
        yield "is hardly made of letters"
    for what, pattern in _MARKUP.items():
        if found := pattern.search(composed):
            yield f"holds {what}, {found.group()[:40]!r}"


@lru_cache(maxsize=CACHED)
def folded(text: str) -> str:
    """The text for looking words up: lower case, no accents, plain digits, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.translate(_LIKE).split())


_LIKE = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212"} | {
    ord(quote): plain
    for plain, quotes in (("'", "\u2018\u2019\u2032"), ('"', "\u201c\u201d\u2033"))
    for quote in quotes
}
"""Dashes and quotation marks that mean the same."""


@lru_cache(maxsize=CACHED)
def _is_plain(char: str, *, any_script: bool) -> bool:
    category = unicodedata.category(char)
    if category not in _PLAIN_CATEGORIES:
        return False
    if category == "Nd":
        return char.isascii()
    if category.startswith("L") and not any_script:
        return unicodedata.name(char, "").startswith(_LATIN)
    return True
