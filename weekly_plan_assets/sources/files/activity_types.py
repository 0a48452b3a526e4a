"""The sports of FIT, GPX, TCX and Strava under the type names of Intervals.icu.

Which is which stands in `sports.csv`, a line each; to teach the readers one more, add it there:

- `fit`: a sport and a sub-sport of the FIT profile. A sub-sport without a sport holds for machines,
  which often name nothing else; a sport without a sub-sport for all that have no line of their own.
- `word`: what a GPX or TCX file calls a sport, in small letters alone.
- `part`: a part of such a word, for words without a line of their own; the first line wins.
- `number`: what Strava's own GPX files write.
"""

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

from weekly_plan_assets.domain.recorded.activity import RIDE_TYPES, RUN_TYPES, STRENGTH_TYPES

OTHER_TYPE = "Workout"
"""A session of a sport that has no type of its own, or of none that the file names."""

SPORTS = files("weekly_plan_assets.sources.files") / "sports.csv"


@cache
def _table(kind: str) -> dict[tuple[str, str], str]:
    """The types of all lines of a kind, by name and detail, in their order."""
    rows = csv.DictReader(SPORTS.read_text(encoding="utf-8").splitlines())
    return {(row["name"], row["detail"]): row["type"] for row in rows if row["kind"] == kind}


@cache
def _words() -> dict[str, str]:
    """The types by every word for them: those of the table, of FIT, and their own names."""
    own = (*_table("fit").values(), *RUN_TYPES, *RIDE_TYPES, *STRENGTH_TYPES, OTHER_TYPE)
    return {
        **{kind.lower(): kind for kind in own},
        **{_plain(sport): kind for (sport, sub), kind in _table("fit").items() if not sub},
        **{word: kind for (word, _), kind in _table("word").items()},
    }


def type_of_fit_sport(sport: str | None, sub_sport: str | None) -> str:
    """The type of a sport and sub-sport of the FIT profile."""
    fit, sport, sub_sport = _table("fit"), sport or "", sub_sport or ""
    places = ((sport, sub_sport), (sport, ""), ("", sub_sport))
    return next((fit[place] for place in places if place in fit), OTHER_TYPE)


def type_of_word(word: str | None) -> str:
    """The type that a GPX or TCX file names, such as `Biking` or `trail_running`."""
    return _known_word(word or "") or OTHER_TYPE


def type_of_strava(words: str) -> str:
    """The type of Strava's words, such as `E-Bike Ride`: both sites name sports alike."""
    return re.sub("[^A-Za-z]", "", words) or OTHER_TYPE


def _known_word(word: str) -> str | None:
    number = _table("number").get((word.strip(), ""))
    plain = _plain(word)
    if number or not plain:
        return number
    parts = (kind for (part, _), kind in _table("part").items() if part in plain)
    return _words().get(plain) or next(parts, None)


def _plain(word: str) -> str:
    """The word in small letters alone, without accents."""
    letters = unicodedata.normalize("NFKD", word.lower())
    return re.sub("[^a-z]", "", letters)
