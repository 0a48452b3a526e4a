"""In which language a text is, as far as its little words say.

Only English and Spanish are known. A text of a few words, or one in a language that shares its
little words, passes: this keeps out a plan that the athlete cannot read, and nothing else.
"""

import re
from functools import lru_cache

from weekly_plan_assets.domain.texts.form import CACHED, folded
from weekly_plan_assets.domain.texts.vocabulary import plain_words

LANGUAGES = ("en", "es")

LEAST_WORDS = 7
"""A shorter text may do without any little word. Project convention."""

LEAST_FOREIGN = 3
"""So many little words of the other language, and twice as many as of its own, make a text
foreign. Project convention."""


@lru_cache(maxsize=CACHED)
def is_in_language(text: str, language: str) -> bool:
    """Whether nothing says that the text is in another language.

    Args:
        text: Any text.
        language: `en` or `es`.
    """
    found = re.findall(r"[a-z']+", folded(text))
    own = _count(found, f"function words {language}")
    foreign = max(
        _count(found, f"function words {other}") for other in LANGUAGES if other != language
    )
    if foreign >= max(LEAST_FOREIGN, 2 * own + 1):
        return False
    known = own + _count(found, f"training words {language}")
    return known > 0 or len(found) < LEAST_WORDS


def _count(found: list[str], section: str) -> int:
    return sum(word in plain_words(section) for word in found)
