"""What is right and what is wrong with this installation, part by part.

Each part is tried for real. How the findings are shown lies in `cli.doctor`.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from pydantic import SecretStr
from pymongo.errors import PyMongoError

from weekly_plan_assets.domain.data_quality import MEASURED_DAYS
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.planners.base import PlannerError
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.settings import (
    PROJECT_ROOT,
    Fallback,
    Settings,
    SettingsError,
    load_settings,
)
from weekly_plan_assets.sources.base import SourceError, TrainingSource
from weekly_plan_assets.sources.opening import SourceChoice, open_source
from weekly_plan_assets.storage.connection import project_database
from weekly_plan_assets.storage.embedded import EmbeddedServerError
from weekly_plan_assets.storage.errors import StoreError

if TYPE_CHECKING:
    from weekly_plan_assets.sources.files.importing import Progress

RECENT_DAYS = 28
"""Four whole weeks of wellness say whether a device still tells its nights."""

CALENDAR_DAYS = 112
"""Sixteen weeks, in which most build-ups to a race lie."""


class Level(StrEnum):
    """How a part is."""

    RIGHT = "right"
    NOTE = "note"
    WRONG = "wrong"


class Finding(Document):
    """What was found of one part; where it is wrong, the text says how to mend it."""

    subject: str
    level: Level
    text: str


def diagnose(progress: "Progress | None" = None) -> list[Finding]:
    """The findings of all parts; where the settings themselves are wrong, those alone.

    Args:
        progress: Told how many files of an export folder are read.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        return [_wrong("settings", sentence) for sentence in str(error).split("; ")]
    return [
        *_settings(settings),
        *_state(settings),
        *_database(settings),
        *_source(settings, progress),
        _planner(settings),
    ]


def _settings(settings: Settings) -> Iterator[Finding]:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        variable = str(field.alias)
        shown = "set (secret)" if isinstance(value, SecretStr) else str(value)
        if variable in os.environ:
            yield _right(variable, shown)
        elif value is not None:
            yield _right(variable, f"{shown} (default)")
    if settings.is_sample:
        yield _note(
            "data",
            "the sample, a simulated athlete; for your own data set INTERVALS_API_KEY or "
            "WEEKLY_PLAN_EXPORT_DIR",
        )
    if "WEEKLY_PLAN_TIMEZONE" not in os.environ and not settings.is_sample:
        yield _note(
            "WEEKLY_PLAN_TIMEZONE",
            "not set, so weeks begin at midnight UTC; set it to your zone, Europe/Madrid say",
        )


def _state(settings: Settings) -> Iterator[Finding]:
    try:
        settings.dagster_state_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.dagster_state_dir):
            yield _right("state folder", f"{settings.state_dir} can be written")
    except OSError as error:
        yield _wrong(
            "state folder",
            f"{settings.state_dir} cannot be written ({error.strerror}); "
            "set WEEKLY_PLAN_STATE_DIR to a folder of yours",
        )
    home = os.environ.get("DAGSTER_HOME")
    if home and not Path(home).samefile(PROJECT_ROOT):
        yield _note(
            "DAGSTER_HOME",
            f"{home}, so Dagster's own settings are read there, not from {PROJECT_ROOT}",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
    kind = "MONGO_URL" if url else "embedded MongoDB"
    try:
        database = project_database(url, settings.embedded_dir, settings.database_name)
        version = database.client.server_info()["version"]
        weeks = database["weekly_metrics"].estimated_document_count()
        plans = database["plan_snapshots"].estimated_document_count()
    except (EmbeddedServerError, StoreError) as error:
        yield _wrong(kind, str(error))
    except PyMongoError as error:
        yield _wrong(
            kind, f"no answer ({type(error).__name__}); check that the server runs and the URL"
        )
    else:
        yield _right(kind, f"version {version}, database {database.name}, indexes in place")
        yield _right("lineage", f"{weeks} weeks of metrics, {plans} plans")


def _source(settings: Settings, progress: "Progress | None") -> Iterator[Finding]:
    try:
        source = open_source(SourceChoice.of(settings), settings.today(), progress=progress)
        yield from _source_tried(source, settings.today())
    except SourceError as error:
        yield _wrong("source", str(error))


def _source_tried(source: TrainingSource, today: date) -> Iterator[Finding]:
    athlete_id, first_day = source.athlete_id, source.first_day()
    if first_day is None:
        yield _wrong("source", f"{source.name} holds no data of athlete {athlete_id}")
        return
    yield _right("source", f"{source.name}, athlete {athlete_id}, data from {first_day} on")
    for problem in source.problems:
        yield _note("source", f"not read whole: {problem}")
    recent = source.wellness(today - timedelta(days=RECENT_DAYS - 1), today)
    hrv_days = sum(day.hrv_rmssd_ms is not None for day in recent)
    told = f"HRV (rMSSD) was measured on {hrv_days} of the last {RECENT_DAYS} days"
    if hrv_days >= MEASURED_DAYS * RECENT_DAYS // 7:
        yield _right("wellness", told)
    else:
        yield _note("wellness", f"{told}; a week needs {MEASURED_DAYS} to say anything of recovery")
    zones = [
        f"{of.types[0]} up to {of.hr_zone_upper_bpm[-1]} bpm"
        for of in source.sport_settings()
        if of.types and of.hr_zone_upper_bpm
    ]
    if zones:
        yield _right("heart-rate zones", ", ".join(zones))
    events = source.calendar(today, today + timedelta(days=CALENDAR_DAYS))
    races, absences = sum(e.is_race for e in events), sum(e.is_absence for e in events)
    if races or absences:
        told = f"races: {races}, absences (illness, injury, holiday): {absences}"
        yield _right("calendar", f"{told}, in the next {CALENDAR_DAYS} days")


def _planner(settings: Settings) -> Finding:
    told = f"{settings.model}, up to {settings.max_attempts} attempts"
    if settings.model == "rules":
        return _right("planner", told)
    planner = ModelPlanner(
        settings.model, timeout_s=settings.model_timeout_s, max_tokens=settings.model_max_tokens
    )
    try:
        planner.check()
    except PlannerError as error:
        return _wrong("planner", str(error))
    instead = ", then the rules" if settings.fallback is Fallback.RULES else ""
    return _right("planner", f"{told}{instead}; it can be opened, and was not asked anything")


def _right(subject: str, text: str) -> Finding:
    return Finding(subject=subject, level=Level.RIGHT, text=text)


def _note(subject: str, text: str) -> Finding:
    return Finding(subject=subject, level=Level.NOTE, text=text)


def _wrong(subject: str, text: str) -> Finding:
    return Finding(subject=subject, level=Level.WRONG, text=text)
