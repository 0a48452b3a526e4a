"""Prose in which no word is syntax: planners write freely, and calendars read numbers as steps.

What breaks, as clients of Intervals.icu found: a leading dash makes a step, `6x` a repeat, `Z4` a
target wherever it stands, `80%` and `200w` too, and `intensity=` and bare headers a section.
"""

import re
import unicodedata

from weekly_plan_assets.common.plain_text import one_line

_BULLETS = "-*\u2013\u2014\u2022 "
"""What begins a step, or looks as if it did: dashes, an asterisk, a bullet, a blank."""

_TIMES = "\u00d7"
_REPEAT = re.compile(rf"\b(\d{{1,3}})\s*[xX{_TIMES}](?=\s|\d|$)")
_ZONE = re.compile(r"\b[zZ]\s?(\d)\b")
_PERCENT = re.compile(r"(\d)\s*%")
_WATTS = re.compile(r"(\d)\s*[wW]\b")
_OPTION = re.compile(r"\b(intensity|power|hr|cadence)\s*=", re.IGNORECASE)
_HEADER = re.compile(r"^(warm[\s-]?up|cool[\s-]?down|main(\s+set)?)(?P<colon>:?)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_SYNTAX_WORDS = re.compile(r"\b(ramp|freeride|maxeffort|press lap|rpm|lthr|pace)\b", re.IGNORECASE)


def plain_prose(text: str) -> str:
    """A text as one line of prose, which says the same to a person and nothing to a calendar.

    Args:
        text: As a planner or an athlete wrote it.
    """
    flat = " ".join(one_line(unicodedata.normalize("NFC", " ".join(text.split()))).split())
    flat = flat.lstrip(_BULLETS)
    flat = _REPEAT.sub(rf"\1 {_TIMES}", flat)
    flat = _ZONE.sub(r"zone \1", flat)
    flat = _PERCENT.sub("\\1\u00a0%", flat)
    flat = _WATTS.sub("\\1\u00a0watts", flat)
    flat = _OPTION.sub(r"\1 ", flat)
    header = _HEADER.match(flat)
    return f"{flat}." if header and not header["colon"] else flat


def plain_cue(text: str) -> str:
    """A few words to stand in front of a duration: without numbers and words of the syntax."""
    words = _SYNTAX_WORDS.sub("", _DIGITS.sub("", plain_prose(text)))
    return " ".join(words.replace("=", " ").replace("%", " ").split())
