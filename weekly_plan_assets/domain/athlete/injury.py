"""What is hurt, read from the words that an athlete or a calendar has for it.

Bone and tendon heal slowly and hurt late, so that running comes back in another way after them.
"""

import re
from enum import StrEnum


class Tissue(StrEnum):
    """What an injury hurt, as far as running comes back differently after it."""

    BONE = "bone"
    TENDON = "tendon"
    OTHER = "other"


_BONE = re.compile(
    r"(?i)\b(?:bones?|stress (?:fracture|reaction)s?|fractur\w+|tibial?|fibula|metatars\w+|"
    r"shin splints?|periost\w+|huesos?|reaccion de estres|espinilla)\b"
)
_TENDON = re.compile(
    r"(?i)\b(?:tend[oi]n\w*|tend[ií]n\w*|achill\w+|aquiles|plantar\w*|fasci\w+|patellar?|rotulian\w+)"
)


def tissue_of(words: str | None) -> Tissue | None:
    """What the words name; None if they name nothing, `OTHER` if neither bone nor tendon."""
    if not words or not words.strip():
        return None
    if _BONE.search(words):
        return Tissue.BONE
    return Tissue.TENDON if _TENDON.search(words) else Tissue.OTHER
