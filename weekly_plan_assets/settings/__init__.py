"""Every setting of the project, read from the environment in this one place.

A wrong value is refused with its name and what is allowed; `refused_settings` says how.
"""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from weekly_plan_assets.settings.choices import DeliveryTarget as DeliveryTarget
from weekly_plan_assets.settings.choices import Fallback as Fallback
from weekly_plan_assets.settings.choices import NotifyOn as NotifyOn
from weekly_plan_assets.settings.choices import ScheduleState as ScheduleState
from weekly_plan_assets.settings.choices import SourceName as SourceName
from weekly_plan_assets.settings.choices import known_planner, known_source, known_targets
from weekly_plan_assets.settings.dagster_home_folder import dagster_home as dagster_home
from weekly_plan_assets.settings.env_file import load_environment
from weekly_plan_assets.settings.first_week import FirstDay, first_week
from weekly_plan_assets.settings.installation import PROJECT_ROOT as PROJECT_ROOT
from weekly_plan_assets.settings.installation import default_state_dir
from weekly_plan_assets.settings.intervals_credential import (
    NEEDS_A_CREDENTIAL,
    TWO_CREDENTIALS,
    bearer_token,
    intervals_credential_of,
)
from weekly_plan_assets.settings.refused_settings import NotAllowedError, refusals
from weekly_plan_assets.settings.refused_settings import SettingsError as SettingsError
from weekly_plan_assets.settings.roster import Roster, settings_in_roster
from weekly_plan_assets.settings.setting_values import (
    absolute_path,
    file_or_server,
    host_names,
    known_zone,
    own_athlete_id,
    resolved_path,
    safe_base_url,
    service_urls,
)

SAMPLE_DATABASE = "weekly_plan_sample"


