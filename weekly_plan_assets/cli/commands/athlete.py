"""Whose documents a command shows: those of the source in force, unless it is asked for others."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import typer

from weekly_plan_assets.cli.store import open_database
from weekly_plan_assets.domain.athlete.athlete_id import UNKNOWN_ATHLETE
from weekly_plan_assets.settings import SettingsError, SourceName, load_settings
from weekly_plan_assets.terminal.console import err

if TYPE_CHECKING:
    from weekly_plan_assets.lineage.records.reading import Lineage
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.settings.roster import Roster

_MOST_NAMED = 20

_CHOICE = "WEEKLY_PLAN_ATHLETE_ID"
_ROSTER = "WEEKLY_PLAN_ROSTER"

_ID_VARIABLES: dict[str, str] = {
    SourceName.INTERVALS: "INTERVALS_ATHLETE_ID",
    SourceName.FOLDER: _CHOICE,
    SourceName.SIMULATED: _CHOICE,
}


def settings_for(athlete: str | None) -> "Settings":
    """The settings in force, with the athlete that a command is asked to read from its source.

    The environment is changed, because worker processes and Dagster's resources read it.

    Args:
        athlete: What `--athlete` says; None if it is not given.

    Raises:
        SettingsError: A setting is refused, or it is no athlete's id, or that of nobody in the
            roster.
        typer.BadParameter: The sample has one athlete only.
    """
    settings = load_settings()
    if athlete is None:
        return settings
    if os.environ.get(_ROSTER):
        return _chosen(_roster_file().require(athlete).id)
    return _of_source(settings, athlete)


def _of_source(settings: "Settings", athlete: str) -> "Settings":
    """The settings for another athlete of the same source; errors are those of `settings_for`."""
    variable = _ID_VARIABLES.get(settings.source)
    if variable is None:
        from weekly_plan_assets.sources.sample.sample_sessions import ATHLETE_ID

        if athlete == ATHLETE_ID:
            return settings
        raise typer.BadParameter(
            f"the sample has no athlete {athlete!r}, only {ATHLETE_ID!r}; set INTERVALS_API_KEY or "
            "WEEKLY_PLAN_EXPORT_DIR for data of your own",
            param_hint="--athlete",
        )
    os.environ[variable] = athlete
    return load_settings()


def settings_for_planning(athlete: str | None, *, everybody: bool) -> "Settings":
    """The settings with which a command plans: of one athlete, or what those of a roster share.

    Args:
        athlete: What `--athlete` says; None if it is not given.
        everybody: Whether `--all` is given, which holds though one athlete was chosen by a setting.

    Raises:
        SettingsError: A setting is refused.
        typer.BadParameter: There is no roster for `--all`, or the sample has no such athlete.
    """
    if everybody:
        choose_nobody()
    shared = load_settings()
    if everybody and not os.environ.get(_ROSTER):
        raise typer.BadParameter(
            "there is no roster, so leave it out; `weekly-plan athletes add` makes one",
            param_hint="--all",
        )
    if shared.roster is not None or athlete is None:
        return shared
    return _of_source(shared, athlete)


def roster_in_force() -> "tuple[Settings, Roster]":
    """What the athletes of the roster share, and the roster, even if it has one athlete.

    Raises:
        SettingsError: A setting is refused, or the roster is wrong.
        typer.BadParameter: There is no roster for `--all`.
    """
    settings = settings_for_planning(None, everybody=True)
    return settings, settings.roster or _roster_file()


def _roster_file() -> "Roster":
    """Who is in the file of the roster, also where one of them is chosen."""
    from pathlib import Path

    from weekly_plan_assets.settings.roster_file import read_roster

    return read_roster(Path(os.environ[_ROSTER]).expanduser().absolute())


def name_in_roster(athlete_id: str | None) -> str | None:
    """What an athlete is called in the roster; None where there is none, or it does not say."""
    if athlete_id is None or not os.environ.get(_ROSTER):
        return None
    named = _roster_file().named(athlete_id)
    return None if named is None else named.name


def choose_nobody() -> None:
    """Let a setting that chooses one athlete of the roster not hold for this command."""
    os.environ[_CHOICE] = ""  # an empty one counts as unset, and `.env` does not fill it


def settings_and_id(
    athlete: str | None, *, reads_only: bool = True
) -> "tuple[Settings, str | None]":
    """The settings with which a command reads the store, and the id of the athlete it is asked for.

    With a roster, `--athlete` takes a name, too, and the settings are that athlete's.

    Args:
        athlete: What `--athlete` says; None if it is not given.
        reads_only: Whether the athlete's key is not needed, so that it need not be set.

    Raises:
        SettingsError: A setting is refused; several athletes have that name; or nobody does, and
            the athlete's settings are needed.
    """
    settings = load_settings()
    if athlete is None or not os.environ.get(_ROSTER):
        return settings, athlete
    roster = _roster_file()
    is_stored_at_most = reads_only and not roster.is_name_of_several(athlete)
    if is_stored_at_most and roster.named(athlete) is None:  # taken out of the roster, perhaps
        return settings, athlete
    named = roster.require(athlete)
    try:
        return _chosen(named.id), named.id
    except SettingsError:
        if not reads_only:
            raise
        choose_nobody()
        return settings, named.id


def _chosen(athlete_id: str) -> "Settings":
    """The settings of an athlete of the roster, also for what this process starts."""
    os.environ[_CHOICE] = athlete_id
    return load_settings()


def lineage_of(settings: "Settings", athlete: str | None, *, run: str | None = None) -> "Lineage":
    """The lineage that a command reads: of `--athlete`, else of the source's athlete.

    Args:
        settings: The settings in force.
        athlete: What `--athlete` says; None if it is not given.
        run: The run that is asked for, as `Lineage.resolve` takes it. A runId is nobody else's, so
            only `latest` needs an athlete.

    Raises:
        StoreError: It must be said whose, or that athlete has nothing here; names who has.
    """
    from weekly_plan_assets.lineage.records.reading import LATEST, Lineage
    from weekly_plan_assets.storage.errors import StoreError

    database = open_database(settings)
    known = Lineage(database).athletes()
    if athlete is None:
        if len(known) < 2 or run not in {None, LATEST}:  # noqa: PLR2004 - one needs no choice
            return Lineage(database)
        own = source_athlete(settings, ask=True)
        if own in known:
            return Lineage(database, own)
        nobody = "" if own is None else f", but nothing of {own}, whose data the source holds"
        raise StoreError(
            f"the database {database.name} holds the athletes {_some_of(known)}{nobody}; say "
            "whose documents with --athlete ID"
        )
    if known and athlete not in known:
        raise StoreError(
            f"the database {database.name} holds nothing of athlete {athlete!r}; it holds "
            f"{_some_of(known)}"
        )
    return Lineage(database, athlete)


def _some_of(athletes: "Sequence[str]") -> str:
    """Athletes in a sentence that stays one."""
    more = len(athletes) - _MOST_NAMED
    return ", ".join(athletes[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def say_whose(settings: "Settings", athlete: str | None, shown: Iterable[str | None]) -> None:
    """Say so where documents of another athlete than the source's are shown unasked.

    Args:
        settings: The settings in force.
        athlete: What `--athlete` says; who gave it knows whose documents they see.
        shown: Whose documents are shown; None and unknown for nobody's.
    """
    others = sorted({one for one in shown if one not in {None, UNKNOWN_ATHLETE}} - {None})
    if athlete is not None or not others:
        return
    own = source_athlete(settings)
    if own is not None and others != [own]:
        err.print(
            f"this is of athlete {', '.join(one for one in others if one != own)}, but the source "
            f"in force ({settings.source}) holds the data of athlete {own}",
            style="yellow",
            soft_wrap=True,
        )


@lru_cache(maxsize=2)
def source_athlete(settings: "Settings", *, ask: bool = False) -> str | None:
    """Whose data the source in force holds, as far as that is known without reading recordings.

    Args:
        settings: The settings in force.
        ask: Whether Intervals.icu may be asked once who the owner of the key is.

    Returns:
        None if the source cannot be read, or would have to be asked.
    """
    from weekly_plan_assets.sources.base import SourceError
    from weekly_plan_assets.sources.opening import given_id, open_source

    if settings.roster is not None:
        return None
    try:
        if settings.source is SourceName.INTERVALS and not ask:
            from weekly_plan_assets.sources.intervals_icu.source import OWNER

            named = settings.intervals_athlete_id
            return given_id(settings) if named == OWNER else named
        return open_source(settings, settings.today(), patient=False).athlete_id
    except SourceError:
        return None
