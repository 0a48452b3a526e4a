"""Every setting of the project, read from the environment in this one place.

A wrong value is refused with its name, its value (never a secret's) and what is allowed. What a
setting is used for lies with its user.
"""

import os
import re
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import load_dotenv
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[1]
"""The checkout: `dagster.yaml` and `workspace.yaml` lie here."""

SAMPLE_FIRST_WEEK = date(2024, 1, 1)
REAL_FIRST_WEEK = date(2015, 1, 5)


class SettingsError(ValueError):
    """One or more settings are wrong; the message has a sentence for each."""


class SourceName(StrEnum):
    """Where training data comes from."""

    SAMPLE = "sample"
    INTERVALS = "intervals"
    FOLDER = "folder"


class Fallback(StrEnum):
    """Who plans where a model has no valid plan."""

    NONE = "none"
    RULES = "rules"


class NotifyOn(StrEnum):
    """Which ends of planned weeks are told."""

    FAILURE = "failure"
    ALWAYS = "always"


class ScheduleState(StrEnum):
    """Whether the schedules start by themselves."""

    STOPPED = "stopped"
    RUNNING = "running"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("allowed are IANA names such as Europe/Madrid or UTC") from error
    return name


def _safe_base_url(url: str) -> str:
    """Refuses addresses at which the key would travel in the open, or that hold a password."""
    parts = urlsplit(url)
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or parts.scheme not in ({"https", "http"} if local else {"https"}):
        raise ValueError("allowed is an https address (http on this machine alone)")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("allowed is an address without user, password, ? and #")
    return url.rstrip("/")


def _file_or_server(target: SecretStr) -> SecretStr:
    text = target.get_secret_value()
    parts = urlsplit(text)
    if "://" in text:
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
    else:
        known = Path(text).expanduser().parent.is_dir()
    if not known:
        raise ValueError("allowed are a file or folder in a folder that exists, or an http address")
    return target


def _rules_or_model(name: str) -> str:
    if name != "rules" and not re.fullmatch(r"[a-z][a-z0-9/-]*:\S+", name):
        raise ValueError("allowed are rules, or a model as provider:name, such as openai:gpt-5")
    return name


def _service_urls(urls: SecretStr) -> SecretStr:
    if not re.match(r"\s*[A-Za-z][A-Za-z0-9.+-]*://", urls.get_secret_value()):
        raise ValueError("allowed are URLs of apprise, with blanks between")
    return urls


def _from_project_root(path: Path) -> Path:
    return (PROJECT_ROOT / path.expanduser()).resolve()


def _from_working_folder(path: Path) -> Path:
    return path.expanduser().resolve()


