"""What is right and what is wrong with a roster, without asking anybody's account."""

from collections.abc import Iterator
from pathlib import Path

from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.operations.diagnosis import Diagnosis, note, right, wrong
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.roster import Roster, RosterAthlete, athlete_settings, zone_of
from weekly_plan_assets.settings.roster_words import in_roster_words
from weekly_plan_assets.sources.opening import given_id

_MOST_NAMED = 20


def roster_found(settings: Settings, roster: Roster) -> Iterator[Diagnosis]:
    """How many athletes there are, and what is missing for some of them."""
    zones = {zone_of(settings, one) for one in roster.athletes}
    yield right(
        "roster",
        f"{settings.roster_file} holds {counted(len(roster.athletes), 'athlete')} in "
        f"{counted(len(zones), 'time zone')}",
    )
    faults = [
        f"{one.called}: {fault}" for one in roster.athletes for fault in _faults_of(settings, one)
    ]
    yield from (wrong("roster", fault) for fault in faults[:_MOST_NAMED])
    if len(faults) > _MOST_NAMED:
        yield wrong("roster", f"{len(faults) - _MOST_NAMED} more of this kind")
    yield note(
        "roster",
        "no account is asked here; `weekly-plan doctor --athlete ID` tries the source of one "
        "athlete",
    )


def _faults_of(settings: Settings, athlete: RosterAthlete) -> Iterator[str]:
    if athlete.folder is not None and not athlete.folder.is_dir():
        yield f"there is no folder {athlete.folder}; correct folder in the roster"
    elif athlete.folder is not None and _is_empty(athlete.folder):
        yield f"the folder {athlete.folder} is empty; put the athlete's files there"
    try:
        given_id(athlete_settings(settings, athlete))
    except WeeklyPlanError as error:
        yield in_roster_words(str(error), athlete)


def _is_empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except OSError:  # what it holds is not known, which reading it says
        return False
