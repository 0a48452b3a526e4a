"""The roster: several athletes in one YAML file, each with a source and settings of their own.

The file names the environment variable that holds an athlete's API key or access token, never the
secret itself. What is done with the athletes together belongs to `athletes`, reading and changing
the file to `roster_file`.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from weekly_plan_assets.settings.choices import (
    DeliveryTarget,
    SourceName,
    known_source,
    known_targets,
)
from weekly_plan_assets.settings.intervals_credential import bearer_token
from weekly_plan_assets.settings.refused_settings import (
    NotAllowedError,
    SettingsError,
    UnknownAthleteError,
    looks_like_a_key,
)
from weekly_plan_assets.settings.setting_values import known_zone, own_athlete_id

if TYPE_CHECKING:
    from weekly_plan_assets.settings import Settings

LONGEST_NAME = 80
_NEEDED = "key, the variable that holds the API key, or token, that of the OAuth access token"
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,79}")


def _variable_name(name: str) -> str:
    if not _VARIABLE.fullmatch(name) or looks_like_a_key(name, os.environ):
        raise NotAllowedError(
            "allowed is the name of an environment variable, such as ANNA_INTERVALS_KEY; the "
            "secret itself does not belong into this file"
        )
    return name


def _plain_name(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise NotAllowedError("allowed is a name on one line")
    return name.strip()


class RosterAthlete(BaseModel):
    """One athlete of a roster; frozen.

    Attributes:
        id: Whose documents these are; for Intervals.icu the athlete id of the account.
        name: What people call the athlete.
        timezone: Decides when a week begins. Default: that of the athlete file, else of the
            settings.
        source: Where the training data comes from.
        key: Name of the environment variable that holds the API key.
        token: Name of the environment variable that holds the OAuth access token, in place of a
            key.
        folder: Where the athlete's files are.
        athlete_file: The athlete's own YAML file.
        deliver: Where published plans go, as in WEEKLY_PLAN_DELIVER.
        deliver_dir: Folder for delivered files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, AfterValidator(own_athlete_id)]
    name: Annotated[str, AfterValidator(_plain_name)] | None = Field(
        default=None, max_length=LONGEST_NAME
    )
    timezone: Annotated[str, AfterValidator(known_zone)] | None = None
    source: Annotated[str, AfterValidator(known_source)]
    key: Annotated[str, AfterValidator(_variable_name)] | None = None
    token: Annotated[str, AfterValidator(_variable_name)] | None = None
    folder: Path | None = None
    athlete_file: Path | None = None
    deliver: Annotated[str, AfterValidator(known_targets)] | None = None
    deliver_dir: Path | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.source == SourceName.SAMPLE:
            raise NotAllowedError("the sample is one athlete; use simulated, which is any number")
        if self.key is not None and self.token is not None:
            raise NotAllowedError(
                "key and token are both given, and only one is sent; take out token to use the API "
                "key, or key to use the access token"
            )
        if self.source == SourceName.INTERVALS and self.secret_variable is None:
            raise NotAllowedError(f"source intervals needs {_NEEDED}")
        if self.source == SourceName.FOLDER and self.folder is None:
            raise NotAllowedError("source folder needs folder, where the files are")
        if self.source in {SourceName.INTERVALS, SourceName.SIMULATED} and self.folder is not None:
            raise NotAllowedError(f"source {self.source} reads no folder; leave folder out")
        is_calendar = DeliveryTarget.INTERVALS in (self.deliver or "").split()
        if self.source == SourceName.SIMULATED and self.secret_variable and not is_calendar:
            raise NotAllowedError("source simulated needs neither key nor token; leave it out")
        if is_calendar and self.secret_variable is None:
            raise NotAllowedError(f"deliver intervals needs {_NEEDED}")
        if DeliveryTarget.FILES in (self.deliver or "").split() and self.deliver_dir is None:
            raise NotAllowedError("deliver files needs deliver_dir, the folder")
        return self

    @property
    def secret_variable(self) -> str | None:
        """The variable that holds the key or token; None where there is neither."""
        return self.token if self.key is None else self.key

    @property
    def called(self) -> str:
        """The name, else the id."""
        return self.name or self.id

    @property
    def is_simulated(self) -> bool:
        """Whether nobody trained what the source holds."""
        return self.source == SourceName.SIMULATED


