"""Names that somebody else has given, of a race or of a model, as a plan's texts may show them."""

import unicodedata
from functools import lru_cache

from weekly_plan_assets.domain.texts.advice import faults_of_advice
from weekly_plan_assets.domain.texts.figures_in_texts import in_figures
from weekly_plan_assets.domain.texts.form import CACHED, faults_of_form
from weekly_plan_assets.domain.texts.quantities import Quantity, quantities

LONGEST_NAME = 100
"""Characters, as for the races of an athlete's own file. Project convention."""

_HARMLESS = frozenset({Quantity.DISTANCE_M})
"""What a race may be called after; a time or a zone in a name reads like an instruction."""


_FRAMES = ("{}", "So {} so", "So: {}. So", "{}, so")
"""How a name stands in a sentence: it must be plain beside its words too."""


def shown_name(name: str | None) -> str | None:
    """The name as a text may show it; None if it is no plain name, or reads like advice.

    Controls, marks of direction and the like are left out, and what is too long is cut.
    """
    kept = "".join(char for char in name or "" if _is_shown(char))
    kept = " ".join(kept.split())
    if len(kept) > LONGEST_NAME:
        kept = f"{kept[: LONGEST_NAME - 1]}…"
    return kept if all(_is_plain(frame.format(kept)) for frame in _FRAMES) else None


@lru_cache(maxsize=CACHED)
def _is_plain(text: str) -> bool:
    return not (
        any(faults_of_form(text, any_script=True))
        or any(faults_of_advice(text))
        or any(one.kind not in _HARMLESS for one in quantities(in_figures(text)))
    )


def _is_shown(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cn", "Cs", "Mn", "Me"} or (
        char.isspace()
    )
