"""Text of strangers made harmless wherever it is shown: an activity may be called anything.

How a terminal, JSON and markdown are written with it lies in `cli`.
"""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tab and line feed, and what turns the direction of writing round."""

_HALVES = re.compile("[\ud800-\udfff]")
"""Stand for the bytes of a file's name that are not UTF-8; no stream takes them."""

_RAW_IN_JSON = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Of these, what JSON may hold as it is."""


def plain(text: str) -> str:
    """Text without anything that a terminal would obey."""
    return _HALVES.sub("\ufffd", _CONTROLS.sub("", text))


def plain_json(text: str) -> str:
    """JSON that says the same, with what a terminal would obey written as escapes."""
    return _RAW_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
