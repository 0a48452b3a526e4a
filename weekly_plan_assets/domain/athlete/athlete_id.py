"""The id of an athlete: how it may look, and how it is known.

An account names its athlete. Files of a watch name nobody, so their athlete gives an id of their
own. Whether two sets of training can be the same person's belongs to `same_athlete`.
"""

import re
from enum import StrEnum

NAMELESS_ATHLETE = "folder"
"""The id of an athlete of files who gave none. It may be given, too: histories of version 0.1 have
it."""

UNKNOWN_ATHLETE = "unknown"
"""In run events of runs that broke before it was known whose they are; no athlete's id."""

ID_ALLOWED = "a letter, then up to 39 letters, digits or any of . _ @ -, and not the word unknown"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9._@-]{0,39}")


class Identity(StrEnum):
    """How it is known whose data a source holds.

    Attributes:
        NAMED: The data themselves, or the account, name the athlete.
        GIVEN: The data name nobody; the athlete gave an id.
        UNKNOWN: Neither.
    """

    NAMED = "named"
    GIVEN = "given"
    UNKNOWN = "unknown"


def is_athlete_id(text: str) -> bool:
    """Whether an athlete may give this id: it stands in commands, tags and file names."""
    return bool(_ID.fullmatch(text)) and text != UNKNOWN_ATHLETE


def with_name(athlete_id: str, name: str | None) -> str:
    """An athlete as people know them, with the id that commands take.

    Args:
        athlete_id: The id.
        name: What a roster calls the athlete; None if it does not say.
    """
    return athlete_id if name in {None, athlete_id} else f"{name} ({athlete_id})"