class Settings(BaseSettings):
    """The settings of one process; frozen. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", validate_by_name=True
    )

    mongo_url: SecretStr | None = Field(
        default=None,
        alias="MONGO_URL",
        description="MongoDB to use; unset: an embedded server.",
    )
    mongo_database: str | None = Field(
        default=None,
        alias="MONGO_DATABASE",
        pattern=r"^[A-Za-z0-9_-]{1,63}$",
        description="Database; unset: weekly_plan, or weekly_plan_sample for the sample.",
    )
    source_name: SourceName | None = Field(
        default=None,
        alias="WEEKLY_PLAN_SOURCE",
        description="sample, intervals or folder; unset: intervals where INTERVALS_API_KEY is set, "
        "else folder where WEEKLY_PLAN_EXPORT_DIR is, else sample.",
    )
    intervals_api_key: SecretStr | None = Field(
        default=None,
        alias="INTERVALS_API_KEY",
        description="Key of an Intervals.icu account.",
    )
    intervals_athlete_id: str = Field(
        default="0",
        alias="INTERVALS_ATHLETE_ID",
        pattern=r"^[A-Za-z0-9_-]{1,40}$",
        description="Athlete of Intervals.icu; 0: the owner of the key.",
    )
    intervals_base_url: Annotated[str, AfterValidator(_safe_base_url)] = Field(
        default="https://intervals.icu/api/v1",
        alias="INTERVALS_BASE_URL",
        description="Address of the Intervals.icu API.",
    )
    export_dir: Annotated[Path, AfterValidator(_from_working_folder)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_EXPORT_DIR",
        description="Folder of training files: FIT, GPX, TCX, Strava's export, JSON, wellness.csv.",
    )
    athlete_file: Annotated[Path, AfterValidator(_from_working_folder)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_ATHLETE",
        description="YAML file of the athlete's own: races, days, habits, heart rates.",
    )
    model: Annotated[str, AfterValidator(_rules_or_model)] = Field(
        default="rules",
        alias="WEEKLY_PLAN_MODEL",
        description="The planner: rules, or a model as provider:name, such as openai:gpt-5.",
    )
    model_timeout_s: float = Field(
        default=300,
        alias="WEEKLY_PLAN_MODEL_TIMEOUT_S",
        gt=0,
        le=3600,
        description="Seconds that one request to a model may take.",
    )
    model_max_tokens: int = Field(
        default=16_000,
        alias="WEEKLY_PLAN_MODEL_MAX_TOKENS",
        ge=1,
        le=200_000,
        description="Tokens that one answer of a model may hold, thinking included.",
    )
    model_budget_s: float = Field(
        default=900,
        alias="WEEKLY_PLAN_MODEL_BUDGET_S",
        gt=0,
        description="Seconds after which a model is not asked again for a week.",
    )
    model_budget_tokens: int = Field(
        default=200_000,
        alias="WEEKLY_PLAN_MODEL_BUDGET_TOKENS",
        ge=1,
        description="Tokens, read and written, after which it is not.",
    )
    fallback: Fallback = Field(
        default=Fallback.NONE,
        alias="WEEKLY_PLAN_FALLBACK",
        description="rules: they plan a week for which a model has no valid plan.",
    )
    max_attempts: int = Field(
        default=3,
        alias="WEEKLY_PLAN_MAX_ATTEMPTS",
        ge=1,
        le=10,
        description="How often a planner is asked before the run fails.",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="UTC",
        alias="WEEKLY_PLAN_TIMEZONE",
        description="The athlete's zone: it decides when a week begins.",
    )
    allow_removal: bool = Field(
        default=False,
        alias="WEEKLY_PLAN_ALLOW_REMOVAL",
        description="true: a source may remove most of a window's rows.",
    )
    notify: Annotated[SecretStr, AfterValidator(_service_urls)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_NOTIFY",
        description="apprise URLs of the services that are told when a planned week failed.",
    )
    notify_on: NotifyOn = Field(
        default=NotifyOn.FAILURE,
        alias="WEEKLY_PLAN_NOTIFY_ON",
        description="failure, or always: plans that were published are told too.",
    )
    schedules: ScheduleState = Field(
        default=ScheduleState.STOPPED,
        alias="WEEKLY_PLAN_SCHEDULES",
        description="running: the weekly schedules start with the daemon.",
    )
    open_lineage: Annotated[SecretStr, AfterValidator(_file_or_server)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_OPENLINEAGE",
        description="File, folder or http address for OpenLineage events; unset: none are made.",
    )
    state_dir: Annotated[Path, AfterValidator(_from_project_root)] = Field(
        default=Path(".state"),
        validate_default=True,
        alias="WEEKLY_PLAN_STATE_DIR",
        description="Dagster's storage and the embedded database.",
    )

    @model_validator(mode="after")
    def _source_is_complete(self) -> Self:
        if self.source_name is SourceName.INTERVALS and self.intervals_api_key is None:
            raise ValueError(
                "WEEKLY_PLAN_SOURCE is 'intervals', so INTERVALS_API_KEY must hold the key"
            )
        if self.source_name is SourceName.FOLDER and self.export_dir is None:
            raise ValueError(
                "WEEKLY_PLAN_SOURCE is 'folder', so WEEKLY_PLAN_EXPORT_DIR must name the folder"
            )
        return self

    @cached_property
    def source(self) -> SourceName:
        """The source in force."""
        if self.source_name is not None:
            return self.source_name
        if self.intervals_api_key is not None:
            return SourceName.INTERVALS
        return SourceName.FOLDER if self.export_dir is not None else SourceName.SAMPLE

    @property
    def is_sample(self) -> bool:
        """Whether the data is the simulated athlete's."""
        return self.source is SourceName.SAMPLE

    @property
    def database_name(self) -> str:
        """The MongoDB database in force: the sample never shares one with real data."""
        if self.mongo_database is not None:
            return self.mongo_database
        return "weekly_plan_sample" if self.is_sample else "weekly_plan"

    @property
    def dagster_state_dir(self) -> Path:
        """Dagster's storage: the sample has a history of its own."""
        return self.state_dir / "dagster" / ("sample" if self.is_sample else "athlete")

    @property
    def embedded_dir(self) -> Path:
        """The embedded server's folder."""
        return self.state_dir / "mongodb"

    @property
    def imports_dir(self) -> Path:
        """What was read of athletes' files, so that it is read once."""
        return self.state_dir / "imports"

    @property
    def first_week(self) -> date:
        """The Monday of the first partition."""
        return SAMPLE_FIRST_WEEK if self.is_sample else REAL_FIRST_WEEK

    def today(self) -> date:
        """The athlete's local calendar day."""
        return datetime.now(ZoneInfo(self.timezone)).date()


def load_settings() -> Settings:
    """The settings of the environment, with a `.env` file at the project root filling the gaps.

    Where the environment names no time zone, that of the athlete's own file holds.

    Raises:
        SettingsError: At least one value is wrong.
    """
    load_dotenv(PROJECT_ROOT / ".env", override=False)
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_sentences(error))) from None
    if settings.athlete_file is None or "timezone" in settings.model_fields_set:
        return settings
    return settings.model_copy(update=_zone_of(settings.athlete_file))


def _zone_of(athlete_file: Path) -> dict[str, str]:
    """The zone of the file as an update of the settings; none where it is not known."""
    from weekly_plan_assets.athlete_zone import zone_told_in  # noqa: PLC0415 - reads YAML

    zone = zone_told_in(athlete_file)
    try:
        return {} if zone is None else {"timezone": _known_zone(zone)}
    except ValueError:  # whoever reads the whole file refuses it
        return {}


def _sentences(error: ValidationError) -> list[str]:
    sentences = []
    for detail in error.errors():
        reason = detail["msg"].removeprefix("Value error, ")
        if not detail["loc"]:
            sentences.append(reason)
            continue
        name = str(detail["loc"][0])
        field = next(f for f in Settings.model_fields.values() if f.alias == name)
        value = os.environ.get(name, "")
        shown = "set to a value" if "SecretStr" in str(field.annotation) else f"{value!r}"
        sentences.append(f"{name} is {shown}, which is refused: {_plain(reason)}")
    return sentences


def _plain(reason: str) -> str:
    return reason[0].lower() + reason[1:]
