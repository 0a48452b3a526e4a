"""What no text of a plan may advise: medicines, diagnoses, training in spite of complaints, harm.

Code looks for words, and for those that turn them round: `stop if you feel pain` and `not all out`
are right, `ignore the pain` and `all out` are not. It reads no meaning, so a text that says one of
these things in other words passes.
"""

import re
from collections.abc import Iterator
from functools import cache

from weekly_plan_assets.domain.texts.form import folded
from weekly_plan_assets.domain.texts.vocabulary import any_of, words

_NEVER_NAMED = {
    "medicines": "names a medicine or a dose",
    "diagnoses": "names a diagnosis",
}
_WITHIN_A_CLAUSE = r"[^.;:!?]{0,40}?"
_SHARE_OF = re.compile(
    r"(?:%|percent|por ciento) ?(?:of |de |del )?(?:your |the |tu |la |el |su )?$"
)


def faults_of_advice(text: str) -> Iterator[str]:
    """What of a text must not be advised, each in a few words with the words that say it."""
    read = folded(text)
    for section, fault in _NEVER_NAMED.items():
        if found := words(section).search(read):
            yield f"{fault}, {found.group()!r}"
    for fault, pattern, excuses in (
        ("advises what harms", words("harm"), ()),
        ("asks for an effort without limit", words("efforts without limit"), (_is_share,)),
        ("advises training in spite of a complaint", _in_spite_of(), (_is_denied,)),
    ):
        for found in pattern.finditer(read):
            if not any(excuse(found) for excuse in (_is_advised_against, *excuses)):
                yield f"{fault}, {found.group()!r}"
                break


@cache
def _in_spite_of() -> re.Pattern[str]:
    return re.compile(
        rf"{any_of('disregard')}{_WITHIN_A_CLAUSE}(?P<complaint>{any_of('complaints')})"
        r"(?![ -]free)"
    )


def _is_share(found: re.Match[str]) -> bool:
    """Whether it is named to say how much of it: 90 % of your maximum heart rate."""
    return bool(_SHARE_OF.search(found.string, 0, found.start()))


def _is_denied(found: re.Match[str]) -> bool:
    """Whether the text says that there is no complaint: run with no pain."""
    before = found.string[found.start() : found.start("complaint")]
    return bool(re.search(rf"{any_of('denials')} (?:\w+ )?$", before))


def _is_advised_against(found: re.Match[str]) -> bool:
    """Whether one of the three words before it negates it: do not ignore pain."""
    before = found.string[: found.start()]
    return bool(re.search(rf"{any_of('negations')}(?: [\w']+){{0,2}} $", before))
