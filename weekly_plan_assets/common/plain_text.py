"""Text of strangers made harmless wherever it is shown: an activity may be called anything.

Writing a terminal, JSON and markdown with it belongs to `cli`.
"""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tab and line feed, and what turns the direction of writing round."""

_HALVES = re.compile("[\ud800-\udfff]")
"""Stand for the bytes of a file's name that are not UTF-8; no stream takes them."""

_NOT_ON_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, ends of lines, and what turns the direction of writing round."""

_RAW_IN_JSON = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Of these, what JSON may hold as it is."""


_LINKS = re.compile(r":(?=//)|\bwww(?=\.)|@|\](?=[(\[:])|<(?=\S)", re.IGNORECASE)
"""Where a link is cut: of an address, a mail address, and of what markdown writes as a link."""

_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text without anything that a terminal would obey."""
    return _HALVES.sub("\ufffd", _CONTROLS.sub("", text))


def one_line(text: str) -> str:
    """The name of a file, or other text of strangers, as a part of one line of output.

    Whatever would end the line or be obeyed by a terminal is written as an escape.
    """
    escaped = _NOT_ON_A_LINE.sub(lambda found: repr(found.group())[1:-1], text)
    return _HALVES.sub("\ufffd", escaped)


def without_links(text: str) -> str:
    """Text in which no reader of markdown finds a link; it looks the same.

    The UI reads the descriptions of checks as markdown, and makes links of bare addresses too. An
    invisible character keeps the parts of a link from being one.
    """
    return _LINKS.sub(f"\\g<0>{_WORD_JOINER}", plain(text))


def plain_json(text: str) -> str:
    """JSON that says the same, with what a terminal would obey written as escapes."""
    return _RAW_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