class Settings(BaseSettings):
    """The settings of one process; frozen. An empty variable counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True, env_ignore_empty=True, extra="ignore", validate_by_name=True
    )

    mongo_url: SecretStr | None = Field(
        default=None,
        alias="MONGO_URL",
        description="URL of the MongoDB to use. Default: an embedded server.",
    )
    mongo_database: str | None = Field(
        default=None,
        alias="MONGO_DATABASE",
        pattern=r"^[A-Za-z0-9_-]{1,63}$",
        description="Name of the database. Default: weekly_plan, or weekly_plan_sample for the "
        "sample athlete.",
    )
    source_name: Annotated[str, AfterValidator(known_source)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_SOURCE",
        description="Source of training data: sample (a simulated athlete), intervals "
        "(Intervals.icu), folder (your files), simulated (any number of simulated athletes, each "
        "with an id of their own in WEEKLY_PLAN_ATHLETE_ID) or the name of an installed source. "
        "Default: intervals if INTERVALS_API_KEY or INTERVALS_ACCESS_TOKEN is set, else folder if "
        "WEEKLY_PLAN_EXPORT_DIR is set, else sample.",
    )
    intervals_api_key: SecretStr | None = Field(
        default=None,
        alias="INTERVALS_API_KEY",
        description="API key of your Intervals.icu account.",
    )
    intervals_access_token: Annotated[SecretStr, AfterValidator(bearer_token)] | None = Field(
        default=None,
        alias="INTERVALS_ACCESS_TOKEN",
        description="OAuth access token for an Intervals.icu account, in place of its API key.",
    )
    intervals_athlete_id: str = Field(
        default="0",
        alias="INTERVALS_ATHLETE_ID",
        pattern=r"^[A-Za-z0-9_-]{1,40}$",
        description="Athlete to read from Intervals.icu; 0 is the owner of the key or token.",
    )
    intervals_base_url: Annotated[str, AfterValidator(safe_base_url)] = Field(
        default="https://intervals.icu/api/v1",
        alias="INTERVALS_BASE_URL",
        description="Address of the Intervals.icu API; key and token are sent nowhere else.",
    )
    intervals_webhook_secret: SecretStr | None = Field(
        default=None,
        alias="INTERVALS_WEBHOOK_SECRET",
        description="Secret of the webhooks of your Intervals.icu app. Default: none are taken.",
    )
    export_dir: Annotated[Path, AfterValidator(resolved_path)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_EXPORT_DIR",
        description="Folder with your training data: FIT, GPX and TCX files, a Strava export, "
        "wellness.csv or JSON from the Intervals.icu API.",
    )
    athlete_file: Annotated[Path, AfterValidator(resolved_path)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_ATHLETE",
        description="YAML file with your goal races, available days, habits and heart rates.",
    )
    athlete_id: Annotated[str, AfterValidator(own_athlete_id)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_ATHLETE_ID",
        description="Id of the athlete whose files are in WEEKLY_PLAN_EXPORT_DIR, or one of the "
        "roster. Default: the id in the athlete file, else folder.",
    )
    roster_file: Annotated[Path, AfterValidator(resolved_path)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_ROSTER",
        description="YAML file with the athletes that you plan for, each with a source of their "
        "own; see docs/roster.md. Default: one athlete, from the settings above.",
    )
    model: Annotated[str, AfterValidator(known_planner)] = Field(
        default="rules",
        alias="WEEKLY_PLAN_MODEL",
        description="Planner: rules, a language model as provider:name, such as openai:gpt-5, or "
        "the name of an installed planner.",
    )
    model_timeout_s: float = Field(
        default=300,
        alias="WEEKLY_PLAN_MODEL_TIMEOUT_S",
        gt=0,
        le=3600,
        description="Seconds that one request to a language model may take, until the last byte of "
        "the answer.",
    )
    model_at_once: int = Field(
        default=4,
        alias="WEEKLY_PLAN_MODEL_AT_ONCE",
        ge=1,
        le=100,
        description="Number of athletes of a roster for whom a language model is asked at once.",
    )
    model_max_tokens: int = Field(
        default=16_000,
        alias="WEEKLY_PLAN_MODEL_MAX_TOKENS",
        ge=1,
        le=200_000,
        description="Tokens that one answer of a language model may hold, including its reasoning.",
    )
    model_budget_s: float = Field(
        default=900,
        alias="WEEKLY_PLAN_MODEL_BUDGET_S",
        gt=0,
        description="Seconds spent on a week after which a language model is not asked again.",
    )
    model_budget_tokens: int = Field(
        default=200_000,
        alias="WEEKLY_PLAN_MODEL_BUDGET_TOKENS",
        ge=1,
        description="Input and output tokens spent on a week after which a language model is not "
        "asked again.",
    )
    fallback: Fallback = Field(
        default=Fallback.NONE,
        alias="WEEKLY_PLAN_FALLBACK",
        description="Planner that takes over when the chosen one produces no valid plan.",
    )
    max_attempts: int = Field(
        default=3,
        alias="WEEKLY_PLAN_MAX_ATTEMPTS",
        ge=1,
        le=10,
        description="Number of times a planner is asked for a valid plan before the run fails.",
    )
    timezone: Annotated[str, AfterValidator(known_zone)] = Field(
        default="UTC",
        alias="WEEKLY_PLAN_TIMEZONE",
        description="Your time zone, such as Europe/Madrid; decides when a week begins and when "
        "schedules run. Default: the time zone in the athlete file, else UTC.",
    )
    allow_removal: bool = Field(
        default=False,
        alias="WEEKLY_PLAN_ALLOW_REMOVAL",
        description="Let a source remove more than half of a week's stored rows; meant for a "
        "single run.",
    )
    notify: Annotated[SecretStr, AfterValidator(service_urls)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_NOTIFY",
        description="URLs of apprise or of installed message targets, separated by spaces, that "
        "receive the plan, today's sessions, or why a week was not planned.",
    )
    notify_on: NotifyOn = Field(
        default=NotifyOn.FAILURE,
        alias="WEEKLY_PLAN_NOTIFY_ON",
        description="When to send messages: after failures only, or always, also for published "
        "plans.",
    )
    reminder_hour: int = Field(
        default=7,
        alias="WEEKLY_PLAN_REMINDER_HOUR",
        ge=0,
        le=23,
        description="Hour of your day at which the schedule of reminders sends today's sessions, "
        "once somebody has started it.",
    )
    deliver: Annotated[str, AfterValidator(known_targets)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_DELIVER",
        description="Where every published plan is delivered: intervals (your Intervals.icu "
        "calendar, which sends it to your devices), files (a folder), or both, separated by "
        "commas. Default: nowhere.",
    )
    deliver_dir: Annotated[Path, AfterValidator(resolved_path)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_DELIVER_DIR",
        description="Folder for delivered files: the calendar week.ics, the page week.html, and a "
        "FIT, ZWO or ERG file for each session that a device can take.",
    )
    schedules: ScheduleState = Field(
        default=ScheduleState.STOPPED,
        alias="WEEKLY_PLAN_SCHEDULES",
        description="What starts weekly runs while the daemon is up: nothing (stopped), the "
        "schedules (running) or the automation conditions of the assets (automation).",
    )
    history_days: int | None = Field(
        default=None,
        alias="WEEKLY_PLAN_HISTORY_DAYS",
        ge=30,
        description="Days after which the daemon deletes an old run. Default: none is deleted.",
    )
    open_lineage: Annotated[SecretStr, AfterValidator(file_or_server)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_OPENLINEAGE",
        description="File, folder or http address that receives OpenLineage events. Default: no "
        "events.",
    )
    ui_link: bool = Field(
        default=False,
        alias="WEEKLY_PLAN_UI_LINK",
        description="Put the UI under a secret link instead of serving it only to your own "
        "programs.",
    )
    ui_hosts: Annotated[str, AfterValidator(host_names)] = Field(
        default="",
        alias="WEEKLY_PLAN_UI_HOSTS",
        description="Host names, separated by spaces, under which the UI may be opened besides "
        "localhost.",
    )
    first_day: FirstDay | None = Field(
        default=None,
        alias="WEEKLY_PLAN_FIRST_DAY",
        description="Day in the first training week; earlier weeks are neither read nor shown. "
        "Default: the week in which the data begins.",
    )
    state_dir: Annotated[Path, AfterValidator(absolute_path)] = Field(
        default_factory=default_state_dir,
        alias="WEEKLY_PLAN_STATE_DIR",
        description="Folder for Dagster's storage, the embedded database, logs and what was read "
        "from files. Default: .state in a checkout, the user's data folder for an installed "
        "package.",
    )
    env_file: Annotated[Path, AfterValidator(absolute_path)] | None = Field(
        default=None,
        alias="WEEKLY_PLAN_ENV_FILE",
        description="File to read settings from. Default: .env in the working folder if it holds "
        "settings of this project, else .env in the checkout or in the user's configuration "
        "folder.",
    )

    @model_validator(mode="after")
    def _credential_is_one(self) -> Self:
        if self.roster_file is None and self.intervals_api_key and self.intervals_access_token:
            raise NotAllowedError(TWO_CREDENTIALS)
        return self

    @model_validator(mode="after")
    def _source_is_complete(self) -> Self:
        if self.source_name is SourceName.INTERVALS and self.intervals_credential is None:
            raise NotAllowedError(f"WEEKLY_PLAN_SOURCE is 'intervals', so {NEEDS_A_CREDENTIAL}")
        if self.source_name is SourceName.FOLDER and self.export_dir is None:
            raise NotAllowedError(
                "WEEKLY_PLAN_SOURCE is 'folder', so WEEKLY_PLAN_EXPORT_DIR must name the folder"
            )
        return self

    @model_validator(mode="after")
    def _targets_are_complete(self) -> Self:
        if DeliveryTarget.INTERVALS in self.delivery_targets and self.intervals_credential is None:
            raise NotAllowedError(f"WEEKLY_PLAN_DELIVER names 'intervals', so {NEEDS_A_CREDENTIAL}")
        if DeliveryTarget.FILES in self.delivery_targets and self.deliver_dir is None:
            raise NotAllowedError(
                "WEEKLY_PLAN_DELIVER names 'files', so WEEKLY_PLAN_DELIVER_DIR must name the folder"
            )
        return self

    @property
    def intervals_credential(self) -> SecretStr | None:
        """The API key or the `AccessToken` for Intervals.icu, whichever is set."""
        return intervals_credential_of(self.intervals_api_key, self.intervals_access_token)

    @property
    def delivery_targets(self) -> tuple[DeliveryTarget, ...]:
        """Where published plans are delivered; empty where nothing was chosen."""
        return tuple(DeliveryTarget(name) for name in (self.deliver or "").split())

    @property
    def roster(self) -> Roster | None:
        """The athletes, where there are several; None where these settings are one athlete's.

        Raises:
            SettingsError: The file of the roster is wrong.
        """
        if self.roster_file is None:
            return None
        from weekly_plan_assets.settings.roster_file import read_roster  # noqa: PLC0415 - YAML

        return read_roster(self.roster_file)

    @property
    def source(self) -> str:
        """The source in force: a `SourceName`, or that of another package."""
        if self.source_name is not None:
            return self.source_name
        if self.intervals_credential is not None:
            return SourceName.INTERVALS
        return SourceName.FOLDER if self.export_dir is not None else SourceName.SAMPLE

    @property
    def is_sample(self) -> bool:
        """Whether the data is the simulated athlete's."""
        if self.roster is not None:
            return self.roster.is_simulated
        return self.source in {SourceName.SAMPLE, SourceName.SIMULATED}

    @property
    def database_name(self) -> str:
        """The MongoDB database in force: the sample never shares one with real data."""
        return self.mongo_database or (SAMPLE_DATABASE if self.is_sample else "weekly_plan")

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
    def ui_host_names(self) -> tuple[str, ...]:
        """Names other than localhost by which the UI may be opened, with their ports."""
        return tuple(self.ui_hosts.split())

    @property
    def first_week(self) -> date:
        """The Monday of the first partition."""
        return first_week(self.first_day, self.dagster_state_dir, is_sample=self.is_sample)

    def today(self) -> date:
        """The athlete's local calendar day."""
        return datetime.now(ZoneInfo(self.timezone)).date()


def load_settings() -> Settings:
    """The settings of the environment, with a `.env` file filling the gaps.

    Where the environment names no time zone, that of the athlete's own file holds.

    Raises:
        SettingsError: At least one value is wrong.
    """
    load_environment()
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(refusals(error, Settings.model_fields, os.environ))) from None
    except (OSError, RuntimeError) as error:  # what pathlib raises for loops and unknown homes
        raise SettingsError(
            f"a path in the WEEKLY_PLAN_ variables cannot be followed, so correct it: {error}"
        ) from None
    if settings.roster_file is not None:
        return settings_in_roster(settings)
    if settings.athlete_file is None or "timezone" in settings.model_fields_set:
        return settings
    from weekly_plan_assets.settings.athlete_zone import zone_stated_in  # noqa: PLC0415 - YAML

    zone = zone_stated_in(settings.athlete_file)
    return settings if zone is None else settings.model_copy(update={"timezone": zone})