class Roster(BaseModel):
    """The athletes of a file, in its order; frozen. No two have the same id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    athletes: tuple[RosterAthlete, ...] = ()

    @property
    def is_simulated(self) -> bool:
        """Whether all athletes are; real and simulated ones never share a roster."""
        return bool(self.athletes) and all(one.is_simulated for one in self.athletes)

    def named(self, id_or_name: str) -> RosterAthlete | None:
        """The athlete of an id, or of a name that only one has."""
        for one in self.athletes:
            if one.id == id_or_name:
                return one
        called = self._called(id_or_name)
        return called[0] if len(called) == 1 else None

    def require(self, id_or_name: str) -> RosterAthlete:
        """As `named`, where there must be one.

        Raises:
            UnknownAthleteError: Several have that name, or nobody has that id or name.
        """
        named = self.named(id_or_name)
        if named is not None:
            return named
        if ids := [one.id for one in self._called(id_or_name)]:
            raise UnknownAthleteError(
                f"several athletes are called {id_or_name}; name one by id: {', '.join(ids)}"
            )
        raise UnknownAthleteError(
            f"the roster has no athlete {id_or_name}; `weekly-plan athletes list` shows them"
        )

    def is_name_of_several(self, name: str) -> bool:
        """Whether a name alone does not say who is meant."""
        return self.named(name) is None and bool(self._called(name))

    def _called(self, name: str) -> list[RosterAthlete]:
        return [one for one in self.athletes if one.name == name]


OF_AN_ATHLETE = (
    "source_name",
    "intervals_api_key",
    "intervals_access_token",
    "export_dir",
    "athlete_file",
    "athlete_id",
    "deliver",
    "deliver_dir",
)
"""Settings that say whose data it is; several athletes share none of them."""


def settings_in_roster(base: "Settings") -> "Settings":
    """What holds where a roster is set: the settings of one athlete, or what all of them share.

    One athlete is chosen by WEEKLY_PLAN_ATHLETE_ID, by id or name; the only one of a roster need
    not be.

    Raises:
        SettingsError: The roster is wrong, or has no such athlete.
    """
    roster = base.roster
    assert roster is not None  # noqa: S101 - asked for where there is one
    if base.athlete_id is not None:
        chosen = roster.named(base.athlete_id)
        if chosen is None:
            raise SettingsError(
                f"WEEKLY_PLAN_ATHLETE_ID is {base.athlete_id}, but the roster {base.roster_file} "
                "has no such athlete; unset it to plan for all, or set it to one that "
                "`weekly-plan athletes list` shows"
            )
        return athlete_settings(base, chosen)
    if len(roster.athletes) == 1:
        return athlete_settings(base, roster.athletes[0])
    return base.model_copy(update=dict.fromkeys(OF_AN_ATHLETE))


def athlete_in_force() -> RosterAthlete | None:
    """The athlete of the roster whose settings hold in this process.

    Returns:
        None without a roster, or where several athletes share the settings, or where they are
        refused.
    """
    from weekly_plan_assets.settings import Settings  # noqa: PLC0415 - which imports this module
    from weekly_plan_assets.settings.env_file import load_environment  # noqa: PLC0415 - as above

    try:
        load_environment()
        base = Settings()
        roster = base.roster
    except (SettingsError, ValueError, OSError, RuntimeError):  # pydantic's are ValueErrors
        return None
    if roster is None:
        return None
    if base.athlete_id is not None:
        return roster.named(base.athlete_id)
    return roster.athletes[0] if len(roster.athletes) == 1 else None


def athlete_settings(base: "Settings", athlete: RosterAthlete) -> "Settings":
    """The settings with which one athlete of the roster is read, planned and delivered.

    Nothing that says whose data it is comes from the base: neither key, folder, file nor target.

    Raises:
        SettingsError: The variable that should hold the athlete's key or token is not set, or holds
            no token.
    """
    secret = _secret_of(athlete)
    is_intervals = athlete.source == SourceName.INTERVALS
    own = {
        "source_name": athlete.source,
        "intervals_api_key": secret if athlete.token is None else None,
        "intervals_access_token": None if athlete.token is None else secret,
        "intervals_athlete_id": athlete.id if is_intervals else "0",
        "export_dir": athlete.folder,
        "athlete_file": athlete.athlete_file,
        "athlete_id": None if is_intervals else athlete.id,
        "timezone": zone_of(base, athlete),
        "deliver": athlete.deliver,
        "deliver_dir": athlete.deliver_dir,
        "roster_file": None,
    }
    return base.model_copy(update=own)


def _secret_of(athlete: RosterAthlete) -> SecretStr | None:
    """The API key or the access token of an athlete; None where the roster names neither."""
    variable = athlete.secret_variable
    if variable is None:
        return None
    secret = SecretStr(os.environ.get(variable, ""))
    noun, whole = ("key", "API key") if athlete.token is None else ("token", "access token")
    if not secret.get_secret_value():
        raise SettingsError(
            f"the {noun} of athlete {athlete.id} is not known: set {variable}, which the roster "
            f"names, to the {whole} of the account"
        )
    if athlete.token is None:
        return secret
    try:
        return bearer_token(secret)
    except NotAllowedError as error:
        raise SettingsError(
            f"{variable}, which the roster names for athlete {athlete.id}, holds no access token: "
            f"{error}"
        ) from None


def zone_of(base: "Settings", athlete: RosterAthlete) -> str:
    """The athlete's time zone: of the roster, of their own file, or that of the settings."""
    if athlete.timezone is not None:
        return athlete.timezone
    from weekly_plan_assets.settings.athlete_zone import zone_stated_in  # noqa: PLC0415 - reads YAML

    stated = None if athlete.athlete_file is None else zone_stated_in(athlete.athlete_file)
    return stated or base.timezone
