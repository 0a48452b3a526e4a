"""What the doctor finds of the settings: what is set, and what is no setting."""

import os
from collections.abc import Iterator
from difflib import get_close_matches

from pydantic import SecretStr

from weekly_plan_assets.operations.diagnosis import Diagnosis, note, right
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.roster import OF_AN_ATHLETE, RosterAthlete, athlete_in_force

_SAID_BY_THE_ROSTER = {*OF_AN_ATHLETE, "intervals_athlete_id", "timezone", "roster_file"}

_OTHER_VARIABLES = {"WEEKLY_PLAN_MONGOD", "WEEKLY_PLAN_TRACEBACK"}
"""What is read without being a setting."""

_PREFIXES = ("WEEKLY_PLAN_", "INTERVALS_", "MONGO_")
_NEAR = 0.7
"""How much of a name must be right for another one to be meant."""


def settings_found(settings: Settings) -> Iterator[Diagnosis]:
    """What somebody set, and what looks like a setting but is none."""
    athlete = athlete_in_force()
    if athlete is not None:
        yield _athlete_chosen(athlete, settings)
    for name, variable, value in _values(settings):
        if athlete is not None and name in _SAID_BY_THE_ROSTER:
            continue
        shown = "set (secret)" if isinstance(value, SecretStr) else str(value)
        if variable in os.environ:
            yield right(variable, shown)
        elif value is not None and name in settings.model_fields_set:
            # What is set without a variable, the athlete's file says: their time zone.
            yield right(variable, f"{shown} (athlete's file)")
    yield from _unknown_variables()
    if settings.is_sample and settings.roster is not None:
        yield note("data", "simulated athletes; nobody real is in the roster")
    elif settings.is_sample and athlete is not None:
        yield note("data", "a simulated athlete; nobody real is in the roster")
    elif settings.is_sample:
        yield note(
            "data",
            "the sample, a simulated athlete; for your own data set INTERVALS_API_KEY or "
            "WEEKLY_PLAN_EXPORT_DIR",
        )
    if "timezone" not in settings.model_fields_set and not settings.is_sample:
        yield note(
            "WEEKLY_PLAN_TIMEZONE",
            "not set, so weeks begin at midnight UTC; set it to your zone, such as Europe/Madrid",
        )


def _athlete_chosen(athlete: RosterAthlete, settings: Settings) -> Diagnosis:
    """Which athlete of the roster the other findings are about, with what it says of them."""
    said = athlete.model_dump(mode="json", exclude_none=True, exclude={"id"})
    said |= {"timezone": settings.timezone}
    keys = ", ".join(f"{key} {value}" for key, value in said.items())
    return right("roster", f"athlete {athlete.id}: {keys}")


def defaults_found(settings: Settings) -> Iterator[Diagnosis]:
    """What nobody set, at the end: it is long, and the least news."""
    for name, variable, value in _values(settings):
        if value is None or variable in os.environ or name in settings.model_fields_set:
            continue
        yield right(variable, f"{value} (default)")


def _values(settings: Settings) -> Iterator[tuple[str, str, object]]:
    """Every setting: its name, its variable and its value."""
    for name, field in Settings.model_fields.items():
        yield name, str(field.alias), getattr(settings, name)


def _unknown_variables() -> Iterator[Diagnosis]:
    """Variables of the environment or of `.env` that no part of the project reads."""
    known = {str(field.alias) for field in Settings.model_fields.values()} | _OTHER_VARIABLES
    for variable in sorted(os.environ.keys() - known):
        prefix = next((one for one in _PREFIXES if variable.startswith(one)), None)
        if prefix is None:
            continue
        # What all of them begin with would make any name look like any other.
        ends = {name.removeprefix(prefix): name for name in known if name.startswith(prefix)}
        near = get_close_matches(variable.removeprefix(prefix), ends, n=1, cutoff=_NEAR)
        if near:
            meant = f"did you mean {ends[near[0]]}?"
            yield note(variable, f"is set, but there is no such setting; {meant}")
        elif prefix == _PREFIXES[0]:  # other programs may read what else begins like the others
            yield note(variable, "is set, but there is no such setting; unset it")
