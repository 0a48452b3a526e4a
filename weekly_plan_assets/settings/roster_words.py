"""Sentences that name settings of one athlete, in the words of a roster.

Sources and targets do not know of the roster: they advise the variables by which one athlete is
set up, which hold for nobody in it.
"""

import re

from weekly_plan_assets.settings.roster import RosterAthlete

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
_VARIABLE = re.compile(rf"\b({'|'.join(_KEYS)})\b")
_TO_THE_OWNER = re.compile(
    r"\bset INTERVALS_ATHLETE_ID to 0, (?:the key's|its) owner(?:, or to an athlete who lets you,)?"
)
"""No athlete of a roster has the id 0."""

_DELIVER = re.compile(r"`weekly-plan deliver(?! --athlete)\b")


def in_roster_words(text: str, athlete: RosterAthlete) -> str:
    """A sentence about an athlete of the roster, with its keys in the place of the variables."""
    text = _TO_THE_OWNER.sub("check INTERVALS_ATHLETE_ID", text)
    text = _VARIABLE.sub(lambda found: _named(_KEYS[found[1]], athlete), text)
    return _DELIVER.sub(f"`weekly-plan deliver --athlete {athlete.id}", text)


def _named(key: str, athlete: RosterAthlete) -> str:
    variable = {"key": athlete.key, "token": athlete.token}.get(key)
    if variable is not None:
        return f"{variable} (`{key}` of {athlete.id} in the roster)"
    return f"`{key}` of {athlete.id} in the roster"
