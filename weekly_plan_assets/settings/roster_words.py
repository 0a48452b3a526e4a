"""Sentences that name settings of one athlete, in the words of a roster.

Sources and targets do not know of the roster: they advise the variables by which one athlete is
set up, which hold for nobody in it.
"""

import re

from weekly_plan_assets.settings.roster import RosterAthlete, athlete_in_force

_KEYS = {
    "WEEKLY_PLAN_SOURCE": "source",
    "WEEKLY_PLAN_EXPORT_DIR": "folder",
    "WEEKLY_PLAN_ATHLETE": "athlete_file",
    "WEEKLY_PLAN_ATHLETE_ID": "id",
    "WEEKLY_PLAN_DELIVER": "deliver",
    "WEEKLY_PLAN_DELIVER_DIR": "deliver_dir",
    "INTERVALS_ATHLETE_ID": "id",
    "INTERVALS_API_KEY": "key",
    "INTERVALS_ACCESS_TOKEN": "token",
}
_NAMES = "|".join(_KEYS)
_VARIABLE = re.compile(rf"\b({_NAMES})\b")
_SET_TO = re.compile(rf"\bset ({_NAMES})=([^\s,;:()`]+)")
_WITH_VALUE = re.compile(rf"\b({_NAMES})=([^\s,;:()`]+)")
_OR_UNSET = re.compile(r"\bor unset it\b")
_TO_THE_OWNER = re.compile(
    r"\bset INTERVALS_ATHLETE_ID to 0, (?:the key's|its) owner(?:, or to an athlete who lets you,)?"
)
"""No athlete of a roster has the id 0."""

_DATA_OF_ONES_OWN = re.compile(
    r"; for your own data set INTERVALS_API_KEY or WEEKLY_PLAN_EXPORT_DIR(?=$|;)"
)
"""Simulated athletes never share a roster with real ones."""

_COMMAND = re.compile(r"`weekly-plan (deliver|run|runs|show)\b(?![^`]* --(?:athlete|all)\b)")


def in_roster_words(text: str, athlete: RosterAthlete) -> str:
    """A sentence about an athlete of the roster, with its keys in the place of the variables."""
    text = _DATA_OF_ONES_OWN.sub("", text)
    text = _TO_THE_OWNER.sub("check INTERVALS_ATHLETE_ID", text)
    if _VARIABLE.search(text):
        text = _OR_UNSET.sub("or leave it out", text)
    text = _SET_TO.sub(lambda found: f"set {_named(_KEYS[found[1]], athlete)} to {found[2]}", text)
    text = _WITH_VALUE.sub(lambda found: _with_value(_KEYS[found[1]], found[2], athlete), text)
    text = _VARIABLE.sub(lambda found: _named(_KEYS[found[1]], athlete), text)
    return _COMMAND.sub(rf"`weekly-plan \1 --athlete {athlete.id}", text)


def in_words_in_force(text: str) -> str:
    """The sentence in the words of the roster where the settings are those of an athlete of it."""
    if not (_VARIABLE.search(text) or _COMMAND.search(text)):
        return text
    athlete = athlete_in_force()
    return text if athlete is None else in_roster_words(text, athlete)


def _named(key: str, athlete: RosterAthlete) -> str:
    variable = {"key": athlete.key, "token": athlete.token}.get(key)
    if variable is not None:
        return f"{variable} (`{key}` of {athlete.id} in the roster)"
    return f"`{key}` of {athlete.id} in the roster"


def _with_value(key: str, value: str, athlete: RosterAthlete) -> str:
    return f"`{key}: {value}` of {athlete.id} in the roster"
